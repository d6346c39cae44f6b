import Access
import Kernel
import Platforms
import Postgres

/// What a slot is looked for: the one question that suggestions and the alternatives to a refusal both ask.
struct SuggestedNeed {
    let organisation: OrganisationID
    let activity: Activity
    let audiences: [HeadCount]
    let persons: Int32
    let supervision: String?
    let holders: [NamedHolder]
    /// Nil: the whole.
    let seats: Int32?
    var window: Period
    let minutes: Int32
    let preferred: Instant
    /// What it is to be like.
    let like: ResourceID?
    var sought: ResourceCriteria?
    /// Whose own room is free to it.
    var booking: BookingID?
    /// Resources of its other lines: nothing in one tree with them.
    var beside: [ResourceID] = []
    /// The one centre where it may be; nil: what is sought says so, or anywhere.
    var centre: CentreID?
}

extension SuggestedNeed {
    init(_ asked: SuggestionRequest, for organisation: OrganisationID) {
        let everybody = asked.audiences.reduce(asked.accompanying) { $0 + $1.headCount }
        self.init(
            organisation: organisation, activity: asked.activity, audiences: asked.audiences, persons: asked.persons ?? everybody,
            supervision: asked.supervision?.rawValue, holders: asked.holders, seats: asked.seats, window: asked.window,
            minutes: asked.minutes, preferred: asked.preferredStart ?? asked.window.start, like: asked.like, sought: asked.sought)
    }

    /// Another slot for one line of a request.
    init?(_ request: ReserveRequest, line index: Int, for organisation: OrganisationID, window: Period) {
        guard request.lines.indices.contains(index) else { return nil }
        let line = request.lines[index]
        self.init(
            organisation: organisation, activity: request.activity, audiences: request.audiences, persons: line.persons ?? request.persons,
            supervision: request.supervision?.rawValue, holders: request.holders, seats: line.seats, window: window,
            minutes: Int32(clamping: line.period.duration.components.seconds / 60), preferred: line.period.start, like: line.resource)
        beside = request.lines.indices.filter { $0 != index }.map { request.lines[$0].resource }
    }
}

extension Bookings {
    /// One question to the database: the slots, best first, then, when explained, the resources that have none.
    func statement(
        for need: SuggestedNeed, by principal: Principal, limit: Int, isExplained: Bool, most: Int32 = mostSuggestionCandidates,
        mostJudged: Int32 = mostSuggestionsJudged
    ) throws -> SQL.Suggest {
        return SQL.Suggest(
            key: try principal.keyID, organisation: need.organisation, activity: need.activity.rawValue,
            audiences: need.audiences.map(\.audience), headCounts: need.audiences.map(\.headCount), persons: need.persons,
            supervision: need.supervision, holderRoles: need.holders.map(\.role.rawValue), holders: need.holders.map(\.holder),
            seats: need.seats ?? 0, fromInstant: need.window.start, toInstant: need.window.end, minutes: need.minutes,
            preferred: need.preferred, likeResource: need.like, words: need.sought?.text, tags: need.sought?.tags ?? [],
            centreId: need.centre ?? need.sought?.centre, latitude: need.sought?.near?.latitude, longitude: need.sought?.near?.longitude,
            kilometres: need.sought?.near?.kilometres, booking: need.booking, beside: need.beside, explains: isExplained, most: most,
            mostJudged: mostJudged, rowLimit: Int32(limit))
    }
}
