import LVSCore
import Testing

struct ReturnPathTests {
  private func notes(
    _ name: String, forward: ForwardingMethod, gateway: IPAddress?, role: RoleRequest = .auto
  ) throws -> [String] {
    let file = Classic.file(forward: forward)
    return try file.returnPathNotes(for: file.node(named: name, role: role)) { _ in gateway }
  }

  @Test(arguments: [Classic.director1, Classic.director2, Classic.vip])
  func `a NAT real server whose default gateway is a director or a VIP needs no note`(gateway: IPAddress) throws {
    #expect(try notes("web1", forward: .nat, gateway: gateway) == [])
  }

  @Test func `any other default gateway of a NAT real server is named`() throws {
    let notes = try notes("web1", forward: .nat, gateway: Classic.web2)
    #expect(
      notes == [
        "web1 answers by NAT, and its default gateway for IPv4 is 192.168.147.3, which is no address of a director in "
          + "the file. Replies that do not pass the director reach no client."
      ])
  }

  @Test func `so is having none`() throws {
    let notes = try notes("web1", forward: .nat, gateway: nil)
    #expect(
      notes == [
        "web1 answers by NAT, and it has no default route for IPv4 through one gateway. Replies that do not pass the "
          + "director reach no client."
      ])
  }

  @Test(arguments: [ForwardingMethod.dr, .tun(Tunnel())])
  func `other forwarding methods do not care`(forward: ForwardingMethod) throws {
    #expect(try notes("web1", forward: forward, gateway: Classic.web2) == [])
  }

  @Test func `a director does not either`() throws {
    #expect(try notes("director1", forward: .nat, gateway: Classic.web2) == [])
  }
}
