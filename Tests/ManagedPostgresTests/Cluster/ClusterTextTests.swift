import Testing

@testable import ManagedPostgres

@Suite struct ClusterTextTests {
    static let lines = ["4711", "/d/data", "1700000000", "5432", "/d/socket", "", "   123    45"]

    @Test func `the postmaster's file tells number and readiness`() {
        let starting = PostmasterFile((Self.lines + ["starting", ""]).joined(separator: "\n"))
        #expect(starting?.processID == 4711)
        #expect(starting?.isReady == false)
        #expect(PostmasterFile((Self.lines + ["ready   ", ""]).joined(separator: "\n"))?.isReady == true)
        #expect(PostmasterFile((Self.lines + ["stopping", ""]).joined(separator: "\n"))?.isReady == false)
        #expect(PostmasterFile("-4711\n")?.processID == 4711)
    }

    @Test(arguments: ["", "\n", "postgres\n", "0\n"])
    func `a half-written file says nothing`(_ text: String) {
        #expect(PostmasterFile(text) == nil)
    }

    @Test(arguments: [(256, 128), (512, 128), (2048, 512), (4096, 1024), (65_536, 1024)])
    func `shared buffers are a quarter of memory within bounds`(_ memoryMegabytes: Int64, _ expected: Int64) {
        #expect(ServerSettings.sharedBuffersMegabytes(memoryBytes: memoryMegabytes * ServerSettings.megabyte) == expected)
    }

    @Test func `each system user may be each role and no other`() {
        let rules = AccessRules(systemUsers: ["postgres", "root"], roles: ["owner", "odd\"name"])
        let lines = rules.identityMap.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                #"plateau "postgres" "owner""#, #"plateau "postgres" "odd""name""#, #"plateau "root" "owner""#,
                #"plateau "root" "odd""name""#,
            ])
        #expect(rules.rules.split(separator: "\n").filter { !$0.hasPrefix("#") }.allSatisfy { $0.hasSuffix("peer map=plateau") })
    }

    @Test func `a server without LZ4 compresses its log the older way`() throws {
        let layout = try StateLayout(.init(stateDirectory: "/d"), in: StateLayoutTests.surroundings(0))
        let text = ServerSettings(layout: layout, maximumConnections: 60, memoryBytes: 0, compressesWithLZ4: false).text
        #expect(text.contains("wal_compression = on\n"))
    }
}
