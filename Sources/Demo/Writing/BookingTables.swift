import Kernel

/// The rows of bookings: what was asked, what it takes, what happened to it.
struct BookingTables {
    private let network: PlannedNetwork
    private var booking = CopyTable(
        "bookings.booking",
        [
            "centre_id", "id", "reference", "organisation_id", "centres", "state", "initial_state", "flags", "starts", "ends", "activity",
            "audiences", "head_counts", "accompanying", "title", "contact_name", "contact_email", "programme", "label_status",
            "label_decision_id", "file_number", "conditional_until", "created_at", "created_by", "version", "offer_id",
        ])
    private var line = CopyTable(
        "bookings.line", ["centre_id", "booking_id", "number", "resource_id", "starts", "ends", "seats", "is_exclusive"])
    private var transition = CopyTable(
        "bookings.transition",
        ["centre_id", "booking_id", "version", "from_state", "to_state", "at", "key_id", "organisation_id", "reason"])
    private var occupancy = CopyTable(
        "platforms.occupancy",
        [
            "centre_id", "resource_id", "starts", "ends", "use_starts", "use_ends", "seats", "is_unit", "holder_id", "line_number",
            "organisation_id",
        ])

    private var use = CopyTable(
        "bookings.use",
        [
            "centre_id", "booking_id", "line_number", "checked_in_at", "checked_in_by", "checked_out_at", "checked_out_by", "closed_at",
        ])
    private var attendance = CopyTable(
        "bookings.attendance",
        ["centre_id", "booking_id", "audiences", "head_counts", "accompanying", "recorded_at", "recorded_by"])

    init(_ bookings: [PlannedBooking], of network: PlannedNetwork) {
        self.network = network
        for entry in bookings {
            let centre = network.resources[entry.lines[0].resource].centre
            append(entry, centre: centre)
            appendTransitions(of: entry, centre: centre)
            appendUse(of: entry, centre: centre)
            for (index, part) in entry.lines.enumerated() {
                line.append([
                    .integer(centre), .id(entry.id), .integer(index + 1), .id(network.resources[part.resource].id),
                    .instant(part.period.start), .instant(part.period.end), .integer(part.seats), .boolean(part.isExclusive),
                ])
                if entry.state.occupies { appendOccupancy(of: part, number: index + 1, in: entry) }
            }
        }
    }

    /// In an order that foreign keys allow.
    ///
    /// What was used comes before the bookings, whose rows mark them for the totals: once is enough.
    var tables: [CopyTable] { [use, attendance, booking, line, transition, occupancy].map { $0.closed() } }

    private mutating func append(_ entry: PlannedBooking, centre: Int) {
        let organisation = network.organisations[entry.organisation]
        let centres = Set(entry.lines.map { network.resources[$0.resource].centre }).sorted()
        let starts = entry.lines.map(\.period.start).min() ?? entry.createdAt
        let ends = entry.lines.map(\.period.end).max() ?? entry.createdAt
        booking.append([
            .integer(centre), .id(entry.id), .text(entry.reference.description), .id(organisation.id), .integers(centres),
            .text(entry.state.rawValue), .text(entry.initialState.rawValue), .texts(entry.isProvisional ? ["provisional"] : []),
            .instant(starts), .instant(ends), .text(entry.need.activity), .texts(entry.need.audiences), .integers(entry.need.headCounts),
            .integer(entry.need.accompanying), .text(entry.need.title), .text("Planification (fictif)"),
            .text("planification@organisation-\(entry.organisation).example"), .maybe(entry.need.programme) { .text($0) },
            .maybe(entry.gate.status) { .text($0.rawValue) }, .maybe(entry.gate.decision) { .id($0) },
            .maybe(entry.gate.fileNumber) { .integer($0) }, .maybe(entry.gate.until) { .day($0) }, .instant(entry.createdAt),
            .id(network.keys[organisation.key].id), .integer(entry.transitions.count),
            .maybe(entry.need.offer) { .id(network.offers[$0].id) },
        ])
    }

    private mutating func appendTransitions(of entry: PlannedBooking, centre: Int) {
        var former: BookingState?
        for (index, step) in entry.transitions.enumerated() {
            let key = step.key.map { network.keys[$0] }
            transition.append([
                .integer(centre), .id(entry.id), .integer(index + 1), .maybe(former) { .text($0.rawValue) }, .text(step.state.rawValue),
                .instant(step.at), .maybe(key) { .id($0.id) }, .maybe(key) { .id(network.organisations[$0.organisation].id) },
                .maybe(step.reason) { .text($0) },
            ])
            former = step.state
        }
    }

    private mutating func appendUse(of entry: PlannedBooking, centre: Int) {
        let caller = CopyValue.id(network.keys[network.organisations[entry.organisation].key].id)
        for (index, part) in entry.uses.enumerated() {
            use.append([
                .integer(centre), .id(entry.id), .integer(index + 1), .instant(part.checkedIn), caller, .instant(part.checkedOut),
                part.isForgotten ? .null : caller, .instant(part.closed),
            ])
        }
        if let came = entry.attendance {
            attendance.append([
                .integer(centre), .id(entry.id), .texts(entry.need.audiences), .integers(came.headCounts),
                .integer(entry.need.accompanying), .instant(came.at), caller,
            ])
        }
    }

    /// One row a local day, buffers included, as `platforms.occupy` writes them.
    private mutating func appendOccupancy(of part: PlannedBooking.Line, number: Int, in entry: PlannedBooking) {
        let resource = network.resources[part.resource]
        let taken = network.taken(by: part)
        var start = taken.start
        while start < taken.end {
            let end = min(taken.end, network.zone.instant(of: network.zone.day(of: start).adding(days: 1), minute: 0))
            occupancy.append([
                .integer(resource.centre), .id(resource.id), .instant(start), .instant(end),
                .instant(min(max(start, part.period.start), end)), .instant(max(min(end, part.period.end), start)), .integer(part.seats),
                .boolean(!resource.isPlatform), .id(entry.id), .integer(number),
                .id(network.organisations[entry.organisation].id),
            ])
            start = end
        }
    }
}
