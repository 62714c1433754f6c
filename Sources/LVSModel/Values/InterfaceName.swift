/// Names of network interfaces.
public enum InterfaceName {
  /// Whether the kernel could have an interface of that name: dev_valid_name() of net/core/dev.c, with IFNAMSIZ 16.
  ///
  /// The name is as ``KernelText`` has it.
  public static func isValid(_ name: String) -> Bool {
    // What is longer is none, and its bytes need not be looked at.
    guard name.utf8.count <= 15 * 5 else { return false }
    return isValid(bytes: KernelText.bytes(name))
  }

  private static func isValid(bytes: [UInt8]) -> Bool {
    (1...15).contains(bytes.count) && bytes != Array(".".utf8) && bytes != Array("..".utf8)
      && !bytes.contains { $0 == 0 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") || isBlank($0) }
  }

  /// isspace() of the kernel's lib/ctype.c, to which 0xa0 is a blank too, wherever it stands.
  private static func isBlank(_ byte: UInt8) -> Bool {
    (0x09...0x0d).contains(byte) || byte == 0x20 || byte == 0xa0
  }
}
