extension String {
  /// The text between backquotes, or words for an empty one.
  public var quoted: String { isEmpty ? "an empty text" : "`\(shortened)`" }

  /// The text as it can stand in a sentence: at most 60 characters of it.
  public var shortened: String { utf8.count <= 60 ? self : String(unicodeScalars.prefix(60)) + "…" }

  /// The text with its first letter as at the beginning of a sentence.
  public var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

  /// The text with zeros in front up to a number of characters.
  public func padded(to length: Int) -> String { String(repeating: "0", count: max(0, length - count)) + self }
}

/// Entries joined for a sentence, so many at most, and how many there are beyond: a file can have thousands.
public func listed(_ entries: [String], atMost limit: Int = 20) -> String {
  let shown = entries.prefix(limit).joined(separator: ", ")
  return entries.count > limit ? "\(shown) and \(entries.count - limit) more" : shown
}

/// `1 change`, `2 changes`, `2 replies`: a count with its word, whose plural is told where it takes more than an s.
public func counted(_ count: Int, _ word: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? word : plural ?? word + "s")"
}
