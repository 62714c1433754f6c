import LVSModel
import LVSText

extension MachineMemory {
  /// Another cluster than that of a file, where this machine was last brought to one.
  private func formerCluster(than cluster: String) -> String? { self.cluster == cluster ? nil : self.cluster }

  /// Why a file with this name is not applied here, where this machine was last brought to another cluster; nil where it
  /// was not. `plan` is what an apply would do.
  public func refusal(of cluster: String, _ plan: Plan) -> Finding? {
    guard let former = formerCluster(than: cluster) else { return nil }
    let loss: Message =
      plan.losses.map { "This file would take away \($0)." } ?? "This file would take nothing of it away."
    return finding(
      .otherCluster, .error, of: cluster,
      """
      This machine was last brought to the cluster \(former)\(asNode), and the file is of the cluster \
      \(cluster). \(loss) Nothing was changed. Give --replace where that is meant, or where the cluster \
      has a new name.
      """)
  }

  /// What a diff says of a file that ``refusal(of:_:)`` is about.
  public func warning(of cluster: String) -> Finding? {
    formerCluster(than: cluster).map { former in
      finding(
        .otherCluster, .warning, of: cluster,
        """
        This machine was last brought to the cluster \(former)\(asNode), and the file is of the cluster \
        \(cluster): apply wants --replace.
        """)
    }
  }

  /// What a teardown says where the file does not name this machine, or is of another cluster; nil where it does and is.
  public func teardownNote(of cluster: String, namesNode: Bool) -> Finding? {
    if namesNode && formerCluster(than: cluster) == nil { return nil }
    let place: Message = self.cluster.map { "the cluster \($0)" } ?? "a cluster"
    let reason = namesNode ? "the file is of another cluster" : "the file names no node that is this machine"
    return finding(
      namesNode ? .otherCluster : .formerNode, .note, of: cluster,
      """
      This machine was last brought to \(place)\(asNode), and \(reason): what lvsctl remembers to have put here is taken \
      away.
      """)
  }

  /// A finding about this machine, which is a node of another cluster than a file's, or none of the file's any more.
  private func finding(
    _ code: FindingCode, _ severity: Finding.Severity, of cluster: String, _ message: Message
  ) -> Finding {
    let facts = self.cluster.map { [Finding.Fact("former_cluster", $0)] } ?? []
    return Finding(code, severity, node: node, subject: cluster, message, facts: facts)
  }

  private var asNode: Message {
    guard let node else { return "" }
    let role: Message = lastRole.map { " (\($0))" } ?? ""
    return " as \(node)\(role)"
  }
}
