import CSystem
import Glibc
import LVSSystem

/// What a program finds around it inside, on either ground: file systems of its own for what runs, and its job's files.
enum Place {
  /// Where programs are found, as a variable of an environment.
  static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// What is mounted over this machine's own.
  static let hidden = ["/run", "/tmp"]

  /// Mounts what is the job's own over what is there; `share` shows the shared folder at a place.
  static func furnish(
    _ assignment: Assignment, _ kept: KeptFolders, share: (String) throws(SystemError) -> Void
  ) throws(SystemError) {
    let flags = UInt(MS_NOSUID | MS_NODEV)
    try Mounts.add("proc", on: "/proc", flags: flags | UInt(MS_NOEXEC))
    try Mounts.add("sysfs", on: "/sys", flags: flags | UInt(MS_NOEXEC))
    for folder in ["/dev/pts", "/dev/shm"] { try Mounts.makeFolders(folder) }
    try Mounts.add("devpts", on: "/dev/pts", options: "newinstance,mode=620,ptmxmode=666")
    try Mounts.add("tmpfs", on: "/dev/shm", flags: flags, options: "mode=1777")
    try Mounts.add("tmpfs", on: "/run", flags: flags, options: "mode=755")
    try Mounts.add("tmpfs", on: "/tmp", flags: flags, options: "mode=1777")
    try kept.show()
    for folder in ["/run/netns", "/run/lock", ApartJob.folder, ApartJob.stateFolder] { try Mounts.makeFolders(folder) }
    if assignment.shared != nil {
      try Mounts.makeFolders(ApartJob.sharedFolder)
      try share(ApartJob.sharedFolder)
    }
    for file in assignment.files { try create("\(ApartJob.folder)/\(file.name)", holding: file.bytes) }
    if csystem_interface_up("lo") != 0 { throw SystemError(errno: errno, subject: "the interface lo") }
    if sethostname("apart", 5) != 0 { throw SystemError(errno: errno, subject: "the name of the host") }
    if chdir(ApartJob.folder) != 0 { throw SystemError(errno: errno, subject: ApartJob.folder) }
  }
}
