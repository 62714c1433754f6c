import Glibc
import LVSSystem

/// A kernel module by name.
public struct KernelModule: Hashable, Sendable {
  /// The name as lsmod(8) prints it, with underscores.
  public var name: String

  /// A module by its name of ASCII letters, digits, `_` and `-`, or nil for any other text.
  public init?(_ name: String) {
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isPlain, !name.isEmpty, !name.hasPrefix("-") else { return nil }
    self.name = String(decoding: name.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
  }

  /// Whether the kernel has it, loaded or built in.
  public var isLoaded: Bool { access("/sys/module/\(name)", F_OK) == 0 || isBuiltIn }

  /// Whether it is part of the kernel itself; /sys/module shows those alone that have parameters, and `fou` has none.
  private var isBuiltIn: Bool {
    var system = utsname()
    guard uname(&system) == 0 else { return false }
    let release = withUnsafeBytes(of: system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    // A container may be without the list; modprobe would be of no use there either.
    guard let list = try? contents(of: "/lib/modules/\(release)/modules.builtin", atMost: 1 << 20) else { return false }
    return String(decoding: list, as: UTF8.self).split(separator: "\n").contains { path in
      let file = path.split(separator: "/").last ?? ""
      return file.hasSuffix(".ko") && KernelModule(String(file.dropLast(3))) == self
    }
  }

  /// Loads it with what it depends on.
  public func load() throws(SystemError) {
    guard let modprobe = Program(named: "modprobe") else {
      throw SystemError(errno: ENOENT, subject: "modprobe")
    }
    let (status, messages) = try modprobe.run([name])
    guard status != 0 else { return }
    let words = Sysctl.normalized(Array(messages.utf8))
    throw SystemError(
      errno: nil, subject: "modprobe \(name)", details: words.isEmpty ? "exit status \(status)" : words)
  }
}
