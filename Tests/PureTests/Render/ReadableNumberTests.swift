import Testing

@testable import LVSText

struct ReadableNumberTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1000, "1.0k"), (1049, "1.0k"), (1050, "1.1k"), (1234, "1.2k"), (9949, "9.9k"),
    (9950, "10k"), (12_345, "12k"), (12_500, "13k"), (999_499, "999k"), (999_500, "1.0M"), (3_400_000, "3.4M"),
    (1_000_000_000, "1.0G"), (UInt64.max, "18E"),
  ])
  func `a number takes four characters at most`(number: UInt64, text: String) {
    #expect(readable(number) == text)
    #expect(text.count <= 4)
  }
}
