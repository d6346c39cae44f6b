import Composition
import Foundation
import HTTPEdge
import Testing

@testable import Demo
@testable import Pages

@Suite("What pages say")
struct PageTextsTests {
    /// Codes by the kind of text that says them.
    private static let codes: [String: [String]] = [
        "news": News.allCases.map(\.rawValue), "weekday": (1...7).map(String.init),
        "label": [
            "none", "candidate", "labelled", "provisional", "lapsedPending", "suspended", "refused", "expired", "withdrawn", "annulled",
            "notApplicable",
        ],
        "decisionKind": ["grant", "provisional", "extend", "refuse", "suspend", "lift", "withdraw", "annul"],
        "effect": ["confirmed", "atRisk", "cleared", "suspended", "restored", "cancelledByNetwork"],
        "flag": ["atRisk", "displaced", "needsProof", "provisional"], "verdict": ["free", "conditional", "refused"],
        "keyState": ["valid", "inUse", "revoked", "expired"], "site": ["fixed", "mobile", "temporary"],
        "nav": [
            "today", "approvals", "network", "inventory", "evidence", "webhooks", "week", "utilisation", "search", "bookings",
            "decisions", "register", "keys", "courses", "centreCourses",
        ],
        "courseKind": ["catalogue", "bespoke"], "courseState": ["inForce", "upcoming", "ended", "withdrawn"],
        "courseField": [
            "kind", "code", "title", "description", "sector", "technologies", "audiences", "platformIds", "durationMinutes",
            "mostParticipants", "organisationId", "from", "to",
        ],
        "feedKind": ["organisation", "person", "resource", "site", "centre"],
        "placeReason": [
            "sameModelSameCentre", "sameCategorySameCentre", "sameSkillsSameCentre", "sameModelOtherCentre",
            "sameCategoryOtherCentre", "sameSkillsOtherCentre",
        ],
        "applicationKind": ["candidate", "renewal", "secondEvaluation"],
        "applicationState": ["submitted", "underEvaluation", "evaluated", "answered", "withdrawn"],
        "fileState": ["draft", "submitted", "recognised"],
        "opinion": ["favourable", "favourableWithConditions", "unfavourable"],
        "navGroup": ["centre", "booking", "network", "organisation"],
        "organisationKind": ["trainingOrganisation", "company", "school", "centre", "network"],
        "utilisation.share": ["occupancy", "use", "availability"], "utilisation.by": ["audience", "activity", "organisation"],
        "step": [
            "checkedIn", "checkedOut", "checkOutForgotten", "attendanceRecorded", "incidentReported", "timeGone", "noRoom",
            "displaced", "lapsed", "notTakenUp", "fault", "maintenance", "calibration", "closure", "custody", "transfer", "loan",
            "moved", "outageEnded",
        ],
        "assetState": ["ordered", "inService", "loanedIn", "faulty", "inRepair", "retired"],
        "standing": ["ready", "retired", "notInService", "tooFew"], "decisionState": ["proposed", "recorded", "withdrawn"],
        "amountCause": ["bought", "found", "returned", "lost", "broken", "used", "givenAway"],
        "funding": ["public", "private"], "economicUse": ["over", "within", "free"],
        "condition": ["new", "good", "worn", "poor", "damaged"], "severity": ["stopsUse", "limitsUse", "minor"],
        "cause": ["fault", "maintenance", "calibration", "closure", "custody", "transfer", "loan"],
        "journey": ["planned", "onItsWay"], "loan": ["proposed", "accepted", "inForce"],
        "custody": ["late", "out", "lateOnes", "lateNone", "outOnes", "outNone"],
        "documentKind": ["manual", "safety", "certificate", "plan"], "documentLanguage": ["fr", "nl", "de", "en"],
        "tables": ["created", "updated", "unchanged", "refused"], "tableKind": TableKind.allCases.map(\.rawValue),
        "tableHint": TableKind.allCases.map(\.rawValue),
        "outcome": ["restored", "moved", "left", "noRoom", "labelInTheWay"], "review": ["free", "conditional", "requested", "refused"],
        "delivery": ["pending", "delivered", "failed"], "webhook.disabled": ["request", "gone", "failing", "makerRemoved"],
        "attempt": [
            "delivered", "refused", "redirected", "gone", "timedOut", "unreachable", "addressNotAllowed", "nameUnknown",
            "eventForgotten",
        ],
        "gap": [
            "missionWithoutUse", "audienceNotReached", "actorMissing", "idleResource", "recognitionFileMissing",
            "advancedEquipmentMissing", "equipmentPastRenewal",
        ],
        "element": ["economicRoots", "trainingOffer", "resourceCentre", "mixedInvestment"],
        "elementLead": ["economicRoots", "trainingOffer", "resourceCentre", "mixedInvestment"],
        "sealReason": ["asked", "labelChanged"], "bookings": ["next", "waiting", "past"],
        "role": [
            "member", "booker", "organisationAdmin", "instructor", "centreStaff", "centreManager", "networkAuditor", "networkManager",
            "labelAuthority",
        ],
    ]

