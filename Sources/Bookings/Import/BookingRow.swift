import HTTPEdge
import Kernel
import Platforms

/// One line of a table of bookings, or one occurrence of an event of a calendar; what it calls things by is not looked up yet.
struct BookingRow: Sendable {
    let wording: BookingWording
    let ownReference: String
    /// The `UID` of the event that it is of; nil: a line of a table.
    let calendarUID: String?
    let start: TableMoment
    let end: TableMoment

    init(_ wording: BookingWording, _ ownReference: String, of calendarUID: String, from start: TableMoment, to end: TableMoment) {
        self.wording = wording
        self.ownReference = ownReference
        self.calendarUID = calendarUID
        self.start = start
        self.end = end
    }

    /// Nil when a cell that there has to be cannot be read.
    init?(_ cells: inout TableCells<BookingColumn>) {
        let reference: OwnReference? = cells.required(.ownReference)
        let wording = BookingWording(&cells, BookingOrigin(line: cells.line))
        let start: TableMoment? = cells.required(.start)
        let end: TableMoment? = cells.required(.end)
        cells.identify(.ownReference, reference?.text)
        guard let reference, let wording, let start, let end else { return nil }
        self.wording = wording
        ownReference = reference.text
        calendarUID = nil
        self.start = start
        self.end = end
    }

    /// The body that `createBooking` would take; what has a usual value says it, so that the same booking is said the same way.
    func body(of resource: ResourceID, in zone: Zone, offer: OfferID?, for organisation: OrganisationID) -> [String: JSONValue] {
        var line = wording.use
        line["resourceId"] = .string("\(resource)")
        line["start"] = .string(start.instant(in: zone).rfc3339)
        line["end"] = .string(end.instant(in: zone).rfc3339)
        if line["exclusive"] == nil, line["seats"] == nil { line["seats"] = .integer(1) }
        var body = wording.members
        body["lines"] = .array([.object(line)])
        body["offerId"] = offer.map { .string("\($0)") }
        if body["organisationId"] == nil { body["organisationId"] = .string("\(organisation)") }
        return body
    }

    /// Of what it says itself, whatever its names stand for.
    var wordsHash: [UInt8] {
        var words = wording.words
        words["start"] = .string(start.text)
        words["end"] = .string(end.text)
        return RequestFingerprint(method: "booking-imports", path: "words/1", body: words).bytes
    }
}

/// What a booking is to be, but for its name and its time.
struct BookingWording: Sendable {
    /// How a line says what it is to book.
    struct Place: Hashable, Sendable {
        /// A name or an inventory number.
        let name: String
        /// Names or ids, empty where the line says none.
        let site: String
        let centre: String
    }

    enum Resource: Hashable, Sendable {
        case id(ResourceID)
        case called(Place)
    }

    let origin: BookingOrigin
    let resource: Resource
    /// An id or a code.
    let offer: String?
    /// Members of the body and of its line, as `createBooking` takes them, which reads and bounds them.
    fileprivate let members: [String: JSONValue]
    fileprivate let use: [String: JSONValue]

    /// Nil when it does not say what to book.
    init?(_ cells: inout TableCells<BookingColumn>, _ origin: BookingOrigin) {
        self.origin = origin
        let name: String? = cells.required(.resource)
        let site: String? = cells.value(.site)
        let centre: String? = cells.value(.centre)
        offer = cells.value(.offer, String.self)?.composed
        members = Self.members(&cells)
        use = Self.use(&cells)
        guard let name else { return nil }
        let place = Place(name: name.composed, site: (site ?? "").composed, centre: (centre ?? "").composed)
        resource = ResourceID(name).map { .id($0) } ?? .called(place)
    }

    fileprivate var words: [String: JSONValue] {
        var words = members
        words["use"] = .object(use)
        words["offer"] = offer.map { .string($0) }
        switch resource {
        case .id(let id): words["resource"] = .string("\(id)")
        case .called(let place): words["resource"] = .array([.string(place.name), .string(place.site), .string(place.centre)])
        }
        return words
    }

    private static func members(_ cells: inout TableCells<BookingColumn>) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["activity"] = cells.required(.activity, Activity.self).map { .string($0.rawValue) }
        let audiences = cells.words(.audiences, AudienceWord.self, most: 50) ?? []
        if !audiences.isEmpty { members["audiences"] = .array(audiences.sorted { $0.audience < $1.audience }.map(\.json)) }
        members["accompanying"] = cells.value(.accompanying, Int32.self).flatMap { $0 == 0 ? nil : .integer(Int64($0)) }
        members["title"] = cells.value(.title, String.self).map { .string($0.composed) }
        var contact: [String: JSONValue] = [:]
        contact["name"] = cells.value(.contactName, String.self).map { .string($0.composed) }
        contact["email"] = cells.value(.contactEmail, String.self).map { .string($0) }
        if !contact.isEmpty { members["contact"] = .object(contact) }
        members["programme"] = cells.value(.programme, String.self).map { .string($0.composed) }
        members["supervision"] = cells.value(.supervision, Supervision.self).map { .string($0.rawValue) }
        members["organisationId"] = cells.value(.organisation, OrganisationID.self).map { .string("\($0)") }
        let holders = cells.words(.holders, HolderWord.self, most: 200) ?? []
        if !holders.isEmpty { members["holders"] = .array(holders.sorted { $0.key < $1.key }.map(\.json)) }
        return members
    }

    private static func use(_ cells: inout TableCells<BookingColumn>) -> [String: JSONValue] {
        var use: [String: JSONValue] = [:]
        use["seats"] = cells.value(.seats, Int32.self).map { .integer(Int64($0)) }
        use["persons"] = cells.value(.persons, Int32.self).map { .integer(Int64($0)) }
        if cells.flag(.exclusive) == true { use["exclusive"] = .boolean(true) }
        return use
    }
}

/// At most 300 characters, by which an organisation knows a booking in its own planning.
///
/// Composed, since programs spell an accent in two ways, and a table saved by another one means the same.
private struct OwnReference: RequestValue {
    /// Of an occurrence of an event with the longest `UID`, and more.
    private static let longest = 300

    let text: String

    static func read(text: String) throws(ValueRefusal) -> OwnReference {
        let clean = try String.read(text: text).composed
        guard clean.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { throw ValueRefusal("reason.empty") }
        guard clean.unicodeScalars.count <= longest else { throw ValueRefusal("reason.tooLong", ["limit": .number(longest)]) }
        return OwnReference(text: clean)
    }
}

/// `jobSeeker:12`.
private struct AudienceWord: RequestValue {
    let audience: String
    let headCount: Int32

    var json: JSONValue { .object(["audience": .string(audience), "headCount": .integer(Int64(headCount))]) }

    static func read(text: String) throws(ValueRefusal) -> AudienceWord {
        let parts = try String.read(text: text).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let count = Int32(parts[1]) else { throw ValueRefusal("reason.audienceWord") }
        return AudienceWord(audience: String(parts[0]), headCount: count)
    }
}

/// `trainer:` and the id of a holder.
private struct HolderWord: RequestValue {
    let role: String
    let holder: HolderID

    var key: String { "\(role):\(holder)" }
    var json: JSONValue { .object(["role": .string(role), "holderId": .string("\(holder)")]) }

    static func read(text: String) throws(ValueRefusal) -> HolderWord {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let role = NamedHolder.Role(rawValue: String(parts[0])), let holder = HolderID(String(parts[1])) else {
            throw ValueRefusal("reason.holderWord")
        }
        return HolderWord(role: role.rawValue, holder: holder)
    }
}
