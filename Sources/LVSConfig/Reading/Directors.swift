import LVSModel
import LVSText

/// `directors`.
extension ClusterFileReader {
  func readDirectors(_ top: KeyedNodes<TopKey>) -> Placed<[DirectorDraft]>? {
    let help: Message =
      "List the machines that balance, the active one first: `- { name: …, address: …, interface: … }`."
    return required(.directors, top, help: help) { node in
      guard let list = sequence(node, "`directors`", help: { help }) else {
        draft.lacksDirectors = true
        return nil
      }
      guard tape[list].count > 0 else {
        report(.missingValue, at: node, "`directors` is empty, and a cluster needs at least one.") { help }
        return nil
      }
      var directors: [DirectorDraft] = []
      directors.reserveCapacity(Int(tape[list].count))
      tape.forEachElement(of: list) { element in
        guard let map = mapping(element, "a director", help: { help }) else {
          draft.lacksDirectors = true
          return
        }
        let director = director(map)
        if director.name?.value == nil { draft.lacksDirectors = true }
        directors.append(director)
      }
      return directors
    }
  }

  private func director(_ map: Int) -> DirectorDraft {
    let fields = keyedNodes(of: map, DirectorKey.self)
    var director = DirectorDraft()
    director.name = required(.name, fields, help: "Give the director a name, as in `name: director1`.") {
      directorName($0)
    }
    director.addresses = required(
      .address, fields, help: "Give the address by which the director is recognised."
    ) {
      machineAddresses($0, of: "a director", linkLocal: true)
    }
    director.interface = required(
      .interface, fields, help: "Name the interface that is to hold the VIPs, as in `interface: eth0`."
    ) {
      interface($0)
    }
    return director
  }

  /// The name of a director, which `held_by` must be able to say.
  private func directorName(_ node: Int) -> String? {
    guard let name = name(node, of: "a director") else { return nil }
    let meaning: String? =
      switch name {
      case "lvsctl": "the active director"
      case "external": "another program"
      case "none": "the default"
      default: nil
      }
    guard let meaning else { return name }
    report(.badName, at: node, "A director cannot be called `\(name)`: as `held_by` of a VIP that means \(meaning).") {
      "Give the director another name."
    }
    return nil
  }
}
