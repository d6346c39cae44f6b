// swift-tools-version: 6.2
import PackageDescription

/// Applied to every target of ours.
let house: [SwiftSetting] = [
    // SE-0335: an existential is spelled `any P`.
    .enableUpcomingFeature("ExistentialAny"),
    // SE-0444: a member is visible only where its module is imported.
    .enableUpcomingFeature("MemberImportVisibility"),
    // SE-0409: an import is internal unless it says otherwise.
    .enableUpcomingFeature("InternalImportsByDefault"),
    // SE-0443: a warning is a defect.
    .treatAllWarnings(as: .error),
]

/// SE-0458: every unsafe use of the C library is marked where it stands.
let memorySafe: [SwiftSetting] = house + [.strictMemorySafety()]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

/// What every slice is built from.
let ground: [Target.Dependency] = ["Locking", "Kernel", "Postgres", "Schema", "Upkeep", "HTTPEdge", hummingbird, httpTypes, log]

/// In the order in which they may call each other.
let slices: [Target.Dependency] = [
    "Access", "Centres", "Labels", "Platforms", "Inventory", "Offers", "Bookings", "Maintenance", "Attestations", "Utilisation", "Delivery",
]

let package = Package(
    name: "plateau",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.4.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV.git", from: "0.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
    ],
    targets: [
        // MARK: Ground
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .target(name: "CEvents"),
        // Every lock of the house; in builds with the Thread Sanitizer (-D THREAD_SANITIZER) one that it sees.
        .target(name: "Locking", swiftSettings: house),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CQrencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"]), .brew(["qrencode"])]),
        .target(name: "QRCodes", dependencies: ["CQrencode"], swiftSettings: memorySafe),
        .target(
            name: "Postgres",
            dependencies: [
                "CLibPQ", "CEvents", "Locking", log, metrics, tracing, lifecycle,
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe),
        .target(name: "ManagedPostgres", dependencies: ["Postgres", "Locking", log, lifecycle], swiftSettings: house),
        .target(name: "Kernel", swiftSettings: house),
        .target(name: "Recurrence", dependencies: ["Kernel"], swiftSettings: house),
        .target(name: "Schema", dependencies: ["Kernel", "Postgres"], swiftSettings: house, plugins: ["EmbedSQL"]),
        .target(name: "Upkeep", dependencies: [log, lifecycle], swiftSettings: house),
        .target(
            name: "HTTPEdge",
            dependencies: [
                "Kernel", "Recurrence", "Locking", "CZlib", hummingbird, hummingbirdCore, httpTypes, nioCore, nioHTTP1, nioHTTPTypes,
                nioHTTPTypesHTTP1, nioSSL,
                nioTLS, crypto, log, metrics, tracing, lifecycle,
            ],
            swiftSettings: house),
        // Signs people in at an identity provider; knows nothing of Plateau.
        .target(
            name: "OpenIDConnect",
            dependencies: [
                "Kernel", "HTTPEdge", crypto, nioCore, nioHTTP1, .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "JWTKit", package: "jwt-kit"),
            ],
            swiftSettings: house),

        // MARK: Slices, each calling only the ones before it
        .target(
            name: "Access", dependencies: ground + [crypto, cryptoExtras, lifecycle, nioCore, nioPosix], swiftSettings: house,
            plugins: ["EmbedSQL"]),
        .target(
            name: "Centres", dependencies: ground + ["Recurrence", "Access"], swiftSettings: house, plugins: ["EmbedSQL"]),
        .target(name: "Labels", dependencies: ground + ["Access", "Centres", nioCore], swiftSettings: house, plugins: ["EmbedSQL"]),
        .target(
            name: "Platforms", dependencies: ground + ["Access", "Centres", "Labels"], swiftSettings: house, plugins: ["EmbedSQL"]),
        .target(
            name: "Inventory", dependencies: ground + ["QRCodes", "Access", "Centres", "Labels", "Platforms", nioCore],
            swiftSettings: house,
            plugins: ["EmbedSQL"]),
        .target(
            name: "Offers", dependencies: ground + ["Access", "Centres", "Labels", "Platforms"], swiftSettings: house,
            plugins: ["EmbedSQL"]),
        .target(
            name: "Bookings", dependencies: ground + ["Recurrence", "Access", "Centres", "Labels", "Platforms", "Inventory"],
            swiftSettings: house, plugins: ["EmbedSQL"]),
        .target(
            name: "Maintenance",
            dependencies: ground + ["Access", "Centres", "Labels", "Platforms", "Inventory", "Bookings"], swiftSettings: house,
            plugins: ["EmbedSQL"]),
        .target(
            name: "Attestations", dependencies: ground + ["Access", "Platforms"], swiftSettings: house,
            plugins: ["EmbedSQL"]),
        .target(
            name: "Utilisation", dependencies: ground + ["Access", "Centres", "Labels", "Platforms", "Inventory", "Bookings"],
            swiftSettings: house, plugins: ["EmbedSQL"]),

        .target(
            name: "Delivery",
            dependencies: ground + [
                "Access", "Bookings", crypto, nioCore, nioHTTP1, .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: house, plugins: ["EmbedSQL"]),
        // MARK: What people see, above every slice
        .target(
            name: "Pages",
            dependencies: ground + slices + ["OpenIDConnect", nioCore, .product(name: "Mustache", package: "swift-mustache")],
            exclude: ["Templates"], swiftSettings: house, plugins: ["EmbedSQL"]),

        // MARK: The executable
        .target(
            name: "Demo",
            dependencies: ground + ["Access", "Centres", .product(name: "SwiftCSV", package: "SwiftCSV")],
            resources: [
                .embedInCode("Facts/centres.csv"), .embedInCode("Facts/label-decisions.csv"),
                .embedInCode("Facts/platforms.csv"), .embedInCode("Facts/towns.csv"), .embedInCode("Facts/courses.csv"),
                .embedInCode("Facts/stocks.csv"), .embedInCode("Facts/kits.csv"),
            ],
            swiftSettings: house, plugins: ["EmbedSQL"]),
        .target(
            name: "Benchmarks",
            dependencies: ["Kernel", "Locking", "Postgres", "Schema", log],
            swiftSettings: house, plugins: ["EmbedSQL"]),
        .target(
            name: "Composition", dependencies: ground + slices + ["OpenIDConnect", "Pages", crypto, lifecycle, metrics, nioCore],
            exclude: ["Contract"], swiftSettings: house, plugins: ["EmbedSQL"]),
        .executableTarget(
            name: "plateau",
            dependencies: [
                "Kernel", "Postgres", "ManagedPostgres", "Schema", "HTTPEdge", "OpenIDConnect", "Access", "Centres", "Bookings",
                "Maintenance", "Utilisation", "Delivery",
                "Pages", "Composition",
                "Demo",
                "Benchmarks", "Locking", "Telemetry", log, lifecycle, signals, hummingbird,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: house),

        .target(
            name: "Telemetry",
            dependencies: [
                "HTTPEdge", "Locking", hummingbird, hummingbirdCore, httpTypes, nioCore, nioHTTP1, log, lifecycle, tracing,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: house),

        // MARK: sql/ becomes typed constants
        .executableTarget(name: "SQLEmbedder", swiftSettings: house),
        .plugin(name: "EmbedSQL", capability: .buildTool(), dependencies: ["SQLEmbedder"], path: "Sources/EmbedSQL"),

        // MARK: Tests
        .target(
            name: "TestSupport",
            dependencies: [
                "Kernel", "Locking", "Postgres", "ManagedPostgres", "Schema", "HTTPEdge", "OpenIDConnect", "Access", "Delivery",
                "Composition", log, nioCore,
                nioHTTP1,
                httpTypes, hummingbird,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            path: "Tests/TestSupport", swiftSettings: house),
        .testTarget(
            name: "PostgresTests",
            dependencies: [
                "Locking", "Postgres", "TestSupport", log, tracing, .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: house),
        .testTarget(name: "ManagedPostgresTests", dependencies: ["ManagedPostgres", "TestSupport"], swiftSettings: house),
        .testTarget(name: "KernelTests", dependencies: ["Kernel"], swiftSettings: house),
        .testTarget(name: "UpkeepTests", dependencies: ["Upkeep", "Locking", log, lifecycle], swiftSettings: house),
        .testTarget(name: "RecurrenceTests", dependencies: ["Kernel", "Recurrence"], swiftSettings: house),
        .testTarget(
            name: "HTTPEdgeTests",
            dependencies: [
                "HTTPEdge", "Kernel", "Locking", "CZlib", hummingbird, httpTypes, log, nioCore, nioHTTP1, nioHTTPTypes, nioSSL, tracing,
                lifecycle,
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "AccessTests",
            dependencies: [
                "Access", "Centres", "Composition", "HTTPEdge", "Kernel", "Postgres", "TestSupport", hummingbird, httpTypes, log,
            ],
            swiftSettings: house),
        .testTarget(
            name: "OpenIDConnectTests",
            dependencies: ["OpenIDConnect", "Kernel", cryptoExtras, .product(name: "JWTKit", package: "jwt-kit")], swiftSettings: house),
        .testTarget(
            name: "CentresTests",
            dependencies: ["Access", "Centres", "Composition", "HTTPEdge", "Kernel", "Postgres", "TestSupport", httpTypes],
            swiftSettings: house),
        .testTarget(name: "SchemaTests", dependencies: ["Schema", "Kernel", "Postgres", "TestSupport", log], swiftSettings: house),
        .testTarget(name: "SQLEmbedderTests", dependencies: ["SQLEmbedder"], swiftSettings: house),
        .testTarget(name: "DemoTests", dependencies: ground + ["Access", "Centres", "Demo", "TestSupport"], swiftSettings: house),
        .testTarget(name: "PlatformsTests", dependencies: ground + ["Access", "Platforms", "TestSupport"], swiftSettings: house),
        .testTarget(name: "InventoryTests", dependencies: ground + ["Access", "Inventory", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "LabelsTests", dependencies: ground + ["Access", "Labels", "Composition", "TestSupport", nioCore], swiftSettings: house),
        .testTarget(
            name: "BookingsTests", dependencies: ground + ["Access", "Bookings", "Composition", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "DeliveryTests",
            dependencies: ground + [
                "Access", "Delivery", "Composition", "TestSupport", nioCore, crypto,
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "UtilisationTests", dependencies: ground + ["Access", "Bookings", "Composition", "Utilisation", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "MaintenanceTests", dependencies: ground + ["Access", "Bookings", "Composition", "Maintenance", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "AttestationsTests", dependencies: ground + ["Access", "Attestations", "Composition", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "OffersTests", dependencies: ground + ["Access", "Offers", "Composition", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "PagesTests",
            dependencies: ground + [
                "Access", "Bookings", "Composition", "Demo", "OpenIDConnect", "Pages", "TestSupport",
                .product(name: "Yams", package: "Yams"), .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "HummingbirdTesting", package: "hummingbird"), crypto, nioCore,
            ],
            exclude: ["page-access.yaml"], swiftSettings: house),
        .testTarget(
            name: "CompositionTests",
            dependencies: ground + ["Benchmarks", "Composition", "Demo", "TestSupport", .product(name: "Yams", package: "Yams")],
            swiftSettings: house),
        .testTarget(
            name: "plateauTests",
            dependencies: [
                "plateau", "Composition", "OpenIDConnect", "Postgres", "TestSupport", "Utilisation", httpTypes,
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "TelemetryTests",
            dependencies: [
                "Telemetry", "HTTPEdge", "Locking", hummingbird, httpTypes, log, nioCore, nioHTTP1, lifecycle, tracing,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "HouseRulesTests", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)

// MARK: Fuzzing (Tests/Fuzzing/run), only when asked: code that counts its branches is slow, and needs flags that SwiftPM calls unsafe.
if Context.environment["PLATEAU_FUZZING"] != nil {
    let counted = SwiftSetting.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing", "-O"])
    let read = ["Kernel", "Recurrence", "Postgres", "Schema", "HTTPEdge", "Access", "Centres"]
    for target in package.targets where read.contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + [counted]
    }
    package.targets.append(
        .executableTarget(
            name: "Fuzzing",
            dependencies: [
                "Kernel", "Recurrence", "Postgres", "Schema", "HTTPEdge", "Access", "Centres", hummingbird, httpTypes, nioCore, nioHTTP1,
                nioHTTPTypes, .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Tests/Fuzzing", exclude: ["run", "README.md", "Corpora"],
            swiftSettings: house + [counted, .unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]))
}
