#if LIBFUZZER
  import Glibc

  /// The driver of libFuzzer, which the linker brings with -sanitize=fuzzer.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  /// The readers under libFuzzer, which bends by what of the code an input reaches.
  enum LibFuzzer {
    nonisolated(unsafe) private static var reader = Reader.cluster

    /// Runs until libFuzzer ends the process; `arguments` are its own: folders of inputs, and options such as
    /// `-max_total_time=60`.
    static func run(_ reader: Reader, _ arguments: [String]) {
      Self.reader = reader
      let words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 2)
      for (index, word) in (["lvsctl-fuzz"] + arguments).enumerated() { words[index] = strdup(word) }
      words[arguments.count + 1] = nil
      var count = Int32(arguments.count + 1)
      var list = words
      exit(
        runDriver(&count, &list) { bytes, length in
          let input = Array(UnsafeBufferPointer(start: bytes, count: length))
          if let complaint = LibFuzzer.reader.complaint(about: input) { fatalError(complaint) }
          return 0
        })
    }
  }
#endif
