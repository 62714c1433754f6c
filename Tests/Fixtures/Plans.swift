import LVSConfig
import LVSModel
import LVSPlan

/// Plans that are rendered in tests.
package enum Plans {
  /// What a file wants of a node that holds nothing but its defaults.
  package static func first(_ name: String, role: RoleRequest = .auto, file: ClusterFile = Classic.file()) throws
    -> NodePlan
  {
    let target = try Classic.target(name, role: role, file: file)
    var observed = HostState()
    for sysctl in target.state.sysctls.keys { observed.sysctls[sysctl] = sysctl.hasSuffix("redirects") ? "1" : "0" }
    return try plan(name, from: observed, file: file)
  }

  package static func plan(_ name: String, from observed: HostState, file: ClusterFile = Classic.file()) throws
    -> NodePlan
  {
    let node = try file.node(named: name, role: .auto)
    return NodePlan(
      cluster: file.name, node: node.name, role: node.roleWord,
      plan: try Planner.plan(file.target(for: node), observed: observed), serverNames: file.serverNames,
      vipNames: file.vipNames)
  }

  /// A director that has drifted: another scheduler and weight, a server gone, a server too many, a stranger's services.
  package static func drift() throws -> NodePlan {
    var observed = try Classic.target("director1").state
    let old = RealServerID(address: IPAddress(ipv4: 0xc0a8_9301), port: 80)
    observed.services[Classic.service]?.settings = ServiceSettings(
      scheduler: .wlc, persistence: Persistence(timeout: 300, netmask: .ipv4(0xffff_ff00)))
    observed.services[Classic.service]?.realServers = [
      old: RealServerSettings(), RealServerID(address: Classic.web2, port: 80): RealServerSettings(weight: 5),
    ]
    observed.services[.address(.tcp, IPAddress(ipv4: 0x0a00_0009), port: 443)] = VirtualService(
      settings: ServiceSettings())
    observed.services[.fwmark(7, .ipv6)] = VirtualService(settings: ServiceSettings())
    observed.sysctls["net.ipv4.ip_forward"] = "1"
    var plan = try plan("director1", from: observed)
    plan.open = [Classic.service: [old: 3]]
    return plan
  }

  /// Real servers that change by themselves, below a service that does not.
  package static func weights() throws -> NodePlan {
    var observed = try Classic.target("director1").state
    for id in [Classic.web1, Classic.web2].map({ RealServerID(address: $0, port: 80) }) {
      observed.services[Classic.service]?.realServers[id]?.weight = 0
    }
    return try plan("director1", from: observed)
  }

  /// A file with a service on each of many ports.
  package static func wide(ports: ClosedRange<UInt16>, weight: Int32 = 1) -> ClusterFile {
    var file = Classic.file()
    file.services = []
    for port in ports {
      let service = ClusterFile.Service(
        id: .address(.tcp, Classic.vip, port: port), settings: ServiceSettings(scheduler: Scheduler("rr")),
        realServers: [Classic.web1, Classic.web2].enumerated().map { index, address in
          ClusterFile.Member(
            server: index, id: RealServerID(address: address, port: port), settings: RealServerSettings(weight: weight))
        })
      file.services.append(service)
    }
    return file
  }

  /// The same change to the real servers of forty services, one of which differs and one of which is new.
  package static func many() throws -> NodePlan {
    var observed = try Classic.target("director1", file: wide(ports: 8000...8039)).state
    let odd = ServiceID.address(.tcp, Classic.vip, port: 8007)
    observed.services[odd]?.realServers[RealServerID(address: Classic.web1, port: 8007)]?.weight = 7
    return try plan("director1", from: observed, file: wide(ports: 8000...8040, weight: 2))
  }

  /// Names of one, two and no columns a character, and one that would break out of a table.
  package static func names() throws -> NodePlan {
    var file = Classic.file()
    file.name = "cluster|of`all\\|things"
    file.realServers[0].name = "ウェブ1"
    file.realServers[1].name = "cafe\u{301}|`x`<b>\\| @all"
    var observed = try Classic.target("director1", file: file).state
    observed.services[Classic.service]?.realServers = [:]
    observed.sysctls["net.ipv4.ip_forward"] = "a\nb\u{1b}[31m|"
    return try plan("director1", from: observed, file: file)
  }
}
