import CSystem
import Glibc
import LVSSystem

/// The process between this machine's lvsctl and what runs apart: it ends that with lvsctl.
///
/// lvsctl alone has the other end of its stdin, so that it sees lvsctl's end, however that is. A kernel in user mode is many
/// processes, and all of them have to end at once: one that its tracer leaves runs on, on this kernel. They are one process
/// group; a kernel that does not head its group would make itself a session (setsid(2)), and leave that of its starter.
enum Guard {
  /// Starts a program, waits for its end or lvsctl's, and ends its process group.
  static func keep(_ command: [String], inNamespaces: Bool) {
    do throws(SystemError) {
      let signals = try SignalPipe([SIGCHLD])
      if inNamespaces, csystem_unshare(Self.namespaces) != 0 {
        throw SystemError(errno: errno, subject: "namespaces of its own")
      }
      var program = Program(command[0])
      program.passes = JobDescriptors.all
      program.closesOthers = true
      program.leadsGroup = true
      Descendants.adopt(true)
      // Ends with this process, however that ends.
      let leash = try Pipe(subject: "a pipe")
      let running = try program.start(
        Array(command.dropFirst()), input: .descriptor(leash.reading), output: .shared, errors: .shared)
      defer { Descendants.endGroup(running.id) }
      close(leash.reading)
      tell(.guarding(group: running.id))
      while true {
        let ready = Descriptors.wait(reading: [STDIN_FILENO, signals.descriptor], writing: [], until: nil).reading
        while signals.next() != nil {}
        if ready.contains(STDIN_FILENO) || running.hasEnded { break }
      }
    } catch {
      tell(.failed(error.message.text))
    }
  }

  private static func tell(_ report: Report) { _ = writeAll(Array(report.line.utf8), to: JobDescriptors.report) }

  private static let namespaces = Int32(
    CSYSTEM_CLONE_NEWPID | CSYSTEM_CLONE_NEWNS | CSYSTEM_CLONE_NEWNET | CSYSTEM_CLONE_NEWIPC | CSYSTEM_CLONE_NEWUTS)
}