    /// Every word that a template names is a text, so that nobody reads a key.
    @Test(arguments: TemplateFiles.all.keys.filter { $0.hasSuffix(".mustache") }.sorted())
    func `a template names only texts that exist`(file: String) throws {
        let text = try #require(TemplateFiles.all[file])
        let names = text.matches(of: /\{\{t\.([A-Za-z_0-9]+)\}\}/).map { "page." + $0.output.1.replacing("_", with: ".") }
        let unknown = names.filter { !House.catalogue.contains(TextKey(rawValue: $0)) }
        #expect(unknown == [])
        #expect(!text.contains("style="), "styles belong in the sheet: the policy refuses them here")
        #expect(!text.contains("{{{"), "nothing goes into a page unescaped")
    }

    /// The other direction, and the words that are put together from codes.
    @Test
    func `every code that pages put into words has a text`() {
        for (kind, words) in Self.codes {
            for word in words { #expect(House.catalogue.contains(TextKey(rawValue: "page.\(kind).\(word)")), "\(kind).\(word)") }
        }
    }

    @Test
    func `every sector and technology of the demo network has a name in both languages`() throws {
        let facts = try PublicFacts.read()
        let sectors = Set(facts.courses.map(\.sector) + facts.centres.flatMap { $0.sectors.flatMap(\.self) })
        let technologies = Set(facts.courses.flatMap(\.technologies))
        #expect(sectors.count > 30 && technologies.count > 40)
        let known = Dictionary(PageTexts.sectors.map { ($0.key.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
        for (kind, words) in [("sector", sectors), ("technology", technologies)] {
            for word in words {
                #expect(known["\(kind).\(word.lowercased().replacing(" ", with: "-"))"] != nil, "\(kind) \(word)")
            }
        }
        let codes = Set(PageTexts.sectors.map(\.key))
        #expect(codes.count == PageTexts.sectors.count && codes.allSatisfy { House.catalogue.contains($0) })
    }

    @Test
    func `numbers, days and plurals are said as each language says them`() throws {
        let french = Speaker(.french, catalogue: House.catalogue)
        let english = Speaker(.english, catalogue: House.catalogue)
        #expect(french.figure(10240.5) == "10\u{202F}240,5")
        #expect(english.figure(1_234_567) == "1,234,567")
        #expect(french.percent(0.666) == "67\u{A0}%")
        #expect(english.percent(0.666) == "67%")
        #expect(french.say("page.workstations", ["count": .number(1)]) == "1 poste")
        #expect(french.say("page.workstations", ["count": .number(0)]) == "0 poste")
        #expect(english.say("page.workstations", ["count": .number(0)]) == "0 workstations")
        #expect(french.say("page.decisions.summary", ["count": .number(2)]).contains("propositions attendent"))
    }

    @Test
    func `the sheet stays small`() throws {
        #expect(try #require(TemplateFiles.all["plateau.css"]).utf8.count < 24_000)
        #expect(try #require(TemplateFiles.all["plateau.js"]).utf8.count < 2_000)
    }
}
