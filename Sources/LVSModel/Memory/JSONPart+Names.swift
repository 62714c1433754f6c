import LVSText

extension JSONPart {
  func address() throws(JSONFault) -> IPAddress {
    guard let address = string(atMost: Self.wordLimit).flatMap({ IPAddress($0) }) else {
      throw fault("is not an address")
    }
    return address
  }

  /// The name of a network interface.
  func interface() throws(JSONFault) -> String {
    guard isString else { throw fault("is not a text") }
    guard let name = string(atMost: Self.wordLimit), InterfaceName.isValid(name) else {
      throw fault("is not the name of a network interface")
    }
    return name
  }
}
