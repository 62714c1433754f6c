import LVSModel
import LVSText

/// `pools`.
extension ClusterFileReader {
  func pools(_ node: Int) -> [PoolDraft]? {
    let help: Message = "It maps each pool's name to a list of real servers, as in `web: [web1, web2]`."
    guard let map = mapping(node, "`pools`", help: { help }) else {
      draft.lacksRealServers = true
      return nil
    }
    var pools: [PoolDraft] = []
    var keys: [String: Int] = [:]
    tape.forEachPair(of: map) { key, value in
      guard let name = keyWord(key) else { return }
      if let first = keys[name] {
        reportRepeatedKey(name, at: key, first: first)
        return
      }
      keys[name] = key
      guard checkName(name, at: key, of: "a pool") else {
        draft.lacksRealServers = true
        return
      }
      let members: Placed<[Placed<String>]> =
        tape.isNone(value)
        ? .none(at: place(of: value))
        : Placed(shared(\.sharedPools, value) { poolMembers($0, help: help) }, at: place(of: value))
      pools.append(PoolDraft(Placed(name, at: place(of: key)), members))
    }
    return pools
  }

  private func poolMembers(_ node: Int, help: Message) -> [Placed<String>]? {
    guard let list = sequence(node, "a pool", help: { help }) else { return nil }
    var members: [Placed<String>] = []
    members.reserveCapacity(Int(tape[list].count))
    tape.forEachElement(of: list) { element in
      guard let scalar = scalar(element, "a name in a pool") else { return }
      members.append(Placed(tape.string(scalar), at: place(of: element)))
    }
    return members
  }
}
