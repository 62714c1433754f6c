import Glibc

/// Unix stream sockets with a name in the file system (unix(7)).
public enum UnixSocket {
  public static func open() throws(SystemError) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw SystemError(errno: errno, subject: "a unix socket") }
    return descriptor
  }

  /// Makes the socket's file in a folder, readable and writable by its owner alone; 0, or an errno.
  public static func bind(_ descriptor: Int32, _ name: String, in folder: Folder) -> Int32 {
    // unix_bind() of af_unix.c takes the file's mode from the socket, less the umask; a chmod after it would be late.
    guard fchmod(descriptor, 0o600) == 0 else { return errno }
    return withAddress(name, in: folder) { Glibc.bind(descriptor, $0, $1) }
  }

  /// Connects to the socket that a file in a folder names; 0, or an errno.
  public static func connect(_ descriptor: Int32, _ name: String, in folder: Folder) -> Int32 {
    withAddress(name, in: folder) { Glibc.connect(descriptor, $0, $1) }
  }

  /// Lets others connect; 0, or an errno.
  public static func listen(_ descriptor: Int32) -> Int32 { Glibc.listen(descriptor, 8) == 0 ? 0 : errno }

  /// Waits for so many bytes; fewer where the other end closed before, nil where it broke the connection.
  public static func receive(_ count: Int, from descriptor: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let part = try? beginning(of: descriptor, named: "", atMost: count - bytes.count) else { return nil }
      if part.isEmpty { break }
      bytes += part
    }
    return bytes
  }

  /// The process at the other end (SO_PEERCRED), or nil where the kernel does not tell.
  public static func peer(of descriptor: Int32) -> (pid: Int32, uid: UInt32)? {
    // struct ucred of unix(7): process, user and group, 32 bits each.
    var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
    var length = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
    return (credentials.pid, credentials.uid)
  }

  /// A socket's name has 107 bytes, and a folder's path may be longer: the folder is named by a descriptor.
  private static func withAddress(
    _ name: String, in folder: Folder, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    let path = Array("/proc/self/fd/\(folder.descriptor)/\(name)".utf8) + [0]
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.count <= MemoryLayout.size(ofValue: address.sun_path) else { return ENAMETOOLONG }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) == 0 ? 0 : errno }
    }
  }
}
