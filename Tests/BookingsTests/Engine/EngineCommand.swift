/// Whose key is used.
enum EngineParty: String, CaseIterable, Sendable {
    /// Has a quota of hours a week on the platform.
    case company
    case school
}

/// What the engine's rooms are, in the order of ``NaiveEngine/capacities``.
enum EngineRoom: Int, CaseIterable, Sendable {
    case platform
    case unit
    /// Its centre approves each booking.
    case hall
    /// Of one model, of which any so many can be asked for.
    case first, second, third

    static let machines: [EngineRoom] = [.first, .second, .third]
    var isMachine: Bool { Self.machines.contains(self) }
}

/// What somebody asks for: rooms with seats and machines that the engine chooses, all over one time of slots.
struct EngineWish: Hashable, Sendable, CustomStringConvertible {
    struct Line: Hashable, Sendable {
        let room: EngineRoom
        let seats: Int
    }

    /// Seats of the platform in a kit, which has a machine of the model besides.
    static let seatsInKit = 2

    let lines: [Line]
    var machines = 0
    var hasKit = false
    let starts: Int
    let ends: Int

    /// How many the engine chooses.
    var chosen: Int { machines + (hasKit ? 1 : 0) }

    var description: String {
        let named = lines.map { "\($0.seats) of the \($0.room)" }
        let any = machines > 0 ? ["any \(machines) of the model"] : []
        return "\((named + any + (hasKit ? ["a kit"] : [])).joined(separator: " and ")) from \(starts) to \(ends)"
    }
}

/// One thing that happens, as data: a sequence of them is replayed, shortened and printed.
///
/// A tag names what a command made: a command whose tag nobody made does nothing, so that any part of a sequence can be played.
enum EngineCommand: Hashable, Sendable {
    enum Kind: String, Sendable {
        case booked, held, waitlisted, draft
    }

    case book(tag: Int, by: EngineParty, EngineWish, as: Kind, slots: Int)
    case retry(Int)
    /// Its occurrences have the tags from `tag` on.
    case series(tag: Int, by: EngineParty, [EngineWish], isAtomic: Bool)
    /// From that of a booking on, or all.
    case cancelSeries(Int, from: Int?)
    /// From that of a booking on, or all: other lines, moved and of another length. What replaces them has the tags from `tag` on.
    case changeSeries(tag: Int, Int, from: Int?, [EngineWish.Line], moved: Int, length: Int)
    case confirm(Int)
    case cancel(Int)
    case move(Int, starts: Int, ends: Int)
    case changeLines(Int, [EngineWish.Line])
    /// Or end early.
    case extend(Int, to: Int)
    case checkIn(Int)
    case checkOut(Int)
    case decide(Int, approves: Bool)
    case prioritise(Int, Int)
    case planOutage(tag: Int, EngineRoom, starts: Int, ends: Int)
    case endOutage(Int)
    case reportFault(tag: Int, EngineRoom, until: Int)
    case resolveFault(Int)
    /// By days; without an end until it is lifted.
    case suspend(from: Int, to: Int?)
    case lift(from: Int)
    case withdraw(from: Int)
    case grant(from: Int)
    case clock(slots: Int)
    /// What the service does by itself every few seconds.
    case keepUp
}

extension EngineCommand: CustomStringConvertible {
    var description: String {
        switch self {
        case .book(let tag, let party, let wish, let kind, let slots):
            "\(tag): \(party) asks for \(wish), \(kind)\(kind == .held ? " for \(slots) slots" : "")"
        case .retry(let tag): "\(tag) is sent again under its key"
        case .series(let tag, let party, let wishes, let isAtomic):
            "\(tag)…\(tag + wishes.count - 1): \(party) asks for a series, \(isAtomic ? "all or nothing" : "what is free"): "
                + wishes.map(\.description).joined(separator: "; ")
        case .cancelSeries(let tag, let from): "the series of \(tag) is cancelled\(from.map { " from \($0) on" } ?? "")"
        case .changeSeries(let tag, let series, let from, let lines, let moved, let length):
            "\(tag)…: the series of \(series)\(from.map { " from \($0) on" } ?? "") moves by \(moved) and lasts \(length), with "
                + lines.map { "\($0.seats) of the \($0.room)" }.joined(separator: " and ")
        case .confirm(let tag): "\(tag) is confirmed"
        case .cancel(let tag): "\(tag) is cancelled"
        case .move(let tag, let starts, let ends): "\(tag) moves to \(starts) to \(ends)"
        case .changeLines(let tag, let lines):
            "\(tag) is to have \(lines.map { "\($0.seats) of the \($0.room)" }.joined(separator: " and ")) instead"
        case .extend(let tag, let end): "\(tag) is to end at \(end)"
        case .checkIn(let tag): "\(tag) checks in"
        case .checkOut(let tag): "\(tag) checks out"
        case .decide(let tag, let approves): "\(tag) is \(approves ? "approved" : "rejected")"
        case .prioritise(let tag, let priority): "\(tag) gets priority \(priority)"
        default: outsideDescription
        }
    }

    private var outsideDescription: String {
        switch self {
        case .planOutage(let tag, let room, let starts, let ends): "\(tag): an outage of the \(room) is planned from \(starts) to \(ends)"
        case .endOutage(let tag): "outage \(tag) ends"
        case .reportFault(let tag, let room, let end): "\(tag): a fault stops the \(room) until \(end)"
        case .resolveFault(let tag): "fault \(tag) is resolved"
        case .suspend(let from, let to): "the label is suspended from day \(from)\(to.map { " to day \($0)" } ?? "")"
        case .lift(let from): "the suspension is lifted from day \(from)"
        case .withdraw(let from): "the label is withdrawn from day \(from)"
        case .grant(let from): "a label is granted from day \(from)"
        case .clock(let slots): "\(slots) slots pass"
        default: "the service keeps up"
        }
    }

    /// Whether it may give somebody a machine or another one.
    var choosesMachines: Bool {
        switch self {
        case .book, .confirm, .move, .changeLines, .extend, .series, .changeSeries, .keepUp: true
        default: false
        }
    }

    /// Of those who take part in a count of what was seen.
    var name: String {
        let whole = String(describing: Mirror(reflecting: self).children.first?.label ?? "keepUp")
        return whole
    }
}
