import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// The order in which machines are brought to a file.
struct RolloutTests {
  private let otherVIP = IPAddress(ipv4: 0xc0a8_9365)

  private func order(_ new: ClusterFile, from old: ClusterFile = ClusterFile()) -> [String] {
    Rollout(from: old, to: new).steps.compactMap { ($0.after ?? $0.before)?.name }
  }

  /// The classic file with a second VIP and service, which only web2 serves.
  private func withOther(holder: ClusterFile.VIPHolder = .activeDirector) -> ClusterFile {
    var file = Classic.file()
    file.vips.append(ClusterFile.VIP(address: otherVIP, holder: holder))
    var service = file.services[0]
    service.id = .address(.tcp, otherVIP, port: 80)
    service.realServers.removeAll { $0.server != 1 }
    file.services.append(service)
    return file
  }

  /// The classic file without a machine among the real servers.
  private func without(realServer: Int) -> ClusterFile {
    var file = Classic.file()
    file.realServers.remove(at: realServer)
    let members = file.services[0].realServers.filter { $0.server != realServer }
    file.services[0].realServers = ServiceMembers(
      members.map { ClusterFile.Member(server: 0, id: $0.id, settings: $0.settings) })
    return file
  }

  @Test func `who is sent to is ready before who sends, and the active director is last`() {
    #expect(order(Classic.file()) == ["web1", "web2", "director2", "director1"])
    #expect(order(Classic.file(scheduler: .wlc), from: Classic.file()) == ["web1", "web2", "director2", "director1"])
    #expect(Rollout(of: Classic.file()).steps.compactMap(\.after?.name) == order(Classic.file()))
  }

  @Test func `a machine that directs and serves has its director's turn`() {
    var file = Classic.file()
    file.realServers[0].addresses = [Classic.director1]
    #expect(order(file) == ["web2", "director2", "director1"])
    file.realServers[0].addresses = [Classic.director2]
    #expect(order(file) == ["web2", "director2", "director1"])
  }

  @Test func `a real server that leaves goes when nobody sends there any more`() throws {
    #expect(order(without(realServer: 0), from: Classic.file()) == ["web2", "director2", "director1", "web1"])
    let last = try #require(Rollout(from: Classic.file(), to: without(realServer: 0)).steps.last)
    #expect(last.before?.name == "web1" && last.after == nil)
    #expect(order(Classic.file(), from: without(realServer: 0)) == ["web1", "web2", "director2", "director1"])
  }

  @Test func `a real server that only loses a VIP waits for the directors, and one that gets another does not`() {
    #expect(order(Classic.file(), from: withOther()) == ["web1", "director2", "director1", "web2"])
    #expect(order(withOther(), from: Classic.file()) == ["web1", "web2", "director2", "director1"])
    var moved = withOther()
    moved.services[0].realServers.removeAll { $0.server != 0 }
    #expect(order(moved, from: Classic.file()) == ["web1", "web2", "director2", "director1"])
  }

  @Test func `a director lets go of the VIPs before another takes them`() {
    var swapped = Classic.file()
    swapped.directors.reverse()
    #expect(order(swapped, from: Classic.file()) == ["web1", "web2", "director1", "director2"])
    var alone = Classic.file()
    alone.directors.removeFirst()
    #expect(order(alone, from: Classic.file()) == ["web1", "web2", "director1", "director2"])
    alone = Classic.file()
    alone.directors.removeLast()
    #expect(order(alone, from: Classic.file()) == ["web1", "web2", "director2", "director1"])
  }

  @Test func `of two active directors the one that takes a VIP from the other is last`() {
    let both = withOther(holder: .director(1))
    #expect(order(both) == ["web1", "web2", "director2", "director1"])
    #expect(order(both, from: withOther()) == ["web1", "web2", "director1", "director2"])
    #expect(order(withOther(), from: both) == ["web1", "web2", "director2", "director1"])
    var third = both
    third.directors.append(
      ClusterFile.Director(name: "director3", addresses: [IPAddress(ipv4: 0xc0a8_9307)], interface: "ens33"))
    #expect(order(third) == ["web1", "web2", "director3", "director2", "director1"])
  }

  @Test func `a standby that served and leaves is needed until the active director knows`() {
    var both = Classic.file()
    both.realServers[1].addresses = [Classic.director2]
    var alone = both
    alone.directors.removeLast()
    alone.realServers.removeLast()
    alone.services[0].realServers.removeAll { $0.server != 0 }
    #expect(order(alone, from: both) == ["web1", "director1", "director2"])
    alone.directors = both.directors
    #expect(order(alone, from: both) == ["web1", "director1", "director2"])
  }

  @Test func `a machine with another name is itself`() throws {
    var file = Classic.file()
    file.realServers[1].name = "web9"
    let steps = Rollout(from: Classic.file(), to: file).steps
    #expect(steps.count == 4)
    let renamed = try #require(steps.first { $0.after?.name == "web9" })
    #expect(renamed.before?.name == "web2")
  }
}
