import Glibc

/// What a command line left behind.
struct Ending {
  var status: Int
  var output: String
}

/// Runs a line of POSIX shell to its end; its stderr comes with its stdout.
func shell(_ line: String) throws -> Ending {
  guard let pipe = popen("exec 2>&1\n" + line, "r") else { throw FileError(path: "/bin/sh", errno: errno) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, pipe)
    if count == 0 { break }
    bytes += buffer[..<count]
  }
  let word = pclose(pipe)
  let signal = word & 0x7f
  return Ending(
    status: Int(signal == 0 ? (word >> 8) & 0xff : 128 + signal), output: String(decoding: bytes, as: UTF8.self))
}

/// Writes a program that a test runs. A child process writes it: as long as this process has a file open for writing,
/// so have the children that other tests fork at that moment, and the kernel does not execute such a file (ETXTBSY).
func writeProgram(_ text: String, to path: String) throws {
  let ending = try shell("cat > '\(path)' <<'END OF PROGRAM' && chmod +x '\(path)'\n\(text)END OF PROGRAM\n")
  guard ending.status == 0 else { throw FileError(path: path + ": " + ending.output, errno: EIO) }
}

/// The freshly built lvsctl: what LVSCTL_BINARY names, or the one beside the test binary.
let lvsctlPath: String = {
  if let path = getenv("LVSCTL_BINARY") { return String(cString: path) }
  guard let path = realpath("/proc/self/exe", nil) else { return "lvsctl" }
  defer { free(path) }
  return folder(of: String(cString: path)) + "/lvsctl"
}()

/// The project's own folder.
let projectFolder = folder(of: #filePath) + "/../../.."

/// Makes a folder for a test, runs it there, and takes the folder away.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  var path = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/lvsctl-test.XXXXXX".utf8CString)
  guard mkdtemp(&path) != nil else { throw FileError(path: "a temporary folder", errno: errno) }
  let folder = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { _ = try? shell("rm -rf '\(folder)'") }
  return try body(folder)
}
