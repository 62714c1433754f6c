// What every file of the tests uses.
@_exported import Fixtures
@_exported import TestSupport
