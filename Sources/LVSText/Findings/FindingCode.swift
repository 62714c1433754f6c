/// What kind of thing a finding is: a short word that programs go by, and that stays what it is.
///
/// The codes are declared where what they name is found.
public struct FindingCode: RawRepresentable, Hashable, Sendable {
  /// The code as users and their programs see it: lower-case letters, digits and `-`.
  public var rawValue: String

  /// The code of that word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The code of that word.
  public init(_ rawValue: String) { self.rawValue = rawValue }
}
