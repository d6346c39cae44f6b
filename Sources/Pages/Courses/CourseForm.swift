import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct CourseFormView: Sendable {
    let action: String
    let backHref: String
    let back: String
    let button: String
    let eTag: String?
    let idempotencyKey: String
    let kinds: [SearchView.Option]
    let code: String?
    let title: String?
    let description: String?
    let sector: String?
    let technologies: String
    let audiences: [SearchView.Option]
    let platforms: [SearchView.Option]
    let hours: String?
    let participants: String?
    let from: String?
    let to: String?
    let organisation: String?
    let faults: [String]
}

/// What a manager typed of a course.
struct TypedCourse: Sendable {
    var kind: String
    var code: String?
    var title: String?
    var description: String?
    var sector: String?
    /// Between commas or spaces.
    var technologies: String
    var audiences: Set<String>
    var platforms: Set<String>
    var hours: String?
    var participants: String?
    var from: String?
    var to: String?
    var organisation: String?

    init(_ fields: FormFields) {
        kind = fields["kind"] == "bespoke" ? "bespoke" : "catalogue"
        code = fields["code"]
        title = fields["title"]
        description = fields["description"]
        sector = fields["sector"]
        technologies = fields["technologies"] ?? ""
        audiences = Set(fields.all("audience"))
        platforms = Set(fields.all("platform"))
        hours = fields["hours"]
        participants = fields["participants"]
        from = fields["from"]
        to = fields["to"]
        organisation = fields["organisation"]
    }

    /// As it stands.
    init(_ offer: JSONValue) {
        self.init(FormFields(query: nil))
        kind = offer["kind"]?.text ?? kind
        code = offer["code"]?.text
        title = offer["title"]?.text
        description = offer["description"]?.text
        sector = offer["sector"]?.text
        technologies = (offer["technologies"]?.texts ?? []).joined(separator: ", ")
        audiences = Set(offer["audiences"]?.texts ?? [])
        platforms = Set(offer["platformIds"]?.texts ?? [])
        hours = offer["durationMinutes"]?.integer.map { $0 % 60 == 0 ? "\($0 / 60)" : "\(Double($0) / 60)" }
        participants = offer["mostParticipants"]?.integer.map(String.init)
        from = offer["from"]?.text
        to = offer["to"]?.text
        organisation = offer["organisationId"]?.text
    }

    /// The body of the contract's `createOffer`.
    var body: [String: JSONValue] {
        let words = technologies.lowercased().split { $0 == "," || $0 == ";" || $0.isWhitespace }.map { JSONValue.string(String($0)) }
        var body: [String: JSONValue] = [
            "kind": .string(kind), "technologies": .array(words), "audiences": .array(audiences.sorted().map { .string($0) }),
            "platformIds": .array(platforms.sorted().map { .string($0) }),
        ]
        for (name, text) in [
            ("code", code), ("title", title), ("description", description), ("sector", sector?.lowercased()), ("from", from), ("to", to),
            ("organisationId", organisation),
        ] {
            if let text { body[name] = .string(text) }
        }
        if let hours = hours?.replacing(",", with: ".") {
            body["durationMinutes"] = Double(hours).flatMap { Int(exactly: ($0 * 60).rounded()) }.map { .of($0) } ?? .string(hours)
        }
        if let participants { body["mostParticipants"] = Int(participants).map { .of($0) } ?? .string(participants) }
        return body
    }
}

