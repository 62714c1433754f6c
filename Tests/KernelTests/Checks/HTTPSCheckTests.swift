import LVSChecks
import LVSModel
import Testing

extension RealKernel {
  /// Checks by HTTPS, against a server with a certificate that was made in the test.
  @Suite struct HTTPSCheckTests {
    private static let web = "192.168.147.4"
    private static let bundle = "/etc/ssl/certs/ca-certificates.crt"

    private func get(_ host: String?, verifies: Bool) -> CheckMeans {
      .http(HTTPCheck(isSecure: true, verifies: verifies, path: "/ok", host: host))
    }

    @Test func `the server is told the name, and its certificate counts where it is to`() throws {
      try Network.with(HTTPCheckTests.pair) { network in
        let server = try CheckedServer(network.web1, port: 443, certificate: "web.example.com")
        let director = network.director1
        let (right, wrong) = ("web.example.com", "other.example.com")

        #expect(try director.outcome(get(right, verifies: false), Self.web, 443) == .passed)
        #expect(try director.outcome(get(wrong, verifies: false), Self.web, 443) == .passed)
        #expect(try director.outcome(get(nil, verifies: false), Self.web, 443) == .passed)
        #expect(server.log.filter { $0.hasPrefix("name ") } == ["name \(right)", "name \(wrong)", "name None"])
        #expect(
          server.log.filter { $0.hasPrefix("/") } == [right, wrong, Self.web].map { "/ok \($0) lvsctld" })

        // Nobody this machine trusts has signed it.
        let unknown = try director.outcome(get(right, verifies: true), Self.web, 443).reason
        #expect(unknown?.hasPrefix("tls: ") == true && unknown?.contains("self-signed") == true, "\(unknown ?? "")")

        let trusted = try read(Self.bundle)
        defer { try? write(trusted, to: Self.bundle) }
        try write(trusted + read("/run/\(right).pem.crt"), to: Self.bundle)
        #expect(try director.outcome(get(right, verifies: true), Self.web, 443) == .passed)
        for other in [wrong, nil] {
          let reason = try director.outcome(get(other, verifies: true), Self.web, 443).reason
          #expect(
            reason?.hasPrefix("tls: ") == true && reason?.contains("does not match") == true
              || reason?.contains("no alternative certificate subject name matches") == true, "\(reason ?? "")")
        }
      }
    }

    @Test func `a server without TLS, and one that hangs in its beginning, fail`() throws {
      try Network.with(HTTPCheckTests.pair) { network throws in
        let director = network.director1
        let program = "import socket, time; s = socket.create_server(('', 443)); print('listening'); time.sleep(600)"
        let hanging = try network.web1.start("/usr/bin/python3", "-u", "-c", program)
        let plain = try CheckedServer(network.web1, port: 80)
        try eventually("the server listens") { hanging.output.contains("listening") }
        #expect(
          try director.outcome(get("www", verifies: false), Self.web, 443, timeout: 1)
            == .failed("timeout after 1 s (tls)"))
        let reason = try director.outcome(get("www", verifies: false), Self.web, 80).reason
        #expect(reason?.hasPrefix("tls: ") == true, "\(reason ?? "")")
        withExtendedLifetime(plain) {}
      }
    }
  }
}

extension CheckOutcome {
  /// Why it failed; nil where it passed.
  var reason: String? { if case .failed(let reason) = self { reason } else { nil } }
}
