import Testing

/// Every option that takes a time, before anything is looked at.
struct TimeOptionTests {
  private static let options = [
    "apply --graceful", "apply --confirm-within", "apply --lock-timeout", "teardown --graceful", "drain web1 --wait",
    "status --watch", "d --interval", "d --announce-interval",
  ]

  /// The exit status and the words of an option with a value, on a file that is not there.
  private func ending(_ option: String, _ value: String) throws -> Ending {
    let words = option.split(separator: " ")
    let program = words[0] == "d" ? "\(lvsctlPath)d' /nowhere.conf" : "\(lvsctlPath)' \(words[0])"
    let rest = words.dropFirst().dropLast().map { "\($0) " }.joined()
    let file = words[0] == "d" ? "" : "\(rest)/nowhere.conf "
    return try shell("'\(program) \(file)\(words.last ?? "")\(value)")
  }

  @Test(arguments: options)
  func `a time is a number of seconds, or has units`(option: String) throws {
    for value in ["1", "0.5s", "90s", "5m", "1h30m"] where option != "d --announce-interval" || value != "0.5s" {
      for value in [" \(value)", "=\(value)"] {
        let ending = try ending(option, value)
        #expect(ending.status == 66 && ending.output.contains("/nowhere.conf cannot be read"), "\(ending.output)")
      }
    }
  }

  @Test(arguments: options)
  func `what is no time is refused, with the words for one`(option: String) throws {
    for value in ["=5x", "=1h30", "=-5", "=8d", "=nan", "=5min"] {
      let ending = try ending(option, value)
      #expect(ending.status == 64, "\(option)\(value)")
      #expect(
        ending.output.contains("write seconds such as 90, or a time such as 90s, 5m or 1h30m"), "\(ending.output)")
    }
    #expect(try ending(option, "=5min").output.contains("Did you mean 5m?"))
  }

  @Test func `a file whose name is a time is told from one by its folder`() throws {
    #expect(try shell("cd /tmp && '\(lvsctlPath)' status --watch ./5m").output.contains("./5m cannot be read"))
  }
}
