import LVSKernel
import Testing

struct NetlinkErrorTests {
  @Test func `an error keeps the errno and the kernel's words`() {
    let error = NetlinkError(errno: 2, kernelMessage: "no such scheduler", request: "create")
    #expect(error.description == "No such file or directory (errno 2): no such scheduler")
  }
}
