/// Names that a file and a command line take, a different one for each of some others: a machine of a cluster file may hold
/// blanks in its name, or slashes.
struct SafeNames {
  private var safe: [String: String] = [:]
  private var taken: Set<String> = []

  /// File systems take 255 bytes, and some ends are put behind a name.
  private static let longest = 100

  /// Names that are safe stay what they are, whatever the others are.
  init(for names: [String]) {
    for name in names where Self.isSafe(name) { take(name, for: name) }
    for name in Set(names).sorted() where safe[name] == nil { safe[name] = another(Self.similar(to: name)) }
  }

  /// The name in place of one of those that there were at first.
  subscript(name: String) -> String { safe[name] ?? Self.similar(to: name) }

  /// Takes a name that none other has: this one, or a similar one.
  mutating func another(_ name: String) -> String {
    var (candidate, number) = (name, 1)
    while !taken.insert(candidate).inserted {
      number += 1
      candidate = "\(name)-\(number)"
    }
    return candidate
  }

  private mutating func take(_ candidate: String, for name: String) {
    taken.insert(candidate)
    safe[name] = candidate
  }

  /// What begins with `-` would be an option, and with `.` be hidden, or a folder.
  private static func isSafe(_ name: String) -> Bool {
    guard let first = name.first, first != "-", first != ".", name.utf8.count <= longest else { return false }
    return name.allSatisfy(isSafe)
  }

  private static func isSafe(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
  }

  private static func similar(to name: String) -> String {
    let characters = name.map { isSafe($0) ? $0 : "-" }.drop { $0 == "-" || $0 == "." }
    return characters.isEmpty ? "machine" : String(characters.prefix(longest))
  }
}
