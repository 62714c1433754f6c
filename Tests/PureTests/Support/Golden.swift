import Glibc
import Testing

/// Compares a text with the file of this name in Tests/PureTests/Goldens.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  try expectContents(text, of: folder(of: #filePath) + "/../Goldens/\(name)", sourceLocation: sourceLocation)
}

/// Compares a text with what is in a file.
///
/// `LVSCTL_RECORD=1` writes what is given now, and fails, so that a recording is never taken for a test.
func expectContents(_ text: String, of path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let name = path.split(separator: "/").last ?? ""
  if getenv("LVSCTL_RECORD") != nil {
    try write(text, to: path)
    Issue.record("recorded \(name); unset LVSCTL_RECORD to test", sourceLocation: sourceLocation)
    return
  }
  #expect(text == String(decoding: try contents(of: path), as: UTF8.self), sourceLocation: sourceLocation)
}
