import Access
import Composition
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("The life of memberships and agreements")
struct AgreementLifeTests {
    @Test func `nobody approves what they asked for, nor what a key of their making asked for`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let own = try await outsider.ask(key: desk.network.managerKey)
            #expect(own.status == .created, "\(own.body)")
            let id = try #require(own["id"]?.text)
            #expect(try await outsider.act("approval", on: id).problem == "samePerson")
            #expect(try await outsider.act("approval", on: id, key: desk.network.networkKey).status == .ok)
            // The network's manager has made this key, and so has seen it.
            let issued = try await desk.server.send(
                .post, "/v1/organisations/\(outsider.organisation)/api-keys", key: desk.network.networkKey,
                json: #"{"label": "puppet", "roles": [{"role": "organisationAdmin"}]}"#)
            let puppet = try await outsider.ask(centre: 0, key: try #require(issued["key"]?.text))
            let refused = try await outsider.act("approval", on: try #require(puppet["id"]?.text), key: desk.network.networkKey)
            #expect(refused.problem == "samePerson")
            let other = try await Outsider.key(of: desk.network.networkOrganisation, [.networkManager], at: desk)
            #expect(try await outsider.act("approval", on: try #require(puppet["id"]?.text), key: other).status == .ok)
        }
    }

    @Test func `the database itself refuses an approval by whoever asked`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let id = try #require(try await outsider.ask()["id"]?.text)
            for decider in ["requested_by", "null"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await desk.server.database.owner.execute(
                        script: "update access.agreement set state = 'approved', decided_at = now(), decided_by = \(decider)")
                }
                #expect(error?.constraint == "agreement_two_people")
            }
            #expect(try await outsider.act("approval", on: id).status == .ok)
        }
    }

    @Test func `only the centre's manager and the network's decide, and strangers see nothing`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let second = try await SecondCentre.make(at: desk)
            let id = try #require(try await outsider.ask()["id"]?.text)
            #expect(try await outsider.act("approval", on: id, key: outsider.key).problem == "forbidden")
            #expect(try await outsider.act("approval", on: id, key: second.managerKey).status == .notFound)
            #expect(try await outsider.act("termination", on: id, key: second.managerKey).status == .notFound)
            for (key, status) in [
                (outsider.key, 200), (desk.network.managerKey, 200), (desk.network.networkKey, 200),
                (second.managerKey, 404), (desk.network.companyKey, 404),
            ] {
                #expect(try await desk.server.send(.get, "/v1/agreements/\(id)", key: key).status.code == status)
                let list = try await desk.server.send(.get, "/v1/agreements?state=requested", key: key)
                #expect(list["items"]?.elements.map { $0["id"]?.text } == (status == 200 ? [id] : []))
            }
            // Nobody asks in another's name but the centre and the network.
            let stranger = try await Outsider.make(at: desk, name: "Autre (fictif)")
            #expect(try await outsider.ask(key: stranger.key).problem == "forbidden")
            #expect(try await outsider.ask(key: second.managerKey).problem == "forbidden")
        }
    }

    @Test func `what is rejected or withdrawn is decided for good`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let rejected = try #require(try await outsider.ask()["id"]?.text)
            let answer = try await outsider.act("rejection", on: rejected, json: #"{"note": "hall en travaux"}"#)
            #expect(answer["state"] == "rejected")
            #expect(answer["decisionNote"] == "hall en travaux")
            let withdrawn = try #require(try await outsider.ask()["id"]?.text)
            #expect(try await outsider.act("withdrawal", on: withdrawn).problem == "forbidden", "the centre did not ask")
            #expect(try await outsider.act("withdrawal", on: withdrawn, key: outsider.key)["state"] == "withdrawn")
            for id in [rejected, withdrawn] {
                #expect(try await outsider.act("approval", on: id).problem == "agreementDecided")
                #expect(try await outsider.act("withdrawal", on: id, key: outsider.key).problem == "agreementDecided")
                #expect(try await outsider.act("termination", on: id).problem == "agreementNotInForce")
                #expect(try await outsider.act("renewal", on: id, key: outsider.key).problem == "agreementNotInForce")
            }
            #expect(try await outsider.events(of: rejected) == ["agreement.requested", "agreement.rejected"])
            #expect(try await outsider.book().codes.first == "membershipRequired")
        }
    }

    @Test func `two memberships do not overlap, nor does one that was granted`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            try await outsider.agree(centre: 0)
            let asked = try #require(try await outsider.ask(centre: 0, from: "2027-12-31", to: "2028-12-31")["id"]?.text)
            #expect(try await outsider.act("approval", on: asked, key: desk.network.networkKey).problem == "membershipOverlaps")
            let granted = try await desk.server.send(
                .post, "/v1/organisations/\(outsider.organisation)/memberships", key: desk.network.networkKey,
                json: #"{"from": "2027-06-01"}"#)
            #expect(granted.problem == "membershipOverlaps")
        }
    }

    @Test func `an end before its time is not in the past nor after the end that was agreed`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let id = try await outsider.agree(from: "2026-01-01")
            try await desk.setClock(to: "2027-05-10 12:00+00")
            for (day, code) in [("2027-05-08", "past"), ("2027-12-31", "tooLate")] {
                let refused = try await outsider.act("termination", on: id, json: #"{"lastDay": "\#(day)"}"#)
                #expect(refused["issues", 0, "code"]?.text == code, "\(refused.body)")
            }
            #expect(try await outsider.book(on: "2027-05-11").status == .created)
            let ended = try await outsider.act("termination", on: id, json: #"{"reason": "fin du chantier"}"#)
            #expect(ended["state"] == "ended")
            #expect(ended["to"] == "2027-05-09", "at once: yesterday was the last day")
            #expect(ended["endReason"] == "fin du chantier")
            #expect(try await outsider.book(on: "2027-05-11").codes == ["agreementOutsidePeriod"])
            #expect(try await outsider.act("termination", on: id).problem == "agreementNotInForce")
            let coming = try await outsider.agree(from: "2027-09-01")
            #expect(try await outsider.act("termination", on: coming)["state"] == "withdrawn", "it had not begun")
        }
    }

    @Test func `a renewal follows on the same terms, once another person has approved`() async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let id = try await outsider.agree(
                more: #""audiences": ["worker"], "companyProduction": true, "tariff": "90 €/h", "allowanceHours": 12"#)
            let renewal = try await outsider.act("renewal", on: id, key: outsider.key, json: #"{"to": "2028-12-31", "allowanceHours": 20}"#)
            #expect(renewal.status == .created, "\(renewal.body)")
            #expect(renewal["from"] == "2028-01-01")
            #expect(renewal["renews"]?.text == id)
            #expect(renewal["audiences"] == .array(["worker"]))
            #expect(renewal["companyProduction"] == true)
            #expect(renewal["tariff"] == "90 €/h")
            #expect(renewal["allowanceHours"] == 20)
            #expect(try await outsider.book(on: "2028-02-01", audience: "worker").codes == ["agreementOutsidePeriod"])
            #expect(try await outsider.act("approval", on: try #require(renewal["id"]?.text)).status == .ok)
            #expect(try await outsider.book(on: "2028-02-01", audience: "worker").status == .created)
            let endless = try await outsider.agree(from: "2030-01-01", to: nil)
            #expect(try await outsider.act("renewal", on: endless, key: outsider.key).problem == "agreementEndless")
            let reversed = try await outsider.act("renewal", on: id, key: outsider.key, json: #"{"to": "2027-12-31"}"#)
            #expect(reversed["issues", 0, "name"] == "/to", "\(reversed.body)")
        }
    }

    @Test func `an end that nothing follows is told once, so many days before by the database's clock`() async throws {
        try await withDesk { desk in
            let access = desk.server.house.access
            let outsider = try await Outsider.make(at: desk)
            let ending = try await outsider.agree(centre: 0, from: "2027-01-01", to: "2027-12-31")
            let followed = try await outsider.agree(to: "2027-12-31")
            try await outsider.agree(from: "2028-01-01", to: nil)
            try await desk.setClock(to: "2027-10-31 12:00+00")
            #expect(try await access.warnOfExpiry(leadDays: 60) == 0, "61 days before")
            try await desk.setClock(to: "2027-11-01 12:00+00")
            #expect(try await access.warnOfExpiry(leadDays: 30) == 0)
            #expect(try await access.warnOfExpiry(leadDays: 60) == 1)
            #expect(try await access.warnOfExpiry(leadDays: 60) == 0, "once")
            #expect(try await outsider.events(of: ending) == ["membership.requested", "membership.approved", "membership.expiring"])
            #expect(try await outsider.events(of: followed) == ["agreement.requested", "agreement.approved"])
            try await desk.setClock(to: "2028-02-01 12:00+00")
            #expect(try await access.warnOfExpiry(leadDays: 60) == 0, "what has ended is not told of")
        }
    }

    @Test(arguments: [
        (#""audiences": ["nobody"]"#, "audienceUnknown"), (#""platformIds": ["01a031f3-2a54-7000-83cb-c20d0f8a7abf"]"#, "platformUnknown"),
        (#""audiences": []"#, "/audiences"), (#""allowanceHours": 0"#, "/allowanceHours"), (#""tariff": " ""#, "/tariff"),
        (#""colour": "red""#, "/colour"),
    ])
    func `what cannot be agreed on is refused by name`(member: String, complaint: String) async throws {
        try await withDesk { desk in
            let outsider = try await Outsider.make(at: desk)
            let refused = try await outsider.ask(more: member)
            #expect([400, 422].contains(refused.status.code))
            let said = [refused.problem, refused["issues", 0, "code"]?.text, refused["issues", 0, "name"]?.text]
            #expect(said.contains(complaint), "\(refused.body)")
            let membership = try await outsider.ask(centre: 0, more: #""allowanceHours": 3"#)
            #expect(membership["issues", 0, "code"] == "notAllowed")
            let reversed = try await outsider.ask(from: "2027-01-02", to: "2027-01-01")
            #expect(reversed["issues", 0, "name"] == "/to")
        }
    }
}
