import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Durability of funded assets")
struct DurabilityTests {
    private static let bound = FundingDesk.content + #", "programme": "FEDER", "durableUntil": "2099-12-31""#

    @Test func `a machine that funds bind is not retired, and the refusal says until when and why`() async throws {
        try await withFundingDesk { desk in
            let line = try await desk.add(Self.bound)
            let refused = try await desk.retire()
            #expect(refused.status == .conflict && refused.problem == "durabilityPeriod", "\(refused.body)")
            #expect(refused["durableUntil"] == "2099-12-31" && refused["fundingLineId"]?.text == line.id)
            #expect(refused["fundedBy"] == "FEDER, Fonds fictif")
            #expect(refused["detail"]?.text?.contains("FEDER, Fonds fictif") == true, "\(refused.body)")
            let done = try await desk.retire(#", "durabilityOverride": "détruite par un incendie""#)
            #expect(done.status == .ok && done["state"] == "retired", "\(done.body)")
            let history = try await desk.server.send(
                .get, "/v1/equipment/\(desk.network.units[0])/history", key: desk.network.managerKey)
            #expect(history["durabilityOverrides", 0, "reason"] == "détruite par un incendie", "\(history.body)")
            #expect(history["durabilityOverrides", 0, "changes"]?.elements == ["retired"])
            #expect(
                try await desk.ask("select payload->>'durableUntil' from jobs.event where type = 'equipment.durabilityOverridden'")
                    == "2099-12-31")
        }
    }

    @Test(arguments: [(#""owner": "Une autre société""#, "owner"), (#""visibility": "local""#, "visibility")])
    func `nor given to another owner, nor kept from the network`(content: String, change: String) async throws {
        try await withFundingDesk { desk in
            _ = try await desk.add(Self.bound)
            let refused = try await desk.change(asset: content)
            #expect(refused.problem == "durabilityPeriod", "\(refused.body)")
            #expect(try await desk.change(asset: #""condition": "worn""#).status == .ok, "what funds do not ask about")
            let done = try await desk.change(asset: content + #", "durabilityOverride": "accord du fonds""#)
            #expect(done.status == .ok, "\(done.body)")
            #expect(try await desk.ask("select array_to_string(changes, ',') from inventory.durability_override") == change)
        }
    }

    @Test func `a table gives no reason, so what funds bind stays as it is`() async throws {
        try await withFundingDesk { desk in
            _ = try await desk.add(Self.bound)
            let table = try await desk.server.equipmentTable(desk.network).body
            let answer = try await desk.server.enter(
                Array(table.replacing("shared", with: "local").replacing("partagé", with: "local").utf8), desk.network,
                query: "?mode=acceptedLines")
            #expect(answer["faults", 0, "code"] == "withinDurability", "\(answer.body)")
            #expect(answer["updated"] == 1, "the machine that nothing binds: \(answer.body)")
        }
    }

    @Test func `the period ends with its last day, by the day of the centre`() async throws {
        try await withFundingDesk { desk in
            _ = try await desk.add(FundingDesk.content + #", "durableUntil": "2027-03-31""#)
            try await desk.server.database.owner.execute(
                script: "call plateau.set_clock_offset(timestamptz '2027-03-31 21:59:00Z' - clock_timestamp())")
            #expect(try await desk.retire().problem == "durabilityPeriod", "one minute to midnight in Brussels")
            try await desk.server.database.owner.execute(
                script: "call plateau.set_clock_offset(timestamptz '2027-03-31 22:01:00Z' - clock_timestamp())")
            #expect(try await desk.retire().status == .ok)
        }
    }

    @Test func `while it runs its centre does not shorten it nor end the line; the network does`() async throws {
        try await withFundingDesk { desk in
            let line = try await desk.add(Self.bound)
            #expect(try await desk.change(line.id, FundingDesk.content).problem == "fundingDurable", "shortened by its centre")
            #expect(try await desk.end(line.id).problem == "fundingDurable", "ended by its centre")
            let longer = try await desk.change(line.id, Self.bound.replacing("2099-12-31", with: "2100-12-31"))
            #expect(longer.status == .ok, "\(longer.body)")
            #expect(try await desk.end(line.id, key: desk.network.networkKey).status == .ok)
            #expect(try await desk.retire().status == .ok, "nothing binds it any more")
        }
    }
}
