import LVSKernel
import LVSModel
import LVSSystem

/// Sysctls that have another value for a while, and are set back to what they were.
public final class TransientSysctls {
  /// Those that are held, and what they are to be set back to.
  public private(set) var former: [String: String] = [:]
  private let remember: ([String: String]) throws -> Void

  /// Holds none; `remember` is told what ``former`` will be before a sysctl is set, and what is left of it at the end: a
  /// run that is killed in between cannot set anything back.
  public init(remember: @escaping ([String: String]) throws -> Void = { _ in }) { self.remember = remember }

  /// Sets a sysctl, unless it has the value; throws where it cannot be read, remembered or set.
  public func hold(_ name: String, at value: String) throws {
    guard let sysctl = Sysctl(name), let found = try sysctl.read(), found != value else { return }
    if former[name] == nil {
      try remember(former.merging([name: found]) { $1 })
      former[name] = found
    }
    try sysctl.write(value)
  }

  /// Takes note of steps that set sysctls in the meantime: theirs are the values that are to be there afterwards.
  func note(_ done: [Change]) {
    if former.isEmpty { return }
    for step in done {
      if case .sysctl(let name) = step.subject, former[name] != nil { former[name] = step.after?.sysctl }
    }
  }

  /// Sets back all that are held; `report` is told what could not be.
  public func release(report: (String, any Error) -> Void) {
    if former.isEmpty { return }
    let left = Self.set(former, report: report) { _ in true }
    former = [:]
    // Whoever remembers says where that fails; the sysctls are back all the same.
    try? remember(left)
  }

  /// Sets back what a run that was killed held at `value`, and returns what could not be; a sysctl that has another value
  /// by now is somebody else's.
  public static func setBack(
    _ former: [String: String], heldAt value: String, report: (String, any Error) -> Void
  ) -> [String: String] {
    set(former, report: report) { $0 == value }
  }

  private static func set(
    _ values: [String: String], report: (String, any Error) -> Void, where condition: (String) -> Bool
  ) -> [String: String] {
    var left: [String: String] = [:]
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      do throws(SystemError) {
        // They may come from a file.
        guard SysctlName.isNetwork(name) else {
          throw SystemError(errno: nil, subject: name, details: "this is no sysctl of the network")
        }
        guard let sysctl = Sysctl(name), let found = try sysctl.read(), found != value, condition(found) else {
          continue
        }
        try sysctl.write(value)
      } catch {
        report(name, error)
        left[name] = value
      }
    }
    return left
  }
}

/// A sink that tells what of its steps is about sysctls that are held.
public struct TransientSysctlSink<Base: StepSink>: StepSink {
  private let base: Base
  private let sysctls: TransientSysctls

  /// A sink that carries steps out through `base`.
  public init(_ base: Base, _ sysctls: TransientSysctls) {
    self.base = base
    self.sysctls = sysctls
  }

  public func carryOut(_ changes: [Change], pastRefusals: Bool, shouldStop: () -> Bool) -> Progress {
    let progress = base.carryOut(changes, pastRefusals: pastRefusals, shouldStop: shouldStop)
    sysctls.note(progress.done)
    return progress
  }

  public func services(named ids: Set<ServiceID>) throws -> [ServiceID: VirtualService]? {
    try base.services(named: ids)
  }

  public func putBackSideEffects() throws -> [String] { try base.putBackSideEffects() }
}
