/// Connections that are not over yet, by service and real server: what a removal cuts, and what a drain waits for.
public typealias OpenConnections = [ServiceID: [RealServerID: UInt32]]

extension RealServerCounters {
  /// How many connections of a real server are open for its protocol, or nil where the counters cannot tell.
  ///
  /// TCP counts a connection as active from its SYN on (tcp_state_active_table, Linux 4.8), so what is inactive is over. A
  /// UDP flow is never active: it is open until it times out. Of what is inactive, the connection table alone knows the
  /// half-open associations of SCTP (set_sctp_state counts established ones alone), and behind a firewall mark the flows
  /// of UDP among the connections of TCP that are over.
  public func open(in service: ServiceID) -> UInt32? {
    switch service {
    case .address(.tcp, _, _): active
    case .address(.udp, _, _): UInt32(clamping: connections)
    case .address(.sctp, _, _), .fwmark: active > 0 || inactive == 0 ? active : nil
    }
  }
}
