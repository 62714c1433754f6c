// What every file of the tests uses.
@_exported import TestSupport
