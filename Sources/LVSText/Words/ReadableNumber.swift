/// A number in at most four characters: `999`, `1.2k`, `12k`, `3.4M`, in steps of a thousand, rounded to nearest.
///
/// The largest 64-bit number is `18E`.
public func readable(_ number: UInt64) -> String {
  if number < 1000 { return String(number) }
  var unit: UInt64 = 1000
  for letter in ["k", "M", "G", "T", "P", "E"] {
    let tenths = number / (unit / 10) + (number % (unit / 10) * 2 >= unit / 10 ? 1 : 0)
    if tenths < 100 { return "\(tenths / 10).\(tenths % 10)\(letter)" }
    let whole = number / unit + (number % unit >= unit / 2 ? 1 : 0)
    if whole < 1000 || letter == "E" { return "\(whole)\(letter)" }
    unit *= 1000
  }
  return String(number)
}

/// A rate in at most four characters, as ``readable(_:)``; below ten with a decimal where it is known that finely.
public func readable(rate: Double, isFine: Bool) -> String {
  guard isFine, rate < 9.95 else { return readable(UInt64(max(0, min(rate.rounded(), 1.8e19)))) }
  let tenths = Int((max(0, rate) * 10).rounded())
  return tenths == 0 ? "0" : "\(tenths / 10).\(tenths % 10)"
}

/// A number as it is where it has room, else in at most four characters.
public func fitting(_ number: UInt64, columns: Int) -> String {
  let digits = String(number)
  return digits.utf8.count <= columns ? digits : readable(number)
}
