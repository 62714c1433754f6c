import Glibc
import Testing

@testable import LVSSystem

struct UnnamedFileTests {
  @Test func `a file without a name is read from its beginning, and holds what is written behind that`() throws {
    let file = try UnnamedFile(holding: Array("first ".utf8))
    #expect(try beginning(of: file.descriptor, named: "file", atMost: 99) == Array("first ".utf8))
    #expect(writeAll(Array("second".utf8), to: file.descriptor) == 0)
    #expect(file.contents == Array("first second".utf8))
    #expect(try UnnamedFile().contents.isEmpty)
  }

  @Test func `it may hold more than one read takes`() throws {
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
    #expect(try UnnamedFile(holding: bytes).contents == bytes)
  }

  @Test func `no program that is started has it open by chance`() throws {
    #expect(fcntl(try UnnamedFile().descriptor, F_GETFD) & FD_CLOEXEC != 0)
  }

  @Test func `a file is made where none is, and one that is there stays`() throws {
    try withTemporaryFolder { folder in
      try create("\(folder)/file", holding: Array("one".utf8))
      let error = #expect(throws: SystemError.self) { try create("\(folder)/file", holding: Array("two".utf8)) }
      #expect(error == SystemError(errno: EEXIST, subject: "\(folder)/file"))
      #expect(try contents(of: "\(folder)/file") == Array("one".utf8))
    }
  }
}
