import Foundation

/// What is installed: the pinned packages, as `pins.json` lists them.
struct PinList: Decodable {
  struct Wheel: Decodable {
    let size: Int
    let sha256: String
  }

  struct Package: Decodable {
    let name: String
    let version: String
    let wheels: [String: Wheel]
  }

  let packages: [Package]

  /// The list this build was made with.
  static let embedded: PinList = {
    let list = try? JSONDecoder().decode(PinList.self, from: Data(PackageResources.pins_json))
    return list ?? PinList(packages: [])
  }()

  /// What there is to download on this platform, or `nil` where a package has no wheel.
  var downloadMegabytes: Int? {
    var total = 0
    for package in packages {
      guard let wheel = package.wheels[Self.platform] ?? package.wheels["any"] else { return nil }
      total += wheel.size
    }
    return packages.isEmpty ? nil : (total + 500_000) / 1_000_000
  }

  static let platform: String = {
    #if os(macOS)
      let system = "macos"
    #else
      let system = "linux"
    #endif
    #if arch(x86_64)
      return "\(system)-x86_64"
    #elseif os(macOS)
      return "\(system)-arm64"
    #else
      return "\(system)-aarch64"
    #endif
  }()
}
