/// A text in so many columns at most: of a longer one the middle gives way to `…`, since names differ at their ends.
public func shortened(_ text: String, to columns: Int) -> String {
  let shown = Printable(text)
  if shown.columns <= columns { return shown.text }
  if columns < 1 { return "" }
  let tail = (columns - 1) / 2
  return shown.first(columns - 1 - tail) + "…" + shown.last(tail)
}
