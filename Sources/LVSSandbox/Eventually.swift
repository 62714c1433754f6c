import Glibc

/// How many times longer than in user-mode Linux a test waits before it gives up: Tests/sandbox/run says so of a kernel
/// whose processor is emulated. It bounds failures only.
package let patience = environment("LVSCTL_PATIENCE").flatMap { Int($0) } ?? 1

/// Something that did not come about in time.
package struct NeverHappened: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}

/// Looks again and again until `condition` holds, and returns at once when it does.
///
/// The deadline only bounds a failure; no test passes or fails by how long something took.
package func eventually(_ what: String, within seconds: Int = 20, _ condition: () throws -> Bool) throws {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(seconds * patience)
  while try !condition() {
    guard clock.now < deadline else {
      throw NeverHappened(description: "\(what): not within \(seconds * patience) seconds")
    }
    poll(nil, 0, 10)
  }
}
