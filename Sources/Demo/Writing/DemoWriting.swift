import Kernel
import Postgres

/// Writes a plan in one transaction, by COPY.
struct DemoWriting {
    let session: PostgresSession

    /// Tables whose row-level security holds for their owner too, which COPY does not go with.
    static let guarded = [
        "access.organisation", "access.agreement", "access.api_key", "access.api_key_role", "labels.application_event", "labels.proposal",
        "labels.file_draft", "labels.file_event", "labels.evidence", "labels.evidence_content", "labels.application_file",
        "labels.evaluation", "labels.evaluation_note",
        "offers.offer", "inventory.funding_line", "inventory.stock_change", "bookings.booking", "bookings.line", "bookings.transition",
        "bookings.use", "bookings.attendance", "bookings.allowance_draw",
        "jobs.event",
    ]

    /// - Throws: `DemoError` when the database is not a freshly migrated one.
    func checkDatabase() async throws {
        let found = try await session.query(SQL.DatabaseInUse())
        if found.contains(where: \.isDemo) { throw DemoError.alreadyLoaded }
        if found.contains(where: \.hasCentres) { throw DemoError.databaseInUse }
    }

    func write(_ plan: DemoPlan, keys: MintedKeys, network: DemoNetwork) async throws {
        // Rows are made while they are sent: on a busy machine for longer than the server bears an idle transaction.
        try await session.execute(script: "begin; set local idle_in_transaction_session_timeout = 0")
        do {
            try await writeRows(plan, keys: keys, network: network)
            try await session.execute(script: "commit")
        } catch {
            try? await session.execute(script: "rollback")
            throw error
        }
        // Plans of the first requests are as good as later ones.
        try await session.execute(script: "vacuum analyze")
    }

    private func writeRows(_ plan: DemoPlan, keys: MintedKeys, network: DemoNetwork) async throws {
        try await checkDatabase()
        let isGuarded = try await session.query(SQL.RowSecurityHolds()).contains(where: \.holds)
        if isGuarded { try await session.execute(script: Self.script { "alter table \($0) no force row level security;" }) }
        for table in plan.network.tables(calendar: plan.calendar) { try await copy(table) }
        for table in keys.tables(of: plan.network) { try await copy(table) }
        _ = try await session.query(SQL.DerivePeriods())
        try await writeDossiers(of: plan.network, today: network.today)
        for table in BookingTables(plan.bookings, of: plan.network).tables { try await copy(table) }
        _ = try await session.query(SQL.CountDemoAllowances())
        if isGuarded { try await session.execute(script: Self.script { "alter table \($0) force row level security;" }) }
        try await session.execute(script: Self.markTable)
        try await copy(Self.mark(network, bookings: plan.bookings.count))
    }

    /// What stands behind the recognition files, and the evaluation of the applications that wait.
    private func writeDossiers(of network: PlannedNetwork, today: LocalDay) async throws {
        let pending = network.numbers(of: FictionalDossier.pending)
        let (elements, by) = (FictionalDossier.elements, network.labelAuthorities.proposes.id)
        _ = try await session.query(
            SQL.AddDemoDrafts(
                whole: network.numbers(of: FictionalDossier.whole), pending: pending,
                drafting: network.numbers(of: [FictionalDossier.drafting]).first ?? 0, elements: elements,
                answers: FictionalDossier.answers, today: today))
        _ = try await session.query(SQL.AddDemoFileEvents(recognisedBy: by))
        _ = try await session.query(
            SQL.AddDemoEvidence(elements: elements, names: FictionalDossier.documentNames, documents: FictionalDossier.documents))
        _ = try await session.query(
            SQL.AddDemoEvaluations(
                pending: pending, closed: network.numbers(of: [FictionalDossier.evaluated]).first ?? 0, by: by))
    }

    private func copy(_ table: CopyTable) async throws {
        _ = try await session.copyIn(table.command, chunks: table.chunks)
    }

    static func script(_ command: (String) -> String) -> String {
        guarded.map(command).joined(separator: "\n")
    }

    /// The table that tells a demo database from any other; it is no part of the schema.
    private static let markTable = """
        create table plateau.demo (
            seed text not null, today date not null, bookings integer not null, loaded_at timestamptz not null default clock_timestamp());
        grant select on plateau.demo to plateau_app, plateau_readonly;
        """

    private static func mark(_ network: DemoNetwork, bookings: Int) -> CopyTable {
        var table = CopyTable("plateau.demo", ["seed", "today", "bookings"])
        table.append([.text("\(network.seed)"), .day(network.today), .integer(bookings)])
        return table.closed()
    }
}
