import Kernel
import Labels
import Postgres
import TestSupport

/// A small network, its rows written by the owner of the database: the network itself (0), two centres (1, 2), a training organisation.
struct LabelFixture {
    let database: TestDatabase
    /// By number.
    let centres: [CentreID]
    /// The organisations of the centres, by number.
    let centreOrganisations: [OrganisationID]
    let trainer: OrganisationID
    private let key: KeyID

    /// Synthetic numbers of the BCE that pass its check.
    private static let enterpriseNumbers = ["1999000150", "1999000249", "1999000348", "1999005197"]

    static func make(in database: TestDatabase) async throws -> LabelFixture {
        var random = SystemRandomNumberGenerator()
        let now = SystemWallClock().now()
        let centres = (0...2).map { CentreID.make(centre: $0, at: now, random: &random) }
        let organisations = (0...3).map { _ in OrganisationID.make(centre: 0, at: now, random: &random) }
        let fixture = LabelFixture(
            database: database, centres: centres, centreOrganisations: Array(organisations[...2]), trainer: organisations[3],
            key: KeyID.make(centre: 0, at: now, random: &random))
        for number in 0...2 { try await fixture.addCentre(number) }
        try await fixture.addOrganisation(fixture.trainer, kind: "trainingOrganisation", number: 3, centre: nil)
        return fixture
    }

    func identifier<Entity>(_ type: Identifier<Entity>.Type = Identifier<Entity>.self, centre: UInt16 = 1) -> Identifier<Entity> {
        var random = SystemRandomNumberGenerator()
        return .make(centre: centre, at: SystemWallClock().now(), random: &random)
    }

    @discardableResult
    func run(_ sql: String, _ values: [String?] = []) async throws -> [[String?]] {
        try await database.owner.queryText(sql, values)
    }

    private func addCentre(_ number: Int) async throws {
        try await run(
            """
            insert into centres.centre (centre_id, id, kind, zone, created_at)
            values ($1::smallint, $2::uuid, case $1::smallint when 0 then 'network' else 'centre' end, 'Europe/Brussels', '2019-01-01Z')
            """, ["\(number)", centres[number].description])
        try await run(
            """
            insert into centres.centre_name (centre_id, during, name)
            values ($1::smallint, daterange('2000-01-01', null), 'Centre ' || $1)
            """, ["\(number)"])
        try await addOrganisation(centreOrganisations[number], kind: number == 0 ? "network" : "centre", number: number, centre: number)
    }

    private func addOrganisation(_ id: OrganisationID, kind: String, number: Int, centre: Int?) async throws {
        try await run(
            """
            insert into access.organisation (id, kind, name, enterprise_number, centre_id, created_at)
            values ($1::uuid, $2, $2, $3, $4::smallint, '2019-01-01Z')
            """, [id.description, kind, Self.enterpriseNumbers[number], centre.map(String.init)])
    }

    // MARK: Facts

    /// Records a decision at a moment of our choosing, and derives the periods again.
    @discardableResult
    func decide(
        _ kind: String, from: String, to: String? = nil, decidedOn: String? = nil, recordedAt: String, supersedes: DecisionID? = nil,
        centre: Int = 1
    ) async throws -> DecisionID {
        let id: DecisionID = identifier(centre: UInt16(centre))
        try await run(
            """
            insert into labels.label_decision (
                centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, supersedes, proposed_by,
                approved_by, recorded_at)
            values ($1::smallint, $2::uuid, $3, 'Ministre', 'MB', $4::date, $5::date, $6::date, $7::uuid, gen_random_uuid(),
                    gen_random_uuid(), $8::timestamptz)
            """, ["\(centre)", id.description, kind, decidedOn ?? from, from, to, supersedes?.description, recordedAt])
        try await derive(centre)
        return id
    }

    func apply(
        _ application: ApplicationID, event: String = "submitted", on day: String, recordedAt: String, centre: Int = 1
    ) async throws {
        try await run(
            """
            insert into labels.application_event (centre_id, application_id, event, kind, on_day, recorded_at, recorded_by)
            values ($1::smallint, $2::uuid, $3, 'renewal', $4::date, $5::timestamptz, gen_random_uuid())
            """, ["\(centre)", application.description, event, day, recordedAt])
        try await derive(centre)
    }

    func derive(_ centre: Int = 1) async throws {
        try await run("select labels.derive_periods($1::smallint)", ["\(centre)"])
    }

