import Glibc
import Testing

@testable import LVSKernel
@testable import LVSModel
@testable import LVSSystem
@testable import LVSText

/// Errors that repeat what the kernel, another program or a path says.
struct HostileErrorTests {
  private static let text = "a\u{1b}[31m\nFORGED\u{202e}\u{2028}\u{9b}\u{7f}"
  private static let shown = "a␛[31m␊FORGED<U+202E><U+2028><U+009B>␡"

  @Test func `an error of the system is shown`() {
    let error = SystemError(errno: ENOENT, subject: Self.text, details: Self.text)
    #expect(error.message.text == "\(Self.shown): No such file or directory (errno 2): \(Self.shown)")
    #expect("\(error)" == error.message.text)
    #expect(SystemError(errno: nil, subject: Self.text).description == Self.shown)
  }

  @Test func `the kernel's own words are shown`() {
    let error = NetlinkError(errno: EINVAL, kernelMessage: Self.text, request: Self.text)
    #expect(error.message.text == "Invalid argument (errno 22): \(Self.shown)")
    let change = Change.link(Self.text, Difference(before: nil, after: LinkSettings(isUp: true)))
    #expect(StepRefusal(change: change, error).message == error.message)
    #expect(StepRefusal(change: change, SystemError(errno: nil, subject: Self.text)).message.text == Self.shown)
  }

  @Test func `an error in an error is shown once`() {
    let inner: any Error = SystemError(errno: nil, subject: Self.text)
    #expect(("It failed: \(inner)." as Message).text == "It failed: \(Self.shown).")
  }
}
