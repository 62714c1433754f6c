import LVSKernel
import Testing
