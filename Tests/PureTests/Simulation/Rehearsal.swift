import LVSModel
import LVSPlan

/// Steps carried out on a simulated machine, as an apply or an undo does it.
struct Rehearsal {
  private(set) var simulation: Simulation
  /// What was done, as an undo has to know it.
  private(set) var done: [Change] = []
  private(set) var refusals: [SimulatedRefusal] = []

  var state: HostState { simulation.state }

  /// What was refused or lost, in words.
  var faults: [String] {
    if refusals.isEmpty && simulation.losses.isEmpty { return [] }
    return refusals.map(\.description) + simulation.losses.map { "\($0)" }
  }

  init(_ state: HostState, watching passage: Passage? = nil) {
    simulation = Simulation(state, watching: passage)
  }

  /// Carries out steps, past those that are refused.
  ///
  /// A route that went with the last address of its device is gone, as its deletion wants it.
  mutating func carryOut(_ steps: some Sequence<Change>) {
    for step in steps {
      do throws(SimulatedRefusal) {
        done += try simulation.carryOut(step)
      } catch {
        if error.hasGoneAlong { done.append(step) } else { refusals.append(error) }
      }
    }
  }

  /// Takes back what was done, as far as `steps` of the undo do it, and then what these leave; `before` is the machine then.
  ///
  /// Other people's routes that went with the last address of a device are kept apart from the steps and put back first.
  /// Returns the steps that were left.
  mutating func takeBack(_ steps: [Change], of done: [Change], before: HostState) -> [Change] {
    carryOut(steps)
    let lost = before.routes.filter { $0.value.mark != ownershipMark && state.routes[$0.key] == nil }
    carryOut(lost.map { .route($0.key, Difference(before: nil, after: $0.value)) })
    let rest = Undo.rest(of: done, before: before, after: state)
    carryOut(rest)
    return rest
  }
}

extension HostState {
  /// Where this state differs from another, in words: a simulated machine knows the sysctls that nobody has set.
  func differences(from other: HostState) -> [String] {
    var differences: [String] = []
    let (mine, theirs) = (Simulation(self), Simulation(other))
    for name in Set(sysctls.keys).union(other.sysctls.keys).sorted() where mine.sysctl(name) != theirs.sysctl(name) {
      differences.append("sysctl \(name)")
    }
    if modules != other.modules { differences.append("modules") }
    if links != other.links { differences.append("links") }
    if addresses != other.addresses { differences.append("addresses") }
    if routes != other.routes { differences.append("routes") }
    if services != other.services { differences.append("services") }
    if timeouts != other.timeouts { differences.append("timeouts") }
    if syncDaemons != other.syncDaemons { differences.append("sync daemons") }
    return differences
  }
}

extension HostState {
  /// This state with the modules that steps have loaded, and what came with them: they stay.
  func loading(_ done: [Change]) -> HostState {
    var rehearsal = Rehearsal(self)
    rehearsal.carryOut(done.filter { $0.kind == "module" })
    return rehearsal.state
  }

  /// What a teardown has left of what is lvsctl's, in words; `part` is what was remembered of the machine.
  func left(of target: Target, _ part: MachineMemory, withheld: [String]) -> [String] {
    var left: [String] = []
    for (id, settings) in addresses where settings.mark == ownershipMark && target.scope.covers(id) {
      left.append("address \(id)")
    }
    for (id, settings) in routes where settings.mark == ownershipMark && target.scope.covers(id) {
      left.append("route \(id)")
    }
    if target.scope.coversServices {
      for id in services.keys where target.scope.covers(id) && !target.scope.leavesAlone(id) {
        left.append("service \(id)")
      }
    }
    for (name, value) in part.sysctls where !withheld.contains(name) && !target.scope.keptSysctls.contains(name) {
      if let found = sysctls[name], found != value { left.append("sysctl \(name)") }
    }
    for device in part.devices where links[device]?.isUp == true { left.append("link \(device)") }
    if !timeouts.holds(part.timeouts) { left.append("timeouts") }
    if let before = part.syncDaemons, before != syncDaemons { left.append("sync daemons") }
    return left
  }
}
