/// A time as `2026-11-25T19:12:48Z`, from seconds since the beginning of 1970 (RFC 3339).
public func utcText(_ seconds: Int) -> String {
  // A file may hold any number; the years from 1 to 9999 have four digits.
  let seconds = min(max(seconds, -62_135_596_800), 253_402_300_799)
  let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
  let day = rest < 0 ? days - 1 : days
  let second = rest < 0 ? rest + 86_400 : rest
  // Days are counted from the first of March of the year 0, so that a leap day is a year's last.
  let count = day + 719_468
  let era = count / 146_097
  let dayOfEra = count % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shifted = (5 * dayOfYear + 2) / 153
  let month = shifted < 10 ? shifted + 3 : shifted - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  func digits(_ number: Int, _ count: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
  return "\(digits(year, 4))-\(digits(month))-\(digits(dayOfYear - (153 * shifted + 2) / 5 + 1))T"
    + "\(digits(second / 3600)):\(digits(second / 60 % 60)):\(digits(second % 60))Z"
}
