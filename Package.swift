// swift-tools-version: 6.1
// SPDX-License-Identifier: MIT
// The modules as a table: each row says what it uses, all of it above; otherwise the manifest stops.
// ManifestTests holds the rows against the imports.

import Foundation
import PackageDescription

struct Module {
  let name: String
  var uses: [String] = []
  var products: [String] = []
  var isSystemLibrary = false
  var isExecutable = false
  var resources: [Resource] = []
  /// Modules that only its tests use.
  var testUses: [String] = []
}

func module(
  _ name: String, _ uses: [String] = [], products: [String] = [],
  executable: Bool = false, resources: [Resource] = [], testUses: [String] = []
) -> Module {
  Module(
    name: name, uses: uses, products: products, isExecutable: executable,
    resources: resources, testUses: testUses)
}

func library(_ name: String) -> Module { Module(name: name, isSystemLibrary: true) }

// Library products by name: the package that has it, and why it is here.
let externals: [String: (package: String, url: String, version: Version)] = [
  // Command line: parsing, help pages, shell completion.
  "ArgumentParser": (
    "swift-argument-parser", "https://github.com/apple/swift-argument-parser", "1.8.2"
  ),
  // The server of `serve`, of Swift concurrency alone (docs/decisions/0013); its sockets.
  "FlyingSocks": ("FlyingFox", "https://github.com/swhitty/FlyingFox", "0.27.1"),
  // One child process per trial, with structured cancellation.
  "Subprocess": ("swift-subprocess", "https://github.com/swiftlang/swift-subprocess", "1.0.2"),
]

let lasting: [Module] = [
  library("CCairo"),
  library("CPNG"),
  library("CMarkdown"),
  library("CSQLite"),
  library("CLanes"),
  module("Digest", ["CLanes"]),
  module("Randomness"),
  module("Diagnostics"),
  module("KernelLoops", ["CLanes"]),
  // The same sources three times: for the oldest CPU, and for those with wider registers.
  module("KernelsBaseline", ["CLanes", "KernelLoops"]),
  module("KernelsAVX2", ["CLanes", "KernelLoops"]),
  module("KernelsAVX512", ["CLanes", "KernelLoops"]),
  module("ParameterSchema"),
  module("Statistics", ["Randomness"]),
  module("Plotting", ["CCairo", "CPNG", "Diagnostics", "Digest"], testUses: ["Randomness"]),
  module("Kernels", ["KernelsBaseline", "KernelsAVX2", "KernelsAVX512", "KernelLoops", "CLanes"]),
  module(
    "ExperimentSpec",
    ["Diagnostics", "Digest", "ParameterSchema", "Randomness", "Statistics"]),
  module("Artifacts", ["Digest"]),
  module(
    "Environments", ["Kernels", "Randomness", "ParameterSchema"],
    testUses: ["Artifacts", "Digest"]),
  // Which trials of a sweep are worth their time: decisions, no files.
  module(
    "Search", ["Diagnostics", "ExperimentSpec", "ParameterSchema", "Randomness", "Statistics"]),
  module(
    "RunStore",
    [
      "Diagnostics", "ExperimentSpec", "ParameterSchema", "Artifacts", "Digest",
      "Statistics",
    ]),
  // What other programs wrote of their runs.
  module(
    "Imports",
    [
      "CSQLite", "Diagnostics", "Digest", "ParameterSchema", "Statistics", "ExperimentSpec",
      "Artifacts", "RunStore",
    ]),
  module(
    "Policies",
    [
      "CLanes", "Artifacts", "Diagnostics", "Environments", "KernelLoops", "Kernels",
      "Randomness", "ParameterSchema",
    ]),
  module(
    "GymnasiumBridge",
    ["Diagnostics", "Environments", "Kernels", "ParameterSchema", "Randomness"],
    resources: [.embedInCode("Python")], testUses: ["Digest"]),
  module(
    "Runner", ["RunStore", "Artifacts", "ExperimentSpec", "ParameterSchema", "Diagnostics"],
    products: ["Subprocess"], testUses: ["Digest"]),
  // Files and answers for a browser, over HTTP.
  module(
    "Serving", ["Artifacts", "ExperimentSpec", "RunStore", "Runner"],
    products: ["FlyingSocks"]),
  module(
    "Report",
    [
      "RunStore", "Artifacts", "Statistics", "Plotting", "ExperimentSpec", "ParameterSchema",
      "CMarkdown", "Diagnostics", "Digest", "Search",
    ],
    resources: [.embedInCode("Assets")], testUses: ["Policies"]),
  module(
    "Algorithms",
    [
      "Artifacts", "Policies", "Environments", "KernelLoops", "Kernels", "Randomness",
      "ParameterSchema",
    ]),
  module(
    "Trials",
    [
      "Algorithms", "Policies", "Environments", "GymnasiumBridge", "ExperimentSpec",
      "ParameterSchema", "Artifacts", "RunStore", "Randomness", "Kernels", "Diagnostics", "Digest",
    ]),
  module(
    "Commands",
    [
      "Algorithms", "Policies", "Environments", "GymnasiumBridge", "ParameterSchema",
      "ExperimentSpec", "Diagnostics", "Artifacts", "RunStore", "Imports", "Trials",
      "Runner", "Report", "Search", "Serving", "Statistics", "Kernels", "Randomness",
    ],
    products: ["ArgumentParser"]),
  module("rallybook", ["Commands"], executable: true),
  module(
    "RallybookBench",
    [
      "Algorithms", "Diagnostics", "GymnasiumBridge", "Policies", "Environments",
      "ParameterSchema", "Randomness", "Kernels",
    ],
    executable: true),
]

