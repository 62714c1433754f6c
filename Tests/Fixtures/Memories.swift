import LVSModel

extension MachineMemory {
  /// A memory of these things.
  package static func of(sysctls: [String: String] = [:], devices: Set<String> = []) -> MachineMemory {
    var memory = MachineMemory()
    memory.sysctls = sysctls
    memory.devices = devices
    return memory
  }
}
