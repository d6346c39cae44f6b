import Foundation
import HTTPEdge
@testable import Labels
import NIOCore
import Postgres
import Testing

/// Every reason has a sentence, and no sentence stands without a reason.
@Suite struct RuleSentenceTests {
    @Test func `every code of the gate and of the bookings has a sentence`() throws {
        let codes = try Self.codesOfTheDatabase()
        #expect(codes.count > 30)
        #expect(codes.subtracting(RuleSentence.byCode.keys) == [])
        #expect(Set(RuleSentence.byCode.keys).subtracting(codes) == [])
    }

    @Test func `the texts are sound in both languages`() {
        #expect(TextCatalogue(adding: LabelTexts.entries).faults == [])
    }

    @Test(
        arguments: [
            (
                ["from": .string("2020-01-01"), "to": .string("2024-12-31")],
                "Le label du centre couvre la période du 1er janvier 2020 au 31 décembre 2024."
            ),
            ([:], "Le centre est labellisé pendant tout le créneau."),
        ] as [([String: JSONValue], String)])
    func `a sentence uses the facts there are`(facts: [String: JSONValue], sentence: String) {
        let rule = RuleExplanation(rule: "ownerLabel", verdict: "allow", code: "labelled", facts: facts)
        #expect(Self.speaker(.french).say(rule.text) == sentence)
    }

    @Test func `the same code speaks of the caller in the rule about the caller`() {
        let facts: [String: JSONValue] = ["slotFirstDay": .string("2030-06-03"), "slotLastDay": .string("2030-06-04")]
        let rule = RuleExplanation(rule: "callerLabel", verdict: "allow", code: "labelled", facts: facts)
        #expect(Self.speaker(.english).say(rule.text) == "Your centre is labelled from 3 June 2030 to 4 June 2030: access is direct.")
    }

    @Test func `a closed day and open hours are named`() throws {
        let rules = try RuleExplanation.list(
            PostgresJSON(
                text: """
                    [{"line": 2, "rule": "opening", "verdict": "deny", "code": "closed", "facts": {
                        "openHours": [], "closedDays": [{"day": "2026-07-21", "reason": "holiday.national"}]}}]
                    """))
        #expect(rules[0].line == 2)
        #expect(Self.speaker(.french).say(rules[0].text) == "Le site est fermé : 21 juillet 2026.")
    }

