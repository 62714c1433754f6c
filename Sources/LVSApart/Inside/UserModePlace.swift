import CSystem
import Glibc
import LVSSystem

/// The place inside a user-mode Linux kernel: process 1 on this machine's own files, which it cannot write.
enum UserModePlace {
  /// Makes it, and gives what is to be done there; the kernel's devices are on /dev already.
  static func make() throws(SystemError) -> Assignment {
    let assignment = try assignment()
    try Mounts.add("proc", on: "/proc")
    let kept = KeptFolders(of: assignment.paths, below: Place.hidden)
    try enterOverlay()
    try Mounts.add("devtmpfs", on: "/dev")
    for (name, target) in [("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")] {
      symlink("/proc/self/\(target)", "/dev/\(name)")
    }
    try Place.furnish(assignment, kept) { place throws(SystemError) in
      // hostfs shows the folder of the other kernel that its option names.
      try Mounts.add("hostfs", on: place, options: assignment.shared)
    }
    return assignment
  }

  /// The assignment, which is the kernel's first disk.
  private static func assignment() throws(SystemError) -> Assignment {
    let disk = "/dev/ubda"
    guard let assignment = Assignment(try contents(of: disk, atMost: Int(Int32.max))) else {
      throw SystemError(errno: EINVAL, subject: disk)
    }
    return assignment
  }

  /// Lays memory over this machine's files, where all that is written goes, and makes that the root.
  private static func enterOverlay() throws(SystemError) {
    var system = utsname()
    uname(&system)
    let version = withUnsafeBytes(of: system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let modules = UserModeKernel.modules(of: version)
    try load("overlay", "\(modules)/kernel/fs/overlayfs/overlay.ko")
    try Mounts.add("tmpfs", on: "/run")
    for folder in ["/run/upper", "/run/work", "/run/root"] { try Mounts.makeFolders(folder) }
    try Mounts.add("overlay", on: "/run/root", options: "lowerdir=/,upperdir=/run/upper,workdir=/run/work")
    try Mounts.enter("/run/root")
    // This machine's own folder of modules need not know this kernel.
    try Mounts.makeFolders("/lib/modules")
    if symlink(modules, "/lib/modules/\(version)") != 0 && errno != EEXIST {
      throw SystemError(errno: errno, subject: "/lib/modules/\(version)")
    }
  }

  /// Loads a module by its file, unless the kernel has what it brings.
  private static func load(_ fileSystem: String, _ path: String) throws(SystemError) {
    let known = String(decoding: try contents(of: "/proc/filesystems"), as: UTF8.self)
    if known.split(whereSeparator: \.isWhitespace).contains(Substring(fileSystem)) { return }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SystemError(errno: errno, subject: path) }
    defer { close(file) }
    if csystem_finit_module(file, 0) != 0 { throw SystemError(errno: errno, subject: path) }
  }
}
