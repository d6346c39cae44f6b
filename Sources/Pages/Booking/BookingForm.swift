import HTTPEdge
import HTTPTypes
import Kernel

struct BookingFormView: Sendable {
    struct Audience: Sendable {
        let code: String
        let name: String
        let count: String
    }

    let action: String
    /// The version of the booking that is to be changed.
    let tag: String?
    let step: String
    let resource: String
    let name: String
    let place: String
    let capacity: Int
    /// Whether one asks for a number of it, or for the whole.
    let isCounted: Bool
    let seatsLabel: String
    let wholeLabel: String
    let weekHref: String
    let day: String
    let from: String
    let to: String
    let seats: Int
    let isWhole: Bool
    /// How many machines of the model there are, where there are several to choose from.
    let alike: Alike?
    let activities: [SearchView.Option]
    let audiences: [Audience]
    let accompanying: Int
    let supervision: [SearchView.Option]
    let asksSupervision: Bool
    let programme: String?
    /// Courses of the centre that it may be for.
    let courses: [SearchView.Option]
    let holders: HoldersView?
    let title: String?
    let contactName: String?
    let contactEmail: String?
    /// How it may recur; nil for a booking that is to be changed.
    let weekly: Repetition?
    let fault: String?

    struct Alike: Sendable {
        let count: Int
        let name: String
        let isChosen: Bool
    }

    struct Repetition: Sendable {
        let until: String
        let weekdays: [SearchView.Option]
    }
}

extension Pages {
    /// Step 1 of 3: what, when, for whom.
    func bookingForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let resource = try await chosenResource(request, member)
        return .sheet(try await bookingFormSheet(resource, BookingChoice(request.fields), fault: nil, member))
    }

    func chosenResource(_ request: MemberRequest, _ member: MemberVisit) async throws -> Resource {
        guard let id = request.fields["resource"].flatMap({ ResourceID($0) }) else { throw Problem.notFound }
        return try await member.api.resource(id)
    }

    func bookingFormSheet(
        _ resource: Resource, _ choice: BookingChoice, changing change: ChangedBooking? = nil, fault: String?, _ member: MemberVisit
    ) async throws -> Sheet {
        let speaker = member.speaker
        let centre = try await member.api.get("/v1/centres/\(resource.centre)")
        let tomorrow = resource.zone.day(of: member.now).adding(days: 1)
        let alike = change == nil ? try await member.api.countAlike(resource) : 1
        return Sheet(
            "bookingForm",
            title: change.map { speaker.say("page.change.title", ["reference": .text($0.reference)]) }
                ?? speaker.say("page.book.title", ["name": .text(resource.name)]),
            status: fault == nil ? .ok : .unprocessableContent, section: "search",
            BookingFormView(
                action: "\(change?.path ?? "/book")/review", tag: change?.tag,
                step: change.map { speaker.say("page.change.title", ["reference": .text($0.reference)]) } ?? speaker.say("page.book.step1"),
                resource: "\(resource.id)", name: resource.name, place: centre["name"]?.text ?? "", capacity: resource.capacity,
                isCounted: resource.isCounted,
                seatsLabel: speaker.say(
                    resource.kind == .stock ? "page.book.itemsOf" : "page.book.seatsOf", ["capacity": .number(resource.capacity)]),
                wholeLabel: speaker.say(resource.kind == .stock ? "page.book.allItems" : "page.book.whole"),
                weekHref: "\(resource.href)?day=\(choice.day ?? tomorrow)",
                day: (choice.day ?? tomorrow).description, from: choice.from?.description ?? "09:00",
                to: choice.to.map { $0 == .endOfDay ? "23:59" : $0.description } ?? "12:00", seats: choice.seats, isWhole: choice.isWhole,
                alike: alike < 2
                    ? nil
                    : .init(
                        count: alike, name: speaker.say("page.book.any", ["count": .number(alike)]),
                        isChosen: choice.asksForModel(of: resource)),
                activities: BookingChoice.activities.map {
                    .init(value: $0, name: speaker.word($0).capitalisedFirst, isChosen: $0 == choice.activity)
                },
                audiences: BookingChoice.audiences.map {
                    .init(code: $0, name: speaker.word($0).capitalisedFirst, count: choice.headCounts[$0].map(String.init) ?? "")
                },
                accompanying: choice.accompanying,
                supervision: resource.supervision.map {
                    .init(value: $0, name: speaker.word($0).capitalisedFirst, isChosen: $0 == choice.supervision)
                },
                asksSupervision: !resource.supervision.isEmpty, programme: choice.programme,
                courses: try await member.api.courses(of: resource.centre, on: choice.day ?? tomorrow, chosen: choice.offer),
                holders: try await holders(of: resource, choice, member), title: choice.title, contactName: choice.contactName,
                contactEmail: choice.contactEmail,
                weekly: change == nil ? BookingFormView.Repetition(choice, speaker) : nil, fault: fault))
    }
}

extension BookingFormView.Repetition {
    fileprivate init(_ choice: BookingChoice, _ speaker: Speaker) {
        let chosen = choice.weekly?.weekdays ?? choice.endlessWeekdays ?? []
        until = choice.weekly?.last.description ?? ""
        weekdays = (1...7).map {
            .init(
                value: "\($0)", name: speaker.say(TextKey(rawValue: "page.weekday.\($0)")).capitalisedFirst,
                isChosen: chosen.contains($0))
        }
    }
}
