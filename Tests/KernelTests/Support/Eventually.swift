import Glibc

/// Something that did not come about in time.
struct NeverHappened: Error, CustomStringConvertible {
  let description: String
}

/// Looks again and again until `condition` holds, and returns at once when it does.
///
/// The deadline only bounds a failure; no test passes or fails by how long something took.
func eventually(_ what: String, within seconds: Int = 20, _ condition: () throws -> Bool) throws {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(seconds)
  while try !condition() {
    guard clock.now < deadline else {
      throw NeverHappened(description: "\(what): not within \(seconds) seconds")
    }
    poll(nil, 0, 10)
  }
}
