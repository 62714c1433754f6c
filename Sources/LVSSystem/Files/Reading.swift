import Glibc

/// Bytes that a file under /proc or /sys, or the output of a system program, is not expected to exceed.
///
/// A sysctl is at most a page (proc_do_static_key, proc_dostring) and modules.builtin some tens of KiB.
public let largestSystemFile = 1 << 20

/// The bytes of a file under /proc or /sys, which has no size to ask for: all of them, or EFBIG where there are more than
/// `limit`.
public func contents(of path: String, atMost limit: Int = largestSystemFile) throws(SystemError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
  defer { close(descriptor) }
  return try contents(of: descriptor, named: path, atMost: limit)
}

/// What can be read from a descriptor to its end: all of it, or EFBIG where there is more than `limit`.
///
/// A part would pass for the whole: a module that is not in the first half of a list would be missing. Where as many bytes
/// as `expected` are there, one read(2) takes all of them, into memory of that size.
public func contents(
  of descriptor: Int32, named subject: String, atMost limit: Int = largestSystemFile, expecting expected: Int = 0
) throws(SystemError) -> [UInt8] {
  var bytes: [UInt8] = []
  while true {
    // The first read takes a whole file, and one byte more would not fit the memory that it was measured for. A large one
    // of unknown size is not read a page at a time.
    let room =
      bytes.isEmpty && (1...limit).contains(expected)
      ? expected : min(max(bytes.count, smallestRead), largestRead, limit + 1 - bytes.count)
    let part = try beginning(of: descriptor, named: subject, atMost: room)
    if part.isEmpty { return bytes }
    if bytes.isEmpty { bytes = part } else { bytes += part }
    if bytes.count > limit { throw SystemError(errno: EFBIG, subject: subject) }
  }
}

private let smallestRead = 4 << 10
private let largestRead = 1 << 20

/// What one read(2) gives of what comes next from a descriptor; empty at its end.
public func beginning(
  of descriptor: Int32, named subject: String, atMost limit: Int
) throws(SystemError) -> [UInt8] {
  var refusal: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
    let result = readNext(descriptor, UnsafeMutableRawBufferPointer(buffer))
    refusal = result < 0 ? errno : 0
    count = max(0, result)
  }
  if refusal != 0 { throw SystemError(errno: refusal, subject: subject) }
  return bytes
}

/// Reads a file as a stream, line by line, without its ends of lines; one longer than `longest` bytes is EMSGSIZE. What
/// follows the last end of a line is none.
public func forEachLine(
  of path: String, atMost longest: Int = 64 << 10, _ body: (ArraySlice<UInt8>) -> Void
) throws(SystemError) {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
  defer { close(descriptor) }
  var buffer = [UInt8](repeating: 0, count: longest)
  var filled = 0
  while true {
    let count = buffer.withUnsafeMutableBytes { readNext(descriptor, .init(rebasing: $0[filled...])) }
    if count < 0 { throw SystemError(errno: errno, subject: path) }
    if count == 0 { return }
    filled += count
    var rest = buffer[..<filled]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      body(rest[..<end])
      rest = rest[(end + 1)...]
    }
    if rest.count == buffer.count { throw SystemError(errno: EMSGSIZE, subject: path) }
    let left = Array(rest)
    buffer.replaceSubrange(..<left.count, with: left)
    filled = left.count
  }
}

/// The first bytes of a file, wherever its descriptor stands; none where they cannot be read.
public func start(of descriptor: Int32, atMost limit: Int) -> [UInt8] { part(of: descriptor, at: 0, atMost: limit) }

/// What one pread(2) gives of a file from an offset on, wherever its descriptor stands; none at the file's end and where
/// it cannot be read.
func part(of descriptor: Int32, at offset: Int, atMost limit: Int) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: limit)
  let count = uninterrupted { pread(descriptor, &bytes, limit, offset) }
  return Array(bytes.prefix(max(0, count)))
}

/// One read(2): the number of bytes, 0 at the end, or -1 with errno.
func readNext(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  uninterrupted { read(descriptor, buffer.baseAddress, buffer.count) }
}
