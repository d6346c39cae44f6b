import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel
import Maintenance

struct CustodyView: Sendable {
    /// What is late, or only out.
    struct Group: Sendable {
        let title: String
        let none: String
        let custodies: [CustodyRow]
    }

    let centre: String
    let centreHref: String
    let summary: String
    let mayAct: Bool
    let faults: [String]
    let groups: [Group]
    let away: [AwayRow]
    let machines: [SearchView.Option]
    let conditions: [SearchView.Option]
    let takenBy: String?
    let due: String
    let key: String
}

extension Pages {
    private static let conditions = ["new", "good", "worn", "poor"]

    /// What is out and what is late, with the forms to take it back and to hand out more; journeys and loans.
    func custody(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await custody(of: try request.path("centreId"), request, refused: nil, member)
    }

    func handOut(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let centre = try await staffedCentre(id, member)
        let zone = centre["zone"]?.text.flatMap { Zone($0) }
        let condition = request.fields["condition"] ?? "good"
        var body: [String: JSONValue] = [
            "items": .array(
                request.fields.all("equipment").map { .object(["equipmentId": .string($0), "condition": .string(condition)]) })
        ]
        if let takenBy = request.fields["takenBy"] { body["takenBy"] = .string(takenBy) }
        if let due = request.fields["due"] { body["dueAt"] = .string(zone.flatMap { Stoppage.instant(due, in: $0) } ?? due) }
        do {
            _ = try await member.api.post("/v1/centres/\(id)/custodies", body, key: request.fields["idempotencyKey"])
            return .seeOther("/centres/\(id)/custody?news=handedOut")
        } catch let refusal as Refusal where refusal.isTold {
            return try await custody(of: id, request, refused: refusal, member)
        }
    }

    func takeBack(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CustodyID = try request.path("custodyId")
        var item: [String: JSONValue] = [:]
        for (field, name) in [("equipment", "equipmentId"), ("condition", "condition"), ("note", "note")] {
            if let value = request.fields[field] { item[name] = .string(value) }
        }
        let custody = try await member.api.get("/v1/custodies/\(id)")
        guard let centre = custody["centreId"]?.text.flatMap({ CentreID($0) }) else { throw Problem.notFound }
        do {
            _ = try await member.api.post(
                "/v1/custodies/\(id)/returns", ["items": .array([.object(item)])], key: request.fields["idempotencyKey"],
                ifMatch: request.fields["eTag"])
            let news = ["damaged": "takenBackDamaged", "lost": "takenBackLost"][request.fields["condition"] ?? ""] ?? "takenBack"
            return .seeOther("/centres/\(centre)/custody?news=\(news)")
        } catch let refusal as Refusal where refusal.isTold {
            return try await self.custody(of: centre, request, refused: refusal, member)
        }
    }

    private func custody(
        of id: CentreID, _ request: MemberRequest, refused: Refusal?, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        async let custodies = member.api.all("/v1/custodies", ["centreId": "\(id)", "open": "true"])
        async let journeys = member.api.all("/v1/centres/\(id)/transfers")
        async let loans = member.api.all("/v1/loans", ["centreId": "\(id)"])
        let machines = try await member.api.equipment(of: id)
        let open = try await custodies
        let (late, out) = (open.filter { $0["isLate"]?.isTrue ?? false }, open.filter { !($0["isLate"]?.isTrue ?? false) })
        let away = AwayView(custodies: [], journeys: try await journeys, loans: try await loans, speaker)
        // What was refused is written again where it was sent from, and nowhere else.
        let isReturn = request.fields["takenBy"] == nil && request.fields["eTag"] != nil
        let sent = isReturn ? request.fields["equipment"] : nil
        let gone = Set(open.flatMap { $0["items"]?.items ?? [] }.filter { $0["returnedAt"] == nil }.compactMap { $0["equipmentId"]?.text })
        let chosen = isReturn ? [] : Set(request.fields.all("equipment"))
        func options(_ codes: [String], _ chosen: String?) -> [SearchView.Option] {
            codes.map {
                SearchView.Option(
                    value: $0, name: speaker.say(TextKey(rawValue: "page.condition.\($0)")), isChosen: $0 == chosen ?? "good")
            }
        }
        func form(_ item: String) -> CustodyRow.Form {
            CustodyRow.Form(
                returned: options(Self.conditions + ["damaged", "lost"], item == sent ? request.fields["condition"] : nil),
                note: item == sent ? request.fields["note"] : nil, isOpen: item == sent)
        }
        func group(_ code: String, _ custodies: [JSONValue]) -> CustodyView.Group {
            CustodyView.Group(
                title: speaker.say(TextKey(rawValue: "page.custody.\(code)Ones")),
                none: speaker.say(TextKey(rawValue: "page.custody.\(code)None")),
                custodies: custodies.map { CustodyRow($0, speaker, form: form) })
        }
        return .sheet(
            Sheet(
                "custody", title: speaker.say("page.custody.title"), status: refused?.status ?? .ok,
                section: "inventory",
                CustodyView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)",
                    summary: speaker.say("page.custody.summary", ["out": .number(gone.count), "late": .number(late.count)]),
                    mayAct: member.principal.holds(.centreStaff, .centreManager, at: id.centreColumn),
                    faults: refused.map { [$0.inWords(speaker)] } ?? [], groups: [group("late", late), group("out", out)], away: away.rows,
                    machines: machines.filter { $0.isMobile && !gone.contains("\($0.id)") }.sorted { $0.name < $1.name }.map {
                        SearchView.Option(value: "\($0.id)", name: $0.nameWithNumber, isChosen: chosen.contains("\($0.id)"))
                    },
                    conditions: options(Self.conditions, isReturn ? nil : request.fields["condition"]),
                    takenBy: request.fields["takenBy"], due: request.fields["due"] ?? "", key: UUID().uuidString.lowercased())))
    }
}

extension Resource {
    /// Whether it can be taken away.
    fileprivate var isMobile: Bool { details["mobility"]?.text == "mobile" }

    fileprivate var nameWithNumber: String {
        [name, details["inventoryNumber"]?.text].compactMap(\.self).joined(separator: " · ")
    }
}
