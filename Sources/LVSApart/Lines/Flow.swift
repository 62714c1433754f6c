import Glibc
import LVSSystem

/// Bytes on their way from one descriptor to another, a bounded number of them at a time: neither end waits for long.
final class Flow {
  let source: Int32
  let target: Int32
  /// How many bytes have come out of the source.
  private(set) var taken = 0
  /// Whether nothing more comes out of it.
  private(set) var isAtEnd = false
  /// The errno with which the target has taken no more; what comes is passed over from then on.
  private(set) var refusal: Int32 = 0
  private var waiting: [UInt8] = []

  private static let room = 64 << 10

  init(from source: Int32, to target: Int32) {
    self.source = source
    self.target = target
  }

  /// Whether it can take something.
  var wantsMore: Bool { !isAtEnd && waiting.count < Self.room }
  /// Whether it has something to give.
  var wantsRoom: Bool { !waiting.isEmpty }
  /// Whether everything has been passed on.
  var isDone: Bool { isAtEnd && waiting.isEmpty }

  /// Takes what is there, once the source can be read from.
  func take() {
    // A terminal whose last program has gone says EIO.
    guard let bytes = try? beginning(of: source, named: "", atMost: 16 << 10), !bytes.isEmpty else {
      isAtEnd = true
      return
    }
    taken += bytes.count
    if refusal == 0 { waiting += bytes }
  }

  /// Gives a part of what it has, once the target takes some.
  func give() {
    let (count, refusal) = writeSome(waiting, to: target)
    waiting.removeFirst(count)
    guard refusal != 0, refusal != EAGAIN else { return }
    self.refusal = refusal
    waiting = []
  }
}
