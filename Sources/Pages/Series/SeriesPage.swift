import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct SeriesView: Sendable {
    let id: String
    let summary: String
    let occurrences: [OccurrenceRow]
    let mayCancel: Bool
    let eTag: String
    let idempotencyKey: String
    let refusal: RefusalView?
}

extension Pages {
    private static let cancellable: Set<String> = ["requested", "waitlisted", "held", "conditional", "confirmed", "suspended"]

    /// A booking that recurs, with what became of each time.
    func series(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        .sheet(try await seriesSheet(try request.path("seriesId"), refusal: nil, member))
    }

    /// Cancels every booking of the series that has not begun.
    func cancelSeries(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: SeriesID = try request.path("seriesId")
        do {
            _ = try await member.api.post(
                "/v1/booking-series/\(id)/cancellation", request.fields.reason.merging(["scope": .string("all")]) { $1 },
                key: request.fields["idempotencyKey"], ifMatch: request.fields["eTag"])
            return .seeOther("/series/\(id)?news=seriesCancelled")
        } catch let refusal as Refusal where refusal.isTold {
            return .sheet(try await seriesSheet(id, refusal: refusal, member))
        }
    }

    private func seriesSheet(_ id: SeriesID, refusal: Refusal?, _ member: MemberVisit) async throws -> Sheet {
        let speaker = member.speaker
        let answer = try await member.api.answer(InnerCall(.get, "/v1/booking-series/\(id)"))
        let series = JSONValue.object(answer.body)
        guard let zone = series["zone"]?.text.flatMap({ Zone($0) }) else { throw Problem.notFound }
        let occurrences = series["occurrences"]?.items ?? []
        let isAhead = occurrences.contains { occurrence in
            Self.cancellable.contains(occurrence["state"]?.text ?? "") && (occurrence["start"]?.instant.map { $0 > member.now } ?? false)
        }
        return Sheet(
            "series", title: speaker.say("page.series.title"), status: refusal?.status ?? .ok, section: "bookings",
            SeriesView(
                id: "\(id)",
                summary: speaker.say(
                    "page.series.summary",
                    ["booked": .number(series["booked"]?.integer ?? 0), "refused": .number(series["refused"]?.integer ?? 0)]),
                occurrences: occurrences.map { OccurrenceRow($0, in: zone, speaker) }, mayCancel: member.mayBook && isAhead,
                eTag: answer.eTag ?? "", idempotencyKey: UUID().uuidString.lowercased(), refusal: refusal.map(RefusalView.init)))
    }
}
