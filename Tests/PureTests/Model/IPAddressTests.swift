import LVSModel
import Testing

struct IPAddressTests {
  @Test(arguments: ["192.168.147.100", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::1", "fe80::1:2"])
  func `an address prints as it was read`(text: String) {
    #expect(IPAddress(text)?.description == text)
  }

  @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "2001:db8::1%eth0", "::1::", "web1", "1.2.3.4 "])
  func `what is no address is refused`(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: ["10.0.0.9", "2001:db8::9"])
  func `an address survives its bytes`(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(IPAddress(networkBytes: address.networkBytes) == address)
  }
}
