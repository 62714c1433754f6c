import Glibc
import Testing

@testable import LVSKernel
@testable import LVSSystem

/// Where a report goes: what --output names.
struct ReportFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to path: String) throws(SystemError) {
    try ReportFile(path).write(Array(text.utf8))
  }

  /// What is said of a path that cannot be written to.
  private func refusal(_ path: String) -> SystemError? {
    do throws(SystemError) {
      try write("report", to: path)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Files

  @Test func `a file is replaced whole, and nothing else stays in its folder`() throws {
    try folder.write("report", "old", mode: 0o640)
    let before = try folder.status("report")
    let reader = open(folder("report"), O_RDONLY | O_CLOEXEC)
    defer { close(reader) }
    try write("new", to: folder("report"))
    #expect(try folder.read("report") == "new")
    let after = try folder.status("report")
    #expect(after.st_ino != before.st_ino && after.st_mode == before.st_mode)
    var old = [UInt8](repeating: 0, count: 10)
    #expect(Glibc.read(reader, &old, old.count) == 3)
    #expect(folder.names == ["report"])
  }

  @Test func `what a killed run left stops no other`() throws {
    for name in ["report.\(getpid()).tmp", ".lvsctl.0.tmp"] { try folder.write(name, "half") }
    let left = folder.names
    try write("new", to: folder("report"))
    #expect(folder.names == (left + ["report"]).sorted())
  }

  @Test func `a link's target is replaced, and the link stays`() throws {
    try folder.make("there")
    try folder.write("there/report", "old")
    try folder.link("second", to: "there/report")
    try folder.link("first", to: folder("second"))
    try write("new", to: folder("first"))
    #expect(try folder.read("there/report") == "new")
    for name in ["first", "second"] { #expect(try folder.status(name).st_mode & S_IFMT == S_IFLNK) }
    #expect(folder.names == ["first", "second", "there"])
  }

  @Test func `a link's target that is not there yet is made`() throws {
    try folder.make("there")
    try folder.link("link", to: "./there/../there/report")
    try write("new", to: folder("link"))
    #expect(try folder.read("there/report") == "new")
    #expect(try folder.status("link").st_mode & S_IFMT == S_IFLNK)
  }

  @Test func `links in circles are told`() throws {
    try folder.link("a", to: "b")
    try folder.link("b", to: "a")
    #expect(refusal(folder("a"))?.errno == ELOOP)
    #expect(refusal(folder("a/report"))?.errno == ELOOP)
    #expect(folder.names == ["a", "b"])
  }

  @Test func `a relative path is one from here`() throws {
    // From the working directory, which other tests share, upwards.
    try write("new", to: "../../../../../../../../../../..\(folder("report"))")
    #expect(try folder.read("report") == "new")
  }

  @Test func `what is in the way is named`() throws {
    try folder.write("file", "")
    try folder.make("full")
    try folder.write("full/file", "")
    let missing = try #require(refusal(folder("none/report")))
    #expect(missing.errno == ENOENT)
    #expect(missing.description.contains("there is no \(folder("none"))"), "\(missing)")
    let through = try #require(refusal(folder("file/report")))
    #expect(through.errno == ENOTDIR)
    #expect(through.description.contains("\(folder("file")) is a file"), "\(through)")
    for path in [folder("full"), folder("full/"), folder("full/."), "/", "."] {
      #expect(refusal(path)?.errno == EISDIR)
    }
    #expect(refusal(folder("file/"))?.errno == ENOTDIR)
    #expect(refusal(folder("new/"))?.errno == ENOENT)
    #expect(refusal("")?.errno == ENOENT)
    // A draft that cannot be made, and a place that cannot be taken.
    let draft = try #require(refusal("/proc/lvsctl-report"))
    #expect(draft.description.contains("/proc/lvsctl-report: "), "\(draft)")
    #expect(draft.description.contains("its draft /proc/.lvsctl."), "\(draft)")
    let place = Folder(open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path: folder.path)
    let taken = #expect(throws: SystemError.self) { try place.replace("full", with: [1], mode: 0o600) }
    #expect(taken?.subject == folder("full"))
    #expect(taken?.description.contains("what is there cannot be replaced") == true)
    #expect(folder.names == ["file", "full"])
  }

  @Test(.enabled(if: isRoot)) func `who may read a file stays, and what it lends to whoever runs it does not`() throws {
    try folder.write("report", "old", mode: 0o6750, owner: nobody)
    try write("new", to: folder("report"))
    let after = try folder.status("report")
    #expect(after.st_mode & 0o7777 == 0o750 && after.st_uid == nobody && after.st_gid == nobody)
  }

  @Test(.enabled(if: isRoot)) func `in a folder for everybody a stranger's file does not get the report`() throws {
    try folder.make("shared", mode: 0o1777)
    try folder.write("shared/report", "old", mode: 0o666, owner: nobody)
    try write("new", to: folder("shared/report"))
    let after = try folder.status("shared/report")
    #expect(after.st_mode & 0o7777 == 0o644 && after.st_uid == 0)
    #expect(try folder.read("shared/report") == "new")
  }

  // MARK: Links by others

  @Test(.enabled(if: isRoot), arguments: [(0o1777, 0), (0o777, 0), (0o755, nobody)] as [(mode_t, uid_t)])
  func `a link that a stranger put into the folder is not followed`(mode: mode_t, owner: uid_t) throws {
    try folder.write("passwd", "root:x:0:0")
    try folder.make("shared", mode: mode, owner: owner)
    try folder.link("shared/report", to: folder("passwd"), owner: nobody)
    try folder.link("shared/dangling", to: folder("new"), owner: nobody)
    try folder.link("shared/sub", to: folder.path, owner: nobody)
    for path in ["shared/report", "shared/dangling", "shared/sub/passwd"] {
      let error = try #require(refusal(folder(path)))
      #expect(error.errno == nil)
      #expect(error.description.contains("symbolic link that belongs to uid \(nobody)"), "\(error)")
    }
    #expect(try folder.read("passwd") == "root:x:0:0")
    #expect(folder.names == ["passwd", "shared"])

    // One of root's own is.
    unlink(folder("shared/report"))
    try folder.link("shared/report", to: folder("passwd"))
    try write("new", to: folder("shared/report"))
    #expect(try folder.read("passwd") == "new")
  }

  // MARK: Streams

  @Test func `a device is written to, also by a link`() throws {
    try folder.link("link", to: "/dev/full")
    for path in ["/dev/full", folder("link")] {
      let error = try #require(refusal(path))
      #expect(error.errno == ENOSPC)
      #expect(error.subject == path)
    }
    var status = stat()
    #expect(lstat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    #expect(try folder.status("link").st_mode & S_IFMT == S_IFLNK)
    #expect(try ReportFile("/dev/null").isStream)
  }

  @Test func `a FIFO is written to, and one without a reader is not waited for`() throws {
    try folder.fifo("fifo")
    let unread = try #require(refusal(folder("fifo")))
    #expect(unread.errno == ENXIO)
    #expect(unread.description.contains("nobody reads from this FIFO"))
    let reader = open(folder("fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    let file = try ReportFile(folder("fifo"))
    for text in ["one\n", "two\n"] { try file.write(Array(text.utf8)) }
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = Glibc.read(reader, &buffer, buffer.count)
    #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "one\ntwo\n")
    #expect(try folder.status("fifo").st_mode & S_IFMT == S_IFIFO)
    #expect(folder.names == ["fifo"])
  }

  @Test func `a socket is written to`() throws {
    let listener = try UnixSocket.open()
    defer { close(listener) }
    let place = Folder(open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path: folder.path)
    #expect(UnixSocket.bind(listener, "socket", in: place) == 0)
    let unheard = try #require(refusal(folder("socket")))
    #expect(unheard.errno == ECONNREFUSED)
    #expect(listen(listener, 1) == 0)
    do {
      let file = try ReportFile(folder("socket"))
      try file.write(Array("report".utf8))
    }
    let peer = accept(listener, nil, nil)
    defer { close(peer) }
    var buffer = [UInt8](repeating: 0, count: 100)
    #expect(Glibc.read(peer, &buffer, buffer.count) == 6)
  }

  @Test func `a descriptor that the process was started with is written to where it stands`() throws {
    try folder.write("file", "")
    // Without O_CLOEXEC, as a shell hands it over.
    let descriptor = open(folder("file"), O_WRONLY)
    defer { close(descriptor) }
    #expect(Glibc.write(descriptor, "before ", 7) == 7)
    let before = try folder.status("file")
    try folder.link("link", to: "/proc/self/fd/\(descriptor)")
    for path in ["/proc/self/fd/\(descriptor)", "/dev/fd/\(descriptor)", folder("link")] {
      try write("report ", to: path)
    }
    #expect(Glibc.write(descriptor, "after", 5) == 5)
    #expect(try folder.read("file") == "before report report report after")
    #expect(try folder.status("file").st_ino == before.st_ino)
    #expect(folder.names == ["file", "link"])
  }

  @Test func `a descriptor of lvsctl's own is not one to write to, nor is one for reading`() throws {
    try folder.write("file", "text")
    let own = open(folder("file"), O_WRONLY | O_CLOEXEC)
    let forReading = open(folder("file"), O_RDONLY)
    defer {
      close(own)
      close(forReading)
    }
    for descriptor in [own, forReading] { #expect(refusal("/proc/self/fd/\(descriptor)")?.errno == EBADF) }
    #expect(try folder.read("file") == "text")
  }

  @Test(.enabled(if: isRoot)) func `a stranger's FIFO in a folder for everybody is not written to`() throws {
    try folder.make("shared", mode: 0o1777)
    try folder.fifo("shared/fifo", owner: nobody)
    let reader = open(folder("shared/fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    #expect(
      refusal(folder("shared/fifo"))?.description.contains("this is a FIFO that belongs to uid \(nobody)") == true)
    // In a folder of its own it is.
    try folder.make("own", owner: nobody)
    try folder.fifo("own/fifo", owner: nobody)
    let other = open(folder("own/fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(other) }
    #expect(refusal(folder("own/fifo")) == nil)
  }
}
