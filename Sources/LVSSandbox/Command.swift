import Glibc
import LVSSystem

/// What a command left behind.
public struct Outcome: Sendable {
  /// The exit status, or 128 plus the number of the signal that ended it.
  public let status: Int
  public let output: String
  public let errors: String

  /// The output's lines, without blanks at either end and without empty ones.
  public var lines: [String] { output.lines }
}

/// A command that failed where it was relied on, or did not do what it was to.
public struct CommandFailure: Error, CustomStringConvertible {
  public let description: String

  public init(description: String) { self.description = description }
}

/// Runs a command to its end, in a network namespace where one is named. Its standard input is `input`; `environment`
/// has `NAME=VALUE` for what differs from this process's own. After `limit` seconds, times ``Waiting/patience``, it is
/// killed (status 137).
@discardableResult
public func run(
  _ command: [String], in namespace: String? = nil, input: String = "", environment: [String] = [], limit: Int = 30
) throws -> Outcome {
  let process = try RunningCommand(command, in: namespace, input: input, environment: environment)
  let status = process.wait(limit: limit)
  return Outcome(status: status, output: process.output, errors: process.errors)
}

/// Runs a command that is relied on: an exit status other than 0 is an error that says what failed.
@discardableResult
public func succeed(_ command: [String], in namespace: String? = nil, input: String = "") throws -> Outcome {
  let outcome = try run(command, in: namespace, input: input)
  guard outcome.status == 0 else {
    let what = ([namespace.map { "in \($0):" }].compactMap(\.self) + command).joined(separator: " ")
    throw CommandFailure(description: "\(what): status \(outcome.status): \(outcome.output)\(outcome.errors)\(input)")
  }
  return outcome
}

/// A command that runs beside its starter, until `stop` or its own end.
///
/// Its output goes to files and not to pipes, so that a server which it leaves behind keeps nobody waiting.
public final class RunningCommand {
  private let running: RunningProgram
  private let outputFile: UnnamedFile
  private let errorFile: UnnamedFile
  private var status: Int?

  /// Starts a program, by its path or by a name that is looked for along PATH, with these words behind it.
  public init(_ command: [String], in namespace: String? = nil, input: String = "", environment: [String] = []) throws {
    var program = Program(command[0])
    program.environment = Self.inherited(but: environment)
    // A kill reaches what the command started, and every signal the command: a thread that starts it may hold some back.
    program.leadsGroup = true
    program.hearsHeldSignals = true
    let (inputFile, outputFile, errorFile) = (
      try UnnamedFile(holding: Array(input.utf8)), try UnnamedFile(), try UnnamedFile()
    )
    running = try inNamespace(namespace) {
      try program.start(
        Array(command.dropFirst()), input: .descriptor(inputFile.descriptor),
        output: .descriptor(outputFile.descriptor), errors: .descriptor(errorFile.descriptor))
    }
    self.outputFile = outputFile
    self.errorFile = errorFile
  }

  deinit { stop() }

  /// The number of its process.
  public var pid: pid_t { running.id }

  /// What the command has written so far.
  public var output: String { String(decoding: outputFile.contents, as: UTF8.self) }
  public var errors: String { String(decoding: errorFile.contents, as: UTF8.self) }

  /// Waits for the command's own end, and kills it after `limit` seconds, times ``Waiting/patience``. Its exit status, as
  /// in `Outcome`.
  public func wait(limit: Int) -> Int {
    if let status { return status }
    let deadline = Deadline(after: Double(limit * Waiting.patience))
    if let ended = try? running.wait(until: deadline) { return end(ended) }
    return stop()
  }

  /// Sends it a signal where it still runs, and to what it has started.
  public func send(_ signal: Int32) { if status == nil { running.send(signal) } }

  /// Kills the command where it still runs. Its exit status, as in `Outcome`.
  @discardableResult
  public func stop() -> Int {
    if let status { return status }
    running.send(SIGKILL)
    // A process of ours that nobody else waits for has a status.
    return end((try? running.wait()) ?? 128 + SIGKILL)
  }

  private func end(_ number: Int32) -> Int {
    status = Int(number)
    return Int(number)
  }

  /// This process's own environment, with `changes` (`NAME=VALUE`) in place of what has the same name.
  private static func inherited(but changes: [String]) -> [String] {
    var variables: [String] = []
    var entry = environ
    while let text = entry.pointee {
      variables.append(String(cString: text))
      entry += 1
    }
    let replaced = Set(changes.map { $0.prefix { $0 != "=" } })
    return variables.filter { !replaced.contains($0.prefix { $0 != "=" }) } + changes
  }
}
