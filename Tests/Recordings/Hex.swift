/// Bytes from hex with notes: what stands behind a `#` on a line is for the reader.
package func bytes(_ hex: String) -> [UInt8] {
  hex.split(separator: "\n").flatMap { line in
    line.prefix { $0 != "#" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
  }
}
