/// Whose key is used.
enum EngineParty: String, CaseIterable, Sendable {
    /// Has a quota of hours a week on the platform.
    case company
    /// Alone waits.
    case school
}

/// What the engine's rooms are, in the order of ``NaiveEngine/capacities``.
enum EngineRoom: Int, CaseIterable, Sendable {
    case platform
    case unit
    /// Its centre approves each booking.
    case hall
}

/// What somebody asks for: rooms with seats, all over one time of slots.
struct EngineWish: Hashable, Sendable, CustomStringConvertible {
    struct Line: Hashable, Sendable {
        let room: EngineRoom
        let seats: Int
    }

    let lines: [Line]
    let starts: Int
    let ends: Int

    var description: String {
        "\(lines.map { "\($0.seats) of the \($0.room)" }.joined(separator: " and ")) from \(starts) to \(ends)"
    }
}

/// One thing that happens, as data: a sequence of them is replayed, shortened and printed.
///
/// A tag names what a command made: a command whose tag nobody made does nothing, so that any part of a sequence can be played.
enum EngineCommand: Hashable, Sendable {
    enum Kind: String, Sendable {
        case booked, held, waitlisted
    }

    case book(tag: Int, by: EngineParty, EngineWish, as: Kind, slots: Int)
    case retry(Int)
    /// Its occurrences have the tags from `tag` on.
    case series(tag: Int, by: EngineParty, [EngineWish], isAtomic: Bool)
    /// From an occurrence on, or all.
    case cancelSeries(Int, from: Int?)
    case confirm(Int)
    case cancel(Int)
    case move(Int, starts: Int, ends: Int)
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
        case .confirm(let tag): "\(tag) is confirmed"
        case .cancel(let tag): "\(tag) is cancelled"
        case .move(let tag, let starts, let ends): "\(tag) moves to \(starts) to \(ends)"
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

    /// Of those who take part in a count of what was seen.
    var name: String {
        let whole = String(describing: Mirror(reflecting: self).children.first?.label ?? "keepUp")
        return whole
    }
}
