/// What a step does to its subject; each has one symbol in text and one word in JSON.
package enum Action: String, Sendable, CaseIterable {
  /// It is not there and will be.
  case create
  /// It is there and differs.
  case update
  /// It is there and will not be.
  case delete
}

/// A difference between two states of one thing: nil is its absence, and the two are never both nil.
package struct Difference<Settings: Hashable & Sendable>: Hashable, Sendable {
  /// The thing as it is.
  package var before: Settings?
  /// The thing as it should be.
  package var after: Settings?

  /// Creates a difference.
  package init(before: Settings?, after: Settings?) {
    self.before = before
    self.after = after
  }

  /// What has to be done.
  package var action: Action {
    if before == nil { .create } else if after == nil { .delete } else { .update }
  }

  /// The difference that takes this one back.
  package var reversed: Difference { Difference(before: after, after: before) }
}

/// A kernel module that is loaded; there is nothing else to know of it.
package struct ModuleSettings: Hashable, Sendable {
  /// Creates the settings of a loaded module.
  package init() {}
}

/// One step of a plan: a thing, what it is and what it should be.
package enum Change: Hashable, Sendable {
  /// A kernel module by name.
  case module(String, Difference<ModuleSettings>)
  /// A sysctl by name.
  case sysctl(String, Difference<String>)
  /// A network interface by name.
  case link(String, Difference<LinkSettings>)
  /// An address on an interface.
  case address(AddressID, Difference<AddressSettings>)
  /// A host route.
  case route(RouteID, Difference<RouteSettings>)
  /// A virtual service, without its real servers.
  case service(ServiceID, Difference<ServiceSettings>)
  /// A real server of a service.
  case realServer(ServiceID, RealServerID, Difference<RealServerSettings>)
  /// The connection timeouts.
  case timeouts(Difference<Timeouts>)
  /// A connection sync daemon.
  ///
  /// Indirect: its settings are the largest, and most of a large plan is real servers.
  indirect case syncDaemon(SyncRole, Difference<SyncDaemon>)

  /// What has to be done.
  package var action: Action {
    switch self {
    case .module(_, let difference): difference.action
    case .sysctl(_, let difference): difference.action
    case .link(_, let difference): difference.action
    case .address(_, let difference): difference.action
    case .route(_, let difference): difference.action
    case .service(_, let difference): difference.action
    case .realServer(_, _, let difference): difference.action
    case .timeouts(let difference): difference.action
    case .syncDaemon(_, let difference): difference.action
    }
  }

  /// The word for the kind of thing, in JSON and in messages.
  package var kind: String {
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
  package var id: String {
    switch self {
    case .module(let name, _), .sysctl(let name, _), .link(let name, _): name
    case .address(let id, _): id.description
    case .route(let id, _): id.description
    case .service(let id, _): id.description
    case .realServer(let service, let id, _): "\(service) -> \(id)"
    case .timeouts: "timeouts"
    case .syncDaemon(let role, _): role.word
    }
  }

  /// The change that takes this one back.
  package var reversed: Change {
    switch self {
    case .module(let name, let difference): .module(name, difference.reversed)
    case .sysctl(let name, let difference): .sysctl(name, difference.reversed)
    case .link(let name, let difference): .link(name, difference.reversed)
    case .address(let id, let difference): .address(id, difference.reversed)
    case .route(let id, let difference): .route(id, difference.reversed)
    case .service(let id, let difference): .service(id, difference.reversed)
    case .realServer(let service, let id, let difference): .realServer(service, id, difference.reversed)
    case .timeouts(let difference): .timeouts(difference.reversed)
    case .syncDaemon(let role, let difference): .syncDaemon(role, difference.reversed)
    }
  }
}

extension Change {
  /// Of a change that the kernel takes as a removal and an addition the removal, otherwise nil.
  package var firstHalf: Change? {
    switch self {
    case .address(let id, let difference) where !difference.isSignature:
      .address(id, Difference(before: difference.before, after: nil))
    case .syncDaemon(let role, let difference): .syncDaemon(role, Difference(before: difference.before, after: nil))
    default: nil
    }
  }
}
