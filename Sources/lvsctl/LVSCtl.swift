import ArgumentParser

@main
struct LVSCtl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lvsctl", abstract: "Bring a Linux Virtual Server cluster to what one file says.")
}
