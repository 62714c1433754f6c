import LVSModel
import LVSText

extension Action {
  /// The symbol of the action in text.
  var symbol: String {
    switch self {
    case .create: "+"
    case .update: "~"
    case .delete: "-"
    }
  }

  /// The colour of the symbol.
  var ink: Style.Ink {
    switch self {
    case .create: .green
    case .update: .yellow
    case .delete: .red
    }
  }
}
