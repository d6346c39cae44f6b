import Composition
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Benchmarks

@Suite("What the benchmarks measure")
struct BenchmarkWorkTests {
    private static let sets = WorkSet.allCases.filter { ![.pages, .rules].contains($0) }

    @Test(arguments: sets)
    func `is what the service runs: each statement with as many parameters as it has, and PostgreSQL takes it`(works: WorkSet) async throws
    {
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 1_000, works: works)
        let measured = try Work.all(network: network, statements: House.statements)
        #expect(measured.count >= 3)
        try await withTestDatabase { database in
            for work in measured {
                let statements = try Self.statements(of: work, network)
                #expect(!statements.isEmpty, "\(work.name)")
                for statement in statements {
                    let plan = try await database.owner.queryText("explain \(statement)", [])
                    #expect(!plan.isEmpty, "\(work.name)")
                }
            }
        }
    }

    @Test(arguments: [WorkSet.booking, .engine, .utilisation])
    func `whoever books is given what is asked for, and as much of it as is counted`(works: WorkSet) async throws {
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 1_000, works: works)
        let measured = try Work.all(network: network, statements: House.statements).filter { $0.bookings > 0 }
        #expect(!measured.isEmpty)
        try await withTestDatabase { database in
            try await network.load(into: database.owner, credentials: .test)
            for work in measured {
                let statement = try #require(try Self.statements(of: work, network).first)
                let rows = try await database.owner.queryText(statement)
                #expect(rows.count == (work.bookings == 1 ? 1 : work.bookings))
                #expect(rows.allSatisfy { $0.contains("created") }, "\(work.name): \(rows.first ?? [])")
            }
            let made = try await database.owner.queryText("select count(*) - 1000 from bookings.booking")
            #expect(made == [["\(measured.reduce(0) { $0 + $1.bookings })"]])
        }
    }

    @Test func `a seat comes with an asset, and what is found has slots in ten centres`() async throws {
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 1_000, works: .engine)
        let works = try Work.all(network: network, statements: House.statements)
        try await withTestDatabase { database in
            try await network.load(into: database.owner, credentials: .test)
            let pair = try #require(works.first { $0.name == "booking, a seat and an asset" })
            _ = try await database.owner.queryText(try #require(try Self.statements(of: pair, network).first))
            let kinds = try await database.owner.queryText(
                """
                select r.kind from bookings.line l join platforms.resource r on r.centre_id = l.centre_id and r.id = l.resource_id
                where l.booking_id = (select b.id from bookings.booking b where b.reference not like 'SEED%') order by l.number
                """)
            #expect(kinds == [["platform"], ["equipment"]])
            let skilled = try #require(works.first { $0.name == "find any, a skill in 10 centres" })
            let found = try await database.owner.queryText(try #require(try Self.statements(of: skilled, network).first))
            #expect(!found.isEmpty)
            let many = try #require(works.first { $0.name == "availability, a week of 50" })
            #expect(try Self.statements(of: many, network).count == 50)
        }
    }

    @Test func `a year has what was booked in it`() async throws {
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 20_000, works: .utilisation)
        let works = try Work.all(network: network, statements: House.statements)
        try await withTestDatabase { database in
            try await network.load(into: database.owner, credentials: .test)
            for name in ["year, report", "year, comparison", "year, heat map"] {
                let work = try #require(works.first { $0.name == name })
                let statement = try #require(try Self.statements(of: work, network).first)
                let text = try await database.owner.queryText(statement).first?.first ?? nil
                let document = try #require(text.flatMap { TestJSON($0) })
                #expect(Self.booked(in: document) > 0, "\(name)")
            }
        }
    }

    @Test func `the four statements of a year are of one centre, and a week of fifty goes out at once`() throws {
        func lines(_ works: WorkSet, _ name: String) throws -> [Substring] {
            let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 1_000, works: works)
            let work = try #require(try Work.all(network: network, statements: House.statements).first { $0.name == name })
            return try #require(work.script.files.first).split(separator: "\n")
        }
        let page = try lines(.utilisation, "year, the page")
        #expect(page.count == 5 && page.filter { $0.hasPrefix("\\set nth") }.count == 1)
        let many = try lines(.engine, "availability, a week of 50")
        #expect(many.filter { !$0.hasPrefix("\\") }.count == 50)
        #expect(many.firstIndex(of: "\\startpipeline") == 2 && many.last == "\\endpipeline")
    }

    /// The largest figure of what is booked, however deep.
    private static func booked(in value: TestJSON) -> Double {
        switch value {
        case .object(let members):
            max(members["bookedMinutes"]?.number ?? 0, members.values.map(booked).max() ?? 0)
        case .array(let elements): elements.map(booked).max() ?? 0
        default: 0
        }
    }

    /// As pgbench puts values in place of its variables.
    private static func statements(of work: Work, _ network: SyntheticNetwork) throws -> [String] {
        let midnight = network.midnight
        let start = work.bookings > 0 ? midnight + 8_676_000 : midnight + 36_000
        let tail = Int64.random(in: 1...281_474_976_710_655)
        var values = ["day": "1", "hour": "10", "question": "1", "asset": "5", "skill": "3", "place": "17", "nth": "2"]
        values["start"] = String(start)
        values["from"] = String(midnight + 86_400)
        values["tail"] = String(tail)
        for (name, value) in work.script.variables { values[name] = Int(value) == nil ? "'\(value)'" : value }
        let file = try #require(work.script.files.first)
        return file.split(separator: "\n").filter { !$0.hasPrefix("\\") }.map { with(values, in: String($0)) }
    }

    private static func with(_ values: [String: String], in text: String) -> String {
        let marked = text.replacing("::", with: "\u{1}")
        let filled = marked.replacing(/:([a-z]+[0-9]*)/) { (found: Regex<(Substring, Substring)>.Match) -> String in
            values[String(found.1)] ?? String(found.0)
        }
        return filled.replacing("\u{1}", with: "::")
    }
}

extension BenchmarkCredentials {
    static let test = BenchmarkCredentials(
        key: "", keyDigest: [UInt8](repeating: 1, count: 32), session: "", sessionDigest: [UInt8](repeating: 2, count: 32))
}
