import Glibc
import Testing

@testable import LVSKernel
@testable import LVSNode
@testable import LVSSystem

/// Whose files are believed.
struct TrustTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func objection(toFolder name: String) -> String? {
    do throws(SystemError) {
      _ = try StateDirectory.open(folder(name))
      return nil
    } catch {
      return error.description
    }
  }

  private func objection(toFile name: String, _ flags: Int32 = O_RDONLY) throws -> String? {
    let place = try #require(try StateDirectory.open(folder.path))
    do throws(SystemError) {
      if let file = try place.openOwn(name, flags) { close(file) }
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `a folder that is not there is none, and one that is made is for its owner to write`() throws {
    #expect(try StateDirectory.open(folder("state")) == nil)
    _ = try StateDirectory.make(folder("state"))
    #expect(try folder.status("state").st_mode & 0o7777 == 0o755)
    #expect(try StateDirectory.make(folder("state")).path == folder("state"))
  }

  @Test func `a folder that others can write is not believed, nor is what is no folder`() throws {
    for (name, mode) in [("group", 0o775), ("all", 0o777), ("sticky", 0o1777)] as [(String, mode_t)] {
      try folder.make(name, mode: mode)
      let words = try #require(objection(toFolder: name))
      #expect(words.contains("others than its owner can write (mode \(String(mode, radix: 8)))"), "\(words)")
    }
    try folder.fifo("fifo")
    #expect(objection(toFolder: "fifo")?.contains("this is a FIFO that belongs to uid \(geteuid())") == true)
    try folder.write("file", "")
    #expect(objection(toFolder: "file")?.contains("this is a file") == true)
  }

  @Test(.enabled(if: isRoot)) func `a stranger's folder is not believed, nor is a stranger's link to one`() throws {
    try folder.make("strange", owner: nobody)
    #expect(objection(toFolder: "strange")?.contains("this is a folder that belongs to uid \(nobody)") == true)
    try folder.make("good")
    try folder.link("link", to: "good", owner: nobody)
    for path in ["link", "link"] {
      #expect(objection(toFolder: path)?.contains("is a symbolic link that belongs to uid \(nobody)") == true)
    }
    try folder.link("own", to: "good")
    #expect(objection(toFolder: "own") == nil)
    try folder.link("to-strange", to: "strange")
    #expect(objection(toFolder: "to-strange")?.contains("belongs to uid \(nobody)") == true)
  }

  /// With a slash or a dot behind it a link would be followed in spite of O_NOFOLLOW.
  @Test(arguments: [
    ("/a/state", "/a/state"), ("/a/state/", "/a/state"), ("/a/state//", "/a/state"), ("/a/state/.", "/a/state"),
    ("/a/state/././/.", "/a/state"), ("/", "/"), ("//", "/"), ("/a/.b", "/a/.b"), ("a/", "a"), (".", "."),
  ])
  func `a folder is named without what follows it`(written: String, path: String) {
    #expect(StateDirectory.withoutTail(written) == path)
  }

  @Test(arguments: [O_RDONLY, O_RDWR | O_CREAT])
  func `what is no file of one's own is not opened, and not waited for`(flags: Int32) throws {
    try folder.fifo("fifo")
    try folder.make("folder")
    try folder.write("elsewhere", "text")
    try folder.link("link", to: "elsewhere")
    try folder.link("dangling", to: "nowhere")
    let socket = try UnixSocket.open()
    defer { close(socket) }
    let place = try #require(try StateDirectory.open(folder.path))
    #expect(UnixSocket.bind(socket, "socket", in: place) == 0)
    let kinds = [
      "fifo": "a FIFO", "folder": "a folder", "link": "a symbolic link", "dangling": "a symbolic link",
      "socket": "a socket",
    ]
    for (name, kind) in kinds {
      let words = try #require(try objection(toFile: name, flags))
      #expect(words.hasPrefix("\(folder(name)): this is \(kind) that belongs to uid \(geteuid())"), "\(words)")
      #expect(words.contains("remove it"))
    }
    #expect(!folder.names.contains("nowhere"))
    for (name, mode) in [("group", 0o620), ("all", 0o602)] as [(String, mode_t)] {
      try folder.write(name, "", mode: mode)
      #expect(try objection(toFile: name, flags)?.contains("(mode \(String(mode, radix: 8)))") == true)
    }
    if isRoot {
      try folder.write("strange", "", mode: 0o600, owner: nobody)
      #expect(try objection(toFile: "strange", flags)?.contains("this is a file that belongs to uid \(nobody)") == true)
    }
    #expect(try objection(toFile: "elsewhere", flags) == nil)
  }

  @Test func `nothing outside the network is set back after a run that was killed`() {
    var told: [String] = []
    let left = TransientSysctls.setBack(["kernel.ostype": "1"], heldAt: "Linux") { name, error in
      told.append("\(name): \(error)")
    }
    #expect(left == ["kernel.ostype": "1"])
    #expect(told == ["kernel.ostype: kernel.ostype: this is no sysctl of the network"])
  }
}
