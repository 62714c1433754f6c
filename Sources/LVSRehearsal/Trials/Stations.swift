import LVSConfig
import LVSModel
import LVSPlan

extension ClusterFile {
  /// The machine of each real server's address; one that is a director as well has the director's name.
  var stations: [IPAddress: String] {
    Dictionary(
      machines.flatMap { machine in
        machine.realServer.map { realServers[$0].addresses.map { ($0, machine.name) } } ?? []
      }
    ) { first, _ in first }
  }
}
