/// Something that lvsctl has to say of a file, a node or a machine beyond its result: a fact, which a renderer puts into
/// lines, carets or JSON.
public struct Finding: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable, CaseIterable {
    /// The file cannot be used, or the cluster cannot work as it says.
    case error
    /// It may not work, or not for everybody.
    case warning
    /// Worth knowing.
    case note
  }

  /// A name and a value that a program may want to read.
  public struct Fact: Hashable, Sendable {
    /// The key in JSON.
    public var name: String
    /// The value, always a text.
    public var value: String

    /// Creates a fact.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What kind of thing it is.
  public var code: FindingCode
  /// How bad it is.
  public var severity: Severity
  /// The node it is about, nil for a file or the cluster as a whole.
  public var node: String?
  /// The thing it is about: an address, an interface, a service; nil where the place says it.
  public var subject: String?
  /// Where in a text it is, or nil where it is in none, or concerns it as a whole.
  public var range: SourceRange?
  /// One whole sentence: what was found.
  public var message: Message
  /// What the sentence rests on, in a fixed order.
  public var facts: [Fact]
  /// What to do, a whole sentence.
  public var help: Message?

  /// Creates a finding about a thing of a node, or of the cluster as a whole.
  public init(
    _ code: FindingCode, _ severity: Severity, node: String?, subject: String, _ message: Message, facts: [Fact] = [],
    help: Message? = nil
  ) {
    self.code = code
    self.severity = severity
    self.node = node
    self.subject = subject
    self.message = message
    self.facts = facts
    self.help = help
  }

  /// Creates a finding about a text.
  public init(
    _ code: FindingCode, severity: Severity = .error, _ message: Message, at range: SourceRange? = nil,
    help: Message? = nil
  ) {
    self.code = code
    self.severity = severity
    self.range = range
    self.message = message
    facts = []
    self.help = help
  }
}

extension Finding {
  /// The finding as one about a node.
  public func on(_ node: String) -> Finding {
    var finding = self
    finding.node = node
    return finding
  }
}

extension [Finding] {
  /// These with others among them, errors first.
  public func adding(_ others: [Finding]) -> [Finding] {
    if others.isEmpty { return self }
    let all = self + others
    return Finding.Severity.allCases.flatMap { severity in all.filter { $0.severity == severity } }
  }
}
