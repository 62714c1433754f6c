import CNetlink
import Glibc
import Recordings

@testable import LVSKernel
@testable import LVSModel

/// IPVS made of values: it answers questions as the kernel does, its dumps by position, so many to a datagram.
final class FakeIPVS {
  static let family: CInt = 28

  let transport = FakeTransport()
  /// The table in the order of its places.
  var services: [(id: ServiceID, service: VirtualService)] = []
  /// How many services, or real servers, a datagram holds.
  var room = 3
  /// What other programs do: runs behind each datagram of a dump, with the numbers of the dump and of the datagram in it.
  var meanwhile: (_ dump: Int, _ datagram: Int) -> Void = { _, _ in }
  /// What other programs do before a service is asked for, or its real servers are.
  var beforeReading: (ServiceID) -> Void = { _ in }
  /// The errno of a command that is refused.
  var refusal: (_ command: Int) -> CInt? = { _ in nil }
  /// How many dumps of services there were.
  private(set) var dumps = 0
  /// The services that were asked for by their identity, in order.
  private(set) var asked: [ServiceID] = []

  init() {
    transport.reading = { [unowned self] message, bytes in answer(message, bytes) }
  }

  var kernel: KernelConnection { KernelConnection { [transport] (_) throws(TransportError) in transport } }

  /// Puts a service at a place of the table.
  func insert(_ id: ServiceID, _ service: VirtualService, at place: Int = 0) {
    services.insert((id, service), at: place)
  }

  func remove(_ id: ServiceID) { services.removeAll { $0.id == id } }

  private func answer(_ message: NetlinkMessage, _ bytes: RawSpan) -> [[UInt8]] {
    let sequence = message.sequence
    if message.isFence { return [transport.error(0, to: sequence)] }
    if CInt(message.type) == GENL_ID_CTRL {
      let number = Recordings.bytes("01 02 00 00 06 00 01 00 1c 00 00 00")
      return [transport.reply(type: GENL_ID_CTRL, to: sequence, payload: number), transport.error(0, to: sequence)]
    }
    let command = Int(bytes.value(message.payload, as: UInt8.self) ?? 0)
    if let code = refusal(command) { return [transport.error(code, to: sequence)] }
    let id = genericAttribute(IPVS_CMD_ATTR_SERVICE, of: message, in: bytes).flatMap {
      ServiceRecord($0, in: bytes)?.id
    }
    switch (command, id) {
    case (IPVS_CMD_GET_SERVICE, nil): return serviceDump(sequence)
    case (IPVS_CMD_GET_SERVICE, let id?): return service(id, sequence)
    case (IPVS_CMD_GET_DEST, let id?): return realServerDump(id, sequence)
    default: return []
    }
  }

  /// ip_vs_genl_dump_services: each datagram goes on at the place that the one before came to.
  private func serviceDump(_ sequence: UInt32) -> [[UInt8]] {
    var datagrams: [[UInt8]] = []
    var place = 0
    while place < services.count {
      let part = services[place..<min(place + room, services.count)]
      datagrams.append(part.flatMap { data($0.id, $0.service.settings, sequence) })
      place += part.count
      meanwhile(dumps, datagrams.count - 1)
    }
    dumps += 1
    return datagrams + [transport.done(to: sequence)]
  }

  private func service(_ id: ServiceID, _ sequence: UInt32) -> [[UInt8]] {
    asked.append(id)
    beforeReading(id)
    guard let found = services.first(where: { $0.id == id }) else { return [transport.error(ESRCH, to: sequence)] }
    return [data(id, found.service.settings, sequence)]
  }

  /// ip_vs_genl_dump_dests: a service that is not there has none.
  private func realServerDump(_ id: ServiceID, _ sequence: UInt32) -> [[UInt8]] {
    beforeReading(id)
    let servers = (services.first { $0.id == id }?.service.realServers ?? [:]).sorted { $0.key < $1.key }
    var datagrams: [[UInt8]] = []
    for start in stride(from: 0, to: servers.count, by: room) {
      datagrams.append(
        servers[start..<min(start + room, servers.count)].flatMap { server in
          reply(sequence) { builder in
            builder.realServer(
              id, server.key, Difference(before: nil, after: server.value), family: UInt16(Self.family))
          }
        })
    }
    return datagrams + [transport.done(to: sequence)]
  }

  private func data(_ id: ServiceID, _ settings: ServiceSettings, _ sequence: UInt32) -> [UInt8] {
    reply(sequence) { $0.service(id, Difference(before: nil, after: settings), family: UInt16(Self.family)) }
  }

  private func reply(_ sequence: UInt32, _ body: (inout MessageBuilder) -> Void) -> [UInt8] {
    transport.reply(
      type: Self.family, flags: NLM_F_MULTI, to: sequence,
      payload: Array(written(body).dropFirst(MessageCursor.headerSize)))
  }
}