extension Pages {
    func newCourseForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let centre: CentreID = try request.path("centreId")
        var typed = TypedCourse(request.fields)
        typed.from = typed.from ?? member.now.dayOfNetwork.description
        return .sheet(try await courseForm(typed, of: centre, changing: nil, refusal: nil, member))
    }

    func createCourse(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let centre: CentreID = try request.path("centreId")
        let typed = TypedCourse(request.fields)
        do {
            let made = try await member.api.post("/v1/centres/\(centre)/offers", typed.body, key: request.fields["idempotencyKey"])
            return .seeOther("/courses/\(made["id"]?.text ?? "")?news=courseCreated")
        } catch let refusal as Refusal where refusal.isTold {
            return .sheet(try await courseForm(typed, of: centre, changing: nil, refusal: refusal, member))
        }
    }

    func courseChangeForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: OfferID = try request.path("offerId")
        let answer = try await member.api.answer(InnerCall(.get, "/v1/offers/\(id)"))
        let offer = JSONValue.object(answer.body)
        guard let centre = offer["centreId"]?.text.flatMap({ CentreID($0) }) else { throw Problem.notFound }
        return .sheet(
            try await courseForm(TypedCourse(offer), of: centre, changing: (id, answer.eTag ?? ""), refusal: nil, member))
    }

    /// Changes the version that was shown.
    func changeCourse(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: OfferID = try request.path("offerId")
        let typed = TypedCourse(request.fields)
        let tag = request.fields["eTag"] ?? ""
        do {
            _ = try await member.api.answer(InnerCall(.put, "/v1/offers/\(id)", body: typed.body, ifMatch: tag))
            return .seeOther("/courses/\(id)?news=courseChanged")
        } catch let refusal as Refusal where refusal.isTold {
            let centre = try await member.api.get("/v1/offers/\(id)")["centreId"]?.text.flatMap { CentreID($0) }
            guard let centre else { throw Problem.notFound }
            return .sheet(try await courseForm(typed, of: centre, changing: (id, tag), refusal: refusal, member))
        }
    }

    private func courseForm(
        _ typed: TypedCourse, of id: CentreID, changing change: (id: OfferID, tag: String)?, refusal: Refusal?, _ member: MemberVisit
    ) async throws -> Sheet {
        let speaker = member.speaker
        _ = try await staffedCentre(id, member)
        let platforms = try await member.api.platforms(of: id)
        return Sheet(
            "courseForm", title: speaker.say(change == nil ? "page.courseForm.new" : "page.courseForm.change"),
            status: refusal?.status ?? .ok, section: "centreCourses",
            CourseFormView(
                action: change.map { "/courses/\($0.id)/change" } ?? "/centres/\(id)/courses",
                backHref: change.map { "/courses/\($0.id)" } ?? "/centres/\(id)/courses", back: speaker.say("page.centreCourses.title"),
                button: speaker.say(change == nil ? "page.courseForm.create" : "page.courseForm.save"), eTag: change?.tag,
                idempotencyKey: UUID().uuidString.lowercased(),
                kinds: ["catalogue", "bespoke"].map {
                    .init(value: $0, name: speaker.say(TextKey(rawValue: "page.courseKind.\($0)")), isChosen: $0 == typed.kind)
                },
                code: typed.code, title: typed.title, description: typed.description, sector: typed.sector,
                technologies: typed.technologies,
                audiences: BookingChoice.audiences.map {
                    .init(value: $0, name: speaker.word($0).capitalisedFirst, isChosen: typed.audiences.contains($0))
                },
                platforms: platforms.map { .init(value: "\($0.id)", name: $0.name, isChosen: typed.platforms.contains("\($0.id)")) },
                hours: typed.hours, participants: typed.participants, from: typed.from, to: typed.to, organisation: typed.organisation,
                faults: refusal.map { $0.courseFaults(speaker) } ?? []))
    }
}

extension Refusal {
    /// Each fault with the name that its field has in the form.
    fileprivate func courseFaults(_ speaker: Speaker) -> [String] {
        guard !issues.isEmpty else { return [[title, detail].compactMap(\.self).joined(separator: " · ")] }
        return issues.map { issue in
            let field = issue.name.split(separator: "/").first.map(String.init) ?? issue.name
            let name = speaker.say("page.asDay", ["day": .word(TextKey(rawValue: "page.courseField.\(field)"), otherwise: field)])
            return "\(name): \(issue.detail)"
        }
    }
}
