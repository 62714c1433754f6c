import CNetlink
import Glibc
import LVSModel

/// A virtual service without its real servers, as a dump shows it.
struct ServiceRecord: Equatable {
  /// Its identity, or nil for a protocol that IPVS has no code for: the table takes any number, and nothing uses it.
  var id: ServiceID?
  var settings: ServiceSettings
}

extension MessageBuilder {
  /// Writes what names a service (ip_vs_genl_parse_service): a fwmark, or protocol, address and port, with the family.
  mutating func serviceIdentity(_ id: ServiceID) {
    attribute(IPVS_SVC_ATTR_AF, id.family.number)
    switch id {
    case .address(let proto, let address, let port):
      attribute(IPVS_SVC_ATTR_PROTOCOL, UInt16(proto.rawValue))
      attribute(IPVS_SVC_ATTR_ADDR, address)
      attribute(IPVS_SVC_ATTR_PORT, port.bigEndian)
    case .fwmark(let mark, _):
      attribute(IPVS_SVC_ATTR_FWMARK, mark)
    }
  }

  /// Writes everything about a service that can be edited in place.
  mutating func serviceSettings(_ settings: ServiceSettings, _ family: AddressFamily) {
    attribute(IPVS_SVC_ATTR_SCHED_NAME, settings.scheduler.name)
    // A service edited without the attribute loses its engine (ip_vs_edit_service).
    if let engine = settings.persistence?.engine { attribute(IPVS_SVC_ATTR_PE_NAME, engine) }
    // struct ip_vs_flags: the value, and a mask of all ones, which clears what the value does not name.
    attribute(IPVS_SVC_ATTR_FLAGS, settings.kernelFlags, UInt32.max)
    attribute(IPVS_SVC_ATTR_TIMEOUT, settings.persistence?.timeout ?? 0)
    switch settings.persistence?.netmask ?? .host(family) {
    case .ipv4(let mask): attribute(IPVS_SVC_ATTR_NETMASK, mask.bigEndian)
    // The kernel keeps an IPv6 prefix length in the field of the mask, in host order.
    case .ipv6(let prefix): attribute(IPVS_SVC_ATTR_NETMASK, prefix)
    }
  }

  /// Writes the request that makes, edits or takes away a service.
  mutating func service(_ id: ServiceID, _ difference: Difference<ServiceSettings>, family: UInt16) {
    let command =
      switch difference.action {
      case .create: IPVS_CMD_NEW_SERVICE
      case .update: IPVS_CMD_SET_SERVICE
      case .delete: IPVS_CMD_DEL_SERVICE
      }
    ipvs(family, command) { message in
      message.nested(IPVS_CMD_ATTR_SERVICE) { service in
        service.serviceIdentity(id)
        if let after = difference.after { service.serviceSettings(after, id.family) }
      }
    }
  }
}

extension ServiceSettings {
  /// IP_VS_SVC_F_*; IP_VS_SVC_F_HASHED is the kernel's own.
  var kernelFlags: UInt32 {
    var flags = schedulerFlags.intersection(.all).rawValue
    if persistence != nil { flags |= UInt32(IP_VS_SVC_F_PERSISTENT) }
    if onePacket { flags |= UInt32(IP_VS_SVC_F_ONEPACKET) }
    return flags
  }
}

extension ServiceRecord {
  /// Reads the attributes inside IPVS_CMD_ATTR_SERVICE; nil where one that names the service is missing or unknown.
  init?(_ payload: Range<Int>, in bytes: RawSpan) {
    var family: AddressFamily?
    var proto: UInt16?
    var addressField: Range<Int>?
    var port: UInt16?
    var mark: UInt32?
    var scheduler = ""
    var engine: String?
    var flags: UInt32 = 0
    var timeout: UInt32 = 0
    var netmaskField: Range<Int>?
    var cursor = AttributeCursor(payload)
    while let attribute = cursor.next(in: bytes) {
      let field = attribute.payload
      switch attribute.type {
      case IPVS_SVC_ATTR_AF: family = bytes.value(field).flatMap(AddressFamily.init(number:))
      case IPVS_SVC_ATTR_PROTOCOL: proto = bytes.value(field)
      case IPVS_SVC_ATTR_ADDR: addressField = field
      case IPVS_SVC_ATTR_PORT: port = bytes.bigEndian(field)
      case IPVS_SVC_ATTR_FWMARK: mark = bytes.value(field)
      case IPVS_SVC_ATTR_SCHED_NAME: scheduler = bytes.string(field) ?? ""
      case IPVS_SVC_ATTR_PE_NAME: engine = bytes.string(field)
      case IPVS_SVC_ATTR_FLAGS: flags = bytes.value(field) ?? 0
      case IPVS_SVC_ATTR_TIMEOUT: timeout = bytes.value(field) ?? 0
      case IPVS_SVC_ATTR_NETMASK: netmaskField = field
      default: break
      }
    }
    guard let family else { return nil }
    if let mark {
      id = .fwmark(mark, family)
    } else {
      guard let proto, let addressField, let address = bytes.address(addressField, family), let port else { return nil }
      id = UInt8(exactly: proto).flatMap(TransportProtocol.init(rawValue:)).map { .address($0, address, port: port) }
    }
    var persistence: Persistence?
    if flags & UInt32(IP_VS_SVC_F_PERSISTENT) != 0 {
      persistence = Persistence(
        timeout: timeout,
        netmask: netmaskField.flatMap { PersistenceMask($0, family, in: bytes) } ?? .host(family), engine: engine)
    }
    settings = ServiceSettings(
      scheduler: Scheduler(scheduler), schedulerFlags: SchedulerFlags(rawValue: flags).intersection(.all),
      persistence: persistence, onePacket: flags & UInt32(IP_VS_SVC_F_ONEPACKET) != 0)
  }
}

extension PersistenceMask {
  fileprivate init?(_ field: Range<Int>, _ family: AddressFamily, in bytes: RawSpan) {
    switch family {
    case .ipv4:
      guard let mask = bytes.bigEndian(field, as: UInt32.self) else { return nil }
      self = .ipv4(mask)
    case .ipv6:
      guard let prefix = bytes.value(field, as: UInt32.self) else { return nil }
      self = .ipv6(prefix)
    }
  }
}

extension ServiceSettings {
  /// What the kernel says where a service is not there (ip_vs_genl_set_cmd).
  static let absence: [Int32] = [ESRCH]
}
