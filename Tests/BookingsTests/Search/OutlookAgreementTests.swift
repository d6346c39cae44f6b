import HTTPTypes
import Kernel
import TestSupport
import Testing

/// What a search says of a resource is what a booking of it would be told, and what it says to bring is enough.
@Suite("Search and dry run")
struct OutlookAgreementTests {
    @Test(arguments: [UInt64(2_027)])
    func `agree on random resources, slots, seats, audiences and prerequisites`(seed: UInt64) async throws {
        print("seed \(seed)")
        try await withDesk(labelEnd: "2027-09-30", cleanupMinutes: 30) { desk in
            var random = SplitMix64(seed: seed)
            for day in 1...5 {
                _ = try await desk.book(
                    from: "2027-06-0\(day)T09:00:00Z", to: "2027-06-0\(day)T13:00:00Z", seats: Int.random(in: 2...12, using: &random))
            }
            _ = try await desk.book("\(desk.network.units[0])", from: "2027-06-02T09:00:00Z", to: "2027-06-02T13:00:00Z")
            let asking = try await Asking(desk)
            var verdicts: Set<String> = []
            for number in 0..<90 {
                // First nothing is asked for, then something else every third time.
                if number >= 30, number.isMultiple(of: 3) { try await asking.change(using: &random) }
                let question = Question(desk.network, using: &random)
                let found = try await desk.server.send(
                    .post, "/v1/resource-searches", key: desk.network.companyKey, headers: [.acceptLanguage: "en"], json: question.search)
                let result = try #require(
                    found["items"]?.elements.first { $0["resourceId"]?.text == question.resource }, "\(question) \(found.body)")
                let dry = try await desk.server.dryRun(question.booking(), key: desk.network.companyKey)
                let told = result["rules"]?.elements ?? []
                // Of nobody who comes a booking asks nothing; a search expects one.
                let compared = told.filter { question.audiences != "" || $0["facts"]?["holder"] != "participant" }
                let rules = dry["rules"]?.elements ?? []
                #expect(Set(compared.map(Self.words)) == Set(rules.map(Self.words)), "seed \(seed): \(question) \(found.body) \(dry.body)")
                let isRefused = rules.contains { $0["verdict"] == "deny" && !Self.isCuredByNaming($0) }
                let verdict = result["verdict"]?.text ?? ""
                verdicts.insert(verdict)
                #expect(verdict == (isRefused ? "deny" : told.isEmpty ? "allow" : "conditional"), "seed \(seed): \(question) \(found.body)")
                let brought = try await desk.server.dryRun(
                    question.booking(asking.answer(to: result["requires"]?.elements ?? [])), key: desk.network.companyKey)
                #expect((brought.status == .conflict) == isRefused, "seed \(seed): \(question) \(found.body) \(brought.body)")
            }
            #expect(verdicts == ["allow", "conditional", "deny"], "seed \(seed)")
        }
    }

    private static func words(_ rule: TestJSON) -> String { "\(rule["code"]?.text ?? "") \(rule["text"]?.text ?? "")" }

    private static func isCuredByNaming(_ rule: TestJSON) -> Bool {
        rule["rule"] == "supervision" || rule["rule"] == "prerequisite" && rule["facts"]?["holder"] != "company"
    }

    private struct Question {
        let resource: String
        let kind: String
        let period: String
        let seats: Int
        let audiences: String

        init(_ network: TestNetwork, using random: inout SplitMix64) {
            let isUnit = Bool.random(using: &random)
            resource = isUnit ? "\(network.units[Int.random(in: 0...1, using: &random)])" : "\(network.platform)"
            kind = isUnit ? "equipment" : "platform"
            let month = ["06", "06", "06", "10", "2"].randomElement(using: &random) ?? "06"
            let day = month == "2" ? "2026-01-05" : "2027-\(month)-0\(Int.random(in: 1...6, using: &random))"
            let hour = Int.random(in: 10...18, using: &random)
            let minute = ["00", "30", "10"].randomElement(using: &random) ?? "00"
            let end = "\(hour + Int.random(in: 0...3, using: &random)):\(minute == "00" ? "45" : minute)"
            period = #""start": "\#(day)T\#(hour):00:00Z", "end": "\#(day)T\#(end):00Z""#
            seats = isUnit ? 1 : Int.random(in: 1...14, using: &random)
            let counts = ["", #"{"audience": "jobSeeker", "headCount": 3}"#, #"{"audience": "teacher", "headCount": 2}"#]
            audiences = counts.randomElement(using: &random) ?? ""
        }

        var search: String {
            #"{"kind": "\#(kind)", "limit": 50, "workstations": \#(seats), "audiences": [\#(audiences)], "period": {\#(period)}}"#
        }

        func booking(_ more: String = "") -> String {
            let line = #"{"resourceId": "\#(resource)", "seats": \#(seats), \#(period)}"#
            return #"{"activity": "demonstration", \#(more)"audiences": [\#(audiences)], "lines": [\#(line)]}"#
        }
    }
}

