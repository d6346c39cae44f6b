import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// A small network with two mobile machines that go to other places: another site of their centre, and another labelled centre.
///
/// It is Tuesday 4 May 2027, 07:00 in UTC, unless a test says another time.
struct Depot {
    let shop: Workshop
    /// Of the same centre, in Namur; opens from 08:00 to 12:00 in UTC.
    let secondSite = "01990000-0000-7000-8400-0000000000a1"
    /// Another labelled centre.
    let borrower: String
    let borrowerOrganisation: String
    let borrowerKey: String

    var truck: ResourceID { shop.robot }
    var tool: ResourceID { shop.twin }
    var network: TestNetwork { shop.network }

    func handOut(
        _ items: [ResourceID]? = nil, until due: String? = Workshop.at(12), more: String = "", condition: String = "good",
        key: String? = nil
    ) async throws -> TestAnswer {
        let list = (items ?? [truck]).map { #"{"equipmentId": "\#($0)", "condition": "\#(condition)"}"# }.joined(separator: ", ")
        let dueAt = due.map { #", "dueAt": "\#($0)""# } ?? ""
        return try await shop.act(
            "/v1/centres/\(network.centre)/custodies", #"{"takenBy": "Marie (fictif)", "items": [\#(list)]\#(dueAt)\#(more)}"#, key: key)
    }

    func takeBack(
        _ custody: TestAnswer, _ item: ResourceID? = nil, condition: String = "good", more: String = "", key: String? = nil
    ) async throws -> TestAnswer {
        try await shop.act(
            "/v1/custodies/\(custody.text("id"))/returns",
            #"{"items": [{"equipmentId": "\#(item ?? truck)", "condition": "\#(condition)"\#(more)}]}"#, key: key)
    }

    func send(_ to: String? = nil, at departure: String? = nil, minutes: Int? = 60, more: String = "") async throws -> TestAnswer {
        let leaves = departure.map { #", "departure": "\#($0)""# } ?? ""
        let takes = minutes.map { #", "minutes": \#($0)"# } ?? ""
        return try await shop.act(
            "/v1/equipment/\(truck)/transfers", #"{"siteId": "\#(to ?? secondSite)"\#(leaves)\#(takes)\#(more)}"#)
    }

    func lend(from start: String = Workshop.at(8), to end: String = Workshop.at(18, day: 8), key: String? = nil) async throws -> TestAnswer
    {
        try await shop.act(
            "/v1/equipment/\(truck)/loans", #"{"borrowerId": "\#(borrower)", "start": "\#(start)", "end": "\#(end)"}"#, key: key)
    }

    func accept(_ loan: TestAnswer, key: String? = nil) async throws -> TestAnswer {
        try await shop.act("/v1/loans/\(loan.text("id"))/acceptance", key: key ?? borrowerKey)
    }

    /// A booking of the truck by whose key it is.
    func book(_ key: String? = nil, hour: Int = 9, day: Int = 4) async throws -> TestAnswer {
        try await shop.server.send(
            .post, "/v1/bookings", key: key ?? network.companyKey, headers: [.acceptLanguage: "en"],
            json: """
                {"activity": "demonstration", "lines": [{"resourceId": "\(truck)", "start": "\(Workshop.at(hour, day: day))",
                 "end": "\(Workshop.at(hour + 2, day: day))", "exclusive": true}]}
                """)
    }

    func list(_ path: String, key: String? = nil) async throws -> [TestJSON] {
        let answer = try await shop.server.send(.get, path, key: key ?? network.managerKey)
        #expect(answer.status == .ok, "\(answer.body)")
        return answer["items"]?.elements ?? []
    }

    func sql(_ text: String) async throws {
        try await shop.server.database.owner.execute(script: text)
    }

    /// One statement, with its values.
    func sql(_ statement: String, _ values: String...) async throws {
        _ = try await shop.server.database.owner.queryText(statement, values)
    }

    func setClock(_ moment: String) async throws {
        try await sql("call plateau.set_clock_offset($1::timestamptz - clock_timestamp())", moment)
    }

    /// Until no transaction of the cluster, such as one of another test's database, holds up what is told.
    func settle() async throws {
        for _ in 0..<400 {
            if try await shop.count("select (jobs.horizon() > (select max(e.xact) from jobs.event e))::text") == "true" { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("a transaction has been open for ten seconds")
    }

    /// The types of the events about what is away, in order.
    func events(_ kind: String) async throws -> [String] {
        try await shop.server.database.owner.queryText("select type from jobs.event where type like $1 order by id", ["\(kind).%"])
            .compactMap { $0[0].map { String($0.dropFirst(kind.count + 1)) } }
    }
}

func withDepot(labelEnd: String = "2099-12-31", _ body: @escaping @Sendable (Depot) async throws -> Void) async throws {
    try await withWorkshop { shop in
        let borrower = try await shop.neighbour("Centre emprunteur (fictif)", "1999000348", labelEnd: labelEnd)
        let depot = Depot(
            shop: shop, borrower: borrower.id, borrowerOrganisation: borrower.organisation, borrowerKey: borrower.managerKey)
        try await depot.sql(
            """
            update inventory.asset set is_mobile = true, platform_id = null;
            select centres.create_site(1::int2, '\(depot.secondSite)', 'Namur (fictif)', 'fixed', 'Namur', 'Europe/Brussels', 50.46, 4.87);
            insert into centres.open_hours (centre_id, calendar_id, day, during)
            select 1, '\(depot.secondSite)', d::date, tstzrange(d + interval '8 hours', d + interval '12 hours')
            from generate_series(timestamptz '2027-04-01 00:00Z', '2027-07-01', interval '1 day') d;
            """)
        try await depot.setClock("2027-05-04 07:00:00Z")
        try await body(depot)
    }
}

/// Another labelled centre.
struct Neighbour {
    let id: String
    let organisation: String
    let managerKey: String
}

extension Workshop {
    func neighbour(_ name: String, _ number: String, labelEnd: String = "2099-12-31") async throws -> Neighbour {
        let centre = try await server.send(
            .post, "/v1/centres", key: network.networkKey,
            json: #"{"name": "\#(name)", "carrier": "asbl", "enterpriseNumber": "\#(number)"}"#)
        let (id, organisation) = (centre.text("id"), centre.text("organisationId"))
        try await decide("grant", about: id, from: "2020-01-01", to: labelEnd)
        let key = try await server.send(
            .post, "/v1/organisations/\(organisation)/api-keys", key: network.networkKey,
            json: #"{"label": "test", "roles": [{"role": "centreManager", "centreId": "\#(id)"}]}"#)
        return Neighbour(id: id, organisation: organisation, managerKey: key.text("key"))
    }

    /// Proposes and approves a decision about a centre's label.
    func decide(_ kind: String, about centre: String, from: String, to: String? = nil) async throws {
        let last = to.map { #", "effectiveTo": "\#($0)""# } ?? ""
        let proposal = try await server.send(
            .post, "/v1/centres/\(centre)/label-decisions", key: network.authorityKey,
            json: """
                {"kind": "\(kind)", "authority": "government", "reference": "FICTIF", "decidedOn": "2020-01-01",
                 "effectiveFrom": "\(from)"\(last)}
                """)
        let approved = try await server.send(
            .post, "/v1/label-decisions/\(proposal.text("id"))/approval", key: network.secondAuthorityKey, json: "{}")
        #expect(approved.status == .ok, "\(approved.body)")
    }
}

extension TestAnswer {
    /// A member that is a text; none is empty.
    func text(_ name: String) -> String { self[name]?.text ?? "" }
}
