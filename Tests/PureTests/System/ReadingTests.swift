import Glibc
import Testing

@testable import LVSSystem

struct ReadingTests {
  @Test(arguments: [0, 1, 9, 10, 11, 5000, 100_000])
  func `a file is read to its end, whatever size was expected`(expected: Int) throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
      try Folder(open(folder, O_RDONLY | O_DIRECTORY), path: folder).replace("file", with: bytes, mode: 0o600)
      let file = open("\(folder)/file", O_RDONLY)
      defer { close(file) }
      #expect(try contents(of: file, named: "file", expecting: expected) == bytes)
    }
  }

  @Test(arguments: [0, 10, 9]) func `a file that is larger than allowed is not read in part`(expected: Int) throws {
    try withTemporaryFolder { folder in
      let folder = Folder(open(folder, O_RDONLY | O_DIRECTORY), path: folder)
      try folder.replace("file", with: [UInt8](repeating: 1, count: 10), mode: 0o600)
      for (limit, isRead) in [(9, false), (10, true)] {
        let file = openat(folder.descriptor, "file", O_RDONLY)
        defer { close(file) }
        let bytes = Result { () throws(SystemError) in
          try contents(of: file, named: "file", atMost: limit, expecting: expected)
        }
        #expect((try? bytes.get())?.count == (isRead ? 10 : nil))
        if !isRead { #expect(throws: SystemError(errno: EFBIG, subject: "file")) { try bytes.get() } }
      }
    }
  }

  @Test func `lines come one by one across the ends of what is read at once`() throws {
    try withTemporaryFolder { folder in
      let lines = (0..<100).map { String(repeating: "x", count: $0 % 17) }
      let text = lines.joined(separator: "\n") + "\nno line"
      try Folder(open(folder, O_RDONLY | O_DIRECTORY), path: folder).replace(
        "file", with: Array(text.utf8), mode: 0o600)
      var found: [String] = []
      try forEachLine(of: "\(folder)/file", atMost: 32) { found.append(String(decoding: $0, as: UTF8.self)) }
      #expect(found == lines)
      #expect(throws: SystemError(errno: EMSGSIZE, subject: "\(folder)/file")) {
        try forEachLine(of: "\(folder)/file", atMost: 10) { _ in }
      }
    }
  }

  @Test func `a folder has names and kinds`() throws {
    try withTemporaryFolder { folder in
      mkdir("\(folder)/folder", 0o700)
      symlink("nowhere", "\(folder)/link")
      #expect(names(inFolder: folder).sorted() == ["folder", "link"])
      let kinds = entries(ofFolder: folder).sorted { $0.name < $1.name }.map { $0.mode & S_IFMT }
      #expect(kinds == [S_IFDIR, S_IFLNK])
      #expect(names(inFolder: "\(folder)/none").isEmpty)
    }
  }
}
