import Glibc

/// The value of an environment variable, nil where it is not set.
package func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// How many times longer than in user-mode Linux a test waits before it gives up: Tests/sandbox/run says so of a kernel
/// whose processor is emulated. It bounds failures only.
package let patience = environment("LVSCTL_PATIENCE").flatMap { Int($0) } ?? 1

/// What a test relies on and did not find.
package struct TestFailure: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}
