// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "lvsctl",
  products: [
    .executable(name: "lvsctl", targets: ["lvsctl"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(
      name: "CNetlink", pkgConfig: "libnl-genl-3.0",
      providers: [.apt(["libnl-3-dev", "libnl-genl-3-dev", "pkg-config"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev", "pkg-config"])]),
    .target(name: "LVSCore", dependencies: ["CYAML"], swiftSettings: strict),
    .target(name: "LVSKernel", dependencies: ["LVSCore", "CNetlink"], swiftSettings: strict),
    .executableTarget(
      name: "lvsctl",
      dependencies: [
        "LVSCore", "LVSKernel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
    .testTarget(
      name: "LVSCoreTests", dependencies: ["LVSCore"], exclude: ["Faults"], swiftSettings: strict),
    .testTarget(name: "LVSKernelTests", dependencies: ["LVSKernel"], swiftSettings: strict),
    .testTarget(name: "KernelTests", dependencies: ["LVSKernel"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
