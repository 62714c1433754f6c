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
