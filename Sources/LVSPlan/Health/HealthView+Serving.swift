import LVSConfig
import LVSModel

extension HealthView {
  /// The real servers of a service as they are to be in the table: those that are down or drained get nothing, and the
  /// fallback is there for as long as no other one serves.
  func realServers(of service: ClusterFile.Service) -> [RealServerID: RealServerSettings] {
    var realServers: [RealServerID: RealServerSettings] = [:]
    realServers.reserveCapacity(service.realServers.count)
    var isServed = false
    for member in service.checkedMembers {
      var settings = member.settings
      switch health(of: member, in: service)?.state {
      case .down? where service.health.onFailure == .remove: continue
      // Drained, it stays out for as long as it is down all the same.
      case .drained? where service.health.onFailure == .remove && isDown(member, in: service): continue
      case .down?, .drained?: settings.weight = 0
      case .up?, .unknown?, nil: if settings.weight > 0 { isServed = true }
      }
      realServers[member.id] = settings
    }
    guard !isServed, let fallback = service.fallback else { return realServers }
    realServers[fallback.id] = fallback.settings
    if healthOfFallback(fallback) != nil { realServers[fallback.id]?.weight = 0 }
    return realServers
  }

  /// The real servers of a service whose weight is the file's to say although another program owns the others': those that
  /// are drained, and the fallback.
  func weighted(of service: ClusterFile.Service) -> Set<RealServerID> {
    var ids = Set(service.checkedMembers.lazy.filter { drain(of: $0) != nil }.map(\.id))
    if let fallback = service.fallback { ids.insert(fallback.id) }
    return ids
  }
}
