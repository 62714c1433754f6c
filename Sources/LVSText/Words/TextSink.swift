/// Text on its way out: what has been written is handed on block by block, so that a report takes no more memory than a
/// block of it, however long it is.
public struct TextSink: TextOutputStream {
  /// So many bytes are handed on at one time, and more only where they are written at once.
  public static let blockSize = 1 << 16

  /// What has not been handed on yet.
  private(set) var pending = ""
  private let limit: Int
  private let drain: (UnsafeRawBufferPointer) -> Void

  /// A sink that hands bytes of UTF-8 on to `drain`, which copies what it wants to keep.
  public init(_ drain: @escaping (UnsafeRawBufferPointer) -> Void) {
    limit = Self.blockSize
    self.drain = drain
  }

  private init() {
    limit = .max
    drain = { _ in }
  }

  /// Takes a piece of text.
  public mutating func write(_ text: String) { add { $0 += text } }

  /// Takes a piece of text that `body` puts at the end of a string.
  mutating func add(_ body: (inout String) -> Void) {
    body(&pending)
    if pending.utf8.count >= limit { end() }
  }

  /// Hands on the rest.
  public mutating func end() {
    if pending.isEmpty { return }
    pending.withUTF8 { drain(UnsafeRawBufferPointer($0)) }
    pending.removeAll(keepingCapacity: true)
  }

  /// All that `body` writes.
  public static func text(_ body: (inout TextSink) -> Void) -> String {
    var sink = TextSink()
    body(&sink)
    return sink.pending
  }
}
