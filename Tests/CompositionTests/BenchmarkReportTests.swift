import Foundation
import HTTPTypes
import Kernel
import TestSupport
import Testing

@testable import Benchmarks

@Suite("What the benchmarks say")
struct BenchmarkReportTests {
    @Test func `each size is compared with the next smaller one, against the aim`() throws {
        let report = try Self.report(
            [
                try Self.line("booking", 10_000, [100]), try Self.line("booking", 1_000_000, [80]),
                try Self.line("booking", 10_000_000, [50]),
            ], aims: ["booking": [.growth(1.3)]], bookings: [10_000_000, 10_000, 1_000_000])
        #expect(report.growth.map(\.small.bookings) == [10_000, 1_000_000])
        #expect(report.growth.map(\.large.bookings) == [1_000_000, 10_000_000])
        #expect(report.growth.map { ($0.worst * 100).rounded() / 100 } == [1.25, 1.6])
        #expect(report.verdicts.map(\.isMet) == [true, false])
        #expect(report.table.contains("1000000 bookings for 10000"))
        #expect(report.table.contains("not met"))
    }

    @Test func `an aim is met or not by the median`() throws {
        let report = try Self.report(
            [
                try Self.line("hot", 10_000, [40, 60, 50]), try Self.line("spread", 10_000, [100, 100, 100]),
                try Self.line("read", 10_000, [20, 30, 40]),
            ],
            aims: [
                "hot": [.share(0.5, of: "spread")], "spread": [.ratio(1.1, connections: 64), .ratio(3, connections: 16)],
                "read": [.alone(milliseconds: 2), .percentile99(milliseconds: 2, connections: 64)],
            ])
        #expect(report.verdicts.map(\.isMet) == [true, false, true, false])
        #expect(report.verdicts[0].figure == "0.50 of spread")
        #expect(try !report.json().isEmpty)
    }

    @Test func `what is left for later is paid for by whoever left it`() throws {
        var counted = try Self.line("counted", 10_000, [100])
        counted.measurements[0].foldSeconds = 0.25
        let report = try Self.report(
            [counted, try Self.line("not counted", 10_000, [100])], aims: ["counted": [.share(0.85, of: "not counted")]])
        #expect(report.verdicts.map(\.figure) == ["0.80 of not counted, folding included (1.00 without)"])
        #expect(report.verdicts.map(\.isMet) == [false])
        #expect(report.table.contains("2500 µs for each booking"))
    }

    @Test func `what pgbench ran beside is told, and no ratio with it`() throws {
        var page = try Self.line("the page", 10_000, [50])
        page.statements = "the four statements"
        let report = try Self.report([page], aims: ["the page": [.alone(milliseconds: 2)]])
        #expect(report.verdicts.map(\.what) == ["the four statements, 10000 bookings, database alone"])
        #expect(report.table.contains("pgbench ran the four statements") && !report.table.contains("0.50 ("))
    }

    @Test func `what pgbench was refused does not count`() {
        let result = PgbenchResult(transactionsPerSecond: 100, databaseMicroseconds: 60, transactions: 400).counting(300)
        #expect(result.transactionsPerSecond == 75 && result.databaseMicroseconds == 80 && result.refusedShare == 0.25)
        #expect(PgbenchRun.transactions("scaling factor: 1\nnumber of transactions actually processed: 14021\n") == 14_021)
    }

    @Test func `a transaction's log tells the median and the slowest, the first second left out`() throws {
        let lines = (0..<100).map { "0 \($0) \(900_000) 0 1764000000 1" } + (1...100).map { "0 \($0) \($0 * 1000) 0 1764000001 1" }
        let latency = try #require(PgbenchLatency(log: lines.joined(separator: "\n")))
        #expect(latency.median == 51)
        #expect(latency.percentile99 == 100)
        #expect(PgbenchLatency(log: "") == nil)
    }

    @Test func `an answer is whole when as many bytes have come as its head says`() throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
        let head = try #require(try AnswerHead(Array(text.utf8)))
        #expect(head.status == 200)
        #expect(head.total == text.utf8.count)
        #expect(try AnswerHead(Array("HTTP/1.1 200 OK\r\nContent-".utf8)) == nil)
        #expect(throws: BenchmarkFault.self) { try AnswerHead(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)) }
    }

    @Test func `pages are compared with one file, and hostile rules are to be refused`() {
        func asked(_ works: WorkSet) -> [TimedRequest] {
            TimedRequest.all(of: SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 1_000, works: works), as: .test)
        }
        #expect(asked(.pages).filter(\.isMeasure).map(\.name) == ["/assets/plateau.css"])
        #expect(asked(.pages).first?.text.hasPrefix("GET /assets/plateau.css HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ") == true)
        #expect(asked(.rules).count == TimedRequest.hostileRules.count)
        #expect(asked(.rules).allSatisfy { $0.mostMilliseconds == 10 && !$0.statuses.contains(201) })
        #expect(asked(.booking).isEmpty)
        let refusal = Array(#"HTTP/1.1 400 Bad Request {"code":"invalidRequest","issues":[{"code":"noOccurrence"}]}"#.utf8)
        let (nothing, endless) = (asked(.rules).first { $0.code == "noOccurrence" }, asked(.rules).first { $0.name == "FREQ=DAILY" })
        #expect(nothing?.accepts(400, refusal) == true && nothing?.accepts(500, refusal) == false)
        #expect(endless?.accepts(400, refusal) == false, "refused, but for something else")
    }

    @Test func `each hostile rule is refused for what it is`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            for (rule, code) in TimedRequest.hostileRules {
                let refused = try await server.send(
                    .post, "/v1/booking-series", key: network.companyKey,
                    json: """
                        {"activity": "catalogueTraining", "audiences": [{"audience": "worker", "headCount": 2}], "rule": "\(rule)",
                        "lines": [{"resourceId": "\(network.platform)", "start": "2027-03-03T08:00:00Z", "end": "2027-03-03T09:00:00Z",
                        "seats": 1}]}
                        """)
                #expect(refused.status == .badRequest && refused["issues", 0, "code"]?.text == code, "\(rule): \(refused.body)")
            }
        }
    }

    private static func line(_ work: String, _ bookings: Int, _ perSecond: [Int]) throws -> BenchmarkLine {
        var line = BenchmarkLine(work: work, bookings: bookings, connections: 64)
        for rate in perSecond {
            let wrk = try #require(WrkResult(output: "measured 1000000 \(rate + 10) 10 0 1000 3000 200"))
            line.measurements.append(
                Measurement(
                    pgbench: PgbenchResult(transactionsPerSecond: 100, databaseMicroseconds: 100), pgbenchMicroseconds: 10,
                    alone: PgbenchLatency(log: "0 0 1 0 1 1\n0 1 1500 0 2 1"), wrk: wrk, serverMicroseconds: 100,
                    databaseMicroseconds: 100, wrkMicroseconds: 10))
        }
        return line
    }

    private static func report(_ lines: [BenchmarkLine], aims: [String: [Aim]], bookings: [Int] = [10_000]) throws -> BenchmarkReport {
        BenchmarkReport(
            settings: try BenchmarkSettings(seconds: 1, rounds: 1, connections: [64], bookings: bookings),
            machine: MachineFacts(postgresVersion: 150_018), lines: lines, answers: [], aims: aims, load: [0, 0], gate: nil,
            peakKilobytes: 0)
    }
}
