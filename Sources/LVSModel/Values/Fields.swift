/// A value in the cluster file's own words, as reports show it.
public enum FieldValue: Hashable, Sendable {
  /// Nothing is set.
  case absent
  /// A word or a text.
  case text(String)
  /// A number.
  case integer(Int)
  /// Yes or no.
  case boolean(Bool)
  /// Several words.
  case list([String])
  /// A map of further fields.
  case map([Field])
}

/// A key of the cluster file with its value.
public struct Field: Hashable, Sendable {
  /// The key.
  public var name: String
  /// The value.
  public var value: FieldValue
  /// Whether the file would leave it out because it is the default.
  public var isDefault: Bool

  /// Creates a field; with `default`, one that is left out when its value is that.
  public init(_ name: String, _ value: FieldValue, default standard: FieldValue? = nil) {
    self.name = name
    self.value = value
    isDefault = value == standard
  }
}

extension FieldValue {
  /// The value as text shows it.
  public var text: String {
    switch self {
    case .absent: "none"
    case .text(let text): text
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .list(let words): words.isEmpty ? "none" : words.joined(separator: ",")
    case .map(let fields): "{" + fields.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }
}
