/// What is said to a user: the words of a literal as they are, and each value in it made safe for a terminal.
///
/// Names, arguments, paths and the words of the kernel or of another program are foreign: whatever is interpolated is shown
/// as ``Printable`` shows it, a newline too. Only a literal can break a line, and only it can hold an escape sequence.
public struct Message: Hashable, Sendable {
  /// The text, safe as it is.
  public private(set) var text: String

  /// A text whose values have been made printable already, such as lines with colours. Nothing foreign may come this way.
  public init(verbatim text: String) { self.text = text }

  /// Foreign text alone.
  public init(foreign text: String) { self.text = printable(text) }

  /// Whether there is nothing to say.
  public var isEmpty: Bool { text.isEmpty }

  /// Two messages, one after the other.
  public static func + (a: Message, b: Message) -> Message { Message(verbatim: a.text + b.text) }

  /// Adds a message at the end.
  public static func += (a: inout Message, b: Message) { a.text += b.text }
}

/// Something that has words of its own for a user.
public protocol MessageConvertible: CustomStringConvertible {
  /// The words.
  var message: Message { get }
}

extension MessageConvertible {
  /// The words as a text.
  public var description: String { message.text }
}

extension Message: MessageConvertible {
  /// The message itself.
  public var message: Message { self }
}

extension Message: ExpressibleByStringInterpolation {
  /// Words of this program.
  public init(stringLiteral value: String) { self.init(verbatim: value) }

  /// A literal with its values.
  public init(stringInterpolation: Interpolation) { self.init(verbatim: stringInterpolation.text) }

  /// Puts a message together.
  public struct Interpolation: StringInterpolationProtocol {
    fileprivate var text: String

    /// Begins with nothing.
    public init(literalCapacity: Int, interpolationCount: Int) {
      text = ""
      text.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    /// Words of this program.
    public mutating func appendLiteral(_ literal: String) { text += literal }

    // Those of the values that are said most often are no generic ones: what these ask of the runtime takes longer than
    // the text.

    /// Words that are safe already.
    public mutating func appendInterpolation(_ value: Message) { text += value.text }

    /// Foreign text.
    public mutating func appendInterpolation(_ value: String) { text += printable(value) }

    /// A number, which has no characters but digits and a sign.
    public mutating func appendInterpolation(_ value: Int) { text += String(value) }

    /// Something with words of its own.
    public mutating func appendInterpolation(_ value: some MessageConvertible) { text += value.message.text }

    /// A word of a command that is proposed: quoted, so that who copies it runs no more than the command.
    public mutating func appendInterpolation(word: String) { text += shellQuoted(word) }

    /// A value by its description, which may repeat foreign text.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      text += printable(value.description)
    }

    /// An error by its own words where it has any.
    @_disfavoredOverload
    public mutating func appendInterpolation(_ error: some Error) {
      if let words = error as? any MessageConvertible {
        text += words.message.text
      } else {
        text += printable(String(describing: error))
      }
    }
  }
}

extension Sequence<Message> {
  /// The messages as one, with a separator between them.
  public func joined(separator: Message = "") -> Message {
    Message(verbatim: lazy.map(\.text).joined(separator: separator.text))
  }
}
