import Glibc
import LVSModel
import Testing

extension RealKernel {
  /// Codecs and transport on the sandbox's own network namespace, whose IPVS table they empty again and again.
  @Suite(.serialized) struct CodecSuites {}
}

typealias CodecSuites = RealKernel.CodecSuites

extension CodecSuites {
  /// What a shell command prints, without the last newline; its failure is the test's.
  @discardableResult
  static func shell(_ command: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let pipe = try #require(popen(command + " 2>&1", "r"), sourceLocation: sourceLocation)
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer.prefix(count) }
    let status = pclose(pipe)
    while output.last == UInt8(ascii: "\n") { output.removeLast() }
    let text = String(decoding: output, as: UTF8.self)
    try #require(status == 0, "\(command): \(text)", sourceLocation: sourceLocation)
    return text
  }

  /// An empty table, and none but the kernel's own addresses on a fresh interface `lv0`.
  static func reset() throws {
    try shell("modprobe ip_vs; ipvsadm -C; ip link del lv0 2>/dev/null; ip link add lv0 type dummy; ip link set lv0 up")
  }

  /// An address of a test.
  static func address(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> IPAddress {
    try #require(IPAddress(text), sourceLocation: sourceLocation)
  }
}