/// What the resources ask for, and three persons who have all of it.
private struct Asking {
    private static let demands = [
        #"{"holder": "driver", "attestation": "forkliftLicence"}"#, #"{"holder": "participant", "attestation": "safetyBriefing"}"#,
        #"{"holder": "participant", "attestation": "forkliftLicence", "note": "original"}"#,
        #"{"holder": "trainer", "attestation": "safetyBriefing"}"#, #"{"holder": "company", "attestation": "insurance"}"#,
        #"{"holder": "company", "attestation": "safetyPlan"}"#, #"{"holder": "participant", "attestation": "unheardOf"}"#,
    ]
    private static let supervisions = [
        "", "", #""unsupervised", "centreInstructor""#, #""centreInstructor", "habilitatedTrainer""#, #""habilitatedTrainer""#,
    ]

    private let desk: BookingDesk
    private let persons: [String]

    /// The company is insured from 4 June 2027, and never has a plan.
    init(_ desk: BookingDesk) async throws {
        self.desk = desk
        for (code, holder, proof) in [
            ("forkliftLicence", "person", "atBooking"), ("safetyBriefing", "person", "atUse"), ("insurance", "organisation", "atBooking"),
            ("safetyPlan", "organisation", "atUse"),
        ] {
            let set = try await desk.server.send(
                .put, "/v1/attestation-types/\(code)", key: desk.network.networkKey,
                json: #"{"name": "\#(code)", "holder": "\#(holder)", "proof": "\#(proof)"}"#)
            #expect(set.status == .ok, "\(set.body)")
        }
        var persons: [String] = []
        for number in 1...3 {
            let person = try await desk.server.send(
                .post, "/v1/attestation-holders", key: desk.network.companyKey, json: #"{"pseudonym": "P-\#(number)"}"#)
            persons.append(try #require(person["id"]?.text, "\(person.body)"))
        }
        self.persons = persons
        for person in persons {
            try await attest(person, #""type": "forkliftLicence""#)
            try await attest(person, #""type": "safetyBriefing""#)
            try await attest(person, #""resourceId": "\#(desk.network.platform)""#)
        }
        try await attest("\(desk.network.company)", #""type": "insurance""#, from: "2027-06-04")
    }

    private func attest(_ holder: String, _ what: String, from day: String = "2020-01-01") async throws {
        let attested = try await desk.server.send(
            .post, "/v1/attestations", key: what.contains("resourceId") ? desk.network.managerKey : desk.network.companyKey,
            json: #"{"holderId": "\#(holder)", \#(what), "issuer": "Fictif", "issuedOn": "\#(day)"}"#)
        #expect(attested.status == .created, "\(attested.body)")
    }

    func change(using random: inout SplitMix64) async throws {
        for resource in [desk.network.platform] + desk.network.units {
            let some = Self.demands.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))
            let asked = try await desk.server.send(
                .put, "/v1/resources/\(resource)/prerequisites", key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"prerequisites": [\#(some.joined(separator: ", "))]}"#)
            #expect(asked.status == .ok, "\(asked.body)")
        }
        let supervision = Self.supervisions.randomElement(using: &random) ?? ""
        let changed = try await desk.server.send(
            .patch, "/v1/platforms/\(desk.network.platform)", key: desk.network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"supervision": [\#(supervision)]}"#)
        #expect(changed.status == .ok, "\(changed.body)")
    }

    /// The members of a booking that brings what a search says to bring.
    func answer(to requires: [TestJSON]) -> String {
        let modes = requires.flatMap { $0["supervision"]?.elements.compactMap(\.text) ?? [] }
        var roles = Set(requires.compactMap { $0["name"] == nil || $0["holder"] == "company" ? nil : $0["holder"]?.text })
        if modes.first == "habilitatedTrainer" { roles.insert("trainer") }
        let named = roles.sorted().flatMap { role in
            (role == "participant" ? persons : [persons[0]]).map { #"{"role": "\#(role)", "holderId": "\#($0)"}"# }
        }
        return (modes.first.map { #""supervision": "\#($0)", "# } ?? "") + #""holders": [\#(named.joined(separator: ", "))], "#
    }
}

extension TestServer {
    fileprivate func dryRun(_ booking: String, key: String) async throws -> TestAnswer {
        try await send(.post, "/v1/bookings?dryRun=true", key: key, headers: [.acceptLanguage: "en"], json: booking)
    }
}
