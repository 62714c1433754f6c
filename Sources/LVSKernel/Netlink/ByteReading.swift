import LVSModel

/// Reads of fixed width at checked places; the range is the payload of an attribute or a message.
///
/// A payload that is too short for the read gives nil; one that is longer gives its beginning, as nla_get_u32 and its like do.
extension RawSpan {
  func value<Number: FixedWidthInteger & BitwiseCopyable>(_ range: Range<Int>, as: Number.Type = Number.self) -> Number?
  {
    guard range.lowerBound >= 0, range.upperBound <= byteCount, range.count >= MemoryLayout<Number>.size else {
      return nil
    }
    return unsafeLoadUnaligned(fromByteOffset: range.lowerBound, as: Number.self)
  }

  func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(
    _ range: Range<Int>, as: Number.Type = Number.self
  ) -> Number? {
    guard let value = value(range, as: Number.self) else { return nil }
    return Number(bigEndian: value)
  }

  /// Text up to its NUL or the payload's end, as ``KernelText`` has it.
  func string(_ range: Range<Int>) -> String? {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else { return nil }
    return extracting(range).withUnsafeBytes { bytes in
      KernelText.text(UnsafeRawBufferPointer(rebasing: bytes.prefix { $0 != 0 }))
    }
  }
}
