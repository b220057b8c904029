// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "turnout",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "TurnoutCore", targets: ["TurnoutCore"]),
    .library(name: "TurnoutProviders", targets: ["TurnoutProviders"]),
    .library(name: "TurnoutTesting", targets: ["TurnoutTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "TurnoutCore", swiftSettings: settings),
    .target(
      name: "TurnoutProviders",
      dependencies: [
        "TurnoutCore",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(name: "TurnoutTesting", dependencies: ["TurnoutCore"], swiftSettings: settings),
  ]
)
