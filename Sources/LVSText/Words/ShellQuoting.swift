/// A word as a POSIX shell reads it back: as it is, in quotes, or, where a reader would not see what is in it, as what
/// printf(1) writes. `$'…'` would be shorter, and dash does not know it.
public func shellQuoted(_ word: String) -> String {
  let isPlain = word.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./:=,@+%".utf8.contains(byte)
    }
  }
  if isPlain && !word.isEmpty { return word }
  if !Printable.shows(word) { return printfWord(word) }
  return "'" + word.replacing("'", with: "'\\''") + "'"
}

/// `"$(printf 'a\033b')"`: what prints, and means nothing to printf and to the shell, as it is, all else byte by byte.
private func printfWord(_ word: String) -> String {
  // A command substitution loses newlines at its end.
  let newlines = word.utf8.reversed().prefix { $0 == UInt8(ascii: "\n") }.count
  var format = ""
  for scalar in word.unicodeScalars.dropLast(newlines) {
    let isPlain = !scalar.isASCII || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    // A dash at the begin would make it an option.
    let isMark = " _./:=,@+".unicodeScalars.contains(scalar) || (scalar == "-" && !format.isEmpty)
    if (isPlain && Printable.shows(scalar)) || isMark {
      format.unicodeScalars.append(scalar)
    } else {
      for byte in String(scalar).utf8 { format += "\\" + String(byte, radix: 8).padded(to: 3) }
    }
  }
  let end = newlines == 0 ? "" : "'\(String(repeating: "\n", count: newlines))'"
  return "\"$(printf '\(format)')\"\(end)"
}
