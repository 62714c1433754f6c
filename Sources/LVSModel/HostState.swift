/// What names a thing that a machine can hold, whatever kind it is of.
///
/// The kinds are listed in this file and told in full in `Kinds`, a file each: identity, settings, the words of the cluster
/// file, JSON, and the commands that operators know.
public enum Subject: Hashable, Sendable {
  /// A kernel module by name.
  case module(String)
  /// A sysctl by name.
  case sysctl(String)
  /// A network interface by name.
  case link(String)
  /// An address on an interface.
  case address(AddressID)
  /// A host route.
  case route(RouteID)
  /// A virtual service.
  case service(ServiceID)
  /// A real server of a service.
  case realServer(ServiceID, RealServerID)
  /// The connection timeouts.
  case timeouts
  /// A connection sync daemon.
  case syncDaemon(SyncRole)
}

/// What there is to know of a thing beside what names it.
public enum Settings: Hashable, Sendable {
  /// Of a kernel module: it is loaded.
  case module(ModuleSettings)
  /// The value of a sysctl.
  case sysctl(String)
  /// Of a network interface.
  case link(LinkSettings)
  /// Of an address.
  case address(AddressSettings)
  /// Of a route.
  case route(RouteSettings)
  /// Of a virtual service, without its real servers.
  case service(ServiceSettings)
  /// Of a real server.
  case realServer(RealServerSettings)
  /// The timeouts.
  case timeouts(Timeouts)
  /// Of a sync daemon.
  ///
  /// Indirect: it is the largest, and most of a large plan is real servers.
  indirect case syncDaemon(SyncDaemon)
}

/// What one node holds: desired by the file or observed in the kernel, one type for both.
public struct HostState: Equatable, Sendable {
  /// Loaded kernel modules, of those that matter.
  public var modules: Set<String> = []
  /// Sysctl name as sysctl(8) writes it → value with runs of blanks made one space.
  public var sysctls: [String: String] = [:]
  /// Network interfaces by name.
  public var links: [String: LinkSettings] = [:]
  /// Addresses.
  public var addresses: [AddressID: AddressSettings] = [:]
  /// Host routes.
  public var routes: [RouteID: RouteSettings] = [:]
  /// Virtual services.
  public var services: [ServiceID: VirtualService] = [:]
  /// Connection timeouts.
  public var timeouts = Timeouts()
  /// Connection sync daemons.
  public var syncDaemons: [SyncRole: SyncDaemon] = [:]

  /// Creates a state that holds nothing.
  public init() {}

  /// What is known of a thing, nil where it is not there.
  ///
  /// Two kinds go beyond themselves. A service takes its real servers along when it goes, and one that comes has none; a
  /// real server comes to nothing without its service. Of the timeouts, those that are not said stay as they are.
  public subscript(subject: Subject) -> Settings? {
    get {
      switch subject {
      case .module(let name): modules.contains(name) ? .module(ModuleSettings()) : nil
      case .sysctl(let name): sysctls[name].map(Settings.sysctl)
      case .link(let name): links[name].map(Settings.link)
      case .address(let id): addresses[id].map(Settings.address)
      case .route(let id): routes[id].map(Settings.route)
      case .service(let id): services[id].map { .service($0.settings) }
      case .realServer(let service, let id): services[service]?.realServers[id].map(Settings.realServer)
      case .timeouts: .timeouts(timeouts)
      case .syncDaemon(let role): syncDaemons[role].map(Settings.syncDaemon)
      }
    }
    set {
      switch subject {
      case .module(let name):
        if newValue == nil { modules.remove(name) } else { modules.insert(name) }
      case .sysctl(let name): sysctls[name] = newValue?.sysctl
      case .link(let name): links[name] = newValue?.link
      case .address(let id): addresses[id] = newValue?.address
      case .route(let id): routes[id] = newValue?.route
      case .service(let id):
        guard let settings = newValue?.service else {
          services[id] = nil
          return
        }
        services[id, default: VirtualService(settings: settings)].settings = settings
      case .realServer(let service, let id): services[service]?.realServers[id] = newValue?.realServer
      case .timeouts: timeouts.take(newValue?.timeouts ?? Timeouts())
      case .syncDaemon(let role): syncDaemons[role] = newValue?.syncDaemon
      }
    }
  }

  /// What names everything there is, in no particular order.
  public var subjects: [Subject] {
    var subjects = modules.map(Subject.module) + sysctls.keys.map(Subject.sysctl) + links.keys.map(Subject.link)
    subjects += addresses.keys.map(Subject.address) + routes.keys.map(Subject.route)
    for (id, service) in services {
      subjects.append(.service(id))
      subjects += service.realServers.keys.map { .realServer(id, $0) }
    }
    if timeouts != Timeouts() { subjects.append(.timeouts) }
    return subjects + syncDaemons.keys.map(Subject.syncDaemon)
  }
}

// MARK: What every kind has

extension Subject {
  /// The word for the kind of thing, in JSON and in messages.
  public var kind: String {
    switch self {
    case .module: "module"
    case .sysctl: "sysctl"
    case .link: "link"
    case .address: "address"
    case .route: "route"
    case .service: "service"
    case .realServer: "real_server"
    case .timeouts: "timeouts"
    case .syncDaemon: "sync_daemon"
    }
  }

