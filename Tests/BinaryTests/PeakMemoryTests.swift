import LVSModel
import LVSText
import Testing

/// The most memory that the whole program takes for a file, by the kernel's account.
struct PeakMemoryTests {
  /// The exit status of a command of lvsctl's, and the most memory it had, in MiB.
  private func peak(_ arguments: String, in folder: String) throws -> (status: Int, peak: Int) {
    // A small process starts it: what a process had before it became another program counts as well.
    let ending = try shell(
      """
      python3 -c '
      import resource, subprocess, sys
      status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
      print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)' '\(lvsctlPath)' \(arguments)
      """)
    let words = ending.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    guard words.count == 2 else { throw TestFailure(description: ending.output) }
    return (words[0], words[1])
  }

  @Test(
    arguments: [
      ("a", "name: *", "\n", 32, 200), ("a", "name: ", "\n", 8, 64), ("a", "name: !", " x\n", 8, 64),
      ("a", "? ", "\n: b\n", 8, 64),
      (
        "-", "directors: [{ name: d, address: 10.0.0.1, interface: e }]\nservices: [{ vip: 10.0.0.9, port: '", "' }]\n",
        8, 64
      ),
    ] as [(Character, String, String, Int, Int)])
  func `one scalar, alias or tag takes a small multiple of its size`(
    byte: Character, before: String, after: String, size: Int, most: Int
  ) throws {
    try withTemporaryFolder { folder in
      try write(Shapes.run(byte, (size << 20) - 1, before, after), to: "\(folder)/file")
      let (status, peak) = try peak("validate '\(folder)/file'", in: folder)
      #expect(status == 65)
      #expect(peak < most, "\(peak) MiB")
    }
  }

  @Test(arguments: ["0,", "{}, ", "\"\\u001b\", "])
  func `a snapshot is read where it stands`(unit: String) throws {
    try withTemporaryFolder { folder in
      let empty = JSONText.compact(Snapshot(state: HostState()).json)
      let values = [UInt8](String(repeating: unit, count: (4 << 20) / unit.utf8.count).utf8)
      let rest = empty.dropFirst("{".count)
      try write(Array("{ \"x\": [".utf8) + values + Array("0],\(rest)".utf8), to: "\(folder)/snapshot")
      let file = "\(projectFolder)/Examples/cluster.conf"
      let (status, peak) = try peak("diff '\(file)' --against '\(folder)/snapshot' --node director1", in: folder)
      #expect(status == 1)
      #expect(peak < 48, "\(peak) MiB")
    }
  }
}
