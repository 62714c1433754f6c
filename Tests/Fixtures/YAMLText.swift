extension String {
  /// The text as a scalar of YAML in which nothing stands for itself.
  package var escapedYAML: String {
    "\"" + unicodeScalars.map { "\\U" + String(UInt64($0.value) + (1 << 32), radix: 16).dropFirst() }.joined() + "\""
  }
}
