import LVSText

extension HostState {
  /// The members of a snapshot that tell a state, everything in a fixed order; of some sysctls only that they are there.
  func json(withheldSysctls: Set<String>) -> [(String, JSONText.Value)] {
    [
      ("modules", .array(modules.sorted().map(JSONText.Value.string))),
      ("sysctls", .object(sysctls.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
      ("sysctls_withheld", .array(withheldSysctls.sorted().map(JSONText.Value.string))),
      ("links", .object(links.sorted { $0.key < $1.key }.map { ($0, JSONText.Value($1.fields)) })),
      ("addresses", .array(addresses.sorted { $0.key < $1.key }.map { $1.json($0) })),
      ("routes", .array(routes.sorted { $0.key < $1.key }.map { $1.json($0) })),
      ("timeouts", JSONText.Value(timeouts.fields.filter { !$0.isDefault })),
      ("sync_daemons", .object(syncDaemons.json)),
      ("services", .maps(services.keys.sorted()) { services[$0]?.json($0) ?? .null }),
    ]
  }
}

extension HostState {
  init(_ document: JSONMembers) throws(JSONFault) {
    self.init()
    modules = try document.required("modules").set { (module) throws(JSONFault) in try module.text() }
    sysctls = try document.required("sysctls").texts()
    var links: [String: LinkSettings] = [:]
    try document.required("links").members { (name, link) throws(JSONFault) in
      guard InterfaceName.isValid(name) else {
        throw JSONFault(reason: .wrong("is not the name of a network interface"), offset: link.start)
      }
      links[name] = try LinkSettings(link)
    }
    self.links = links
    var addresses: [AddressID: AddressSettings] = [:]
    try document.required("addresses").elements { (part) throws(JSONFault) in
      let (id, settings) = try AddressSettings.read(&part)
      guard addresses.updateValue(settings, forKey: id) == nil else { throw part.fault("is there twice") }
    }
    self.addresses = addresses
    var routes: [RouteID: RouteSettings] = [:]
    try document.required("routes").elements { (part) throws(JSONFault) in
      let (id, settings) = try RouteSettings.read(&part)
      guard routes.updateValue(settings, forKey: id) == nil else { throw part.fault("is there twice") }
    }
    self.routes = routes
    timeouts = try Timeouts(document.required("timeouts"))
    syncDaemons = try document.required("sync_daemons").syncDaemons()
    var services: [ServiceID: VirtualService] = [:]
    try document.required("services").elements { (part) throws(JSONFault) in
      let (id, service) = try VirtualService.read(&part)
      guard services.updateValue(service, forKey: id) == nil else { throw part.fault("is there twice") }
    }
    self.services = services
  }
}
