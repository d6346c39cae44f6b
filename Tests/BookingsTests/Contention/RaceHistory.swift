/// What the clients of a race did and were told, and when.
struct RaceHistory: Sendable {
    struct Line: Sendable, Hashable {
        let resource: String
        /// Instants, in microseconds since 1970.
        let start: Int64
        let end: Int64
        let seats: Int
    }

    enum Outcome: Sendable, Hashable {
        case acknowledged(id: String)
        case refused(codes: Set<String>)
        /// Neither: what became of it nobody knows.
        case unknown
    }

    /// One need: a booking, a hold, or an occurrence of a series, with what became of it.
    struct Need: Sendable {
        let key: String
        let lines: [Line]
        /// Since the race began.
        var sent: Duration
        var answered: Duration
        var outcome: Outcome
        var isHold = false
        /// A series of which all occurrences or none are booked: one reason is reason enough.
        var isWhole = false
        var cancelSent: Duration?
        var cancelled: Duration?

        var id: String? { if case .acknowledged(let id) = outcome { id } else { nil } }
        /// Which of them refused it, where it was for want of room alone.
        var wantsRoom: Bool {
            if case .refused(let codes) = outcome { codes.isSubset(of: ["capacityFull", "unitTaken", "parentFull"]) } else { false }
        }
    }

    var needs: [Need] = []
    /// Requests that got an answer.
    var operations = 0
    var retries = 0
    /// Answers to a key that are not what it was answered first.
    var contradictions: [String] = []
    /// Answers that are neither an acknowledgement nor a refusal, by status.
    var unexpected: [Int: Int] = [:]

    var acknowledged: [Need] { needs.filter { $0.id != nil } }
    var refusals: Int { needs.count { if case .refused = $0.outcome { true } else { false } } }

    mutating func merge(_ other: RaceHistory) {
        needs += other.needs
        operations += other.operations
        retries += other.retries
        contradictions += other.contradictions
        unexpected.merge(other.unexpected, uniquingKeysWith: +)
    }
}
