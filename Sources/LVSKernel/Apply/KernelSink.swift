import Glibc
import LVSModel
import LVSSystem

/// Carries steps out on the kernel of this machine.
public struct KernelSink: StepSink {
  /// An operator who asks for an end waits for at most so many steps, a few milliseconds.
  private static let runLimit = 2048

  private let kernel: KernelConnection

  private let announced: Set<AddressID>
  private let report: (Int) -> Void
  private let routes: RouteKeeper

  /// A sink into a kernel; neighbours are told of the addresses in `announced` that steps bring, and `report` now and then
  /// how many steps are done.
  public init(
    _ kernel: KernelConnection, announcing announced: Set<AddressID> = [], report: @escaping (Int) -> Void = { _ in }
  ) {
    self.kernel = kernel
    self.announced = announced
    self.report = report
    routes = RouteKeeper(kernel)
  }

  public func services(named ids: Set<ServiceID>) throws -> [ServiceID: VirtualService]? {
    guard IPVSAvailability.isLoaded else { return [:] }
    return try kernel.services(named: ids)
  }

  public func putBackSideEffects() throws -> [String] { try routes.putBack() }

  public func carryOut(_ changes: [Change], pastRefusals: Bool, shouldStop: () -> Bool) -> Progress {
    var progress = Progress()
    // The plan's own list stands for its first steps for as long as they are done as planned: a copy of a large plan takes
    // as much memory again.
    var asPlanned = 0
    // Neighbours are told when all is through: until the sync daemons have changed their roles, say, a director does not
    // balance yet.
    var toAnnounce: [Change] = []
    var rest = changes[...]
    while let next = rest.first, pastRefusals || progress.failure == nil {
      report(asPlanned + progress.done.count)
      if shouldStop() {
        progress.wasInterrupted = true
        break
      }
      switch next.subject {
      case .module(let name):
        load(name, next, &progress)
        rest.removeFirst()
      case .sysctl(let name):
        set(name, next, &progress)
        rest.removeFirst()
      case .timeouts where next.difference(\.timeouts).lacksFormerValues:
        setTimeouts(next, &progress)
        rest.removeFirst()
      case .address:
        let run = rest.prefix { $0.isAddress }
        if !pastRefusals { routes.keep(before: run) }
        let doneBefore = progress.done.count
        let reached = send(run, pastRefusals, &progress)
        toAnnounce += progress.done[doneBefore...].filter { $0.announces(announced) }
        rest.removeFirst(reached)
      default:
        let run = rest.prefix(Self.runLimit).prefix { $0.family == next.family && !$0.isAddress }
        rest.removeFirst(send(run, pastRefusals, &progress))
      }
      if progress.failures.isEmpty, progress.done.elementsEqual(changes[asPlanned..<rest.startIndex]) {
        asPlanned = rest.startIndex
        progress.done.removeAll(keepingCapacity: true)
      }
      if progress.isBroken { break }
    }
    progress.done = asPlanned == changes.count ? changes : changes[..<asPlanned] + progress.done
    announce(toAnnounce, &progress)
    return progress
  }

  private func load(_ name: String, _ change: Change, _ progress: inout Progress) {
    do throws(SystemError) {
      guard let module = KernelModule(name) else {
        throw SystemError(errno: EINVAL, subject: "modprobe \(name)")
      }
      try module.load()
      progress.done.append(change)
    } catch {
      progress.failures.append(StepRefusal(change: change, error))
    }
  }

  private func set(_ name: String, _ change: Change, _ progress: inout Progress) {
    guard let value = change.after?.sysctl else { return progress.done.append(change) }
    do throws(SystemError) {
      guard let sysctl = Sysctl(name) else { throw SystemError(errno: EINVAL, subject: name) }
      // A sysctl of a device or module that was not there when the plan was made has a value by now.
      let before = if let known = change.before?.sysctl { known } else { try sysctl.read() }
      let followers = try ForwardingFollowers(of: name, value: before)
      try sysctl.write(value)
      // Ahead of the step that moves them: an undo puts them back after it has moved them again.
      progress.done += try followers.changes()
      progress.done.append(.sysctl(name, Difference(before: before, after: value)))
    } catch {
      progress.failures.append(StepRefusal(change: change, error))
    }
  }

