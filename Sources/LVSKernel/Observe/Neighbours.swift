import CNetlink
import LVSModel

extension KernelConnection {
  /// The neighbours that the kernel knows, in its order, on interfaces of `links`.
  func neighbours(on links: [NetworkLink]) throws(NetlinkError) -> [Neighbour] {
    let names = Dictionary(links.map { ($0.index, $0.name) }) { first, _ in first }
    var builder = MessageBuilder()
    builder.neighbourDump()
    return try route().dump(&builder, describing: "list the neighbours", into: []) { neighbours, bytes, message in
      if CInt(message.type) == CInt(RTM_NEWNEIGH), let record = NeighbourRecord(message, in: bytes),
        let name = names[record.interfaceIndex]
      {
        neighbours.append(
          Neighbour(
            record.address, interface: name, hardwareAddress: record.hardwareAddress, state: record.state))
      }
      return true
    }
  }
}
