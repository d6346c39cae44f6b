import HTTPEdge
import Inventory
import Kernel
import Platforms

/// What somebody needs, for how long, and when it may be.
struct SuggestionRequest: RequestObject {
    static let longestDays = 31
    /// So many are answered at most.
    static let most = 200

    /// Whom it is for; nil: the caller's own organisation.
    let organisation: OrganisationID?
    let activity: Activity
    let audiences: [HeadCount]
    let accompanying: Int32
    let supervision: Supervision?
    let holders: [NamedHolder]
    let window: Period
    let minutes: Int32
    /// The start that is best; nil: that of the window.
    let preferredStart: Instant?
    /// Nil: the whole.
    let seats: Int32?
    /// Persons who come; nil: everybody.
    let persons: Int32?
    /// What it is to be like; else what is looked for.
    let like: ResourceID?
    let sought: ResourceCriteria
    let limit: Int

    init?(reading fields: inout FieldReader) {
        organisation = fields.optional("organisationId")
        let activity: Activity? = fields.required("activity")
        let audiences = fields.array("audiences", HeadCount.self, count: 0...50)
        accompanying = fields.optional("accompanying", in: 0...10_000) ?? 0
        supervision = fields.optional("supervision")
        let holders = fields.array("holders", NamedHolder.self, count: 0...200)
        let window = fields.object("window", Period.self)
        let minutes: Int32? = fields.required("minutes", in: 1...44_640)
        preferredStart = fields.optional("preferredStart")
        let seats: Int32? = fields.optional("seats", in: 1...10_000)
        let exclusive: Bool? = fields.optional("exclusive")
        persons = fields.optional("persons", in: 0...100_000)
        let like: ResourceID? = fields.optional("like")
        let sought = ResourceCriteria(reading: &fields)
        limit = fields.optional("limit", in: 1...Self.most) ?? 20
        if exclusive == false { fields.refuse("exclusive", Text("reason.onlyTrue")) }
        if seats != nil, exclusive == true { fields.refuse("exclusive", Text("reason.seatsOrExclusive")) }
        if like != nil, !sought.isEmpty { fields.refuse("like", Text("reason.likeAlone")) }
        if let audiences, Set(audiences.map(\.audience)).count != audiences.count {
            fields.refuse("audiences", code: "duplicate", Text("reason.audienceTwice"))
        }
        fields.check(window, "window", days: Self.longestDays)
        if let window, let minutes, window.duration < .seconds(60 * Int(minutes)) {
            fields.refuse("minutes", Text("reason.windowTooShort"))
        }
        if let window, let minutes, let start = preferredStart, start < window.start || start + .seconds(60 * Int(minutes)) > window.end {
            fields.refuse("preferredStart", Text("reason.startOutsideWindow"))
        }
        guard let activity, let audiences, let holders, let window, let minutes else { return nil }
        self.activity = activity
        self.audiences = audiences
        self.holders = holders
        self.window = window
        self.minutes = minutes
        self.seats = exclusive == true ? nil : seats ?? 1
        self.like = like
        self.sought = sought
    }
}

/// What resources are looked for by.
struct ResourceCriteria {
    let text: String?
    let kind: SearchRequest.Kind?
    let category: String?
    let model: ModelID?
    /// Only what bears the mark of advanced technology.
    let isAdvancedTechnology: Bool
    let sector: String?
    let skill: String?
    let centre: CentreID?
    let near: SearchRequest.Nearness?

    init(reading fields: inout FieldReader) {
        text = fields.optional("text", maximum: 200)
        kind = fields.optional("kind")
        category = fields.optional("category", maximum: 100)
        model = fields.optional("modelId")
        let mark: Bool? = fields.optional("isAdvancedTechnology")
        if mark == false { fields.refuse("isAdvancedTechnology", Text("reason.onlyTrue")) }
        isAdvancedTechnology = mark == true
        let sector: Tag? = fields.optional("sector")
        let skill: Tag? = fields.optional("skill")
        self.sector = sector?.description
        self.skill = skill?.description
        centre = fields.optional("centreId")
        near = fields.optionalObject("near")
    }

    /// Properties as the database keeps them; all must fit.
    var tags: [String] {
        [
            kind.map { "kind:\($0.rawValue)" }, category.map { "category:\($0)" }, sector.map { "sector:\($0)" },
            skill.map { "skill:\($0)" }, model.map { "model:\($0)" }, isAdvancedTechnology ? "mark:advanced" : nil,
        ].compactMap(\.self)
    }

    var isEmpty: Bool { text == nil && tags.isEmpty && centre == nil && near == nil }
}
