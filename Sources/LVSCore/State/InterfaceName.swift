/// Names of network interfaces.
public enum InterfaceName {
  /// Whether the kernel could have an interface of that name: dev_valid_name() of net/core/dev.c, with IFNAMSIZ 16.
  public static func isValid(_ name: String) -> Bool {
    (1...15).contains(name.utf8.count) && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") || $0 <= 0x20 }
  }
}
