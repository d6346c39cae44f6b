import FoundationEssentials
import HTTPTypes
import Kernel
import Postgres
import TestSupport

/// Sixteen clients book while suspensions are recorded and lifted, window after window of days.
struct SuspensionRace {
    let seed: UInt64
    /// Without the label's lock a booking and a suspension can miss each other.
    var removesLock = false

    struct Outcome {
        var windows = 0
        var booked = 0
        var refused = 0
        var suspended = 0
        /// Bookings asked for after a suspension was acknowledged, and made.
        var slippedIn: [String] = []
        /// Bookings that stand inside a suspension after all requests of before have ended.
        var standing: [String] = []
        var unexpected: [Int: Int] = [:]

        var isClean: Bool { slippedIn.isEmpty && standing.isEmpty && unexpected.isEmpty }
    }

    func run(for duration: Duration, stopsAtFirstFault: Bool = false) async throws -> Outcome {
        try await withLiveServer { configuration in
            guard removesLock else { return }
            configuration.lockPrelude = "select 1 where $1::int8[] is null and $2::bool[] is null"
            configuration.groupConnections = 24
            configuration.groupLimit = 1
        } _: { server in
            let network = try await TestNetwork.make(in: server.database)
            if removesLock { try await removeGuard(in: server.database) }
            let ledger = SuspensionLedger()
            let end = ContinuousClock.now + duration
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<16 {
                    var client = SuspensionClient(
                        server: server, network: network, number: number, random: SplitMix64(seed: seed &+ UInt64(number) &* 977))
                    group.addTask { try await client.run(until: end, ledger) }
                }
                group.addTask {
                    while ContinuousClock.now < end {
                        try await suspendOnce(on: server, network, ledger)
                        if stopsAtFirstFault, await !ledger.outcome.isClean { break }
                    }
                    await ledger.close()
                }
                try await group.waitForAll()
            }
            return await ledger.outcome
        }
    }

    private func suspendOnce(on server: LiveServer, _ network: TestNetwork, _ ledger: SuspensionLedger) async throws {
        let window = await ledger.nextWindow()
        try await Task.sleep(for: .milliseconds(150))
        let day = Self.day(window)
        try await decide(#""kind": "suspend", "effectiveFrom": "\#(day)", "effectiveTo": "\#(day)""#, on: server, network)
        await ledger.suspend()
        try await Task.sleep(for: .milliseconds(150))
        while await ledger.awaitsEarlierRequests { try await Task.sleep(for: .milliseconds(2)) }
        while try await server.database.owner.queryText("select bookings.continue_label_change(200)")[0][0] != nil {}
        let rows = try await server.database.owner.queryText(
            """
            select b.id::text, b.state from bookings.booking b
            where b.starts >= $1::date and b.starts < $1::date + 1 and b.organisation_id <> $2::uuid
            """, [day, network.centreOrganisation.description])
        await ledger.check(rows)
        // From here on a booking may be made again, whatever the answer to the lift.
        await ledger.lift()
        try await decide(#""kind": "lift", "effectiveFrom": "\#(day)""#, on: server, network)
    }

    private func decide(_ members: String, on server: LiveServer, _ network: TestNetwork) async throws {
        let proposal = try await server.send(
            .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
            json: #"{"authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01", \#(members)}"#)
        let approval = try await server.send(
            .post, "/v1/label-decisions/\(proposal["id"]?.text ?? "")/approval", key: network.secondAuthorityKey, json: "{}")
        guard approval.status == .ok else { throw SuspensionRaceError(answer: approval.body + proposal.body) }
    }

    /// A day of its own for each window, with a day between.
    static func day(_ window: Int) -> String {
        LocalDay(daysSince1970: 20_850).adding(days: 2 * (window % 300)).description
    }

    /// The pause between asking the gate and taking room keeps open what the lock guarded.
    private func removeGuard(in database: TestDatabase) async throws {
        try await database.owner.execute(
            script: """
                create or replace function plateau.label_lock(p_centre_id smallint) returns bigint
                    language plpgsql volatile strict as $$ begin return (random() * 1e15)::bigint; end $$;
                create function public.pause() returns trigger language plpgsql as $$
                begin
                    perform pg_sleep(0.03);
                    return new;
                end
                $$;
                create trigger pause before insert on platforms.occupancy for each row execute function public.pause();
                """)
    }
}

struct SuspensionRaceError: Error {
    let answer: String
}

/// What the clients and the authority know of each other.
actor SuspensionLedger {
    private(set) var outcome = SuspensionRace.Outcome()
    private(set) var isClosed = false
    private var window = 0
    private var isSuspended = false
    private var running: Set<Int> = []
    private var lastToken = 0
    private var tokenAtSuspension = 0

    func nextWindow() -> Int {
        outcome.windows += 1
        window += 1
        isSuspended = false
        return window
    }

    func suspend() {
        isSuspended = true
        tokenAtSuspension = lastToken
    }

    func lift() { isSuspended = false }

    func close() { isClosed = true }

    var awaitsEarlierRequests: Bool { running.contains { $0 <= tokenAtSuspension } }

    /// - Returns: the window to book in, and a token for the request.
    func begin() -> (window: Int, token: Int, isSuspended: Bool) {
        lastToken += 1
        running.insert(lastToken)
        return (window, lastToken, isSuspended)
    }

    func end(_ token: Int, window: Int, wasSuspended: Bool, answer: TestAnswer) {
        running.remove(token)
        switch answer.status {
        case .created:
            outcome.booked += 1
            // The same window, still suspended: the suspension was acknowledged before this was asked for.
            if wasSuspended, isSuspended, window == self.window { outcome.slippedIn.append(answer["id"]?.text ?? "") }
        case .conflict: outcome.refused += 1
        default: outcome.unexpected[answer.status.code, default: 0] += 1
        }
    }

    func check(_ rows: [[String?]]) {
        for row in rows {
            if row[1] == "suspended" { outcome.suspended += 1 } else { outcome.standing.append(row[0] ?? "") }
        }
    }
}

/// Books one seat after the other in the window of the moment.
struct SuspensionClient {
    let server: LiveServer
    let network: TestNetwork
    let number: Int
    var random: SplitMix64

    mutating func run(until deadline: ContinuousClock.Instant, _ ledger: SuspensionLedger) async throws {
        while ContinuousClock.now < deadline, await !ledger.isClosed {
            let (window, token, wasSuspended) = await ledger.begin()
            let hour = Int.random(in: 0..<22, using: &random)
            let text = (hour < 10 ? "0" : "") + String(hour)
            let answer = try await server.send(
                .post, "/v1/bookings", key: number.isMultiple(of: 2) ? network.companyKey : network.schoolKey,
                json: """
                    {"activity": "demonstration", "audiences": [], "lines": [{"resourceId": "\(network.platform)",
                     "start": "\(SuspensionRace.day(window))T\(text):00:00Z", "end": "\(SuspensionRace.day(window))T\(text):15:00Z",
                     "seats": 1}]}
                    """)
            await ledger.end(token, window: window, wasSuspended: wasSuspended, answer: answer)
        }
    }
}
