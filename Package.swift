// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// The revision that `lvsctl --version` tells, as in LVSCTL_REVISION=$(git rev-parse --short=12 HEAD) swift build.
// Not Context.gitInformation: SwiftPM keeps the manifest's result, and with it the revision of some earlier commit.
let revision = (Context.environment["LVSCTL_REVISION"] ?? "").filter {
  $0.isASCII && ($0.isLetter || $0.isNumber || "+-._".contains($0))
}

// A release is one file without shared libraries, at a fixed address: nothing is searched, mapped or relocated when it
// starts, which for a small cluster takes longer than all the rest.
let standalone: [LinkerSetting] = [.unsafeFlags(["-static-executable", "-use-ld=lld"], .when(configuration: .release))]

let package = Package(
  name: "lvsctl",
  products: [
    .executable(name: "lvsctl", targets: ["lvsctl"]),
    .executable(name: "lvsctld", targets: ["lvsctld"]),
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
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev", "pkg-config"])]),
    .target(name: "CRevision", cSettings: [.define("LVSCTL_REVISION", to: "\"\(revision)\"")]),
    .target(name: "CProcess"),
    .systemLibrary(name: "CSystem"),
    .target(name: "LVSText", swiftSettings: strict),
    .target(name: "LVSSystem", dependencies: ["CSystem", "LVSText"], swiftSettings: strict),
    .target(name: "LVSApart", dependencies: ["CSystem", "LVSSystem", "LVSText"], swiftSettings: strict),
    .target(name: "LVSModel", dependencies: ["LVSText"], swiftSettings: strict),
    .target(name: "LVSConfig", dependencies: ["CYAML", "LVSModel", "LVSText"], swiftSettings: strict),
    .target(name: "LVSPlan", dependencies: ["LVSConfig", "LVSModel", "LVSText"], swiftSettings: strict),
    .target(name: "LVSRender", dependencies: ["LVSModel", "LVSPlan", "LVSText"], swiftSettings: strict),
    .target(
      name: "LVSKernel", dependencies: ["CNetlink", "LVSModel", "LVSSystem", "LVSText"], swiftSettings: strict),
    .target(
      name: "LVSNode",
      dependencies: ["CNetlink", "LVSConfig", "LVSKernel", "LVSModel", "LVSPlan", "LVSSystem", "LVSText"],
      swiftSettings: strict),
    .target(
      name: "LVSChecks", dependencies: ["CCurl", "CSystem", "LVSModel", "LVSSystem", "LVSText"], swiftSettings: strict),
    .target(name: "LVSSandbox", dependencies: ["CSystem", "LVSSystem"], swiftSettings: strict),
    .target(
      name: "LVSRehearsal",
      dependencies: [
        "LVSConfig", "LVSKernel", "LVSModel", "LVSNode", "LVSPlan", "LVSRender", "LVSSandbox", "LVSSystem", "LVSText",
      ], swiftSettings: strict),
    .executableTarget(
      name: "lvsctl",
      dependencies: [
        "CProcess", "CRevision", "LVSApart", "LVSConfig", "LVSKernel", "LVSModel", "LVSNode", "LVSPlan", "LVSRehearsal",
        "LVSRender", "LVSSandbox", "LVSSystem", "LVSText",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict, linkerSettings: standalone),
    .executableTarget(
      name: "lvsctld",
      dependencies: [
        "CProcess", "CRevision", "LVSChecks", "LVSConfig", "LVSKernel", "LVSModel", "LVSNode", "LVSPlan", "LVSRender",
        "LVSSystem", "LVSText",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),
    .target(name: "Recordings", path: "Tests/Recordings", swiftSettings: strict),
    .target(name: "TestSupport", dependencies: ["LVSSystem"], path: "Tests/Support", swiftSettings: strict),
    .executableTarget(
      name: "lvsctl-fuzz",
      dependencies: [
        "LVSConfig", "LVSKernel", "LVSModel", "LVSPlan", "LVSRender", "LVSText", "Recordings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/Fuzz", swiftSettings: strict),
    .executableTarget(
      name: "lvsctl-apart",
      dependencies: [
        "LVSApart", "LVSSystem",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/Apart", swiftSettings: strict),
    .target(
      name: "Fixtures", dependencies: ["LVSConfig", "LVSModel", "LVSPlan", "LVSRender", "LVSText"],
      path: "Tests/Fixtures",
      swiftSettings: strict),
    .testTarget(
      name: "PureTests",
      dependencies: [
        "Fixtures", "LVSApart", "LVSChecks", "LVSConfig", "LVSKernel", "LVSModel", "LVSNode", "LVSPlan", "LVSRehearsal",
        "LVSRender", "LVSSystem", "LVSText", "Recordings", "TestSupport",
      ], exclude: ["Faults", "Goldens", "Valid"], swiftSettings: strict),
    .testTarget(
      name: "BinaryTests",
      dependencies: [
        "Fixtures", "LVSConfig", "LVSModel", "LVSPlan", "LVSRender", "LVSSystem", "LVSText", "TestSupport",
      ], swiftSettings: strict),
    .testTarget(
      name: "KernelTests",
      dependencies: [
        "LVSChecks", "LVSKernel", "LVSNode", "LVSRehearsal", "LVSRender", "LVSSandbox", "LVSSystem", "TestSupport",
      ],
      exclude: ["Screens"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
