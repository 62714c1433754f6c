import LVSRender

/// The script that completes lvsctl's command lines, as `--generate-completion-script` prints it.
enum CompletionScript {
  /// What the parser of arguments has to print, in which bash's script does not evaluate what it is offered.
  ///
  /// The script is known by its text, so that no way of asking for it leads around this.
  static func made(safe text: String) throws(Failure) -> String {
    guard text.hasPrefix("#!/bin/bash\n") else { return text }
    guard let script = BashCompletion.safe(text) else {
      throw Failure(
        .bug,
        "This is a bug in lvsctl; please report it: the completion script for bash is not one that is known to be safe."
      )
    }
    return script
  }
}
