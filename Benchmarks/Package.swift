// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "turnout-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "turnout", path: ".."),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "CAffinity"),
    .target(name: "BenchmarkSystem", dependencies: ["CAffinity"], swiftSettings: settings),
    .executableTarget(
      name: "loopback-server",
      dependencies: [
        "BenchmarkSystem",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "turnout-bench",
      dependencies: [
        "BenchmarkSystem",
        // Started as a process of its own; named here so that `swift run turnout-bench` builds it too.
        "loopback-server",
        .product(name: "TurnoutCore", package: "turnout"),
        .product(name: "TurnoutProviders", package: "turnout"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "fanout-bench",
      dependencies: ["BenchmarkSystem", .product(name: "TurnoutCore", package: "turnout")],
      swiftSettings: settings),
    .executableTarget(
      name: "gate-bench",
      dependencies: [
        .product(name: "TurnoutCore", package: "turnout"),
        .product(name: "TurnoutProviders", package: "turnout"),
        .product(name: "TurnoutTestServer", package: "turnout"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "soak-bench",
      dependencies: [
        "BenchmarkSystem",
        .product(name: "TurnoutCore", package: "turnout"),
        .product(name: "TurnoutProviders", package: "turnout"),
        .product(name: "TurnoutTestServer", package: "turnout"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "routing-bench",
      dependencies: [
        .product(name: "TurnoutCore", package: "turnout"),
        .product(name: "TurnoutEvaluation", package: "turnout"),
        .product(name: "TurnoutLocal", package: "turnout"),
        .product(name: "TurnoutProviders", package: "turnout"),
      ],
      swiftSettings: settings),
  ]
)
