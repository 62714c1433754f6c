import ArgumentParser
import Glibc
import LVSCore
import LVSKernel

/// The script that completes lvsctl's command lines, as `--generate-completion-script` prints it.
enum CompletionScript {
  /// Prints bash's script and ends the process, where that is what parsing the command line ended with.
  ///
  /// It is known by its text, so that no way of asking for it leads around this.
  static func exit(ifAskedForBy error: any Error) {
    guard LVSCtl.exitCode(for: error) == .success else { return }
    let text = LVSCtl.fullMessage(for: error)
    guard text.hasPrefix("#!/bin/bash\n") else { return }
    guard let script = BashCompletion.safe(text) else {
      Terminal.report(
        "This is a bug in lvsctl; please report it: the completion script for bash is not one that is known to be safe."
      )
      Glibc.exit(ExitStatus.bug.rawValue)
    }
    Terminal.print(script + "\n")
    if Terminal.refusal == 0 { Glibc.exit(0) }
    let reason = SystemError(errno: Terminal.refusal, subject: "stdout")
    Terminal.report("The completion script could not be written. \(reason).")
    Glibc.exit(ExitStatus.refused.rawValue)
  }
}