  /// What names the thing among those of its kind, in JSON and in messages.
  public var id: String {
    switch self {
    case .module(let name), .sysctl(let name), .link(let name): name
    case .address(let id): id.description
    case .route(let id): id.description
    case .service(let id): id.description
    case .realServer(let service, let id): "\(service) -> \(id)"
    case .timeouts: "timeouts"
    case .syncDaemon(let role): role.word
    }
  }
}

extension Subject {
  /// The service that a thing is, or is a real server of.
  public var service: ServiceID? {
    switch self {
    case .service(let id), .realServer(let id, _): id
    default: nil
    }
  }
}

extension Settings {
  /// The settings in the cluster file's own words: every field, defaults too, always in the same order.
  public var fields: [Field] {
    switch self {
    case .module(let settings): settings.fields
    case .sysctl(let value): SysctlName.fields(value)
    case .link(let settings): settings.fields
    case .address(let settings): settings.fields
    case .route(let settings): settings.fields
    case .service(let settings): settings.fields
    case .realServer(let settings): settings.fields
    case .timeouts(let timeouts): timeouts.fields
    case .syncDaemon(let daemon): daemon.fields
    }
  }

  /// Whether a thing with these settings is what was asked for.
  ///
  /// A kernel may tell more than was asked for, or less: who signed an address (IFA_PROTO, Linux 5.18), every timeout, each
  /// key of a daemon.
  public func satisfies(_ wanted: Settings) -> Bool {
    switch (self, wanted) {
    case (.address(let found), .address(let wanted)): found.label == wanted.label
    case (.timeouts(let found), .timeouts(let wanted)): found.holds(wanted)
    case (.syncDaemon(let found), .syncDaemon(let wanted)): found.satisfies(wanted)
    default: self == wanted
    }
  }
}

extension Change {
  /// The commands of this step for a shell, each a list of words; more than one where no single command does it.
  public var commands: [[String]] {
    switch subject {
    case .module(let name): ModuleSettings.commands(name, difference(\.module))
    case .sysctl(let name): SysctlName.commands(name, difference(\.sysctl))
    case .link(let name): LinkSettings.commands(name, difference(\.link))
    case .address(let id): AddressSettings.commands(id, difference(\.address))
    case .route(let id): RouteSettings.commands(id, difference(\.route))
    case .service(let id): [ServiceSettings.command(id, difference(\.service))]
    case .realServer(let service, let id): [RealServerSettings.command(service, id, difference(\.realServer))]
    case .timeouts: [Timeouts.command(difference(\.timeouts))]
    case .syncDaemon(let role): SyncDaemon.commands(role, difference(\.syncDaemon))
    }
  }
}

// MARK: By kind

extension Settings {
  /// Those of a module; nil for another kind, and likewise below.
  public var module: ModuleSettings? { if case .module(let settings) = self { settings } else { nil } }
  /// The value of a sysctl.
  public var sysctl: String? { if case .sysctl(let value) = self { value } else { nil } }
  /// Those of a network interface.
  public var link: LinkSettings? { if case .link(let settings) = self { settings } else { nil } }
  /// Those of an address.
  public var address: AddressSettings? { if case .address(let settings) = self { settings } else { nil } }
  /// Those of a route.
  public var route: RouteSettings? { if case .route(let settings) = self { settings } else { nil } }
  /// Those of a virtual service.
  public var service: ServiceSettings? { if case .service(let settings) = self { settings } else { nil } }
  /// Those of a real server.
  public var realServer: RealServerSettings? { if case .realServer(let settings) = self { settings } else { nil } }
  /// The timeouts.
  public var timeouts: Timeouts? { if case .timeouts(let timeouts) = self { timeouts } else { nil } }
  /// Those of a sync daemon.
  public var syncDaemon: SyncDaemon? { if case .syncDaemon(let daemon) = self { daemon } else { nil } }
}

extension Change {
  /// A step for a module.
  public static func module(_ name: String, _ difference: Difference<ModuleSettings>) -> Change {
    Change(.module(name), difference, Settings.module)
  }

  /// A step for a sysctl.
  public static func sysctl(_ name: String, _ difference: Difference<String>) -> Change {
    Change(.sysctl(name), difference, Settings.sysctl)
  }

  /// A step for a network interface.
  public static func link(_ name: String, _ difference: Difference<LinkSettings>) -> Change {
    Change(.link(name), difference, Settings.link)
  }

  /// A step for an address.
  public static func address(_ id: AddressID, _ difference: Difference<AddressSettings>) -> Change {
    Change(.address(id), difference, Settings.address)
  }

  /// A step for a route.
  public static func route(_ id: RouteID, _ difference: Difference<RouteSettings>) -> Change {
    Change(.route(id), difference, Settings.route)
  }

  /// A step for a virtual service.
  public static func service(_ id: ServiceID, _ difference: Difference<ServiceSettings>) -> Change {
    Change(.service(id), difference, Settings.service)
  }

  /// A step for a real server of a service.
  public static func realServer(
    _ service: ServiceID, _ id: RealServerID, _ difference: Difference<RealServerSettings>
  ) -> Change { Change(.realServer(service, id), difference, Settings.realServer) }

  /// A step for the timeouts.
  public static func timeouts(_ difference: Difference<Timeouts>) -> Change {
    Change(.timeouts, difference, Settings.timeouts)
  }

  /// A step for a sync daemon.
  public static func syncDaemon(_ role: SyncRole, _ difference: Difference<SyncDaemon>) -> Change {
    Change(.syncDaemon(role), difference, Settings.syncDaemon)
  }
}
