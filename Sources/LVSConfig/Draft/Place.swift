/// Where something stands in the text of a file: the characters that a diagnostic underlines, counted from 0.
///
/// Any two places are equal: drafts are compared by what they say, not by where.
public struct Place: Sendable {
  /// The first character.
  public var start: UInt32
  /// The first character after it.
  public var end: UInt32

  /// Creates a place.
  public init(from start: UInt32, to end: UInt32) {
    self.start = start
    self.end = end
  }

  /// The place of what no file says.
  public static let nowhere = Place(from: 0, to: 0)
}

extension Place: Equatable {
  public static func == (a: Place, b: Place) -> Bool { true }
}

/// A value of a cluster file and where it stands.
public struct Placed<Value> {
  /// What stands there.
  public enum Said {
    /// A value.
    case value(Value)
    /// The word `none`: the key is switched off here, and no fault.
    case none
    /// Something that is no such value, which has been reported; rules that depend on it stay silent.
    case faulty
  }

  /// Where it stands.
  public var place: Place
  /// What stands there.
  public var said: Said

  /// Creates a value, or what is faulty in its place.
  public init(_ value: Value?, at place: Place = .nowhere) {
    self.place = place
    said = value.map(Said.value) ?? .faulty
  }

  private init(place: Place, said: Said) {
    self.place = place
    self.said = said
  }

  /// The word `none`.
  public static func none(at place: Place = .nowhere) -> Placed { Placed(place: place, said: .none) }

  /// The value; nil for `none`, and where it is faulty.
  public var value: Value? {
    if case .value(let value) = said { value } else { nil }
  }

  /// Whether the file says `none`.
  public var isNone: Bool {
    if case .none = said { true } else { false }
  }

  /// Whether it has been reported.
  public var isFaulty: Bool {
    if case .faulty = said { true } else { false }
  }
}

extension Placed.Said: Equatable where Value: Equatable {}
extension Placed.Said: Sendable where Value: Sendable {}
extension Placed: Equatable where Value: Equatable {}
extension Placed: Sendable where Value: Sendable {}

extension Optional {
  /// What is said where it is said, and not `none`.
  func unlessNone<Value>() -> Placed<Value>? where Wrapped == Placed<Value> {
    guard let self, !self.isNone else { return nil }
    return self
  }
}
