import Glibc
import LVSKernel
import LVSModel
import LVSSystem
import LVSText

extension StepRefusal {
  /// What an operator can do about a refusal, where its cause is known.
  var remedy: Message? {
    switch (change.subject, errno) {
    case (.module("ip_vs"), _): "\(change.id) cannot be loaded: \(Requirements.ipvsRemedy)"
    case (.module(let name), _): Self.moduleRemedy(name).map { "\(name) cannot be loaded: \($0)" }
    case (.sysctl, EROFS): Privileges.readOnlyRemedy
    case (_, EPERM): "The kernel does not let this process do that: \(Privileges.cause(of: ["CAP_NET_ADMIN"]))"
    case (.service, ENOENT): serviceRemedy(change.after?.service)
    case (.realServer(let service, let id), EINVAL) where service.family != id.address.family:
      // ip_vs_genl_set_cmd: the messages between sync daemons have no room for two families.
      "The kernel tunnels from one address family to the other only while no sync daemon runs. See ipvsadm -Ln --daemon."
    case (.address(let id), ENODEV), (.address(let id), ENXIO):
      "This machine has no interface \(id.interface). Correct the file, or bring the interface into being first."
    case (.address(let id), ENETDOWN):
      "The interface \(id.interface) is down, so nobody can be told of the VIP: ip link set \(word: id.interface) up."
    case (.syncDaemon, ENODEV):
      change.after?.syncDaemon.map {
        "This machine has no interface \($0.interface). Correct `sync` in the file, or bring the interface into being first."
      }
    case (.route(let id), EEXIST):
      "Somebody else routes \(id.destination) already: see ip route show \(id.destination), and remove that route."
    case (.route(let id), ENETDOWN):
      "The interface \(id.interface) is down: ip link set \(word: id.interface) up."
    case (.sysctl(let name), ENOENT):
      "This kernel has no sysctl \(name). Is the interface in its name there, and its module loaded?"
    default: nil
    }
  }

  /// Why modprobe does not load a module that this kernel may well have, and what to do; nil where that is not known.
  static func moduleRemedy(_ name: String) -> Message? {
    switch try? KernelModule(name)?.obstacle {
    case .replaced(let command, let file):
      """
      the configuration of modprobe forbids the module \(name), by "install \(name) \(command)"\
      \(file.map { " in \($0)" } ?? ""). Take that line away.
      """
    case .disabled:
      "the module \(name) is not loaded, and this machine loads no more before its next start (kernel.modules_disabled)."
    case .noModprobe:
      "the module \(name) is not loaded, and there is no modprobe here. Install the package kmod, or load the module from outside."
    case .notFound, nil: nil
    }
  }

  /// The kernel says ENOENT for a scheduler or persistence engine it cannot load (ip_vs_add_service, ip_vs_edit_service).
  private func serviceRemedy(_ settings: ServiceSettings?) -> Message? {
    guard let settings else { return nil }
    if let forbidden = Self.moduleRemedy("ip_vs_\(settings.scheduler)") {
      return "The scheduler \(settings.scheduler) cannot be loaded (module ip_vs_\(settings.scheduler)): \(forbidden)"
    }
    let scheduler: Message = "the scheduler \(settings.scheduler) (module ip_vs_\(settings.scheduler))"
    guard let engine = settings.persistence?.engine else {
      return "This kernel does not have \(scheduler). Choose another one, or install its module."
    }
    return "This kernel does not have \(scheduler) or the persistence engine \(engine) (module ip_vs_pe_\(engine))."
  }
}
