import LVSConfig
import LVSModel
import LVSPlan
import LVSText

/// What a node of a file needs from programs that run without lvsctl; it takes neither privilege nor IPVS to say.
public struct NodeExport {
  private let file: ClusterFile
  private let node: Node
  private let machine: Machine
  private let role: String?
  private let target: Target

  /// A node by its name, as the file has it, on whatever machine this is; without a name the one that this machine is.
  public init(_ file: ClusterFile, _ name: String?, role: RoleRequest, _ events: NodeEvents) throws(NodeFailure) {
    self.file = file
    do {
      let session =
        try name.map { try NodeSession(file, named: $0, role: role) }
        ?? NodeSession(file, NodeRequest(role: role), events)
      node = session.node
      self.role = session.role
      target = session.target
      machine = try file.machine(named: node.name)
    } catch {
      throw NodeFailure(describing: error)
    }
  }

  /// What it can have before its network is up.
  public var bootSettings: BootSettings { BootSettings(cluster: file.name, node: node.name, role: role, target) }

  /// Its part in VRRP; throws where it has none.
  public func vrrpInstance() throws(NodeFailure) -> VRRPInstance {
    guard file.vrrp != nil else {
      throw NodeFailure(
        .invalidFile, "The file has no `vrrp`, so nothing moves its VIPs by VRRP. Write `vrrp: { id: 51 }` in it.")
    }
    guard let director = machine.director, let instance = file.vrrpInstance(ofDirector: director) else {
      let names = file.directors.prefix(20).map(\.name).joined(separator: ", ")
      throw NodeFailure(
        .invalidFile,
        "\(node.name) is a real server, and VRRP is between directors. Name one of them with --node: \(names).")
    }
    return instance
  }
}
