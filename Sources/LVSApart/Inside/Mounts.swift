import CSystem
import Glibc
import LVSSystem

/// mount(2) and what goes with it, with errors that name the place.
enum Mounts {
  /// Mounts a file system that has no device.
  static func add(
    _ type: String, on target: String, flags: UInt = 0, options: String? = nil
  ) throws(SystemError) {
    let result =
      if let options {
        options.withCString { mount(type, target, type, flags, $0) }
      } else {
        mount(type, target, type, flags, nil)
      }
    if result != 0 { throw SystemError(errno: errno, subject: "\(type) on \(target)") }
  }

  /// Shows a folder, which is held open, at another place.
  static func bind(_ folder: Int32, on target: String) throws(SystemError) {
    guard mount("/proc/self/fd/\(folder)", target, nil, UInt(MS_BIND | MS_REC), nil) == 0 else {
      throw SystemError(errno: errno, subject: "bind on \(target)")
    }
  }

  /// Lets no mount of this namespace come to others, and none of theirs come here.
  static func makePrivate() throws(SystemError) {
    guard mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0 else {
      throw SystemError(errno: errno, subject: "private mounts")
    }
  }

  /// Makes what is mounted on a folder the root of this process, as switch_root(8) does.
  static func enter(_ folder: String) throws(SystemError) {
    guard chdir(folder) == 0, mount(".", "/", nil, UInt(MS_MOVE), nil) == 0, chroot(".") == 0, chdir("/") == 0
    else { throw SystemError(errno: errno, subject: "the root \(folder)") }
  }

  /// Makes a folder, and those that lead there.
  static func makeFolders(_ path: String, mode: mode_t = 0o755) throws(SystemError) {
    var made = ""
    for name in path.split(separator: "/") {
      made += "/\(name)"
      if mkdir(made, mode) != 0, errno != EEXIST, access(made, F_OK) != 0 {
        throw SystemError(errno: errno, subject: made)
      }
    }
  }
}
