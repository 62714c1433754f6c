import LVSModel
import LVSText

/// A snapshot as input.
enum SnapshotInput {
  static let words = [
    "{", "}", "[", "]", ":", ",", "\"", "null", "true", "false", "0", "-0", "1.0", "1e2", "1e999", "-1", "255", "256",
    "65536", "4294967296", "18446744073709551615", "18446744073709551616", "\\u0000", "\\u001b", "\\ud83d\\ude00",
    "\\ud83d", "\\", "\\\"", "\u{feff}", "\u{202e}", "\n", " ", "\"format_version\": 1", "\"services\": ", "\"vip\": ",
    "\"fwmark\": ", "\"10.0.0.1\"", "\"::1\"", "\"tun\"", "\"type\": \"kind-7\"", "\"method-6\"", "\"eth0\"",
  ]

  static func complaint(about bytes: [UInt8]) -> String? {
    _ = Snapshot.isLikely(bytes)
    do {
      let snapshot = try Snapshot(bytes)
      let written = Array(JSONText.pretty(snapshot.json).utf8)
      return try Snapshot(written) == snapshot ? nil : "It is another one when it is written and read again."
    } catch {
      return unprintable(in: error.message.text).map { "The fault holds U+\(String($0.value, radix: 16))." }
    }
  }
}

/// What is remembered of a machine as input.
enum MemoryInput {
  static func complaint(about bytes: [UInt8]) -> String? {
    let memory: MachineMemory
    let place: MachinePlace
    do {
      (memory, place) = try MachineMemory.read(bytes)
    } catch {
      return unprintable(in: error.message.text).map { "The fault holds U+\(String($0.value, radix: 16))." }
    }
    guard let again = try? MachineMemory.read(Array(JSONText.pretty(memory.json(place)).utf8)) else {
      return "It cannot be read when it is written again."
    }
    return again.memory == memory && again.place == place ? nil : "It is another one when it is written and read again."
  }
}
