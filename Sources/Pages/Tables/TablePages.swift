import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct TablesView: Sendable {
    let backHref: String
    let back: String
    let action: String
    let isOfCentre: Bool
    /// One form for each kind of file.
    let kinds: [Kind]
    let sites: [SearchView.Option]
    let activities: [SearchView.Option]
    let chosen: Chosen
    let fault: String?

    /// What was filled in before something was wrong with it; no browser lets a page choose a file again.
    struct Chosen: Sendable {
        let isComplete: Bool
        let resource, audiences, firstDay, lastDay: String
    }

    struct Kind: Sendable {
        let kind: String
        let name: String
        let hint: String
        let accept: String
        let isClosures: Bool
        let isBookingCalendar: Bool
        /// What is entered already, as a table of the same columns.
        let downloadHref: String?
    }
}

struct TableReviewView: Sendable {
    struct Field: Sendable {
        let name: String
        let value: String
    }

    struct Choice: Sendable {
        let mode: String
        let label: String
    }

    let backHref: String
    let kind: String
    let fileName: String
    /// Nil where nobody can say it just now.
    let report: TableReport?
    /// Why it is not entered, where not for what stands in it.
    let fault: String?
    let isDone: Bool
    let action: String
    /// What the form carries on.
    let fields: [Field]
    let choices: [Choice]
}

extension Pages {
    /// What a centre enters from files: what it has, when it is open.
    func centreTables(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        return .sheet(try await tablesSheet(.ofCentre(id), member))
    }

    func checkCentreTable(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await check(request, .ofCentre(try request.path("centreId")), member)
    }

    func enterCentreTable(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await enter(request, .ofCentre(try request.path("centreId")), member)
    }

    /// What an organisation books from files.
    func bookingTables(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        .sheet(try await tablesSheet(.ofBookers, member))
    }

    func checkBookingTable(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await check(request, .ofBookers, member)
    }

    func enterBookingTable(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await enter(request, .ofBookers, member)
    }

    /// The bookings of some days as a table, at most as many lines as an import takes.
    func bookingsTable(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        var query: [(name: String, value: String)] = []
        for (field, name, added) in [("first", "from", 0), ("last", "to", 1)] {
            guard let day = request.fields[field].flatMap({ LocalDay($0) }), let start = day.adding(days: added).startInNetwork else {
                continue
            }
            query.append((name: name, value: start.rfc3339))
        }
        let call = InnerCall(.get, "/v1/bookings.csv", query: query)
        return .response(try await member.api.calls.response(to: call, as: member.principal, in: member.visit.context))
    }

    /// Says what would become of a file; nothing is entered, and nothing kept: the page carries the file on.
    private func check(_ request: MemberRequest, _ place: TablePlace, _ member: MemberVisit) async throws -> PageAnswer {
        var table: ChosenTable?
        do {
            let chosen = try ChosenTable(request.fields, of: place.kinds, at: place.centre, member.speaker)
            table = chosen
            let report = try await report(chosen, member)
            return .sheet(reviewSheet(chosen, report, isDone: false, key: UUID().uuidString.lowercased(), place, member))
        } catch let refusal as Refusal where refusal.status != .notFound && refusal.status != .forbidden {
            if let table, refusal.passes { return .sheet(againSheet(table, nil, refusal, mode: nil, key: nil, place, member)) }
            var sheet = try await tablesSheet(place, member, filled: request.fields, fault: refusal.sentence)
            sheet.status = refusal.status
            return .sheet(sheet)
        }
    }

    /// What would become of it.
    private func report(_ table: ChosenTable, _ member: MemberVisit) async throws -> TableReport {
        let answer = try await member.api.answer(table.call("acceptedLines", isDryRun: true))
        return TableReport(.object(answer.body), isComplete: table.isComplete, member.speaker)
    }

    /// Enters it, once for the page that was pressed: sent again it answers the same, by the key of that page.
    private func enter(_ request: MemberRequest, _ place: TablePlace, _ member: MemberVisit) async throws -> PageAnswer {
        let table = try ChosenTable(request.fields, of: place.kinds, at: place.centre, member.speaker)
        let mode = request.fields["mode"] == "allOrNothing" ? "allOrNothing" : "acceptedLines"
        let key = request.fields["idempotencyKey"]
        let call = table.call(mode, isDryRun: false, key: key.map { "\($0)-\(mode)" })
        let answer = try await member.api.calls.answer(to: call, as: member.principal, in: member.visit.context)
        let body = JSONValue.object(answer.body)
        guard let told = answer.isProblem ? body["report"] : body else {
            let refusal = Refusal(answer)
            guard refusal.status != .notFound, refusal.status != .forbidden else { throw refusal }
            // What was read before it was pressed is read again, where somebody can say it.
            let review = try? await report(table, member)
            return .sheet(againSheet(table, review, refusal, mode: mode, key: key, place, member))
        }
        let report = TableReport(told, isComplete: table.isComplete, member.speaker)
        return .sheet(reviewSheet(table, report, isDone: !answer.isProblem, key: UUID().uuidString.lowercased(), place, member))
    }

