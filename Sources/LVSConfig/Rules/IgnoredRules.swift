import LVSModel
import LVSText

/// `ignore` says each thing once.
func checkRepeatedIgnored(_ draft: ClusterDraft, _ faults: FileFaults) {
  var networks: [Prefix: Place] = [:]
  var fwmarks: [UInt32: Place] = [:]
  for element in draft.ignored?.value ?? [] {
    let (place, first) =
      switch element {
      case .network(let network, let place): (place, networks.insert(place, for: network))
      case .fwmark(let mark, let place): (place, fwmarks.insert(place, for: mark))
      }
    guard let first else { continue }
    faults.report(
      .repeatedValue, at: place, "This is in the list `ignore` already, on line \(faults.line(of: first))."
    ) {
      "Keep it once."
    }
  }
}

extension Dictionary where Value == Place {
  /// Notes where something is said, or gives the place where it was said first.
  mutating func insert(_ place: Place, for key: Key) -> Place? {
    if let first = self[key] { return first }
    self[key] = place
    return nil
  }
}
