import CNetlink
import Glibc
import LVSKernel
import Testing

/// Runs `body` in a network namespace of its own on a thread of its own, so that suites do not see each other's tables.