    /// - Parameter fields: what was filled in.
    private func tablesSheet(
        _ place: TablePlace, _ member: MemberVisit, filled fields: FormFields = FormFields(query: nil), fault: String? = nil
    ) async throws -> Sheet {
        let speaker = member.speaker
        var sites: [SearchView.Option] = []
        var name = speaker.say("page.bookings.title")
        if let id = place.centre {
            let centre = try await staffedCentre(id, member)
            name = centre["name"]?.text ?? ""
            sites = try await member.api.siteNames(of: "\(id)").sorted { $0.value < $1.value }
                .map { SearchView.Option(value: $0.key, name: $0.value, isChosen: $0.key == fields["siteId"]) }
        }
        return Sheet(
            "tables", title: speaker.say(place.centre == nil ? "page.tables.bookingTitle" : "page.tables.title"), section: place.section,
            TablesView(
                backHref: place.backHref, back: name, action: place.href, isOfCentre: place.centre != nil,
                kinds: place.kinds.map { TablesView.Kind($0, at: place.centre, speaker) }, sites: sites,
                activities: BookingChoice.activities.map {
                    SearchView.Option(value: $0, name: speaker.word($0), isChosen: $0 == fields["activity"])
                },
                chosen: TablesView.Chosen(fields), fault: fault))
    }

    private func reviewSheet(
        _ table: ChosenTable, _ report: TableReport, isDone: Bool, key: String, _ place: TablePlace, _ member: MemberVisit
    ) -> Sheet {
        let speaker = member.speaker
        var choices: [TableReviewView.Choice] = []
        if !isDone, report.changing + report.reopening > 0 {
            let label = report.refused == 0 ? "enterAll" : report.changing > 0 ? "enterAccepted" : "enterReopening"
            choices = [
                TableReviewView.Choice(
                    mode: report.refused > 0 ? "acceptedLines" : "allOrNothing",
                    label: speaker.say(TextKey(rawValue: "page.tables.\(label)"), ["count": .number(report.changing)]))
            ]
        }
        return Sheet(
            "tableReview", title: speaker.say(isDone ? "page.tables.doneTitle" : "page.tables.reviewTitle"),
            status: report.isRefused ? .unprocessableContent : .ok, section: place.section,
            TableReviewView(
                table, report, fault: nil, isDone: isDone, action: "\(place.href)/entry", key: key, choices, place, speaker))
    }

    /// The same page again with its file, for what another moment may allow.
    /// - Parameters:
    ///   - mode: in which it was to be entered; nil: it was to be looked at.
    ///   - key: of the page that was pressed, which goes on: it is entered once.
    private func againSheet(
        _ table: ChosenTable, _ report: TableReport?, _ refusal: Refusal, mode: String?, key: String?, _ place: TablePlace,
        _ member: MemberVisit
    ) -> Sheet {
        let speaker = member.speaker
        let choice = TableReviewView.Choice(mode: mode ?? "", label: speaker.say("page.tables.again"))
        return Sheet(
            "tableReview", title: speaker.say("page.tables.reviewTitle"), status: refusal.status, section: place.section,
            TableReviewView(
                table, report, fault: refusal.sentence, isDone: false, action: mode == nil ? place.href : "\(place.href)/entry", key: key,
                [choice], place, speaker))
    }
}

extension TableReviewView {
    fileprivate init(
        _ table: ChosenTable, _ report: TableReport?, fault: String?, isDone: Bool, action: String, key: String?, _ choices: [Choice],
        _ place: TablePlace, _ speaker: Speaker
    ) {
        var carried = table.query
        carried.append((name: "kind", value: table.kind.rawValue))
        carried.append((name: "fileName", value: table.fileName))
        carried.append((name: "content", value: table.content))
        if let key { carried.append((name: "idempotencyKey", value: key)) }
        self.init(
            backHref: place.href, kind: speaker.say(TextKey(rawValue: "page.tableKind.\(table.kind.rawValue)")), fileName: table.fileName,
            report: report, fault: fault, isDone: isDone, action: action,
            fields: choices.isEmpty ? [] : carried.map { Field(name: $0.name, value: $0.value) }, choices: choices)
    }
}

extension TablesView.Chosen {
    fileprivate init(_ fields: FormFields) {
        self.init(
            isComplete: fields["complete"] == "true", resource: fields["resource"] ?? "", audiences: fields["audiences"] ?? "",
            firstDay: fields["firstDay"] ?? "", lastDay: fields["lastDay"] ?? "")
    }
}

/// Where files are entered: at a centre, or by who books.
private enum TablePlace {
    case ofCentre(CentreID)
    case ofBookers

    var centre: CentreID? { if case .ofCentre(let id) = self { id } else { nil } }
    var kinds: [TableKind] { centre == nil ? TableKind.ofBookers : TableKind.ofCentres }
    var href: String { centre.map { "/centres/\($0)/tables" } ?? "/booking-tables" }
    var backHref: String { centre.map { "/centres/\($0)/inventory" } ?? "/bookings" }
    var section: String { centre == nil ? "bookings" : "inventory" }
}

extension TablesView.Kind {
    fileprivate init(_ kind: TableKind, at centre: CentreID?, _ speaker: Speaker) {
        self.kind = kind.rawValue
        name = speaker.say(TextKey(rawValue: "page.tableKind.\(kind.rawValue)"))
        hint = "\(speaker.say(TextKey(rawValue: "page.tableHint.\(kind.rawValue)"))) \(kind.saidLimit(speaker))"
        accept = kind.mediaType == "text/csv" ? ".csv,text/csv" : ".ics,text/calendar"
        isClosures = kind == .closureCalendar
        isBookingCalendar = kind == .bookingCalendar
        let file: String? =
            switch kind {
            case .equipment, .platforms, .opening: kind.rawValue
            case .closedDays: "closed-days"
            default: nil
            }
        downloadHref = file.flatMap { file in centre.map { "/centres/\($0)/\(file).csv" } }
    }
}

extension Refusal {
    /// Whether the same may be taken in a moment.
    fileprivate var passes: Bool { [.conflict, .tooManyRequests, .serviceUnavailable].contains(status) }

    /// What is wrong with a file, in one sentence.
    fileprivate var sentence: String {
        let details = issues.map(\.detail)
        return ([title] + (details.isEmpty ? [detail ?? ""] : details)).filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
