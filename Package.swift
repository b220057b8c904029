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
    .library(name: "TurnoutTesting", targets: ["TurnoutTesting"]),
  ],
  dependencies: [],
  targets: [
    .target(name: "TurnoutCore", swiftSettings: settings),
    .target(name: "TurnoutTesting", dependencies: ["TurnoutCore"], swiftSettings: settings),
  ]
)