  /// Timeouts of a module that was not there when the plan was made have values by now.
  private func setTimeouts(_ change: Change, _ progress: inout Progress) {
    do throws(NetlinkError) {
      let before = try kernel.timeouts()
      var own = Progress()
      _ = send([Change(.timeouts, before: .timeouts(before), after: change.after)], false, &own)
      progress.done += own.done
      progress.uncertain += own.uncertain
      // A refusal is told of the step as it was planned.
      progress.failures += own.failures.map {
        StepRefusal(change: change, errno: $0.errno, message: $0.message)
      }
    } catch {
      progress.failures.append(StepRefusal(change: change, error))
    }
  }

  /// Sends steps of one family, and returns how many of them have been dealt with.
  private func send(_ run: ArraySlice<Change>, _ pastRefusals: Bool, _ progress: inout Progress) -> Int {
    let report = kernel.perform(run) { change, error in pastRefusals || change.findsNothing(error.errno) }
    if report.isComplete {
      progress.done += run
      return run.count
    }
    var hasBrokenOff = false
    report.forEachOutcome { index, outcome in
      let change = run[run.startIndex + index]
      switch outcome {
      case .done: progress.done.append(change)
      case .failed(let error, _) where change.findsNothing(error.errno): progress.done.append(change)
      case .failed(let error, let messagesDone):
        if messagesDone > 0 {
          progress.done.append(change.firstHalf ?? change)
        } else if change.isOutdated(by: error.errno), change.action == .update, change.firstHalf != nil {
          // There was nothing to remove; whether the addition behind it was done, the kernel shows.
          progress.uncertain.append(change)
        }
        progress.failures.append(StepRefusal(change: change, error))
      case .unknown(let error):
        progress.uncertain.append(change)
        if !hasBrokenOff { progress.failures.append(StepRefusal(change: change, error)) }
        hasBrokenOff = true
      case .notSent:
        // A send that fails has reached nothing: its first step is where the plan ends.
        if !hasBrokenOff, let error = report.interruption {
          progress.failures.append(StepRefusal(change: change, error))
          hasBrokenOff = true
        }
      }
    }
    if report.interruption == nil {
      // Past refusals everything is sent, unless there is no conversation at all.
      if pastRefusals && report.answered < run.count { progress.isBroken = true }
      return run.count
    }
    // What was sent has been dealt with, though the answers were lost; where nothing can be sent any more, that is the end.
    if report.sent == 0 { progress.isBroken = true }
    return report.sent
  }

  /// Tells the neighbours of addresses that have come; a refusal is the failure of that step, unless another came first.
  private func announce(_ changes: [Change], _ progress: inout Progress) {
    guard var current = changes.first else { return }
    do throws(SystemError) {
      let announcer = try kernel.announcer()
      for change in changes {
        guard case .address(let id) = change.subject else { continue }
        current = change
        try announcer.announce(id)
      }
    } catch {
      if progress.failures.isEmpty { progress.failures.append(StepRefusal(change: current, error)) }
    }
  }
}

extension StepRefusal {
  init(change: Change, _ error: NetlinkError) {
    self.init(change: change, errno: error.errno, message: error.message)
  }

  init(change: Change, _ error: SystemError) {
    self.init(change: change, errno: error.errno ?? 0, message: error.message)
  }
}

extension Change {
  fileprivate var isAddress: Bool { if case .address = subject { true } else { false } }
}

extension Difference<Timeouts> {
  /// Whether it says less of what is there than of what shall be: the module was not loaded when the plan was made.
  fileprivate var lacksFormerValues: Bool { !(before ?? Timeouts()).covers(after ?? Timeouts()) }
}
