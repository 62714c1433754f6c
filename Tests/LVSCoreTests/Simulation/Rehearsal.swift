import Glibc
import LVSModel
import LVSPlan

/// Steps carried out on a simulated machine, as an apply or an undo does it.
struct Rehearsal {
  private(set) var simulation: Simulation
  /// What was done, as an undo has to know it.
  private(set) var done: [Change] = []
  private(set) var refusals: [SimulatedRefusal] = []

  var state: HostState { simulation.state }

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
        if error.isOfFlushedRoute(in: simulation) { done.append(step) } else { refusals.append(error) }
      }
    }
  }

  /// Takes back what was done, as far as `steps` of the undo do it, and then what these leave; `before` is the machine then.
  ///
  /// Returns the steps that were left.
  mutating func takeBack(_ steps: [Change], of done: [Change], before: HostState) -> [Change] {
    carryOut(steps)
    let rest = Undo.rest(of: done, before: before, after: state)
    carryOut(rest)
    return rest
  }
}

extension SimulatedRefusal {
  fileprivate func isOfFlushedRoute(in simulation: Simulation) -> Bool {
    guard case .route(let id, _) = change, change.action == .delete, errno == ESRCH else { return false }
    return id.destination.family == .ipv4 && !simulation.hasIPv4(on: id.interface)
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
