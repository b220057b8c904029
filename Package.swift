// swift-tools-version: 6.2
import CompilerPluginSupport
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

func library(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
  name: "turnout",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Turnout", targets: ["Turnout"]),
    .library(name: "TurnoutCore", targets: ["TurnoutCore"]),
    .library(name: "TurnoutProviders", targets: ["TurnoutProviders"]),
    .library(name: "TurnoutLocal", targets: ["TurnoutLocal"]),
    .library(name: "TurnoutWorkflows", targets: ["TurnoutWorkflows"]),
    .library(name: "TurnoutEvaluation", targets: ["TurnoutEvaluation"]),
    .library(name: "TurnoutTelemetry", targets: ["TurnoutTelemetry"]),
    .library(name: "TurnoutTesting", targets: ["TurnoutTesting"]),
    .library(name: "TurnoutTestServer", targets: ["TurnoutTestServer"]),
    .executable(name: "turnout", targets: ["TurnoutCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
  ],
  targets: [
    library("TurnoutCore", []),
    library(
      "TurnoutProviders",
      [
        "TurnoutCore", product("AsyncHTTPClient", "async-http-client"), product("NIOCore", "swift-nio"),
        product("NIOEmbedded", "swift-nio"), product("NIOHTTP1", "swift-nio"), product("NIOPosix", "swift-nio"),
        product("NIOSSL", "swift-nio-ssl"), product("NIOHTTPCompression", "swift-nio-extras"),
      ]),
    library(
      "TurnoutLocal",
      [
        "TurnoutCore", "TurnoutProviders", product("Subprocess", "swift-subprocess"),
        product("SystemPackage", "swift-system"),
      ],
      resources: [
        .embedInCode("Resources/install.py"), .embedInCode("Resources/keeper.py"),
        .embedInCode("Resources/chat_server.py"), .embedInCode("Resources/embeddings_server.py"),
        .embedInCode("Resources/pins.json"),
      ]),
    library("TurnoutWorkflows", ["TurnoutCore", "TurnoutProviders", "TurnoutLocal", product("Yams", "Yams")]),
    library("TurnoutEvaluation", ["TurnoutCore"]),
    library(
      "TurnoutTelemetry",
      [
        "TurnoutCore", product("Logging", "swift-log"), product("Metrics", "swift-metrics"),
        product("Tracing", "swift-distributed-tracing"),
      ]),
    library("TurnoutTesting", ["TurnoutCore"]),
    library(
      "TurnoutTestServer",
      [
        "TurnoutCore", product("NIOCore", "swift-nio"), product("NIOHTTP1", "swift-nio"),
        product("NIOPosix", "swift-nio"),
      ]),
    .macro(
      name: "TurnoutMacros",
      dependencies: [
        product("SwiftCompilerPlugin", "swift-syntax"), product("SwiftDiagnostics", "swift-syntax"),
        product("SwiftParser", "swift-syntax"), product("SwiftSyntax", "swift-syntax"),
        product("SwiftSyntaxBuilder", "swift-syntax"), product("SwiftSyntaxMacros", "swift-syntax"),
      ],
      swiftSettings: settings),
    library("Turnout", ["TurnoutCore", "TurnoutMacros"]),
    .executableTarget(
      name: "TurnoutCommand",
      dependencies: [
        "TurnoutCore", "TurnoutProviders", "TurnoutLocal", "TurnoutWorkflows", "TurnoutEvaluation", "TurnoutTesting",
        product("ArgumentParser", "swift-argument-parser"),
      ],
      resources: [
        .embedInCode("Templates/support.yaml"), .embedInCode("Templates/map.yaml"),
        .embedInCode("Templates/split.yaml"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "support-example", dependencies: ["Turnout", "TurnoutCore", "TurnoutLocal", "TurnoutProviders"],
      path: "Examples/Support",
      swiftSettings: settings),
    .executableTarget(
      name: "stakeholders-example", dependencies: ["Turnout", "TurnoutCore", "TurnoutLocal", "TurnoutProviders"],
      path: "Examples/Stakeholders", swiftSettings: settings),
    .executableTarget(
      name: "patterns-example", dependencies: ["Turnout", "TurnoutCore", "TurnoutProviders", "TurnoutTesting"],
      path: "Examples/Patterns", swiftSettings: settings),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    tests("TurnoutCoreTests", ["TurnoutCore", "TurnoutTesting"]),
    tests("TurnoutEvaluationTests", ["TestSupport", "TurnoutCore", "TurnoutEvaluation", "TurnoutTesting"]),
    tests("TurnoutTestingTests", ["TurnoutCore", "TurnoutTesting"]),
    tests(
      "TurnoutProvidersTests",
      [
        "TestSupport", "TurnoutCore", "TurnoutProviders", "TurnoutTestServer", "TurnoutTesting",
        product("NIOCore", "swift-nio"),
        product("NIOHTTP1", "swift-nio"),
        product("NIOPosix", "swift-nio"),
      ]),
    tests(
      "TurnoutTestServerTests",
      [
        "TestSupport", "TurnoutCore", "TurnoutProviders", "TurnoutTestServer", "TurnoutTesting",
        product("NIOCore", "swift-nio"),
        product("NIOPosix", "swift-nio"),
      ]),
    tests(
      "TurnoutLocalTests",
      [
        "TestSupport", "TurnoutLocal", product("Subprocess", "swift-subprocess"),
        product("SystemPackage", "swift-system"),
      ]),
    tests(
      "TurnoutTelemetryTests",
      [
        "TestSupport", "TurnoutCore", "TurnoutProviders", "TurnoutTelemetry", "TurnoutTestServer", "TurnoutTesting",
        product("Logging", "swift-log"),
        product("InMemoryLogging", "swift-log"), product("CoreMetrics", "swift-metrics"),
        product("Metrics", "swift-metrics"), product("MetricsTestKit", "swift-metrics"),
        product("Tracing", "swift-distributed-tracing"), product("InMemoryTracing", "swift-distributed-tracing"),
      ]),
    tests(
      "TurnoutMacrosTests",
      [
        "TurnoutMacros", product("SwiftDiagnostics", "swift-syntax"), product("SwiftParser", "swift-syntax"),
        product("SwiftSyntax", "swift-syntax"), product("SwiftSyntaxBuilder", "swift-syntax"),
        product("SwiftSyntaxMacroExpansion", "swift-syntax"), product("SwiftSyntaxMacros", "swift-syntax"),
        product("SwiftSyntaxMacrosGenericTestSupport", "swift-syntax"),
      ]),
    tests("TurnoutTests", ["Turnout", "TurnoutCore"]),
    tests(
      "TurnoutWorkflowsTests",
      ["TestSupport", "TurnoutCore", "TurnoutLocal", "TurnoutProviders", "TurnoutTesting", "TurnoutWorkflows"]),
    tests(
      "TurnoutCommandTests",
      [
        "TestSupport", "TurnoutCore", "TurnoutEvaluation", "TurnoutLocal", product("Subprocess", "swift-subprocess"),
        product("SystemPackage", "swift-system"),
      ]),
  ]
)
