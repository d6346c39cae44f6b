import HTTPEdge
import HTTPTypes
import Kernel

/// What can be entered from a file, and by which operation.
enum TableKind: String, CaseIterable, Sendable {
    case equipment, platforms, opening, closedDays, closureCalendar
    case bookings, bookingCalendar

    static let ofCentres: [TableKind] = [.equipment, .platforms, .opening, .closedDays, .closureCalendar]
    static let ofBookers: [TableKind] = [.bookings, .bookingCalendar]

    /// What else a person says of a file of this kind: names of fields, and of parameters of the operation.
    var settings: [String] {
        switch self {
        case .closureCalendar: ["siteId", "complete"]
        case .bookingCalendar: ["resource", "activity", "audiences", "firstDay", "lastDay"]
        default: []
        }
    }

    var mediaType: String {
        switch self {
        case .closureCalendar, .bookingCalendar: "text/calendar"
        default: "text/csv"
        }
    }

    /// The largest file in bytes: as much as the operation takes, but no more than a page carries on in a field of its form.
    var longest: Int {
        switch self {
        case .equipment, .platforms, .opening: Self.mostCarried
        default: 1_048_576
        }
    }

    private static let mostCarried = 2_097_152

    /// A form with the largest file of some kinds, in base 64, and its other fields.
    static func longestForm(_ kinds: [TableKind]) -> Int { (kinds.map(\.longest).max() ?? 0) / 3 * 4 + 102_400 }

    /// - Parameter centre: of what is a centre's.
    func path(_ centre: CentreID?) -> String {
        let own =
            switch self {
            case .equipment: "equipment-imports"
            case .platforms: "platform-imports"
            case .opening: "opening-imports"
            case .closedDays: "closed-day-imports"
            case .closureCalendar: "closure-calendar-imports"
            case .bookings: "booking-imports"
            case .bookingCalendar: "booking-calendar-imports"
            }
        return "/v1/\(centre.map { "centres/\($0)/" } ?? "")\(own)"
    }
}

/// A file that somebody chose, and how it is to be read.
struct ChosenTable: Sendable {
    let kind: TableKind
    let centre: CentreID?
    let fileName: String
    let bytes: [UInt8]
    /// As the operation is asked.
    let query: [(name: String, value: String)]

    /// Whether what the calendar does not name is to be open again.
    var isComplete: Bool { query.contains { $0.name == "complete" && $0.value == "true" } }

    /// From the page where it is chosen, or from the one that showed what would become of it.
    /// - Throws: ``Refusal`` where no file was chosen, or a larger one than is taken.
    init(_ fields: FormFields, of kinds: [TableKind], at centre: CentreID?, _ speaker: Speaker) throws {
        guard let kind = fields["kind"].flatMap(TableKind.init(rawValue:)), kinds.contains(kind) else { throw Problem.notFound }
        self.kind = kind
        self.centre = centre
        query = kind.settings.compactMap { name in fields[name].map { (name: name, value: $0) } }
        if let file = fields.file("file") {
            (fileName, bytes) = (String(file.name.prefix(200)), file.bytes)
        } else if let kept = fields["content"].flatMap(Base64.decode) {
            (fileName, bytes) = (fields["fileName"].map { String($0.prefix(200)) } ?? "", kept)
        } else {
            (fileName, bytes) = ("", [])
        }
        guard !bytes.isEmpty else { throw Refusal(speaker.say("page.tables.noFile"), speaker.say("page.tables.noFileDetail")) }
        guard bytes.count <= kind.longest else {
            throw Refusal(speaker.say("page.tables.tooLarge"), kind.saidLimit(speaker))
        }
    }

    /// As a field of a form carries it.
    var content: String { Base64.encode(bytes) }

    /// Asks for it to be entered, or for what would become of it.
    func call(_ mode: String, isDryRun: Bool, key: String? = nil) -> InnerCall {
        InnerCall(
            .post, kind.path(centre), query: query + [(name: "mode", value: mode), (name: "dryRun", value: isDryRun ? "true" : "false")],
            document: (mediaType: kind.mediaType, bytes: bytes), idempotencyKey: key)
    }
}

extension TableKind {
    /// How much the pages take of it.
    func saidLimit(_ speaker: Speaker) -> String {
        speaker.say("page.tables.atMost", ["count": .number(longest / 1_048_576)])
    }
}
