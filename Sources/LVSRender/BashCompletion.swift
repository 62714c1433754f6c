/// The completion script for bash, made safe.
public enum BashCompletion {
  /// The script that the parser of arguments generates, with the words that lvsctl itself prints offered as they are.
  ///
  /// As generated it hands them to `compgen -W`, which expands its list like a command line (bash(1)): the name
  /// `$(reboot)` in a cluster file would be run by whoever completes it. nil where the script is another one than this
  /// knows, so that a new version of the parser is noticed and never passed on.
  public static func safe(_ script: String) -> String? {
    var isWithFunction = false
    var calls = 0
    var lines: [Substring] = []
    for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
      let indent = line.prefix { $0 == " " }
      let code = line.dropFirst(indent.count)
      if code == "_lvsctl() {", indent.isEmpty, !isWithFunction {
        lines += function.split(separator: "\n", omittingEmptySubsequences: false)
        isWithFunction = true
      }
      if code.hasPrefix(call.before), code.hasSuffix(call.after) {
        let asked = code.dropFirst(call.before.count).dropLast(call.after.count)
        // A command, an option or the place of an argument (`positional@0`), and nothing else.
        guard asked.utf8.allSatisfy(isPlain) else { return nil }
        lines.append("\(indent)__lvsctl_add_words ---completion\(asked)\(call.arguments)")
        calls += 1
      } else {
        guard isHarmless(code) else { return nil }
        lines.append(line)
      }
    }
    return isWithFunction && calls > 0 ? lines.joined(separator: "\n") : nil
  }

  /// The line that offers what lvsctl prints: between the two ends stand the command and the option.
  private static let call = (
    before: #"__lvsctl_add_completions -W "$(__lvsctl_custom_complete ---completion"#,
    after: arguments + ")\"", arguments: arguments
  )
  private static let arguments = #" "${COMP_CWORD}" "$(__lvsctl_cursor_index_in_current_word)""#

  private static func isPlain(_ byte: UInt8) -> Bool {
    " -@".utf8.contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Whether a line can stay: one that asks lvsctl, or expands a list, is among those known to have no foreign text.
  private static func isHarmless(_ code: Substring) -> Bool {
    if code.contains("---completion") || code.contains("eval ") { return false }
    if code.hasPrefix("__lvsctl_add_completions ") {
      let words = code.dropFirst("__lvsctl_add_completions ".count)
      // Lists that the commands themselves give: 'text'$'\n''json'.
      return words == "-f" || words == "-d" || words.hasPrefix("-W '") && !words.contains("\"")
    }
    guard code.contains("compgen") else { return true }
    return code == #"done < <(IFS=$'\n' compgen "${@}" -- "${cur}")"#
      || code.hasPrefix("COMPREPLY+=($(compgen -W '") && code.hasSuffix(#"' -- "${cur}"))"#)
      || code
        == #"COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} "#
        + #"${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))"#
  }

  /// Takes plain words alone, whatever it is that prints them.
  private static let function = #"""
    # Offers plain words among the lines that lvsctl prints for these arguments. They are never given to compgen -W, which
    # would run the $(…) in them.
    __lvsctl_add_words() {
        local LC_ALL=C word
        while IFS='' read -r word || [[ -n "${word}" ]]; do
            if [[ "${word}" = "${cur}"* && "${word}" =~ ^[A-Za-z0-9._][A-Za-z0-9._:-]*$ ]]; then
                COMPREPLY+=("${word}")
            fi
        done < <(__lvsctl_custom_complete "${@}")
    }

    """#
}
