import LVSModel
import LVSPlan
import LVSText

extension RealServerView {
  /// So many exceptions are named in a line.
  private static let named = 5

  /// What an operator of a real server looks for, a line a question.
  var lines: [TextLine] {
    var lines: [TextLine] = []
    if !vips.isEmpty { lines.append(vipLine) }
    if !ports.isEmpty { lines.append(portLine) }
    for way in waysBack { lines.append(TextLine.labelled("Way back", way.words, way.isOpen ? nil : .red)) }
    return lines
  }

  private var vipLine: TextLine {
    let absent = vips.filter { $0.interface == nil }
    let loud = vips.filter { $0.isMute == false }
    let unknown = vips.filter { $0.interface != nil && $0.isMute == nil }
    var words = ["\(vips.count - absent.count) of \(vips.count) held"]
    if !absent.isEmpty { words.append("not " + listed(absent.map(\.shown), atMost: Self.named)) }
    if loud.isEmpty && unknown.isEmpty && absent.count < vips.count {
      words.append("mute")
    } else if !loud.isEmpty {
      words.append("NOT MUTE: " + listed(loud.map { "\($0.shown) on \($0.interface ?? "")" }, atMost: Self.named))
    }
    if !unknown.isEmpty { words.append("not known whether mute: " + listed(unknown.map(\.shown), atMost: Self.named)) }
    return .labelled("VIPs", words.joined(separator: ", "), absent.isEmpty && loud.isEmpty ? nil : .red)
  }

  private var portLine: TextLine {
    let silent = ports.filter { $0.isListening == false }
    let unknown = ports.count { $0.isListening == nil }
    var words = ["\(ports.count - silent.count - unknown) of \(ports.count) listened on"]
    if !silent.isEmpty { words.append("nothing listens on " + listed(silent.map(\.shown), atMost: Self.named)) }
    if unknown > 0 { words.append("\(unknown) not known") }
    return .labelled("Ports", words.joined(separator: ", "), silent.isEmpty ? nil : .red)
  }
}

extension RealServerView.VIP {
  fileprivate var shown: String { address.description + (name.map { " (\($0))" } ?? "") }
}

extension RealServerView.Port {
  fileprivate var shown: String { "\(transport.word) \(address.withPort(port))" }
}

extension RealServerView.WayBack {
  /// Whether a reply leaves this machine, as far as the kernel says.
  fileprivate var isOpen: Bool { answer != .unreachable }

  fileprivate var words: String {
    let way =
      switch answer {
      case .gateway(let gateway?, let interface): "through \(gateway) on \(interface)"
      case .gateway(nil, let interface), .onLink(let interface): "on \(interface), through no gateway"
      case .local: "this machine itself"
      case .unreachable: "none: replies to clients on other networks are lost"
      case nil: "not known"
      }
    return "from \(source) \(way)"
  }
}

extension TextLine {
  /// A line of a status' head: what it is about, and what there is to say of it.
  static func labelled(_ label: String, _ words: String, _ ink: Style.Ink? = nil) -> TextLine {
    var line = TextLine(label + String(repeating: " ", count: max(1, 10 - label.utf8.count)), .dim)
    line.append(words, ink)
    return line
  }
}
