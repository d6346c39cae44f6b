import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

/// The booking that is to be changed, in the version that was shown.
struct ChangedBooking: Sendable {
    let id: BookingID
    let reference: String
    let tag: String
    /// As it stands now.
    let choice: BookingChoice
    let resource: ResourceID

    var path: String { "/bookings/\(id)/change" }
}

extension Pages {
    /// The booking as it stands, in the form in which it was asked for.
    func changeForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let change = try await changed(request, member)
        let choice = request.fields["day"] == nil ? change.choice : BookingChoice(request.fields)
        let resource = try await member.api.resource(change.resource)
        return .sheet(try await bookingFormSheet(resource, choice, changing: change, fault: nil, member))
    }

    /// What the change would do, asked as a dry run; nothing is changed yet.
    func changeReview(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await change(request, member, isDryRun: true)
    }

    /// Changes everything at a stroke, or leaves everything as it was.
    func changeBooking(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await change(request, member, isDryRun: false)
    }

    private func change(_ request: MemberRequest, _ member: MemberVisit, isDryRun: Bool) async throws -> PageAnswer {
        let change = try await changed(request, member)
        let choice = BookingChoice(request.fields)
        let resource = try await member.api.resource(change.resource)
        guard let period = choice.period(in: resource.zone) else {
            let fault = member.speaker.say("page.search.badPeriod")
            return .sheet(try await bookingFormSheet(resource, choice, changing: change, fault: fault, member))
        }
        let key = request.fields["idempotencyKey"] ?? UUID().uuidString.lowercased()
        let answer = try await member.api.calls.answer(
            to: InnerCall(
                .post, "/v1\(change.path)", query: isDryRun ? [(name: "dryRun", value: "true")] : [],
                body: choice.request(of: resource, period), idempotencyKey: isDryRun ? nil : key, ifMatch: change.tag),
            as: member.principal, in: member.visit.context)
        if !isDryRun, !answer.isProblem { return .seeOther(Self.address("/bookings/\(change.id)", telling: .changed)) }
        if answer.status == .preconditionFailed { return .sheet(try await bookingSheet(change.id, refusal: Refusal(answer), member)) }
        return try await review(resource, choice, answer, key: key, changing: change, member)
    }

    /// - Throws: 404 for what cannot be changed here: a booking of several lines.
    private func changed(_ request: MemberRequest, _ member: MemberVisit) async throws -> ChangedBooking {
        let id: BookingID = try request.path("bookingId")
        let answer = try await member.api.answer(InnerCall(.get, "/v1/bookings/\(id)"))
        let booking = JSONValue.object(answer.body)
        guard let choice = BookingChoice(of: booking),
            let resource = booking["lines"]?.items.first?["resourceId"]?.text.flatMap({ ResourceID($0) })
        else { throw Problem.notFound }
        return ChangedBooking(
            id: id, reference: booking["reference"]?.text ?? "", tag: request.fields["eTag"] ?? answer.eTag ?? "", choice: choice,
            resource: resource)
    }
}
