import CSystem

/// A classic BPF program (Documentation/networking/filter.rst) that lets in what says who holds an address, and what may be
/// an answer: ARP, neighbour advertisements, the second segment of a TCP handshake, UDP and SCTP.
enum FrameFilter {
  /// An instruction, and where it leads; nil is the next one.
  private struct Step {
    var label: String?
    let code: UInt16
    let value: UInt32
    var yes: String?
    var no: String?

    /// The same, to be led to by this name.
    func named(_ label: String) -> Step {
      var step = self
      step.label = label
      return step
    }
  }

  /// As much of a frame as is looked at.
  static let longest = 256

  static let program: [sock_filter] = {
    let steps: [Step] = [
      half(12),
      ifEqual(UInt32(ETH_P_ARP), "accept"),
      ifEqual(UInt32(ETH_P_IP), "ipv4"),
      ifEqual(UInt32(ETH_P_IPV6), "ipv6", else: "reject"),
      // A later fragment has no ports.
      half(20).named("ipv4"),
      ifAny(0x1fff, "reject"),
      headerLength(14),
      byte(23),
      ifEqual(udp, "accept"),
      ifEqual(sctp, "accept"),
      ifEqual(tcp, nil, else: "reject"),
      byteBehindHeader(14 + 13),
      ifAny(syn, nil, else: "reject"),
      ifAny(ack, "accept", else: "reject"),
      byte(14 + 6).named("ipv6"),
      ifEqual(udp, "accept"),
      ifEqual(sctp, "accept"),
      ifEqual(tcp, "tcp6"),
      ifEqual(icmpv6, nil, else: "reject"),
      byte(14 + 40),
      ifEqual(136, "accept", else: "reject"),
      byte(14 + 40 + 13).named("tcp6"),
      ifAny(syn, nil, else: "reject"),
      ifAny(ack, "accept", else: "reject"),
      end(UInt32(longest)).named("accept"),
      end(0).named("reject"),
    ]
    return steps.enumerated().map { place, step in
      func distance(_ label: String?) -> UInt8 {
        guard let label, let target = steps.firstIndex(where: { $0.label == label }) else { return 0 }
        return UInt8(target - place - 1)
      }
      return sock_filter(code: step.code, jt: distance(step.yes), jf: distance(step.no), k: step.value)
    }
  }()

  private static let tcp: UInt32 = 6
  private static let udp: UInt32 = 17
  private static let icmpv6: UInt32 = 58
  private static let sctp: UInt32 = 132
  private static let syn: UInt32 = 0x02
  private static let ack: UInt32 = 0x10

  // BPF_LD | BPF_H | BPF_ABS, BPF_LD | BPF_B | BPF_ABS, BPF_LD | BPF_B | BPF_IND, BPF_LDX | BPF_B | BPF_MSH
  private static func half(_ offset: UInt32) -> Step { Step(code: 0x28, value: offset) }
  private static func byte(_ offset: UInt32) -> Step { Step(code: 0x30, value: offset) }
  private static func byteBehindHeader(_ offset: UInt32) -> Step { Step(code: 0x50, value: offset) }
  private static func headerLength(_ offset: UInt32) -> Step { Step(code: 0xb1, value: offset) }

  // BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JSET | BPF_K, BPF_RET | BPF_K
  private static func ifEqual(_ value: UInt32, _ yes: String?, else no: String? = nil) -> Step {
    Step(code: 0x15, value: value, yes: yes, no: no)
  }
  private static func ifAny(_ bits: UInt32, _ yes: String?, else no: String? = nil) -> Step {
    Step(code: 0x45, value: bits, yes: yes, no: no)
  }
  private static func end(_ length: UInt32) -> Step { Step(code: 0x06, value: length) }
}
