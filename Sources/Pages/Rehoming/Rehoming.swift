import HTTPEdge
import HTTPTypes
import Kernel

/// Where a booking that lost its room can go.
struct RehomingView: Sendable {
    /// One place for one line.
    struct Offer: Sendable {
        let number: String
        let resource: String
        let name: String
        let place: String
        let why: String
        let isConditional: Bool
        /// Which of the buttons it is.
        let rank: Int
    }

    /// A line among several, with the places from which one is chosen.
    struct Line: Sendable {
        let number: String
        let what: String
        let offers: [SearchView.Option]
    }

    let lead: String
    /// A button each, where one line has no room.
    let offers: [Offer]
    /// Where several have none: they move together.
    let lines: [Line]
}

extension Pages {
    /// - Returns: nil for a booking that has its room, or has begun, or that the reader may not move.
    func rehoming(of booking: JSONValue, mayAct: Bool, _ member: MemberVisit) async throws -> RehomingView? {
        let lines = booking["lines"]?.items ?? []
        guard mayAct, (booking["flags"]?.texts ?? []).contains("displaced"), let id = booking["id"]?.text,
            ["requested", "conditional", "confirmed", "suspended"].contains(booking["state"]?.text ?? ""),
            let start = lines.compactMap(\.period).map(\.start).min(), start > member.now
        else { return nil }
        let places = try await member.api.get("/v1/bookings/\(id)/other-places")["items"]?.items ?? []
        let isStuck = try await lacksRoom(lines, besides: Set(places.compactMap { $0["line"]?.integer }), member)
        return RehomingView(isStuck ? [] : places, lines, isStuck: isStuck, member.speaker)
    }

    /// Whether a line that has nowhere to go lacks its room too: lines move together or not at all.
    ///
    /// False where that cannot be asked in one question.
    private func lacksRoom(_ lines: [JSONValue], besides numbers: Set<Int>, _ member: MemberVisit) async throws -> Bool {
        let others = lines.filter { line in line["number"]?.integer.map { !numbers.contains($0) } ?? false }
        let periods = others.compactMap(\.period)
        guard !numbers.isEmpty, let start = periods.map(\.start).min(), let end = periods.map(\.end).max() else { return false }
        let body: [String: JSONValue] = [
            "resourceIds": .array(Set(others.compactMap { $0["resourceId"]?.text }).sorted().map { .string($0) }),
            "start": .string(start.rfc3339), "end": .string(end.rfc3339),
        ]
        do {
            let resources = try await member.api.post("/v1/availability", body)["resources"]?.items ?? []
            return others.contains { line in resources.contains { line.lacksRoom(in: $0) } }
        } catch let refusal as Refusal where refusal.isTold {
            return false
        }
    }

    /// Gives the lines of a displaced booking the places that were chosen, all or none.
    func moveBooking(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let moves = request.fields.names.filter { $0.hasPrefix("place.") }.compactMap { name -> JSONValue? in
            guard let line = Int(name.dropFirst(6)), let resource = request.fields[name] else { return nil }
            return .object(["line": .of(line), "resourceId": .string(resource)])
        }
        return try await act("move", ["lines": .array(moves)], .moved, request, member)
    }
}

extension JSONValue {
    /// Whether less than a line takes is free of a resource at some moment of it.
    fileprivate func lacksRoom(in resource: JSONValue) -> Bool {
        guard let period, let seats = self["seats"]?.integer, resource["resourceId"] == self["resourceId"] else { return false }
        return (resource["steps"]?.items ?? []).contains { step in
            (step.period?.overlaps(period) ?? false) && (step["free"]?.integer ?? 0) < seats
        }
    }
}

extension RehomingView {
    /// - Parameter isStuck: whether a line has nowhere to go, so that no other moves.
    init(_ places: [JSONValue], _ lines: [JSONValue], isStuck: Bool = false, _ speaker: Speaker) {
        let numbers = Set(places.compactMap { $0["line"]?.integer }).sorted()
        lead = speaker.say(
            isStuck
                ? "page.rehoming.stuck"
                : numbers.isEmpty ? "page.rehoming.none" : numbers.count == 1 ? "page.rehoming.lead" : "page.rehoming.together")
        offers = numbers.count == 1 ? places.enumerated().map { Offer($0.element, rank: $0.offset, speaker) } : []
        self.lines =
            numbers.count < 2
            ? []
            : numbers.map { number in
                let line = lines.first { $0["number"]?.integer == number }
                let zone = line?["zone"]?.text.flatMap { Zone($0) }
                let when = line?.period.flatMap { period in zone.map { speaker.span(period, $0) } }
                return Line(
                    number: "\(number)", what: [line?["name"]?.text, when].compactMap(\.self).joined(separator: ", "),
                    offers: places.filter { $0["line"]?.integer == number }.enumerated().map {
                        let offer = Offer($0.element, rank: $0.offset, speaker)
                        let condition = offer.isConditional ? speaker.say("page.rehoming.conditional") : nil
                        return .init(
                            value: offer.resource,
                            name: [offer.name, offer.place, offer.why, condition].compactMap(\.self).joined(separator: " · "),
                            isChosen: $0.offset == 0)
                    })
            }
    }
}

extension RehomingView.Offer {
    fileprivate init(_ place: JSONValue, rank: Int, _ speaker: Speaker) {
        number = "\(place["line"]?.integer ?? 1)"
        resource = place["resourceId"]?.text ?? ""
        name = place["name"]?.text ?? ""
        self.place = [place["centreName"]?.text, place["siteName"]?.text].compactMap(\.self)
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", ")
        let distance = place["distanceKm"]?.integer.flatMap { kilometres in
            kilometres < 1 ? nil : speaker.say("page.review.away", ["kilometres": .number(kilometres)])
        }
        why = [speaker.say(TextKey(rawValue: "page.placeReason.\(place["reason"]?.text ?? "sameSkillsSameCentre")")), distance]
            .compactMap(\.self).joined(separator: " · ")
        isConditional = place["verdict"]?.text == "conditional"
        self.rank = rank
    }
}
