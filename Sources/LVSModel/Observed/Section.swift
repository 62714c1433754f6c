/// A part of a look at this machine, there to be read for those alone who asked for it.
///
/// A rule that forgot to ask would take what is missing for what is not there, and be silently wrong. It ends here
/// instead, and the part is named: a bug (exit status 70), which tests find that answer just what a query asks for.
@propertyWrapper
public struct Section<Value> {
  private let name: StaticString
  private var found: Value?

  /// A part that nobody asked for yet; `name` is what the plural of a sentence begins with.
  public init(_ name: StaticString) { self.name = name }

  /// What was found; setting it is answering.
  public var wrappedValue: Value {
    get {
      guard let found else { fatalError("\(name) are read, and nobody asked for them") }
      return found
    }
    set { found = newValue }
  }
}

extension Section: Equatable where Value: Equatable {
  public static func == (one: Self, other: Self) -> Bool { one.found == other.found }
}

extension Section: Sendable where Value: Sendable {}

/// What was found to each of some questions, nil where that could not be read; as with a ``Section``, what was not asked
/// is a bug to read.
public struct Answers<Question: Hashable & Sendable, Answer: Hashable & Sendable>: Equatable, Sendable {
  /// All that was found.
  public private(set) var found: [Question: Answer?] = [:]

  /// No question was asked.
  public init() {}

  /// What was found to a question; setting it is answering.
  public subscript(question: Question) -> Answer? {
    get {
      guard let answer = found[question] else {
        fatalError("The answer to \(question) is read, and nobody asked for it")
      }
      return answer
    }
    set { found.updateValue(newValue, forKey: question) }
  }
}
