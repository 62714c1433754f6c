import Glibc
import LVSSystem

/// What a command line left behind.
package struct Ending {
  package var status: Int
  package var output: String

  package init(status: Int, output: String) {
    self.status = status
    self.output = output
  }
}

/// Runs a line of POSIX shell to its end; its stderr comes with its stdout.
package func shell(_ line: String) throws -> Ending {
  guard let pipe = popen("exec 2>&1\n" + line, "r") else { throw FileFailure("/bin/sh") }
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
package func writeProgram(_ text: String, to path: String) throws {
  let ending = try shell("cat > '\(path)' <<'END OF PROGRAM' && chmod +x '\(path)'\n\(text)END OF PROGRAM\n")
  guard ending.status == 0 else { throw TestFailure(description: "\(path): \(ending.output)") }
}

/// The freshly built lvsctl: what LVSCTL_BINARY names, or the one beside the test binary.
package let lvsctlPath: String = {
  if let path = getenv("LVSCTL_BINARY") { return String(cString: path) }
  return besideTests("lvsctl")
}()

/// A freshly built program, which lies beside the test binary.
func besideTests(_ name: String) -> String { Program.ownPath.map { "\(folder(of: $0))/\(name)" } ?? name }

/// The freshly built lvsctld, which lies beside lvsctl.
package let lvsctldPath = folder(of: lvsctlPath) + "/lvsctld"

/// The project's own folder.
package let projectFolder = folder(of: #filePath) + "/../.."

/// Makes a folder for a test, runs it there, and takes the folder away.
package func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.path) }
}
