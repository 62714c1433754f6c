// What every file of the tests uses.
@_exported import LVSSandbox
@_exported import TestSupport

// The plan has machines too, and the kernel has links.
typealias Machine = Network.Machine
typealias Link = Network.Link
