import LVSText

extension UnconfirmedChange {
  /// The change as lines of JSON: its heading with the machine it is about, its subjects, the states before and after as
  /// snapshots, what was remembered before, and what is to be remembered when it stays.
  ///
  /// Whoever only wants to know that there is one reads the first line, however long the others are.
  public func lines(_ place: MachinePlace) -> String {
    let lines: [JSONText.Value] = [
      heading.json(place), .array(subjects.map(JSONText.Value.string)), Snapshot(state: before).json,
      Snapshot(state: after).json, formerMemory?.json(place) ?? .null, keptMemory.json(place),
    ]
    return lines.map { JSONText.compact($0) + "\n" }.joined()
  }

  /// Reads what ``lines(_:)`` wrote; nil where any part is not as it was written.
  public static func read(_ bytes: [UInt8]) -> (change: UnconfirmedChange, place: MachinePlace)? {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    // The last line ends in a newline too: a file that was cut off has other lines than these.
    guard lines.count == 7, lines[6].isEmpty, let (heading, place) = Heading.read(lines[0]),
      let subjects = JSONText.value(of: lines[1])?.elements?.map(\.text), !subjects.contains(nil),
      let before = try? Snapshot(lines[2]).state, let after = try? Snapshot(lines[3]).state,
      let kept = try? MachineMemory.read(lines[5]).memory
    else { return nil }
    let formerMemory = try? MachineMemory.read(lines[4]).memory
    guard (formerMemory == nil) == lines[4].elementsEqual("null".utf8) else { return nil }
    let change = UnconfirmedChange(
      heading, subjects: subjects.compactMap(\.self), before: before, after: after, formerMemory: formerMemory,
      keptMemory: kept)
    return (change, place)
  }
}

extension UnconfirmedChange.Heading {
  fileprivate func json(_ place: MachinePlace) -> JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("boot", .string(place.boot)),
      ("namespace", .string(place.namespace)),
      ("cluster", .string(cluster)),
      ("node", .string(node)),
      ("role", .string(role)),
      ("since", .integer(since)),
      ("graceful", .boolean(isGraceful)),
      ("complete", .boolean(isComplete)),
    ])
  }

  /// Reads the first line of what was written, with the machine that it is about; nil where it is not one.
  public static func read(_ line: [UInt8]) -> (heading: Self, place: MachinePlace)? {
    guard let document = JSONText.value(of: line), document["format_version"]?.number() == 1,
      let boot = document["boot"]?.text, let namespace = document["namespace"]?.text,
      let cluster = document["cluster"]?.text, let node = document["node"]?.text, let role = document["role"]?.text,
      let since = document["since"]?.number(Int.self), case .boolean(let isGraceful)? = document["graceful"],
      case .boolean(let isComplete)? = document["complete"]
    else { return nil }
    let heading = Self(
      cluster: cluster, node: node, role: role, since: since, isGraceful: isGraceful, isComplete: isComplete)
    return (heading, MachinePlace(boot: boot, namespace: namespace))
  }
}
