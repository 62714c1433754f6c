import Glibc

/// The names of the loaded kernel modules.
func loadedModules() throws -> Set<String> {
  Set(try read("/proc/modules").lines.compactMap { $0.words.first })
}

/// Unloads IPVS with its schedulers, so that the test sees a machine that never used it.
///
/// A namespace that held services holds the modules until the kernel has cleaned it up, some time after its deletion.
func unloadIPVS() throws {
  if try loadedModules().contains("ip_vs") {
    // Other suites work in the sandbox's own namespace, which is never deleted.
    for words in ["-C", "--stop-daemon master", "--stop-daemon backup"] { _ = try run(["ipvsadm"] + words.words) }
  }
  try eventually("ip_vs is unloaded") {
    let loaded = try loadedModules().filter { $0.hasPrefix("ip_vs") }.sorted { $0.utf8.count > $1.utf8.count }
    guard !loaded.isEmpty else { return true }
    return try run(["rmmod"] + loaded).status == 0
  }
}

/// Runs `body` on a kernel that has no IPVS: neither loaded nor, because its modules are not installed, to be loaded.
func withoutIPVS(_ body: () throws -> Void) throws {
  try unloadIPVS()
  let modules = "/lib/modules/\(try read("/proc/sys/kernel/osrelease").trimmed)"
  let hidden = modules + ".hidden"
  guard rename(modules, hidden) == 0 else { throw FileFailure(modules) }
  defer {
    // Without the modules no later test can pass, and none would say why.
    if rename(hidden, modules) != 0 { fatalError("\(hidden) could not be renamed back") }
  }
  try body()
}
