import Kernel

extension NetworkBuilder {
    mutating func labelStory(of fact: PublicFacts.Centre, number: Int) -> LabelStory {
        let wasProvisional = fact.label2020 == "provisional"
        var story = LabelStory()
        story.decisions = [
            published(fact.label2020, centre: number),
            decision(
                wasProvisional ? "provisional" : "extend", "prolongation 2025", centre: number,
                decidedOn: StoryDay.extensionDecided, from: StoryDay.extensionFrom, to: StoryDay.extensionTo,
                recordedOn: StoryDay.extensionDecided.adding(days: 1)),
        ]
        if let renewal = renewal(LabelOutcome.of(fact.name), centre: number) { story.decisions.append(renewal) }
        let submitted = moment(StoryDay.applicationsSubmitted, minute: 840 + number)
        story.application = LabelStory.Application(
            id: makeID(centre: number, at: submitted), submittedOn: StoryDay.applicationsSubmitted, recordedAt: submitted)
        story.files = files(of: fact, number: number)
        return story
    }

    /// The public decision of 2020, recorded on the day it was taken: 316 days after it took effect.
    private mutating func published(_ kind: String, centre: Int) -> LabelStory.Decision {
        let known = facts.decisions[kind]
        let decidedOn = known?.decidedOn ?? StoryDay.day(2020, 11, 12)
        let recordedAt = moment(decidedOn, minute: 900 + centre)
        return LabelStory.Decision(
            id: makeID(centre: centre, at: recordedAt), kind: kind, authority: known?.authority ?? "government",
            reference: "Décision du Gouvernement wallon du 12 novembre 2020", decidedOn: decidedOn,
            effectiveFrom: known?.effectiveFrom ?? StoryDay.day(2020, 1, 1), effectiveTo: known?.effectiveTo, recordedAt: recordedAt,
            isFictional: false)
    }

    private mutating func renewal(_ outcome: LabelOutcome, centre: Int) -> LabelStory.Decision? {
        let (kind, from, to): (String, LocalDay, LocalDay?)
        switch outcome {
        case .granted: (kind, from, to) = ("grant", StoryDay.renewalFrom, StoryDay.renewalTo)
        case .provisional(let until): (kind, from, to) = ("provisional", StoryDay.renewalFrom, until)
        case .refused: (kind, from, to) = ("refuse", StoryDay.refusalFrom, nil)
        case .pending: return nil
        }
        return decision(
            kind, "renouvellement 2026", centre: centre, decidedOn: StoryDay.renewalDecided, from: from, to: to,
            recordedOn: StoryDay.renewalRecorded)
    }

    private mutating func decision(
        _ kind: String, _ subject: String, centre: Int, decidedOn: LocalDay, from: LocalDay, to: LocalDay?, recordedOn: LocalDay
    ) -> LabelStory.Decision {
        let recordedAt = moment(recordedOn, minute: 540 + centre)
        return LabelStory.Decision(
            id: makeID(centre: centre, at: recordedAt), kind: kind, authority: "government",
            reference: "FICTIF / FICTIONAL – \(subject), centre \(centre)", decidedOn: decidedOn, effectiveFrom: from, effectiveTo: to,
            recordedAt: recordedAt, isFictional: true)
    }

    private mutating func files(of fact: PublicFacts.Centre, number: Int) -> [LabelStory.File] {
        let audiences = TargetAudiences.of(fact.name, versions: fact.sectors.count)
        return fact.sectors.indices.map { version in
            let from = version == 0 ? StoryDay.day(2020, 1, 1) : StoryDay.secondFileFrom
            let recordedAt = moment(version == 0 ? StoryDay.day(2020, 11, 12) : StoryDay.day(2025, 11, 3), minute: 960 + number)
            return LabelStory.File(
                id: makeID(centre: number, at: recordedAt), number: version + 1, effectiveFrom: from, sectors: fact.sectors[version],
                audiences: audiences[version], recordedAt: recordedAt)
        }
    }
}
