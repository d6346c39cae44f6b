import HTTPEdge
import Kernel

/// What somebody wants to book, as it stands in the address of each step: so every step can be reloaded, kept and gone back to.
struct BookingChoice: Sendable {
    static let audiences = ["jobSeeker", "worker", "executive", "teacher", "student", "apprentice"]
    static let activities = [
        "catalogueTraining", "bespokeTraining", "awareness", "demonstration", "technologyWatch", "needsAnalysis", "companyProduction",
    ]

    var day: LocalDay?
    var from: LocalTime?
    var to: LocalTime?
    var seats: Int
    /// Whether the whole platform is taken.
    var isWhole: Bool
    /// Of a machine: whether any of its model will do.
    var isAnyOfModel: Bool
    var activity: String
    var headCounts: [String: Int]
    var accompanying: Int
    var title: String?
    var contactName: String?
    var contactEmail: String?
    var supervision: String?
    var programme: String?
    /// The course that it is for.
    var offer: OfferID?
    /// Ids by role.
    var holders: [String: [String]]
    /// Nil for a booking that is made once.
    var weekly: Weekly?
    /// Days of the week that were ticked while no last day can be read; nil: none were, and no last day was written.
    var endlessWeekdays: [Int]?

    init(_ fields: FormFields) {
        day = fields["day"].flatMap { LocalDay($0) }
        from = fields["from"].flatMap { LocalTime($0) }
        to = fields["to"].flatMap { LocalTime($0) }
        seats = fields["seats"].flatMap { Int($0) }.map { min(max($0, 1), 10_000) } ?? 1
        isWhole = fields["whole"] != nil
        isAnyOfModel = fields["any"] != nil
        activity = fields["activity"].flatMap { Self.activities.contains($0) ? $0 : nil } ?? Self.activities[0]
        headCounts = [:]
        for audience in Self.audiences {
            if let count = fields["of.\(audience)"].flatMap({ Int($0) }), count > 0 { headCounts[audience] = min(count, 10_000) }
        }
        accompanying = fields["accompanying"].flatMap { Int($0) }.map { min(max($0, 0), 10_000) } ?? 0
        title = fields["title"]
        contactName = fields["contactName"]
        contactEmail = fields["contactEmail"]
        supervision = fields["supervision"]
        programme = fields["programme"]
        offer = fields["offer"].flatMap { OfferID($0) }
        weekly = Weekly(fields)
        let ticked = Weekly.ticked(fields)
        endlessWeekdays = weekly == nil && (fields["until"] != nil || !ticked.isEmpty) ? ticked : nil
        holders = [:]
        for role in Self.roles {
            if let ids = fields["holder.\(role)"].map(Self.ids), !ids.isEmpty { holders[role] = ids }
        }
    }

    /// What a booking of one line is now, to be changed; nil for one of several lines.
    init?(of booking: JSONValue) {
        let lines = booking["lines"]?.items ?? []
        guard lines.count == 1, let line = lines.first, let period = line.period, let zone = line["zone"]?.text.flatMap({ Zone($0) })
        else { return nil }
        self.init(FormFields(query: nil))
        self = moved(to: period, in: zone)
        seats = line["seats"]?.integer ?? 1
        isWhole = line["kind"]?.text != "equipment" && line["use"]?.text == "exclusive"
        activity = booking["activity"]?.text ?? activity
        for audience in booking["audiences"]?.items ?? [] {
            if let code = audience["audience"]?.text { headCounts[code] = audience["headCount"]?.integer }
        }
        accompanying = booking["accompanying"]?.integer ?? 0
        title = booking["title"]?.text
        contactName = booking["contact"]?["name"]?.text
        contactEmail = booking["contact"]?["email"]?.text
        supervision = booking["supervision"]?.text
        programme = booking["programme"]?.text
        offer = booking["offerId"]?.text.flatMap { OfferID($0) }
        holders = Self.holders(in: booking)
    }

    /// Whether day and times are there, the end after the start.
    var isSound: Bool {
        guard let from, let to else { return false }
        return day != nil && from < to
    }

    /// Nil while day or times are missing, or the end is not after the start.
    func period(in zone: Zone) -> Period? {
        guard let day, let from, let to else { return nil }
        return Period(start: zone.instant(of: day, from), end: zone.instant(of: day, to))
    }

    /// The same need at another time.
    func moved(to period: Period, in zone: Zone) -> BookingChoice {
        var moved = self
        moved.day = zone.day(of: period.start)
        moved.from = zone.time(of: period.start)
        let end = zone.time(of: period.end)
        moved.to = end == .midnight ? .endOfDay : end
        return moved
    }

    /// Names and values for a form or an address.
    var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String?) {
            if let value { fields.append((name: name, value: value)) }
        }
        add("day", day?.description)
        add("from", from?.description)
        add("to", to?.description)
        add("seats", String(seats))
        if isWhole { add("whole", "1") }
        if isAnyOfModel { add("any", "1") }
        add("activity", activity)
        for audience in Self.audiences { add("of.\(audience)", headCounts[audience].map(String.init)) }
        if accompanying > 0 { add("accompanying", String(accompanying)) }
        add("title", title)
        add("contactName", contactName)
        add("contactEmail", contactEmail)
        add("supervision", supervision)
        add("programme", programme)
        add("offer", offer?.description)
        for role in Self.roles { add("holder.\(role)", holders[role]?.joined(separator: " ")) }
        return fields + (weekly?.fields ?? [])
    }

    /// - Parameter tag: the version of the booking that is to be changed; nil for a new one.
    func address(_ path: String, of resource: ResourceID, tag: String? = nil) -> String {
        let all = [(name: "resource", value: resource.description)] + fields + (tag.map { [(name: "eTag", value: $0)] } ?? [])
        return "\(path)?" + all.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }

    /// Whether it asks for any so many of a machine's model: of the machine itself there is one.
    func asksForModel(of resource: Resource) -> Bool { resource.model != nil && (isAnyOfModel || seats > 1) }

    /// The body of the contract's `createBooking`.
    func request(of resource: Resource, _ period: Period) -> [String: JSONValue] {
        var line: [String: JSONValue] = ["start": .string(period.start.rfc3339), "end": .string(period.end.rfc3339)]
        if asksForModel(of: resource), let model = resource.model {
            line["modelId"] = .string(model)
            line["centreId"] = .string(resource.centre.description)
            line["amount"] = .of(seats)
        } else {
            line[resource.kind == .kit ? "kitId" : "resourceId"] = .string(resource.id.description)
        }
        if resource.kind == .kit || line["modelId"] != nil {
            // Its members, or the amount, say how many.
        } else if isWhole {
            line["exclusive"] = .boolean(true)
        } else {
            line["seats"] = .of(seats)
        }
        var body: [String: JSONValue] = [
            "activity": .string(activity), "accompanying": .of(accompanying), "lines": .array([.object(line)]),
            "audiences": .array(
                headCounts.sorted { $0.key < $1.key }.map {
                    .object(["audience": .string($0.key), "headCount": .of($0.value)])
                }),
        ]
        if let title { body["title"] = .string(title) }
        if let contactName, let contactEmail {
            body["contact"] = .object(["name": .string(contactName), "email": .string(contactEmail)])
        }
        if let supervision { body["supervision"] = .string(supervision) }
        if let programme { body["programme"] = .string(programme) }
        if let offer { body["offerId"] = .string(offer.description) }
        if let namedHolders { body["holders"] = namedHolders }
        return body
    }
}
