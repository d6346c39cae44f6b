import Access
import Composition
import HTTPTypes
import Logging
import Postgres
import TestSupport
import Testing

@Suite("Agreements at the gate")
struct AgreementGateTests {
    @Test func `a membership opens the network on the next request after its approval, and its end closes it on the next`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            // Keys are remembered meanwhile, as in a service.
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await desk.server.house.access.keyWatch(logger: .init(label: "test")).run() }
                #expect(try await outsider.book().codes == ["membershipRequired"])
                let asked = try await outsider.ask(centre: 0)
                #expect(asked["kind"] == "membership")
                #expect(asked["state"] == "requested")
                let id = try #require(asked["id"]?.text)
                #expect(try await outsider.book().codes == ["membershipRequired"], "asking changes nothing")
                #expect(try await outsider.act("approval", on: id, key: desk.network.networkKey).status == .ok)
                #expect(try await outsider.book().status == .created)
                let later = try await outsider.act("termination", on: id, key: outsider.key, json: #"{"lastDay": "2027-03-31"}"#)
                #expect(later["to"] == "2027-03-31")
                #expect(later["agreedLastDay"] == "2027-12-31")
                let refused = try await outsider.book()
                #expect(refused.codes == ["membershipRequired"])
                #expect(refused["rules", 0, "facts", "to"] == "2027-03-31")
                #expect(try await outsider.book(on: "2027-03-01").status == .created)
                group.cancelAll()
            }
        }
    }

    @Test func `an agreement with the centre stands in for a membership, for that centre and those days only`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let second = try await SecondCentre.make(at: desk)
            try await outsider.agree()
            #expect(try await outsider.book().status == .created)
            #expect(try await outsider.book(second.platform).codes == ["membershipRequired"])
            let late = try await outsider.book(on: "2028-01-10")
            #expect(late.codes == ["agreementOutsidePeriod"])
            let said = "Your agreement with the centre runs from 1 January 2027 to 31 December 2027; "
            #expect(late["rules", 0, "text"]?.text == said + "the slot runs from 10 January 2028 to 10 January 2028.")
            // One that follows without a gap counts as one.
            try await outsider.agree(from: "2028-01-01", to: nil)
            let across = try await desk.book(from: "2027-12-31T20:00:00Z", to: "2028-01-01T06:00:00Z", key: outsider.key)
            #expect(across.status == .created, "\(across.body)")
        }
    }

    @Test func `an agreement about some platforms covers these with their equipment, nothing else`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let other = try await desk.server.send(
                .post, "/v1/centres/\(desk.network.centre)/platforms", key: desk.network.managerKey,
                json: #"{"siteId": "\#(desk.network.site)", "name": "Autre hall", "visibility": "shared", "workstations": 4}"#)
            let elsewhere = try #require(other["id"]?.text, "\(other.body)")
            try await outsider.agree(more: #""platformIds": ["\#(desk.network.platform)"]"#)
            #expect(try await outsider.book().status == .created)
            #expect(try await outsider.book("\(desk.network.units[0])").status == .created)
            #expect(try await outsider.book(elsewhere).codes.contains("agreementNotForResource"))
            let decision = try await desk.server.send(
                .post, "/v1/access-decisions", key: outsider.key,
                json: #"{"resourceId": "\#(elsewhere)", "start": "2027-06-01T09:00:00Z", "end": "2027-06-01T10:00:00Z"}"#)
            #expect(decision["rules"]?.elements.first { $0["rule"] == "membership" }?["code"] == "agreementNotForResource")
        }
    }

    @Test func `an agreement for some audiences is respected, and so is the recognition file`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            try await outsider.agree(more: #""audiences": ["worker", "apprentice"]"#)
            #expect(try await outsider.book(audience: "worker").status == .created)
            let refused = try await outsider.book(audience: "student")
            #expect(refused.codes == ["agreementNotForAudience"], "\(refused.body)")
            #expect(
                refused["rules", 0, "text"] == "Your agreement with the centre is about workers and apprentices, and not about: students.")
            #expect(try await outsider.book(audience: "apprentice").codes == ["audienceNotTargeted"])
        }
    }

    @Test func `a company's own production takes place only where an agreement allows it`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            try await outsider.agree(to: "2027-06-30", more: #""companyProduction": false"#)
            #expect(try await outsider.book(activity: "companyProduction").codes == ["activityNotAllowed"])
            try await outsider.agree(
                to: "2027-06-30", more: #""companyProduction": true, "platformIds": ["\#(desk.network.platform)"], "allowanceHours": 40"#)
            #expect(try await outsider.book(activity: "companyProduction").status == .created)
            #expect(try await outsider.book("\(desk.network.units[1])", activity: "companyProduction").status == .created)
            #expect(try await outsider.book(on: "2027-07-01", activity: "companyProduction").codes.contains("activityNotAllowed"))
            // A membership does not allow it, not even the centre its own company.
            let member = try await desk.book(
                from: "2027-06-02T09:00:00Z", to: "2027-06-02T12:00:00Z", activity: "companyProduction")
            #expect(member.codes == ["activityNotAllowed"])
        }
    }
}
