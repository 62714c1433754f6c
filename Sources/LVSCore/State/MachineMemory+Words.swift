extension MachineMemory {
  /// Another cluster than that of a file, where this machine was last brought to one.
  private func formerCluster(than cluster: String) -> String? { self.cluster == cluster ? nil : self.cluster }

  /// Why a file with this name is not applied here, where this machine was last brought to another cluster; nil where it
  /// was not. `plan` is what an apply would do.
  public func refusal(of cluster: String, _ plan: Plan) -> String? {
    guard let former = formerCluster(than: cluster) else { return nil }
    let loss = plan.losses.map { "This file would take away \($0)." } ?? "This file would take nothing of it away."
    return """
      This machine was last brought to the cluster \(Printable(former).text)\(asNode), and the file is of the cluster \
      \(Printable(cluster).text). \(loss) Nothing was changed. Give --replace where that is meant, or where the cluster \
      has a new name.
      """
  }

  /// What a diff says of a file that ``refusal(of:_:)`` is about.
  public func warning(of cluster: String) -> String? {
    formerCluster(than: cluster).map { former in
      """
      This machine was last brought to the cluster \(Printable(former).text)\(asNode), and the file is of the cluster \
      \(Printable(cluster).text): apply wants --replace.
      """
    }
  }

  /// What a teardown says where the file does not name this machine, or is of another cluster; nil where it does and is.
  public func teardownNote(of cluster: String, namesNode: Bool) -> String? {
    if namesNode && formerCluster(than: cluster) == nil { return nil }
    let place = self.cluster.map { "the cluster \(Printable($0).text)" } ?? "a cluster"
    let reason = namesNode ? "the file is of another cluster" : "the file names no node that is this machine"
    return """
      This machine was last brought to \(place)\(asNode), and \(reason): what lvsctl remembers to have put here is taken \
      away.
      """
  }

  private var asNode: String {
    guard let node else { return "" }
    return " as \(Printable(node).text)" + (lastRole.map { " (\(Printable($0).text))" } ?? "")
  }
}
