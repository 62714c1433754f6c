/// How long something lasts, in the largest unit there is one of: `59s`, `3m`, `47h`, `12d`.
///
/// Hours go on for two days, since one day says too little of the second.
public func shortTime(_ seconds: Int) -> String {
  switch seconds {
  case ..<60: "\(max(0, seconds))s"
  case ..<3600: "\(seconds / 60)m"
  case ..<172_800: "\(seconds / 3600)h"
  default: "\(seconds / 86_400)d"
  }
}
