import LVSConfig
import LVSModel

/// What a service comes to by the health of its real servers.
public struct ServiceHealth: Equatable, Sendable {
  /// How many of its real servers are up, or have not been found down; its fallback counts not.
  public var up: Int
  /// How many of them are down.
  public var down: Int
  /// How many are drained.
  public var drained: Int
  /// How many must be up.
  public var quorum: Int

  /// Creates a health.
  public init(up: Int, down: Int = 0, drained: Int = 0, quorum: Int = 1) {
    self.up = up
    self.down = down
    self.drained = drained
    self.quorum = quorum
  }

  /// Whether the service counts as up.
  public var isUp: Bool { up >= quorum }
}

extension HealthView {
  /// What a service comes to; nil where nothing is asked of its real servers.
  public func health(of service: ClusterFile.Service) -> ServiceHealth? {
    guard service.isChecked else { return nil }
    var health = ServiceHealth(up: 0, down: 0, drained: 0, quorum: service.health.quorum)
    for member in service.checkedMembers {
      switch self.health(of: member, in: service)?.state ?? .unknown {
      case .up, .unknown: health.up += 1
      case .down: health.down += 1
      case .drained: health.drained += 1
      }
    }
    return health
  }
}

extension ClusterFile {
  /// What the services that a target has come to, of those whose real servers are asked something.
  public func serviceHealth(_ health: Health, in target: Target) -> [ServiceID: ServiceHealth] {
    let view = HealthView(self, health)
    var all: [ServiceID: ServiceHealth] = [:]
    for service in services where service.isChecked && target.state.services[service.id] != nil {
      all[service.id] = view.health(of: service)
    }
    return all
  }
}