    func file(_ audiences: [String], from: String, to: String? = nil, centre: Int = 1) async throws {
        let id: FileID = identifier(centre: UInt16(centre))
        try await run(
            """
            insert into labels.recognition_file (
                centre_id, id, number, effective_from, effective_to, sectors, audiences, recorded_at, recorded_by)
            select $1::smallint, $2::uuid, coalesce(max(f.number), 0) + 1, $3::date, $4::date, '{wood}', $5::text[], '2019-01-01Z',
                   gen_random_uuid()
            from labels.recognition_file f where f.centre_id = $1::smallint
            """, ["\(centre)", id.description, from, to, "{\(audiences.joined(separator: ","))}"])
    }

    func join(_ organisation: OrganisationID, from: String, to: String? = nil) async throws {
        try await run(
            """
            insert into access.agreement (centre_id, id, organisation_id, during, state, requested_at, requested_by, decided_at)
            values (0, gen_random_uuid(), $1::uuid, daterange($2::date, $3::date, '[]'), 'approved', '2019-01-01Z', gen_random_uuid(),
                    '2019-01-01Z')
            """, [organisation.description, from, to])
    }

    func policy(_ column: PolicyColumn, _ value: String) async throws {
        switch column {
        case .endsInside: try await run("update labels.policy set ends_inside = $1", [value])
        case .provisionalHorizonDays: try await run("update labels.policy set provisional_horizon_days = $1::integer", [value])
        }
    }

    enum PolicyColumn {
        case endsInside, provisionalHorizonDays
    }

    // MARK: Questions

    func status(on day: String, knownAt: String = "infinity", centre: Int = 1) async throws -> String? {
        try await run(
            "select s.status from labels.status_of($1::smallint, $2::date, $3::timestamptz) s", ["\(centre)", day, knownAt])[0][0]
    }

    /// One line a period: `2020-01-01/2024-12-31 labelled`.
    func periods(knownAt: String = "infinity", centre: Int = 1) async throws -> [String] {
        try await run(
            """
            select lower(p.during) || '/' || coalesce((upper(p.during) - 1)::text, '') || ' ' || p.status
            from labels.periods_known($1::smallint, $2::timestamptz) p order by p.during
            """, ["\(centre)", knownAt]
        ).compactMap(\.first).compactMap(\.self)
    }

    /// What the gate answers; slots are in the owner's zone, Europe/Brussels.
    func gate(
        owner: Int = 1, isShared: Bool = true, from: String, to: String, by organisation: OrganisationID,
        audiences: [(String, Int)] = [("jobSeeker", 8)]
    ) async throws -> GateAnswer {
        let row = try await run(
            """
            select g.verdict, g.conditional_until::text, g.label_status, g.file_number::text, g.rules::text
            from labels.gate(
                $1::smallint, $2::boolean, 'Europe/Brussels',
                tstzrange(plateau.instant_of($3::timestamp, 'Europe/Brussels'), plateau.instant_of($4::timestamp, 'Europe/Brussels')),
                $5::uuid, (select o.centre_id from access.organisation o where o.id = $5::uuid), $6::text[], $7::integer[], true) g
            """,
            [
                "\(owner)", "\(isShared)", from, to, organisation.description,
                "{\(audiences.map(\.0).joined(separator: ","))}", "{\(audiences.map { String($0.1) }.joined(separator: ","))}",
            ])[0]
        return GateAnswer(
            verdict: row[0] ?? "", conditionalUntil: row[1], labelStatus: row[2], fileNumber: row[3].flatMap { Int($0) },
            rules: try RuleExplanation.list(PostgresJSON(text: row[4] ?? "[]")))
    }
}

struct GateAnswer {
    let verdict: String
    let conditionalUntil: String?
    let labelStatus: String?
    let fileNumber: Int?
    let rules: [RuleExplanation]

    /// `rule verdict code`, in order.
    var lines: [String] { rules.map { "\($0.rule) \($0.verdict) \($0.code)" } }

    subscript(rule: String) -> RuleExplanation? { rules.first { $0.rule == rule } }
}

/// Runs a test in a network of its own.
func withLabelFixture(_ body: @Sendable (LabelFixture) async throws -> Void) async throws {
    try await withTestDatabase { database in try await body(LabelFixture.make(in: database)) }
}
