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
    .executable(name: "turnout", targets: ["turnout"]),
    .library(name: "TurnoutCore", targets: ["TurnoutCore"]),
    .library(name: "TurnoutProviders", targets: ["TurnoutProviders"]),
    .library(name: "TurnoutTesting", targets: ["TurnoutTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
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
    .target(
      name: "TurnoutLocal",
      dependencies: [
        "TurnoutCore", "TurnoutProviders",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      resources: [
        .embedInCode("Resources/install.py"), .embedInCode("Resources/keeper.py"),
        .embedInCode("Resources/chat_server.py"), .embedInCode("Resources/embeddings_server.py"),
        .embedInCode("Resources/pins.json"),
      ],
      swiftSettings: settings),
    .target(
      name: "TurnoutWorkflows",
      dependencies: ["TurnoutCore", "TurnoutProviders", "TurnoutLocal", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .target(name: "TurnoutTesting", dependencies: ["TurnoutCore", "TurnoutProviders"], swiftSettings: settings),
    .executableTarget(
      name: "turnout",
      dependencies: [
        "TurnoutCore", "TurnoutProviders", "TurnoutLocal", "TurnoutWorkflows", "TurnoutTesting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [
        .embedInCode("Templates/support.yaml"), .embedInCode("Templates/map.yaml"), .embedInCode("Templates/split.yaml"),
      ],
      swiftSettings: settings),
  ]
)
