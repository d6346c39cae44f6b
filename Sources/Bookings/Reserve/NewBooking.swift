import HTTPEdge

/// Rules that staff sets aside, and why: kept for ever.
struct RuleOverride: RequestObject {
    /// A reason code that is overridable, as `bookings.is_overridable` has them.
    enum Code: String, CaseIterable, RequestValue, JSONWritable {
        case noticeTooShort, beyondHorizon, durationTooShort, durationTooLong, offGrid, closed, keptForOthers, supervisionNotOffered
        case quotaExceeded, holderNotNamed, attestationMissing, attestationExpired
    }

    let codes: [Code]
    let reason: String

    init?(reading fields: inout FieldReader) {
        let codes = fields.values("codes", Code.self, count: 1...Code.allCases.count)
        let reason = fields.required("reason", maximum: 500)
        guard let codes, let reason else { return nil }
        self.codes = codes
        self.reason = reason
    }
}

/// What `POST /v1/bookings` is asked: a booking, and in what manner where it is not simply booked.
struct NewBookingRequest: RequestObject {
    let template: ReserveRequest
    let manner: BookingManner

    init?(reading fields: inout FieldReader) {
        let template = ReserveRequest(reading: &fields, takesChoice: true)
        let isDraft: Bool = fields.optional("draft") ?? false
        let waits: Bool = fields.optional("waitlist") ?? false
        let override: RuleOverride? = fields.optionalObject("override")
        if isDraft, waits || override != nil { fields.refuse("draft", Text("reason.draftAlone")) }
        guard let template else { return nil }
        self.template = template
        manner = BookingManner(kind: isDraft ? .draft : waits ? .waitlisted : .booked, override: override)
    }
}

/// How a booking is made.
struct BookingManner {
    enum Kind: String {
        case booked
        case held
        /// Booked, or waiting when nothing but room is lacking.
        case waitlisted
        case draft
    }

    let kind: Kind
    /// How long a hold lasts.
    var holdMinutes: Int32?
    var override: RuleOverride?

    /// As most are: the statement that groups with others does it.
    var isPlain: Bool { kind == .booked && override == nil }
}
