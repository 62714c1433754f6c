#if LIBFUZZER
  import Glibc

  /// The reader that LVSCTL_FUZZ_READER names, the cluster file's where it names none.
  private let reader = getenv("LVSCTL_FUZZ_READER").flatMap { Reader(rawValue: String(cString: $0)) } ?? .cluster

  /// The driver that the linker brings with -sanitize=fuzzer.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  extension Fuzz {
    /// Gives the command line to libFuzzer, which bends by what of the code an input reaches.
    static func main() {
      var count = CommandLine.argc
      var words = CommandLine.unsafeArgv
      Glibc.exit(runDriver(&count, &words, readOneInput))
    }
  }

  /// Under this name libFuzzer's own main function, which is linked and not used, asks for it too.
  @_cdecl("LLVMFuzzerTestOneInput")
  func readOneInput(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> Int32 {
    if let complaint = reader.complaint(about: Array(UnsafeBufferPointer(start: bytes, count: length))) {
      fatalError(complaint)
    }
    return 0
  }
#endif
