import Centres
import HTTPEdge
import Kernel

/// The opening hours that a table gives a centre, beside those that it has: what is wrong, and what there is to do.
struct OpeningBook {
    /// A week or an exception of one calendar, as the lines of a table say it together.
    struct Entry {
        let place: OpeningPlace
        let lines: [Int]
        let change: Change
        let outcome: ImportReport.Outcome
    }

    enum Change {
        case week(from: LocalDay, KeptWeek)
        case exception(on: LocalDay, KeptException)
    }

    private(set) var sheet: TableSheet<OpeningColumn>
    private(set) var entries: [Entry] = []
    private let places: OpeningPlaces
    private let kept: [CalendarID: KeptOpening]
    private let today: (OpeningPlace) -> LocalDay

    /// - Parameter today: the day at a place.
    init(
        _ lines: [OpeningLine], broken: Set<OpeningKey>, of sheet: TableSheet<OpeningColumn>, _ places: OpeningPlaces,
        _ kept: [CalendarID: KeptOpening], today: @escaping (OpeningPlace) -> LocalDay
    ) {
        self.sheet = sheet
        self.places = places
        self.kept = kept
        self.today = today
        var seen: [OpeningKey: [OpeningLine]] = [:]
        for line in lines { seen[line.key, default: []].append(line) }
        for (key, lines) in seen { add(lines, of: key, isBroken: broken.contains(key)) }
        refuseTwice()
    }

    private mutating func add(_ lines: [OpeningLine], of key: OpeningKey, isBroken: Bool) {
        let numbers = lines.map(\.line)
        guard !isBroken else { return refuse(numbers, nil, code: "partRefused") }
        let place: OpeningPlace
        switch places.find(site: key.site, resource: key.resource) {
        case .success(let found): place = found
        case .failure(let missing): return refuse(numbers, missing.column, code: missing.code)
        }
        let opening = kept[place.calendar]
        if let day = key.day {
            guard let exception = exception(lines) else { return }
            let former = opening?.exceptions[day]
            guard former == exception || day >= today(place) else { return refusePast(numbers, .day, today(place)) }
            add(place, numbers, .exception(on: day, exception), former.map { $0 == exception })
        } else if let from = key.from {
            guard let week = week(lines, at: place) else { return }
            let former = opening?.weeks[from]
            let earliest = places.earliest(at: place, today: today(place), isFirst: opening?.weeks.isEmpty ?? true)
            guard former == week || from >= earliest else { return refusePast(numbers, .from, earliest) }
            add(place, numbers, .week(from: from, week), former.map { $0 == week })
        }
    }

    private mutating func add(_ place: OpeningPlace, _ lines: [Int], _ change: Change, _ isSame: Bool?) {
        let outcome: ImportReport.Outcome = isSame.map { $0 ? .unchanged : .updated } ?? .created
        entries.append(Entry(place: place, lines: lines, change: change, outcome: outcome))
    }

    private mutating func exception(_ lines: [OpeningLine]) -> KeptException? {
        var spans: [LocalSpan] = []
        var reasons: Set<String> = []
        for line in lines {
            guard case .exception(let span, let reason) = line.content else { continue }
            reasons.insert(reason)
            if let span, spans.contains(where: { $0.opens < span.closes && span.opens < $0.closes }) {
                refuse([line.line], .opens, code: "openingOverlap")
                return nil
            }
            if let span { spans.append(span) }
        }
        guard reasons.count == 1, let reason = reasons.first else {
            refuse(lines.map(\.line), .reason, code: "reasonsDiffer")
            return nil
        }
        guard spans.count == lines.count || lines.count == 1 else {
            refuse(lines.map(\.line), .opens, code: "openAndClosed")
            return nil
        }
        return KeptException(spans: Set(spans), reason: reason)
    }

    private mutating func week(_ lines: [OpeningLine], at place: OpeningPlace) -> KeptWeek? {
        var hours: [WeekdayHours] = []
        for line in lines {
            switch line.content {
            case .hours(let span):
                if hours.contains(where: { $0.overlaps(span) }) {
                    refuse([line.line], .opens, code: "openingOverlap")
                    return nil
                }
                hours.append(span)
            case .follows where place.resource == nil:
                refuse([line.line], .follows, code: "onlyForResources")
                return nil
            case .follows where lines.count == 1: return .follows
            case .noHours where lines.count == 1: return .hours([])
            default:
                refuse([line.line], .weekday, code: "openAndClosed")
                return nil
            }
        }
        return .hours(Set(hours))
    }

    /// The same week or day, once by the name of the place and once by its id.
    private mutating func refuseTwice() {
        var seen: [String: [Int]] = [:]
        for entry in entries { seen[entry.key, default: []] += [entry.lines.min() ?? 0] }
        for entry in entries where (seen[entry.key]?.count ?? 0) > 1 { refuse(entry.lines, .site, code: "keyTwice") }
    }

    private mutating func refusePast(_ lines: [Int], _ column: OpeningColumn, _ today: LocalDay) {
        for line in lines { sheet.refuse(line, column: column, code: "pastDay", ["today": .day(today)]) }
    }

    private mutating func refuse(_ lines: [Int], _ column: OpeningColumn?, code: String) {
        for line in lines { sheet.refuse(line, column: column, code: code) }
    }
}

extension OpeningBook.Entry {
    fileprivate var key: String {
        switch change {
        case .week(let from, _): "\(place.calendar) from \(from)"
        case .exception(let day, _): "\(place.calendar) on \(day)"
        }
    }
}
