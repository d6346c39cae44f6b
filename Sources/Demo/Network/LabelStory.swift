import Kernel

/// What was decided about one centre's label, and when it was recorded.
struct LabelStory: Sendable {
    struct Decision: Sendable {
        let id: DecisionID
        let kind: String
        let authority: String
        let reference: String
        let decidedOn: LocalDay
        let effectiveFrom: LocalDay
        let effectiveTo: LocalDay?
        let recordedAt: Instant
        let isFictional: Bool

        func covers(_ day: LocalDay) -> Bool {
            effectiveFrom <= day && day <= effectiveTo ?? day
        }
    }

    struct Application: Sendable {
        let id: Identifier<Application>
        let submittedOn: LocalDay
        let recordedAt: Instant
    }

    struct File: Sendable {
        let id: FileID
        let number: Int
        let effectiveFrom: LocalDay
        let sectors: [String]
        let audiences: [String]
        let recordedAt: Instant
    }

    /// In the order of their recording.
    var decisions: [Decision] = []
    var application: Application?
    /// In the order of their numbers.
    var files: [File] = []

    func file(on day: LocalDay, knownAt: Instant) -> File? {
        files.last { $0.effectiveFrom <= day && $0.recordedAt <= knownAt }
    }
}

extension LabelStory {
    struct Standing: Sendable {
        var status: LabelStatus
        var decision: DecisionID?
        var endsOn: LocalDay?
    }

    /// What the generator expects of a day.
    ///
    /// The rule itself stands in the database; the verification compares every booking with it.
    func standing(on day: LocalDay, knownAt: Instant) -> Standing {
        let known = decisions.filter { $0.recordedAt <= knownAt }
        if let base = known.last(where: { $0.kind != "refuse" && $0.covers(day) }), !isOver(base, among: known, on: day) {
            return Standing(
                status: base.kind == "provisional" ? .provisional : .labelled, decision: base.id, endsOn: base.effectiveTo)
        }
        guard let last = known.last(where: { $0.effectiveFrom <= day }) else { return Standing(status: .none) }
        if last.kind == "refuse" { return Standing(status: .refused, decision: last.id) }
        return Standing(
            status: isPending(among: known, on: day, knownAt: knownAt) ? .lapsedPending : .expired, decision: last.id,
            endsOn: last.effectiveTo)
    }

    /// What has no last day lasts until a decision recorded later begins.
    private func isOver(_ base: Decision, among known: [Decision], on day: LocalDay) -> Bool {
        base.effectiveTo == nil && known.contains { $0.recordedAt > base.recordedAt && $0.effectiveFrom <= day }
    }

    private func isPending(among known: [Decision], on day: LocalDay, knownAt: Instant) -> Bool {
        guard let application, application.recordedAt <= knownAt, application.submittedOn <= day else { return false }
        return !known.contains { $0.kind != "extend" && $0.decidedOn >= application.submittedOn }
    }
}