// RALLYBOOK_FUZZ names libFuzzer's library without a main; only then are the readers built for
// `make fuzz`, every module instrumented.
let fuzzer = ProcessInfo.processInfo.environment["RALLYBOOK_FUZZ"]
let fuzzed: [Module] = [
  library("CFuzzer"),
  module(
    "RallybookFuzz",
    [
      "Commands", "CFuzzer", "Artifacts", "Diagnostics", "Digest", "ExperimentSpec", "Imports",
      "ParameterSchema",
      "Randomness", "Report", "RunStore", "Trials",
    ],
    products: ["ArgumentParser"], executable: true),
]
let modules = fuzzer == nil ? lasting : lasting + fuzzed

for (place, row) in modules.enumerated() {
  for used in row.uses where !modules[..<place].contains(where: { $0.name == used }) {
    fatalError("\(row.name) may not use \(used): no row above has it")
  }
}

// RALLYBOOK_MODULES="Plotting,Statistics" builds and tests only those modules and what they use.
func closure(of names: [String], withTests: Bool = false) -> Set<String> {
  var found: Set<String> = []
  var open = names
  while let name = open.popLast() {
    if found.insert(name).inserted, let row = modules.first(where: { $0.name == name }) {
      open += row.uses + (withTests ? row.testUses : [])
    }
  }
  return found
}
let asked = ProcessInfo.processInfo.environment["RALLYBOOK_MODULES"]?
  .split(separator: ",").map(String.init)
let wanted = asked.map { closure(of: $0, withTests: true) } ?? Set(modules.map(\.name))
let built = modules.filter { wanted.contains($0.name) }

let checked: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-warnings-as-errors"]),
]
let settings = fuzzer == nil ? checked : checked + [.unsafeFlags(["-sanitize=fuzzer"])]

// Wider registers for the modules that are entered only where the CPU has them.
#if arch(x86_64)
  let wide = [
    "KernelsAVX2": ["-mavx2"],
    "KernelsAVX512": ["-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw"],
  ].mapValues { $0.flatMap { ["-Xcc", $0] } }
#else
  let wide: [String: [String]] = [:]
#endif
// The decision loop is single-threaded and checked for exclusive access when compiled; checking
// again at every access of a property costs a third of its time (`make bench`, rules and decisions).
let unchecked = [
  "KernelsBaseline", "KernelsAVX2", "KernelsAVX512", "Kernels", "Environments", "Policies",
  "Algorithms",
]
// Tests look inside these, whose types would otherwise need an initializer each for them alone.
let testable = [
  "Artifacts", "ExperimentSpec", "Imports", "Plotting", "RunStore", "Runner", "Search",
  "Statistics",
]
let flags = wide.merging(
  unchecked.map { ($0, ["-enforce-exclusivity=unchecked"]) }
    + testable.map { ($0, ["-enable-testing"]) }, uniquingKeysWith: +)

