import LVSConfig
import LVSModel

/// A real server of a service with what there is to say of its health there.
public struct MemberHealth: Equatable, Sendable {
  /// Its identity in the service.
  public var id: RealServerID
  /// Its settings by the file.
  public var settings: RealServerSettings
  /// Its health; nil where nothing is asked of it and it is not drained.
  public var health: ServerHealth?
  /// Whether it is the fallback.
  public var isFallback: Bool

  /// Creates a member's health.
  public init(_ id: RealServerID, settings: RealServerSettings, health: ServerHealth?, isFallback: Bool = false) {
    self.id = id
    self.settings = settings
    self.health = health
    self.isFallback = isFallback
  }
}

extension ClusterFile {
  /// The real servers of which there is something to say, by the services that a target has.
  public func memberHealth(_ health: Health, in target: Target) -> [ServiceID: [MemberHealth]] {
    let view = HealthView(self, health)
    var all: [ServiceID: [MemberHealth]] = [:]
    for service in services {
      guard !view.isEmpty || service.isChecked || service.health.hasFallback,
        target.state.services[service.id] != nil
      else { continue }
      var members: [MemberHealth] = []
      for member in service.checkedMembers {
        guard let health = view.health(of: member, in: service) else { continue }
        members.append(MemberHealth(member.id, settings: member.settings, health: health))
      }
      if let fallback = service.fallback {
        members.append(
          MemberHealth(
            fallback.id, settings: fallback.settings, health: view.healthOfFallback(fallback), isFallback: true))
      }
      if !members.isEmpty { all[service.id] = members }
    }
    return all
  }
}
