import Testing

/// Every test that changes a kernel lives in an extension of this suite.
///
/// Tests/sandbox/run sets LVSCTL_SANDBOX in its kernel: anywhere else these tests are skipped, so that none ever touches
/// the machine that builds. They run one after another, because modules and time belong to the whole kernel.
@Suite(.serialized, .enabled(if: environment("LVSCTL_SANDBOX") == "1", "only in the sandbox kernel"))
enum RealKernel {}
