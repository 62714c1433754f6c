import CSystem
import Glibc

/// Processes that came from this one, by whatever way.
public enum Descendants {
  /// Has those whose parents end become children of this process (PR_SET_CHILD_SUBREAPER of prctl(2)), or of process 1
  /// again.
  public static func adopt(_ isWanted: Bool) { _ = csystem_prctl(PR_SET_CHILD_SUBREAPER, isWanted ? 1 : 0) }

  /// Takes note of all children that have ended, and gives their numbers and how they ended.
  public static func reap() -> [(id: pid_t, end: ProgramEnd)] {
    var ended: [(id: pid_t, end: ProgramEnd)] = []
    while true {
      var word: Int32 = 0
      let id = uninterrupted { waitpid(-1, &word, WNOHANG) }
      if id <= 0 { return ended }
      ended.append((id, ProgramEnd(word: word)))
    }
  }

  /// Kills every process but this one that it may; for the first process of a kernel or of a PID namespace, whom nobody
  /// else's processes are in sight of. Whoever is not the first does nothing.
  public static func killAll() { if getpid() == 1 { kill(-1, SIGKILL) } }

  /// Kills a process group at once, and waits until this process has no child there any more: what its processes have
  /// left behind are children of this process where it has adopted orphans.
  public static func endGroup(_ id: pid_t) {
    kill(-id, SIGKILL)
    while uninterrupted({ waitpid(-id, nil, 0) }) > 0 {}
  }

  /// Has this process killed at the end of whoever started it, from now on (prctl(2)).
  public static func endWithParent() { _ = csystem_prctl(PR_SET_PDEATHSIG, UInt(SIGKILL)) }
}
