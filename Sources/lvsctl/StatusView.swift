import LVSConfig
import LVSPlan

/// Which services and real servers are shown, and in which order.
struct StatusView {
  private let vips: [StatusFilter]
  private let servers: [StatusFilter]
  private let order: StatusOrder

  /// Checks that what is chosen by a name has that name in the file.
  init(vips: [String], servers: [String], order: StatusOrder, names file: ClusterFile?) throws {
    self.vips = try Self.filters(vips, option: "--vip", what: "VIP", file.map { $0.vips.compactMap(\.name) })
    self.servers = try Self.filters(
      servers, option: "--server", what: "real server", file.map { $0.realServers.map(\.name) })
    self.order = order
  }

  /// A report for a reader has its drift in place; documents keep to what the kernel has.
  func applied(to report: StatusReport, inPlace: Bool) -> StatusReport {
    (inPlace ? report.withDriftInPlace() : report).filtered(vips: vips, servers: servers).sorted(by: order)
  }

  private static func filters(
    _ words: [String], option: String, what: String, _ names: [String]?
  ) throws -> [StatusFilter] {
    try words.map { word in
      let filter = StatusFilter(word)
      guard case .name = filter else { return filter }
      guard let names else {
        throw Failure(.usage, "\(option) \(word): this is no address, and without a file there are no names.")
      }
      guard names.contains(word) else {
        let known = names.isEmpty ? "It has none with a name." : "It has: \(names.prefix(20).joined(separator: ", "))."
        throw Failure(.usage, "\(option) \(word): the file has no \(what) of that name. \(known)")
      }
      return filter
    }
  }
}
