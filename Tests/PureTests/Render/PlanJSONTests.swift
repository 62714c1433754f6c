import LVSModel
import LVSPlan
import LVSText
import Testing

struct PlanJSONTests {
  private func json(_ changes: [Change], unmanaged: [ServiceID] = []) -> String {
    let plan = Plan(changes: changes, unmanaged: unmanaged)
    return JSONText.pretty(NodePlan(cluster: "c", node: "director1", role: "director", plan: plan).json)
  }

  @Test func `a plan is the document of the contract, a change to a line`() {
    let stranger = ServiceID.address(.tcp, IPAddress(ipv4: 0x0a00_0009), port: 443)
    let created = Change.service(
      Classic.service, Difference(before: nil, after: ServiceSettings(scheduler: Scheduler("rr"))))
    #expect(
      json([created], unmanaged: [stranger]) == """
        {
          "format_version": 1,
          "cluster": "c",
          "node": "director1",
          "role": "director",
          "changes": [
            { "action": "create", "kind": "service", "id": "tcp 192.168.147.100:80", "before": null, "after": { "scheduler": "rr" } }
          ],
          "unmanaged": ["tcp 10.0.0.9:443"],
          "summary": { "create": 1, "update": 0, "delete": 0 },
          "findings": []
        }
        """)
  }

  @Test func `an update holds the fields that differ and no others`() {
    let before = RealServerSettings(weight: 1)
    let after = RealServerSettings(forward: .tun(Tunnel(kind: .gue, port: 6080)), weight: 1, upperThreshold: 9)
    let change = Change.realServer(
      Classic.service, RealServerID(address: Classic.web1, port: 80), Difference(before: before, after: after))
    #expect(
      JSONText.compact(change.json) == """
        { "action": "update", "kind": "real_server", "id": "tcp 192.168.147.100:80 -> 192.168.147.4:80", \
        "before": { "forward": "dr", "tunnel": null, "upper_threshold": 0 }, \
        "after": { "forward": "tun", "tunnel": { "type": "gue", "port": 6080 }, "upper_threshold": 9 } }
        """)
  }

  @Test func `what goes has no after, and what has no fields has an empty map`() {
    let route = Change.route(
      RouteID(Classic.vip, interface: "lo"), Difference(before: RouteSettings(), after: nil))
    #expect(
      JSONText.compact(route.json)
        == #"{ "action": "delete", "kind": "route", "id": "192.168.147.100/32 dev lo", "before": {}, "after": null }"#)
  }

  @Test func `quotes, backslashes and control characters are escaped`() {
    #expect(JSONText.compact(.string("a\"b\\c\n\u{1b}é")) == #""a\"b\\c\n\u001bé""#)
  }
}
