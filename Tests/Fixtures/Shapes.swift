/// Cluster files of any size, each made to cost its reader as much as possible.
package enum Shapes {
  private static let director = "directors: [{ name: d, address: 10.0.0.1, interface: eth0 }]\n"

  /// Units with their number, up to so many bytes.
  private static func filled(_ size: Int, _ before: String = "", _ after: String = "", _ unit: (Int) -> String)
    -> [UInt8]
  {
    var bytes = Array(before.utf8)
    var number = 0
    while bytes.count + after.utf8.count < size {
      bytes += Array(unit(number).utf8)
      number += 1
    }
    return bytes + Array(after.utf8)
  }

  /// One long run of a character in a frame.
  package static func run(_ byte: Character, _ size: Int, _ before: String, _ after: String) -> [UInt8] {
    let length = max(0, size - before.utf8.count - after.utf8.count)
    return Array(before.utf8) + [UInt8](repeating: byte.asciiValue ?? 0x61, count: length) + Array(after.utf8)
  }

  private static func digits(_ number: Int) -> String { String(1_000_000 + number) }

  private static func address(_ number: Int) -> String {
    "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
  }

  /// The shapes by name; each takes its size in bytes.
  package static let all: [(name: String, file: @Sendable (Int) -> [UInt8])] = [
    (
      "anchors and slips",
      { filled($0 / 2) { "- &anchor\(digits($0)) a\n" } + filled($0 / 2) { "- *bnchor\(digits($0))x\n" } }
    ),
    (
      "checks and slips",
      { size in
        filled(size, director + "services:\n") {
          "- { vip: \(address($0)), port: 80, check: [{ type: htpp\(digits($0)), intervall\(digits($0)): 1 }] }\n"
        }
      }
    ),
    (
      "names and slips",
      { size in
        filled(size / 2, director + "real_servers:\n") {
          "- { name: web\(digits($0)), address: \(address($0 + 999)) }\n"
        }
          + filled(size / 2, "pools:\n  p:\n") { "  - wbe\(digits($0))x\n" }
      }
    ),
    (
      "VIPs and slips",
      { size in
        filled(size / 2, director + "services:\n") { "- { vip: vpi\(digits($0))x, port: 80 }\n" }
          + filled(size / 2, "vips:\n") { "- { name: vip\(digits($0)), address: \(address($0 + 999)) }\n" }
      }
    ),
    (
      "directors and slips",
      { size in
        filled(size / 2, "directors:\n") {
          "- { name: dir\(digits($0)), address: \(address($0 + 999)), interface: e }\n"
        }
          + filled(size / 2, "vips:\n") {
            "- { address: 11.\(address($0).dropFirst(3)), held_by: dri\(digits($0))x }\n"
          }
      }
    ),
    ("unknown keys", { filled($0, director) { "servcies\($0): 1\n" } }),
    (
      "a real server with many keys",
      { size in
        filled(size / 2, director + "real_servers:\n- { name: a, address: 10.0.0.2, ", "}\n") { _ in "x: y, " }
          + filled(size / 2, "services:\n") { _ in "- { vip: '2001:db8::1', port: 80 }\n" }
      }
    ),
    ("lists in lists", { filled($0) { _ in "[" } }), ("dashes", { filled($0) { _ in "- " } }),
    ("questions", { filled($0) { _ in "? " } }), ("short values", { filled($0, "[", "]") { _ in "a," } }),
    ("tags", { filled($0) { "- !t\($0) a\n" } }), ("the same key", { filled($0) { _ in "name: a\n" } }),
    ("comments", { filled($0) { _ in "#\n" } }), ("documents", { filled($0) { _ in "---\n" } }),
  ]
}
