import Glibc
import LVSModel
import LVSSystem

/// A kernel parameter under /proc/sys by its name as sysctl(8) writes it.
public struct Sysctl: Hashable, Sendable {
  /// The name: `net.ipv4.ip_forward`, `net.ipv4.conf.eth0/100.arp_ignore`.
  public var name: String
  /// The file.
  public var path: String

  /// A parameter by its name, or nil for a name with an empty part, a `.` or `..`, or a NUL.
  ///
  /// As in sysctl(8) the first of `.` and `/` separates, and the other one stands for a dot within a part, so that
  /// `net.ipv4.conf.eth0/100.arp_ignore` and `net/ipv4/conf/eth0.100/arp_ignore` are the same file.
  public init?(_ name: String) {
    let bytes = Array(name.utf8)
    guard let first = bytes.first(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }) else { return nil }
    let other = first == UInt8(ascii: ".") ? UInt8(ascii: "/") : UInt8(ascii: ".")
    let parts = bytes.split(separator: first, omittingEmptySubsequences: false).map { part in
      part.map { $0 == other ? (first == UInt8(ascii: ".") ? UInt8(ascii: ".") : $0) : $0 }
    }
    let dot = [UInt8(ascii: ".")]
    guard parts.allSatisfy({ !$0.isEmpty && $0 != dot && $0 != dot + dot && !$0.contains(0) }) else { return nil }
    self.name = name
    path = "/proc/sys/" + parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
  }

  /// The value with runs of blanks made one space and none at its ends, or nil where the kernel has no such parameter.
  public func read() throws(SystemError) -> String? {
    do throws(SystemError) {
      return Self.normalized(try contents(of: path))
    } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
  }

  /// Writes a value in one write(2), as the files under /proc/sys want it.
  public func write(_ value: String) throws(SystemError) {
    try writeAtOnce(KernelText.bytes(value) + [UInt8(ascii: "\n")], to: path)
  }

  static func normalized(_ bytes: [UInt8]) -> String {
    let blanks = Array(" \t\n\r".utf8)
    return bytes.split { blanks.contains($0) }.map { KernelText.text(Array($0)) }.joined(separator: " ")
  }
}
