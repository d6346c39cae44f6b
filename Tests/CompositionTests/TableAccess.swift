/// Who may read a table of the schema without being anybody in particular; the whole list is here.
enum TableAccess: Hashable {
    /// Readable with any key, as the contract says; with the reason.
    case readable(because: String)
    /// Nobody's rows show without an actor.
    case guarded
    /// Not granted to the server's role at all.
    case closed

    static let ofEveryTable: [String: TableAccess] = [
        "access.organisation": .guarded,
        "access.agreement": .guarded,
        "access.membership": .guarded,
        "access.api_key": .guarded,
        "access.api_key_role": .guarded,
        "access.idempotency": .closed,
        "access.session": .closed,
        "access.person": .closed,
        "access.sign_in": .closed,
        "access.password_try": .closed,

        "centres.centre": .readable(because: "the catalogue: a denial must be able to explain itself"),
        "centres.centre_name": .readable(because: "the catalogue"),
        "centres.named_centre": .readable(because: "the catalogue; a view with the rights of who asks"),
        "centres.centre_carrier": .readable(because: "the catalogue"),
        "centres.succession": .readable(because: "the catalogue"),
        "centres.site": .readable(because: "the catalogue"),
        "centres.weekly_opening": .readable(because: "the catalogue"),
        "centres.closed_day": .readable(because: "the catalogue"),
        "centres.closing": .readable(because: "the catalogue"),
        "centres.open_hours": .readable(because: "the catalogue"),
        "centres.calendar": .readable(because: "the catalogue"),
        "centres.own_opening": .readable(because: "the catalogue"),
        "centres.opening_exception": .readable(because: "the catalogue"),
        "centres.former_open_hours": .readable(because: "the catalogue: what was known of it"),
        "centres.school_holiday": .readable(because: "published by the ministry"),
        "centres.open_hours_horizon": .readable(because: "the catalogue"),

        "labels.audience": .readable(because: "a list of words"),
        "labels.policy": .readable(because: "thresholds that explanations name"),
        "labels.label_decision": .readable(because: "decisions of an authority are public"),
        "labels.label_period": .readable(because: "derived from public decisions"),
        "labels.recognition_file": .readable(because: "says who is served; public with the decision"),
        "labels.mission": .readable(because: "a list of words"),
        "labels.element": .readable(because: "a list of words"),
        "labels.criterion": .readable(because: "a list of words"),
        "labels.sector_list": .readable(because: "published classifications"),
        "labels.sector_successor": .readable(because: "published classifications"),
        "labels.file_draft": .guarded,
        "labels.file_event": .guarded,
        "labels.evidence": .guarded,
        "labels.evidence_content": .guarded,
        "labels.application_file": .guarded,
        "labels.evaluation": .guarded,
        "labels.evaluation_note": .guarded,
        "labels.reminder": .guarded,
        "labels.proposal": .guarded,
        "labels.proposal_withdrawal": .guarded,
        "labels.application_event": .guarded,

        "platforms.resource": .readable(because: "the catalogue"),
        "platforms.platform": .readable(because: "the catalogue"),
        "platforms.search_entry": .readable(because: "the words of the catalogue"),
        "platforms.workstation": .readable(because: "the catalogue"),
        "platforms.workstation_group": .readable(because: "the catalogue"),
        "platforms.prerequisite": .readable(because: "the catalogue: who comes must know what to bring"),
        "platforms.priority_window": .readable(because: "the catalogue: a refusal names them"),
        "platforms.occupancy": .readable(because: "calendars need what is taken; no personal data, the holder only by id"),

        "inventory.model": .readable(because: "the catalogue"),
        "inventory.asset": .readable(because: "the catalogue"),
        "inventory.document": .readable(because: "the catalogue"),
        "inventory.purchase": .guarded,
        "inventory.transition": .guarded,
        "inventory.move": .guarded,
        "inventory.stocktake": .guarded,
        "inventory.stocktake_line": .guarded,

        // Those of the catalogue are for everybody; the row that the test hides is for one organisation.
        "offers.offer": .guarded,

        "attestations.type": .readable(because: "a list of words"),
        "attestations.holder": .guarded,
        "attestations.attestation": .guarded,
        "attestations.unreviewed": .closed,

        "bookings.booking": .guarded,
        "inventory.funding_line": .guarded,
        "utilisation.economic_warning": .guarded,
        "inventory.durability_override": .guarded,
        "bookings.quota": .guarded,
        "bookings.draw": .guarded,
        "bookings.allowance_draw": .guarded,
        "bookings.approval": .guarded,
        "bookings.booking_terms": .guarded,
        "bookings.cancellation": .guarded,
        "bookings.use": .guarded,
        "bookings.attendance": .guarded,
        "bookings.incident": .guarded,
        "bookings.override": .guarded,
        "bookings.waiting": .guarded,
        "bookings.unmet_demand": .guarded,
        "bookings.policy": .readable(because: "thresholds that refusals name"),
        "bookings.resource_terms": .readable(because: "the catalogue: what a booking will be asked"),
        "bookings.vacancy": .closed,
        "bookings.imported": .closed,
        "bookings.line": .guarded,
        "bookings.transition": .guarded,
        "bookings.label_change": .guarded,
        "bookings.label_effect": .guarded,
        "bookings.label_simulation": .guarded,
        "bookings.series": .guarded,
        "bookings.refused_occurrence": .guarded,
        "bookings.time_judgement": .closed,

        "bookings.change": .guarded,
        "maintenance.plan": .guarded,
        "maintenance.fault": .guarded,
        "maintenance.outage": .guarded,
        "maintenance.displacement": .guarded,
        "maintenance.former_span": .closed,
        "maintenance.completion": .guarded,

        "jobs.event": .guarded,
        "jobs.event_elsewhere": .guarded,
        "jobs.forgotten": .readable(because: "a number, by which a cursor is known to be too old"),

        "delivery.webhook": .guarded,
        "delivery.message": .guarded,
        "delivery.attempt": .guarded,
        "delivery.progress": .closed,
        "delivery.feed": .guarded,
        "delivery.notification_settings": .guarded,
        "delivery.mail": .closed,

        "utilisation.resource_version": .closed,
        "utilisation.pending": .closed,
        "utilisation.former": .closed,
        "utilisation.fact": .closed,
        "utilisation.total": .closed,
        "utilisation.people_total": .closed,
        "utilisation.hour_total": .closed,
        "utilisation.sealed_report": .closed,
        "utilisation.stale_seal": .closed,

        "public.plateau_migration": .readable(because: "the server refuses a database that is not of its version"),
    ]

    /// What is no table and has no rows of its own; each looks with the rights of who asks.
    static let views: Set = ["access.membership", "centres.named_centre", "bookings.change"]

    static func tables(_ wanted: (TableAccess) -> Bool) -> [String] {
        ofEveryTable.filter { wanted($0.value) }.keys.sorted()
    }
}
