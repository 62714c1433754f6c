/// Where something stands in the text of a file: the characters that a diagnostic underlines, counted from 0.
///
/// Any two places are equal: drafts are compared by what they say, not by where.
package struct Place: Sendable {
  /// The first character.
  package var start: UInt32
  /// The first character after it.
  package var end: UInt32

  /// Creates a place.
  package init(from start: UInt32, to end: UInt32) {
    self.start = start
    self.end = end
  }

  /// The place of what no file says.
  package static let nowhere = Place(from: 0, to: 0)
}

extension Place: Equatable {
  package static func == (a: Place, b: Place) -> Bool { true }
}

/// A value of a cluster file and where it stands.
package struct Placed<Value> {
  /// What stands there.
  package enum Said {
    /// A value.
    case value(Value)
    /// The word `none`: the key is switched off here, and no fault.
    case none
    /// Something that is no such value, which has been reported; rules that depend on it stay silent.
    case faulty
  }

  /// Where it stands.
  package var place: Place
  /// What stands there.
  package var said: Said

  /// Creates a value, or what is faulty in its place.
  package init(_ value: Value?, at place: Place = .nowhere) {
    self.place = place
    said = value.map(Said.value) ?? .faulty
  }

  private init(place: Place, said: Said) {
    self.place = place
    self.said = said
  }

  /// The word `none`.
  package static func none(at place: Place = .nowhere) -> Placed { Placed(place: place, said: .none) }

  /// The value; nil for `none`, and where it is faulty.
  package var value: Value? {
    if case .value(let value) = said { value } else { nil }
  }

  /// Whether the file says `none`.
  package var isNone: Bool {
    if case .none = said { true } else { false }
  }

  /// Whether it has been reported.
  package var isFaulty: Bool {
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
