import Testing

/// Whether this is the sandbox kernel; the machines in it are as slow as it is.
let isSandboxKernel = {
  Waiting.patience = patience
  return environment("LVSCTL_SANDBOX") == "1"
}()

/// Every test that changes a kernel lives in an extension of this suite.
///
/// Tests/sandbox/run sets LVSCTL_SANDBOX in its kernel: anywhere else these tests are skipped, so that none ever touches
/// the machine that builds. They run one after another, because modules and time belong to the whole kernel.
@Suite(.serialized, .enabled(if: isSandboxKernel, "only in the sandbox kernel"))
enum RealKernel {}
