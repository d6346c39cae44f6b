package import Kernel
import Platforms
import Postgres

/// One need, with one or more lines, all or nothing.
package struct Booking: Sendable {
    /// One resource for one period.
    package struct Line: Sendable {
        package let number: Int
        package let resource: ResourceID
        /// `platform`, `equipment`, `workstation`, `workstationGroup` or `stock`; unknown in the answer to a creation.
        package let kind: String?
        package let name: String?
        package let period: Period
        package let zone: String
        package let seats: Int32
        package let isExclusive: Bool
        /// How many of the persons come to it; nil: everybody.
        package let persons: Int32?
        /// When its use began and ended; nil: not yet.
        package let checkedInAt: Instant?
        package let checkedOutAt: Instant?
        /// The kit that it came from; nil: it was asked for itself.
        package let kit: NamedKit?
        /// The model of which its unit was chosen; nil: the unit was asked for itself.
        package let model: NamedModel?
    }

    /// A change of state, with who and why left out of other organisations' sight.
    package struct Transition: Sendable {
        package let version: Int32
        package let from: String?
        package let to: String
        package let at: Instant
        package let reason: String?
    }

    package let id: BookingID
    package let reference: String
    package let organisation: OrganisationID
    /// Known where it was read; a request that became a booking does not say it.
    package let organisationName: String?
    package let state: BookingState
    package let flags: [String]
    package let activity: String
    package let audiences: [HeadCount]
    package let accompanying: Int32
    package let title: String?
    package let contactName: String?
    package let contactEmail: String?
    package let programme: String?
    /// The course that it is for.
    package let offer: OfferID?
    package let supervision: String?
    package let holders: [NamedHolder]
    package let labelSnapshot: LabelSnapshot?
    /// When the network cancels it unless its label is in order again; nil: it is kept.
    package let atRiskUntil: Instant?
    /// When a hold, an offer or a request lapses; of a draft and a waiting one, when its time has come.
    package let expiresAt: Instant?
    package let lines: [Line]
    /// The series that it is an occurrence of, and when the rule of that has it start.
    package let series: SeriesID?
    package let occurrenceStart: Instant?
    package let createdAt: Instant
    package let version: Int32
}

extension Booking {
    /// The booking that a request became: from the request and from columns that never change, so that a replay says the same.
    init(_ request: ReserveRequest, _ verdict: ReserveVerdict, bookedBy organisation: OrganisationID) {
        id = verdict.booking
        reference = verdict.reference
        self.organisation = request.organisation ?? organisation
        organisationName = nil
        state = verdict.state
        flags = verdict.flags
        activity = request.activity.rawValue
        audiences = request.audiences
        accompanying = request.accompanying
        title = request.title
        contactName = request.contact?.name
        contactEmail = request.contact?.email
        programme = request.programme
        offer = request.offer
        supervision = request.supervision?.rawValue
        holders = request.holders
        labelSnapshot = verdict.labelSnapshot
        atRiskUntil = nil
        expiresAt = nil
        lines = request.lines.enumerated().map { index, line in
            Line(
                number: index + 1, resource: line.resource, kind: nil, name: nil, period: line.period, zone: verdict.zones[index],
                seats: verdict.seats[index], isExclusive: line.seats == nil, persons: line.persons,
                checkedInAt: nil, checkedOutAt: nil, kit: line.kit, model: line.model)
        }
        series = nil
        occurrenceStart = nil
        createdAt = verdict.recordedAt
        version = 1
    }

    init(_ row: SQL.FindBooking.Row, lines: [Line]) {
        id = row.id
        reference = row.reference
        organisation = row.organisationId
        organisationName = row.organisationName
        state = BookingState(rawValue: row.state) ?? .draft
        flags = row.flags
        activity = row.activity
        audiences = zip(row.audiences, row.headCounts).map { HeadCount(audience: $0, headCount: $1) }
        accompanying = row.accompanying
        title = row.title
        contactName = row.contactName
        contactEmail = row.contactEmail
        programme = row.programme
        offer = row.offerId
        supervision = row.supervision
        holders = zip(row.holderRoles, row.holders).compactMap { NamedHolder(storedRole: $0, holder: $1) }
        labelSnapshot = LabelSnapshot(
            status: row.labelStatus, decision: row.labelDecisionId, fileNumber: row.fileNumber, conditionalUntil: row.conditionalUntil)
        atRiskUntil = row.atRiskUntil
        expiresAt = row.expiresAt
        self.lines = lines
        series = row.seriesId
        occurrenceStart = row.occurrenceStarts
        createdAt = row.createdAt
        version = row.version
    }
}

extension Booking.Line {
    init?(_ row: SQL.ListLines.Row) {
        guard let period = Period(start: row.starts, end: row.ends) else { return nil }
        self.init(
            number: Int(row.number), resource: row.resourceId, kind: row.kind, name: row.name, period: period, zone: row.zone,
            seats: row.seats, isExclusive: row.isExclusive, persons: row.persons, checkedInAt: row.checkedInAt,
            checkedOutAt: row.checkedOutAt,
            kit: row.kitId.flatMap { id in row.kitName.map { NamedKit(id: id, name: $0) } },
            model: row.modelId.flatMap { id in row.modelName.map { NamedModel(id: id, name: $0) } })
    }
}
