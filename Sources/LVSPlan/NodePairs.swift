import LVSConfig
import LVSModel

/// Which node of an old file is which of a new one: by name, else, since machines are renamed, by address.
public struct NodePairs: Sendable {
  /// For each node of the new file the place of the old one, nil for one that is new.
  public let before: [Int?]
  /// The places of the old nodes that are in the new file no more.
  public let left: [Int]

  /// Pairs the nodes of two files.
  public init(_ old: ClusterFile, _ oldNodes: [Node], _ new: ClusterFile, _ newNodes: [Node]) {
    let byName = Dictionary(zip(oldNodes.map(\.name), oldNodes.indices)) { first, _ in first }
    var before = newNodes.map { byName[$0.name] }
    var free = Set(oldNodes.indices).subtracting(before.compactMap(\.self))
    var byAddress: [IPAddress: Int] = [:]
    for index in free.sorted() {
      for address in old.addresses(of: oldNodes[index]) { byAddress[address] = index }
    }
    for (index, node) in newNodes.enumerated() where before[index] == nil {
      guard let found = new.addresses(of: node).lazy.compactMap({ byAddress[$0] }).first(where: free.contains) else {
        continue
      }
      before[index] = found
      free.remove(found)
    }
    self.before = before
    left = free.sorted()
  }
}
