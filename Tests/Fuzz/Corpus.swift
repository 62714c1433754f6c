import Glibc
import LVSConfig
import LVSKernel
import LVSModel
import LVSText
import Recordings

/// What the bending begins with.
enum Corpus {
  /// The inputs that a reader knows from the project: its examples, its files of faults, its recordings.
  static func inputs(for reader: Reader) -> [[UInt8]] {
    switch reader {
    case .cluster:
      ["Examples", "Tests/PureTests/Valid", "Tests/PureTests/Faults"].flatMap { files(in: $0, ending: ".conf") }
    case .snapshot: states.map { Array(JSONText.pretty($0.json).utf8) }
    case .memory: memories.map { Array(JSONText.pretty($0.json(MachinePlace(boot: "b", namespace: "cookie 1"))).utf8) }
    case .netlink: netlink
    case .connections: [connections]
    }
  }

  /// The bytes of a file, or nil where it cannot be read.
  static func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer.prefix(count)
    }
  }

  /// Writes a file; false where it cannot be written.
  static func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard let file = fopen(path, "we") else { return false }
    let written = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && written == bytes.count
  }

  /// The files of a folder of the project, by name; the larger ones, which are about bounds, would only take time.
  private static func files(in folder: String, ending suffix: String) -> [[UInt8]] {
    let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    guard let directory = opendir("\(root)/\(folder)") else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(suffix) { names.append(name) }
    }
    return names.sorted().compactMap { contents(of: "\(root)/\(folder)/\($0)") }.filter { $0.count <= 8192 }
  }

  // MARK: Snapshots and memories

  /// The targets of the examples are states with everything in them.
  private static var states: [Snapshot] {
    inputs(for: .cluster).compactMap { ClusterFile.read($0).file }.prefix(8).flatMap { file in
      file.nodes.prefix(2).map { node in
        let target = file.target(for: node)
        var memory = MachineMemory()
        memory.note(target, HostState())
        memory.note(cluster: file.name, node: node)
        return Snapshot(
          cluster: file.name, node: node.name, role: node.roleWord, state: target.state,
          withheldSysctls: ["net.ipv4.tcp_fastopen_key"], memory: memory)
      }
    }
  }

  private static var memories: [MachineMemory] {
    states.map { snapshot in
      var memory = snapshot.memory
      memory.sysctls = snapshot.state.sysctls
      memory.devices = Set(snapshot.state.links.keys)
      memory.timeouts = Timeouts(tcp: 900, tcpFin: 120, udp: 300)
      memory.syncDaemons = snapshot.state.syncDaemons
      memory.role = .director
      return memory
    }
  }

  // MARK: Recordings

  private static var netlink: [[UInt8]] {
    let all: [(ReplayedKernel.Request, [UInt8])] = [
      (.links, Captures.link), (.addresses, Captures.labelledAddress + Captures.ipv6Address),
      (.routes, Captures.hostRoute), (.routes, Captures.ipv6HostRoute), (.routes, Captures.gatewayRoute),
      (.services, Captures.persistentService), (.services, Captures.firewallMarkService),
      (.realServers, Captures.tunnelRealServer), (.daemons, Captures.masterDaemon), (.daemons, Captures.backupDaemon),
      (.config, Captures.timeouts), (.info, Captures.info), (.fou, Captures.guePort),
    ]
    return [NetlinkInput.input(all)] + all.map { NetlinkInput.input([$0]) }
      + [NetlinkInput.input([(.services, Captures.persistentService), (.realServers, Captures.tunnelRealServer)])]
  }

  private static let connections = Array(
    """
    Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
    TCP C0A80001 CF2A C0A89364 0050 C0A89304 0050 ESTABLISHED     885
    UDP C0A80001 13C4 C0A89364 13C4 C0A89303 13C4 UDP             290 sip a84b4c76e66710
    SCTP 20010DB8000000000000000000000001 CF2A 20010DB8000000000000000000000064 0050 20010DB8000000000000000000000004 0050 COOKIE 9
    TCP C0A80001 0000 C0A89364 0050 C0A89304 0050 NONE             34

    """.utf8)
}
