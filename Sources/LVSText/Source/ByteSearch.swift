import Glibc

extension UnsafeBufferPointer<UInt8> {
  /// Where a word begins first, at an offset or after it; nil where it does not.
  ///
  /// It looks for the word's first byte, so that should be a rare one: the work is then that of one memchr(3).
  public func offset(of word: StaticString, from start: Int = 0) -> Int? {
    guard let base = baseAddress else { return nil }
    let length = word.utf8CodeUnitCount
    var offset = start
    while offset + length <= count,
      let found = memchr(base + offset, Int32(word.utf8Start.pointee), count - offset - length + 1)
    {
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if memcmp(found, word.utf8Start, length) == 0 { return place }
      offset = place + 1
    }
    return nil
  }
}
