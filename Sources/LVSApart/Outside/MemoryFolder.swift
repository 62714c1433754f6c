import CSystem
import Glibc
import LVSSystem
import LVSText

/// Where the memory of a kernel in user mode is: a file without a name, which such a kernel maps.
enum MemoryFolder {
  /// The first folder with room for so many MiB; a kernel that outgrows its file system dies of SIGBUS.
  static func find(_ memory: Int) throws(GroundFailure) -> String {
    let temporary = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    let folders = ["/dev/shm", temporary, "/tmp", "/var/tmp"].compactMap(\.self)
    for folder in folders where hasRoom(folder, memory) { return folder }
    throw GroundFailure(
      .noGround,
      """
      None of \(folders.joined(separator: ", ")) has \(memory) MiB free for the memory of a kernel, can be written and \
      lets programs be executed: make room in one of them, or set TMPDIR to a folder that has it.
      """)
  }

  private static func hasRoom(_ folder: String, _ memory: Int) -> Bool {
    var system = statvfs()
    guard access(folder, W_OK | X_OK) == 0, statvfs(folder, &system) == 0 else { return false }
    // The kernel maps its own code from there (ST_NOEXEC of sys/statvfs.h, for _GNU_SOURCE alone). A little more than its
    // memory: the file also holds what describes it.
    let isExecutable = system.f_flag & 8 == 0
    let blocks = UInt64(geteuid() == 0 ? system.f_bfree : system.f_bavail)
    let (room, isHuge) = blocks.multipliedReportingOverflow(by: UInt64(system.f_frsize))
    return isExecutable && (isHuge || room >= UInt64(memory + 16) << 20)
  }
}
