import Glibc

/// The service manager that started this process, told how it fares: datagrams as sd_notify(3) has them, to the socket that
/// NOTIFY_SOCKET names. Without one nobody is told, and nothing fails.
public struct ServiceManager: Sendable {
  private let path: [UInt8]?
  /// Seconds within which it wants to hear from this process (WatchdogSec=), or nil where it does not watch.
  public let watchdogSeconds: Double?

  /// Who is named in this process's environment.
  public init() {
    path = Self.variable("NOTIFY_SOCKET").flatMap { text in
      // A path, or a name of the abstract kind, which begins with @ here and with NUL at the kernel.
      let bytes = Array(text.utf8)
      guard bytes.count > 1, bytes.count < Self.longestPath, let first = bytes.first else { return nil }
      if first == UInt8(ascii: "@") { return [0] + bytes.dropFirst() }
      return first == UInt8(ascii: "/") ? bytes : nil
    }
    let isMeant = Self.variable("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
    let seconds = Self.variable("WATCHDOG_USEC").flatMap { UInt64($0) }.map { Double($0) / 1e6 }
    watchdogSeconds = isMeant ? seconds.flatMap { $0 > 0 ? $0 : nil } : nil
  }

  /// What is told, a line each.
  public enum Word: Sendable {
    /// It has come up, or is done with reading its configuration.
    case ready
    /// It reads its configuration anew; the manager wants the time of this, by CLOCK_MONOTONIC.
    case reloading
    /// It is about to end.
    case stopping
    /// It is still there.
    case watchdog
    /// What an operator sees in `systemctl status`, on one line.
    case status(String)

    /// Whether the manager does something once it hears it.
    fileprivate var matters: Bool {
      switch self {
      case .ready, .reloading, .stopping: true
      case .watchdog, .status: false
      }
    }

    fileprivate var line: String {
      switch self {
      case .ready: "READY=1"
      case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(Self.microseconds)"
      case .stopping: "STOPPING=1"
      case .watchdog: "WATCHDOG=1"
      case .status(let text): "STATUS=\(String(text.map { $0.isNewline ? " " : $0 }))"
      }
    }

    private static var microseconds: UInt64 {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
  }

  /// Tells the manager, in one datagram; false where it could not be told.
  @discardableResult
  public func tell(_ words: Word...) -> Bool {
    guard let path else { return false }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    // An abstract name has no NUL at its end, and every byte of its length counts (unix(7)).
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count + (path[0] == 0 ? 0 : 1))
    let flags = Int32(MSG_NOSIGNAL) | (words.contains(where: \.matters) ? 0 : Int32(MSG_DONTWAIT))
    let text = Array(words.map(\.line).joined(separator: "\n").utf8)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        // A manager whose socket is full is waited for only with what it waits for.
        uninterrupted { sendto(descriptor, text, text.count, flags, name, length) }
          == text.count
      }
    }
  }

  private static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

  private static func variable(_ name: String) -> String? {
    guard let text = getenv(name), text.pointee != 0 else { return nil }
    return String(cString: text)
  }
}