    @Test(
        arguments: [
            (
                "closed", #"{"openHours": [{"start": "2026-11-23T07:00:00Z", "end": "2026-11-23T17:00:00Z"}], "zone": "Europe/Brussels"}"#,
                "Le site est fermé pendant une partie du créneau ; il est ouvert : 23 novembre 2026 de 08:00 à 18:00.",
                "The site is closed for part of the slot; it is open: 23 November 2026 from 08:00 to 18:00."
            ),
            (
                "noticeTooShort", #"{"noticeMinutes": 1, "earliestStart": "2026-07-01T10:00:00Z", "zone": "Europe/Brussels"}"#,
                "Un préavis de 1 minute est demandé : au plus tôt le 1er juillet 2026 à 12:00.",
                "A notice of 1 minute is asked for: 1 July 2026 at 12:00 at the earliest."
            ),
            (
                "capacityFull", #"{"seats": 1, "free": 0, "capacity": 12}"#,
                "Demandé : 1 ; il en reste 0 sur 12 pendant tout le créneau.",
                "Asked for: 1; 0 of 12 are free throughout the slot."
            ),
            (
                "durationTooShort", #"{"minutes": 16.666666666666667, "minimumMinutes": 30}"#,
                "Le créneau dure 16,67 minutes ; il en faut au moins 30.", "The slot lasts 16.67 minutes; at least 30 are required."
            ),
            (
                "audienceNotTargeted", #"{"missing": ["jobSeeker", "truckers", "student"], "fileNumber": 2, "day": "2026-12-01"}"#,
                "Le dossier de reconnaissance n° 2, en vigueur le 1er décembre 2026, ne vise pas : "
                    + "demandeurs d'emploi, truckers et étudiants.",
                "Recognition file no. 2, in force on 1 December 2026, does not target: job seekers, truckers and students."
            ),
        ])
    func `times are told by the site's clocks, counts and codes in words`(code: String, facts: String, french: String, english: String)
        throws
    {
        let rules = try RuleExplanation.list(
            PostgresJSON(text: #"[{"rule": "any", "verdict": "deny", "code": "\#(code)", "facts": \#(facts)}]"#))
        #expect(Self.speaker(.french).say(rules[0].text) == french)
        #expect(Self.speaker(.english).say(rules[0].text) == english)
    }

    @Test func `facts pass through as they came`() throws {
        let text = #"[{"line":null,"rule":"grid","verdict":"deny","code":"offGrid","facts":{"a":[1,2.5,{"b":true}],"gridMinutes":15}}]"#
        let rules = try RuleExplanation.list(PostgresJSON(text: text))
        var json = JSONWriter()
        rules[0].write(to: &json, speaker: Self.speaker(.english))
        #expect(
            String(decoding: json.buffer.readableBytesView, as: UTF8.self)
                == #"{"rule":"grid","verdict":"deny","code":"offGrid","facts":{"a":[1,2.5,{"b":true}],"gridMinutes":15},"#
                + #""text":"Start and duration are multiples of 15 minutes."}"#)
    }

    private static func speaker(_ language: SpokenLanguage) -> Speaker {
        Speaker(language, catalogue: TextCatalogue(adding: LabelTexts.entries))
    }

    /// The words of reasons in the functions of the database: camel-case literals that they write as a code.
    private static func codesOfTheDatabase(file: String = #filePath) throws -> Set<String> {
        let root = file.split(separator: "/").dropLast(4).map(String.init).joined(separator: "/")
        var codes: Set<String> = []
        for name in [
            "0004_labels", "0007_bookings", "0012_agreements", "0014_trees", "0019_booking_terms", "0020_lifecycle", "0023_maintenance",
            "0029_attestations", "0044_offers", "0051_custody", "0052_stocks_and_kits", "0059_any_of_a_model", "0063_plans_that_bind",
            "0069_who_waits_comes_first",
        ] {
            let text = try String(contentsOf: URL(filePath: "/\(root)/sql/migrations/\(name).sql"), encoding: .utf8)
            for match in text.matches(of: /'([A-Za-z]+)'/) where starts.contains(where: match.1.hasPrefix) {
                codes.insert(String(match.1))
            }
        }
        return codes.subtracting(Self.otherWords)
    }

    private static let starts = [
        "own", "resource", "network", "label", "member", "audience", "participants", "activity", "inThe", "notice", "beyond",
        "duration", "offGrid", "closed", "quantity", "capacity", "unit", "agreement", "centreSucceeded",
        "parentFull", "tooMany", "supervision", "keptFor", "maintenance", "notInService", "quotaExceeded",
        "borrowed", "onLoan", "attestationE", "attestationM", "attestationW", "holderN", "holderU", "offerN", "offerO", "offerU", "kitNot",
        "kitT", "kitU", "modelU", "noFree", "waitingListF",
    ]

    /// Names of rules, facts, tables and states that look like codes.
    private static let otherWords: Set<String> = [
        "activity", "agreementId", "audience", "audienceUnknown", "audiences", "capacity", "capacityInUse", "closedDays", "duration",
        "labelAuthority", "labelInTheWay", "labels", "member", "membership", "network", "ownRequest",
        "networkAuditor", "networkManager", "notice", "noticeMinutes", "ownCentre", "ownHours", "ownProposal", "ownerLabel", "participants",
        "resource", "resourceId", "supervision", "memberId", "memberName", "memberUnknown", "tooManyLines", "units",
    ]
}
