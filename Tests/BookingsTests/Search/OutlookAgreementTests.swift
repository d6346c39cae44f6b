import HTTPTypes
import Kernel
import TestSupport
import Testing

/// What a search says of a resource is what a booking of it would be told.
@Suite("Search and dry run")
struct OutlookAgreementTests {
    @Test(arguments: [UInt64(2_027)])
    func `agree on random resources, slots, seats and audiences`(seed: UInt64) async throws {
        print("seed \(seed)")
        try await withDesk(labelEnd: "2027-09-30", cleanupMinutes: 30) { desk in
            var random = SplitMix64(seed: seed)
            for day in 1...5 {
                _ = try await desk.book(
                    from: "2027-06-0\(day)T09:00:00Z", to: "2027-06-0\(day)T13:00:00Z", seats: Int.random(in: 2...12, using: &random))
            }
            _ = try await desk.book("\(desk.network.units[0])", from: "2027-06-02T09:00:00Z", to: "2027-06-02T13:00:00Z")
            for _ in 1...60 {
                let question = Question(desk.network, using: &random)
                let found = try await desk.server.send(
                    .post, "/v1/resource-searches", key: desk.network.companyKey, headers: [.acceptLanguage: "en"], json: question.search)
                let result = try #require(
                    found["items"]?.elements.first { $0["resourceId"]?.text == question.resource }, "\(question) \(found.body)")
                let dry = try await desk.server.send(
                    .post, "/v1/bookings?dryRun=true", key: desk.network.companyKey, headers: [.acceptLanguage: "en"],
                    json: question.booking)
                let rules = dry["rules"]?.elements.map { "\($0["code"]?.text ?? "") \($0["text"]?.text ?? "")" } ?? []
                let said = result["rules"]?.elements.map { "\($0["code"]?.text ?? "") \($0["text"]?.text ?? "")" } ?? []
                #expect(Set(said) == Set(rules), "seed \(seed): \(question) \(dry.body)")
                #expect((result["verdict"]?.text == "deny") == (dry.status == .conflict), "seed \(seed): \(question)")
            }
        }
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

        var booking: String {
            let line = #"{"resourceId": "\#(resource)", "seats": \#(seats), \#(period)}"#
            return #"{"activity": "demonstration", "audiences": [\#(audiences)], "lines": [\#(line)]}"#
        }
    }
}
