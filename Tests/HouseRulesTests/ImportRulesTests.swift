import Testing

struct ImportRulesTests {
    private static let toolchain: Set<String> = [
        "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Locking", "Musl", "Synchronization",
    ]
    private static let ground: Set<String> = [
        "Kernel", "Postgres", "Schema", "HTTPEdge", "Hummingbird", "HTTPTypes", "Logging", "NIOCore", "ServiceLifecycle",
        "FoundationEssentials", "Locking", "Upkeep",
    ]
    /// In the order in which they may call each other.
    private static let slices = [
        "Access", "Centres", "Labels", "Platforms", "Inventory", "Offers", "Bookings", "Maintenance", "Attestations", "Utilisation",
        "Delivery",
    ]

    /// What each target may import; a target that isn't here must be added with a reason to exist.
    private static let allowed: [String: Set<String>] = {
        var allowed: [String: Set<String>] = [
            "Locking": ["Darwin", "Glibc", "Musl", "Synchronization"],
            "CLibPQ": [],
            "CEvents": [],
            "CZlib": [],
            "CQrencode": [],
            // Labels of equipment: the library is the system's.
            "QRCodes": ["CQrencode"],
            "Kernel": ["Foundation", "FoundationEssentials"],
            "Recurrence": ["Kernel"],
            "Postgres": [
                "CLibPQ", "CEvents", "DequeModule", "Logging", "Metrics", "ServiceLifecycle", "FoundationEssentials", "Glibc",
                "Locking", "Synchronization", "Tracing",
            ],
            "ManagedPostgres": toolchain.union(["Postgres", "Logging", "ServiceLifecycle"]),
            "Schema": ["Kernel", "Postgres", "Logging", "FoundationEssentials"],
            "Upkeep": ["Logging", "ServiceLifecycle"],
            "HTTPEdge": toolchain.union([
                "Kernel", "Crypto", "CZlib", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "Metrics", "NIOCore", "NIOHTTP1",
                "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "NIOSSL", "NIOTLS", "Recurrence", "ServiceLifecycle", "Tracing",
            ]),
            "Telemetry": toolchain.union([
                "HTTPEdge", "AsyncHTTPClient", "CoreMetrics", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore",
                "NIOHTTP1", "ServiceLifecycle", "Tracing",
            ]),
            "Demo": toolchain.union(slices).union(["Kernel", "Postgres", "Schema", "Logging", "SwiftCSV"]),
            "Benchmarks": toolchain.union(slices).union(["Kernel", "Postgres", "Schema", "Logging"]),
            // The one place that knows every slice; above it stand only the program and the tests.
            "Composition": ground.union(slices).union(["OpenIDConnect", "Pages", "Crypto", "Metrics"]),
            "Pages": ground.union(slices).union(["Mustache", "OpenIDConnect"]),
            // It calls out, to the identity provider alone.
            "OpenIDConnect": ["AsyncHTTPClient", "Crypto", "FoundationEssentials", "HTTPEdge", "JWTKit", "Kernel", "NIOCore", "NIOHTTP1"],
            "plateau": toolchain.union(ground).union(slices).union([
                "ManagedPostgres", "OpenIDConnect", "Pages", "Composition", "Demo", "Benchmarks", "Telemetry", "CoreMetrics",
                "ArgumentParser",
                "Configuration",
                "SystemPackage", "UnixSignals",
                "Yams",
            ]),
            "SQLEmbedder": ["Foundation"],
            "EmbedSQL": ["Foundation", "PackagePlugin"],
        ]
        for (index, slice) in slices.enumerated() { allowed[slice] = ground.union(slices[..<index]) }
        allowed["Access"]?.formUnion(["Crypto", "CryptoExtras", "NIOPosix"])
        allowed["Bookings"]?.insert("Recurrence")
        allowed["Centres"]?.insert("Recurrence")
        allowed["Inventory"]?.insert("QRCodes")
        // It alone calls out, and starts the mail program.
        allowed["Delivery"]?.formUnion(["AsyncHTTPClient", "Crypto", "Glibc", "NIOHTTP1", "NIOPosix"])
        return allowed
    }()

    @Test func `a target imports only what stands below it`() {
        report(
            Repository.productFiles.flatMap { file in
                file.imports.compactMap { line, module in
                    guard let allowed = Self.allowed[file.target] else {
                        return Violation(path: file.path, line: line, rule: "the target \(file.target) has no list of imports")
                    }
                    return allowed.contains(module)
                        ? nil : Violation(path: file.path, line: line, rule: "\(file.target) must not import \(module)")
                }
            })
    }

    @Test func `only the handles of Postgres speak to libpq`() {
        report(
            Repository.swiftFiles.flatMap { file in
                file.imports.filter { $0.module == "CLibPQ" && !file.path.hasPrefix("Sources/Postgres/Handles/") }
                    .map { Violation(path: file.path, line: $0.line, rule: "import CLibPQ belongs to Sources/Postgres/Handles") }
            })
    }

    @Test func `the kernel stays small`() {
        let count = Repository.productFiles.count { $0.target == "Kernel" }
        #expect(count <= 20, "Sources/Kernel has \(count) files; at most 20")
    }
}
