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

extension JSONPart {
  /// A list as a set of what its elements are read as.
  func set<Element>(_ read: (JSONPart) throws(JSONFault) -> Element) throws(JSONFault) -> Set<Element> {
    var set: Set<Element> = []
    try elements { (element) throws(JSONFault) in set.insert(try read(element)) }
    return set
  }

  /// A map of texts.
  func texts() throws(JSONFault) -> [String: String] {
    var texts: [String: String] = [:]
    try members { (name, value) throws(JSONFault) in texts[name] = try value.text() }
    return texts
  }
}
