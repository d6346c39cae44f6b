import HTTPEdge
import HTTPTypes
import Kernel

/// An offer as pages show it.
struct CourseView: Sendable {
    let title: String
    let href: String
    let centreName: String
    let centreHref: String
    let kind: String
    let code: String?
    let description: String?
    let sector: String
    let technologies: [String]
    /// Audiences, length and size of the group.
    let facts: [String]
    /// The days on which it is given.
    let period: String
    let state: String
    let tone: String
    /// Why it was withdrawn.
    let reason: String?

    init(_ offer: JSONValue, today: LocalDay, _ speaker: Speaker) {
        title = offer["title"]?.text ?? ""
        href = "/courses/\(offer["id"]?.text ?? "")"
        centreName = offer["centreName"]?.text ?? ""
        centreHref = "/centres/\(offer["centreId"]?.text ?? "")"
        kind = speaker.say(TextKey(rawValue: "page.courseKind.\(offer["kind"]?.text ?? "catalogue")"))
        code = offer["code"]?.text
        description = offer["description"]?.text
        sector = (offer["sector"]?.text).map(speaker.sector) ?? ""
        technologies = (offer["technologies"]?.texts ?? []).map(speaker.technology)
        facts = Self.facts(of: offer, speaker)
        period = RegisterView.Row.period(offer["from"]?.day.map(TextArgument.day), offer["to"]?.day.map(TextArgument.day), speaker)
        let (word, colour) = Self.state(of: offer, on: today)
        state = speaker.say(TextKey(rawValue: "page.courseState.\(word)"))
        tone = colour
        reason = offer["withdrawalReason"]?.text
    }

    private static func facts(of offer: JSONValue, _ speaker: Speaker) -> [String] {
        var facts = [speaker.list((offer["audiences"]?.texts ?? []).map(speaker.word))]
        if let minutes = offer["durationMinutes"]?.integer { facts.append(Resource.hours(minutes)) }
        if let most = offer["mostParticipants"]?.integer { facts.append(speaker.say("page.course.group", ["count": .number(most)])) }
        return facts
    }

    /// What it is on a day, and the colour of that.
    private static func state(of offer: JSONValue, on day: LocalDay) -> (word: String, tone: String) {
        if offer["withdrawnAt"] != nil { return ("withdrawn", "quiet") }
        if let from = offer["from"]?.day, day < from { return ("upcoming", "fair") }
        if let to = offer["to"]?.day, to < day { return ("ended", "quiet") }
        return ("inForce", "good")
    }
}

extension PageCalls {
    /// What a course is called; nil for none, and for one that the reader may not see.
    func courseTitle(_ id: OfferID?) async throws -> String? {
        guard let id else { return nil }
        do {
            return try await get("/v1/offers/\(id)")["title"]?.text
        } catch let refusal as Refusal where refusal.status == .notFound {
            return nil
        }
    }

    /// The courses of a centre that a booking of a day may name, one of them chosen; another that is chosen stands with them.
    func courses(of centre: CentreID, on day: LocalDay, chosen: OfferID?) async throws -> [SearchView.Option] {
        let offers = try await get("/v1/offers", ["centreId": "\(centre)", "on": "\(day)", "pageSize": "200"])["items"]?.items ?? []
        var options = offers.map {
            SearchView.Option(value: $0["id"]?.text ?? "", name: $0["title"]?.text ?? "", isChosen: $0["id"]?.text == chosen?.description)
        }
        if let chosen, !options.contains(where: \.isChosen), let title = try await courseTitle(chosen) {
            options.append(SearchView.Option(value: "\(chosen)", name: title, isChosen: true))
        }
        return options
    }
}
