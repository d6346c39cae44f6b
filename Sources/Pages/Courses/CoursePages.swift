import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct CoursesView: Sendable {
    let text: String?
    let centres: [SearchView.Option]
    let sectors: [SearchView.Option]
    let technologies: [SearchView.Option]
    let audiences: [SearchView.Option]
    let summary: String
    let courses: [CourseView]
    let firstHref: String?
    let nextHref: String?
}

struct OneCourseView: Sendable {
    struct Place: Sendable {
        let name: String
        let href: String
        let bookHref: String?
    }

    let course: CourseView
    let places: [Place]
    /// Where its bookings are listed, for the staff of its centre; nil for others.
    let changeHref: String?
    let withdrawalPath: String
    let eTag: String
    let idempotencyKey: String
    let refusal: String?
}

struct CentreCoursesView: Sendable {
    let centre: String
    let centreHref: String
    let newHref: String?
    let courses: [CourseView]
}

extension Pages {
    /// So many at a time.
    private static let coursesAtATime = 25

    /// What centres teach today, to be found by words, centre, sector, technology and audience.
    func courses(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let fields = request.fields
        let today = member.now.dayOfNetwork
        func chosen(_ name: String) -> String? { fields[name].map { String($0.prefix(200)) } }
        async let words = member.api.get("/v1/offer-words", ["on": "\(today)"])
        async let centres = member.api.all("/v1/centres")
        let centre = chosen("centre").flatMap { CentreID($0) }?.description
        let cursor = fields["cursor"]
        let found = try await member.api.get(
            "/v1/offers",
            [
                "on": "\(today)", "text": chosen("text"), "centreId": centre, "sector": chosen("sector"),
                "technology": chosen("technology"), "audience": chosen("audience"), "pageSize": "\(Self.coursesAtATime)",
                "cursor": cursor,
            ])
        let wanted = ["text", "centre", "sector", "technology", "audience"].compactMap { name in
            chosen(name).map { "\(name)=\(PercentEncoding.encode($0))" }
        }
        func address(_ more: [String]) -> String {
            let query = (wanted + more).joined(separator: "&")
            return query.isEmpty ? "/courses" : "/courses?\(query)"
        }
        let courses = (found["items"]?.items ?? []).map { CourseView($0, today: today, speaker) }
        let count: [String: TextArgument] = ["count": .number(courses.count)]
        return .sheet(
            Sheet(
                "courses", title: speaker.say("page.courses.title"), section: "courses",
                CoursesView(
                    text: chosen("text"),
                    centres: try await centres.filter { $0["kind"]?.text == "centre" }.map {
                        .init(value: $0["id"]?.text ?? "", name: $0["name"]?.text ?? "", isChosen: $0["id"]?.text == centre)
                    }.sorted { $0.name < $1.name },
                    sectors: try await words["sectors"]?.options(chosen: chosen("sector"), named: speaker.sector) ?? [],
                    technologies: try await words["technologies"]?.options(chosen: chosen("technology"), named: speaker.technology) ?? [],
                    audiences: BookingChoice.audiences.map {
                        .init(value: $0, name: speaker.word($0).capitalisedFirst, isChosen: $0 == chosen("audience"))
                    },
                    summary: speaker.say(found["next"] == nil && cursor == nil ? "page.courses.summary" : "page.courses.part", count),
                    courses: courses, firstHref: cursor.map { _ in address([]) },
                    nextHref: found["next"]?.text.map { address(["cursor=\(PercentEncoding.encode($0))"]) })))
    }

    /// One course: what it is, where it is given, and the way to book for it.
    func course(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        .sheet(try await courseSheet(try request.path("offerId"), refusal: nil, member))
    }

    /// Withdraws the version that was shown.
    func withdrawCourse(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: OfferID = try request.path("offerId")
        do {
            _ = try await member.api.post(
                "/v1/offers/\(id)/withdrawal", ["reason": .string(request.fields["reason"] ?? "")], key: request.fields["idempotencyKey"],
                ifMatch: request.fields["eTag"])
        } catch let refusal as Refusal where refusal.isTold {
            return .sheet(try await courseSheet(id, refusal: refusal, member))
        }
        return .seeOther("/courses/\(id)?news=courseWithdrawn")
    }

    private func courseSheet(_ id: OfferID, refusal: Refusal?, _ member: MemberVisit) async throws -> Sheet {
        let answer = try await member.api.answer(InnerCall(.get, "/v1/offers/\(id)"))
        let offer = JSONValue.object(answer.body)
        let course = CourseView(offer, today: member.now.dayOfNetwork, member.speaker)
        let isGiven = offer["withdrawnAt"] == nil
        let mayKeep = member.principal.holds(.centreManager, .networkManager, at: id.centreColumn)
        var places: [OneCourseView.Place] = []
        for platform in (offer["platformIds"]?.texts ?? []).compactMap({ ResourceID($0) }) {
            let resource = try await member.api.platform(platform)
            let choice = BookingChoice(for: id, offer)
            places.append(
                OneCourseView.Place(
                    name: resource.name, href: resource.href,
                    bookHref: isGiven && member.mayBook ? choice.address("/book", of: platform) : nil))
        }
        return Sheet(
            "course", title: course.title, status: refusal?.status ?? .ok, section: "courses",
            OneCourseView(
                course: course, places: places, changeHref: mayKeep && isGiven ? "/courses/\(id)/change" : nil,
                withdrawalPath: "/courses/\(id)/withdrawal", eTag: answer.eTag ?? "", idempotencyKey: UUID().uuidString.lowercased(),
                refusal: refusal.map { $0.issues.first?.detail ?? $0.detail ?? $0.title }))
    }

    /// Every course of a centre, those that are given no more too, for who works there.
    func centreCourses(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let centre = try await staffedCentre(id, member)
        let today = member.now.dayOfNetwork
        let courses = try await member.api.all("/v1/offers", ["centreId": "\(id)"]).map { CourseView($0, today: today, member.speaker) }
        return .sheet(
            Sheet(
                "centreCourses", title: member.speaker.say("page.centreCourses.title"), section: "centreCourses",
                CentreCoursesView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)",
                    newHref: member.principal.holds(.centreManager, .networkManager, at: id.centreColumn)
                        ? "/centres/\(id)/courses/new" : nil,
                    courses: courses)))
    }
}

extension JSONValue {
    /// Words with how many offers have each, to choose from.
    fileprivate func options(chosen: String?, named name: (String) -> String) -> [SearchView.Option] {
        items.compactMap { item in
            item["word"]?.text.map { word in
                .init(value: word, name: "\(name(word)) (\(item["offers"]?.integer ?? 0))", isChosen: word == chosen)
            }
        }.sorted { $0.name < $1.name }
    }
}

extension BookingChoice {
    /// To book for a course: its kind of activity, its title.
    init(for offer: OfferID, _ json: JSONValue) {
        self.init(FormFields(query: nil))
        self.offer = offer
        activity = json["kind"]?.text == "bespoke" ? "bespokeTraining" : "catalogueTraining"
        title = json["title"]?.text
    }
}