// Swift's runtime is linked into programs: a start costs 10 instead of 15 ms of CPU, a trial is a
// start, and what is built runs where there is no Swift. LLD takes archives in any order, in a
// third of the time. The linker's digest of a program stands in every trial's provenance.
#if os(Linux)
  let archives = [
    "CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections",
  ]
  let linked: [LinkerSetting] = [
    .unsafeFlags(
      ["-static-stdlib", "-use-ld=lld", "-Xlinker", "--build-id=sha1"] + archives.map { "-l\($0)" })
  ]
#else
  let linked: [LinkerSetting] = []
#endif
let linkerSettings =
  fuzzer.map { library in
    let words = ["--whole-archive", library, "--no-whole-archive", "-lstdc++"]
    return [.unsafeFlags(words.flatMap { ["-Xlinker", $0] })]
  } ?? linked

let systemLibraries: [String: (pkgConfig: String, apt: String)] = [
  // With the part of Pango that writes lines of text.
  "CCairo": ("cairo", "libcairo2-dev libpango1.0-dev"),
  "CPNG": ("libpng", "libpng-dev"),
  "CMarkdown": ("libcmark-gfm", "libcmark-gfm-dev"),
  // Databases that other programs keep their runs in.
  "CSQLite": ("sqlite3", "libsqlite3-dev"),
]

func dependencies(of row: Module) -> [Target.Dependency] {
  row.uses.map { .target(name: $0) }
    + row.products.compactMap { name in
      externals[name].map { .product(name: name, package: $0.package) }
    }
}

func testTarget(for row: Module) -> Target? {
  let path = "Tests/\(row.name)Tests"
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
  guard FileManager.default.fileExists(atPath: "\(root)/\(path)") else { return nil }
  let used = closure(of: [row.name] + row.testUses).filter { name in
    modules.contains { $0.name == name && !$0.isSystemLibrary && !$0.isExecutable }
  }
  let all: [Target.Dependency] = (used.sorted() + ["TestSupport"]).map { .target(name: $0) }
  let fixtures = "\(root)/\(path)/Fixtures"
  return .testTarget(
    name: "\(row.name)Tests", dependencies: all, path: path,
    resources: FileManager.default.fileExists(atPath: fixtures) ? [.copy("Fixtures")] : [],
    swiftSettings: settings)
}

let targets: [Target] = built.flatMap { row -> [Target] in
  if row.isSystemLibrary {
    guard let source = systemLibraries[row.name] else { return [.systemLibrary(name: row.name)] }
    return [
      .systemLibrary(
        name: row.name, pkgConfig: source.pkgConfig,
        providers: [.apt(source.apt.split(separator: " ").map(String.init))])
    ]
  }
  let swiftSettings = settings + (flags[row.name].map { [.unsafeFlags($0)] } ?? [])
  let target: Target =
    row.isExecutable
    ? .executableTarget(
      name: row.name, dependencies: dependencies(of: row), resources: row.resources,
      swiftSettings: swiftSettings, linkerSettings: linkerSettings)
    : .target(
      name: row.name, dependencies: dependencies(of: row), resources: row.resources,
      swiftSettings: swiftSettings)
  return [target] + [testTarget(for: row)].compactMap { $0 }
}

// What tests of several modules need: child processes, tools, folders, seeded numbers.
let support = Target.target(
  name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings)

// A package may have several of the products.
let needed = Dictionary(
  built.flatMap(\.products).compactMap { externals[$0] }.map { ($0.url, $0.version) },
  uniquingKeysWith: { first, _ in first })
let package = Package(
  name: "rallybook",
  products: built.filter(\.isExecutable).map { .executable(name: $0.name, targets: [$0.name]) },
  dependencies: needed.sorted { $0.key < $1.key }.map { .package(url: $0.key, exact: $0.value) },
  targets: targets + [support],
  swiftLanguageModes: [.v6]
)
