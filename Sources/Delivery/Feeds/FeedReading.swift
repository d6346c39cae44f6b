import Access
import Bookings
import HTTPEdge
import Hummingbird
import Kernel
import NIOCore
import Postgres

extension Delivery {
    /// As long as entries are kept that were cancelled, so that programs take them away.
    private static let daysBack = 30
    private static let daysAhead = 366
    /// Further ones are left out, and the calendar says so.
    static let entriesAtMost = 5_000

    /// `GET /calendars/{token}`: the calendar of a feed, for whoever has its address.
    func readFeed(_ request: Request, _ context: GuestContext) async throws -> Response {
        try QueryReader.none(in: request)
        let token: FeedToken = try context.path("token")
        guard let feed = try await database.first(SQL.OpenFeed(digest: token.digest)),
            let holder = try await access.principal(of: feed.keyId)
        else { throw DeliveryRefusal.feedUnknown }
        let entries = try await database.all(entries(of: feed), settings: holder.settings)
        let speaker = Speaker(SpokenLanguage(rawValue: feed.language) ?? .french, catalogue: catalogue)
        let bytes = FeedCalendar(feed: feed, entries: entries, speaker: speaker, site: site).document.bytes
        return .calendar(bytes, named: feed.kind, for: request)
    }

    private func entries(of feed: SQL.OpenFeed.Row) -> SQL.FeedEntries {
        let now = identifiers.clock.now()
        let kind = FeedKind(rawValue: feed.kind)
        return SQL.FeedEntries(
            centreNumber: feed.subjectId.map { CentreID($0).centreColumn }, resource: kind == .resource ? feed.subjectId : nil,
            site: kind == .site ? feed.subjectId : nil,
            organisation: kind == .organisation || kind == .person ? feed.organisationId : nil,
            madeBy: kind == .person ? feed.keyId : nil, fromInstant: now - .seconds(Self.daysBack * 86_400),
            toInstant: now + .seconds(Self.daysAhead * 86_400), rowLimit: Int32(Self.entriesAtMost + 1))
    }

    /// `GET /v1/resources/{resourceId}/free-busy`: when it can't be had.
    func readFreeBusy(_ request: Request, _ context: MemberContext) async throws -> Response {
        let resource: ResourceID = try context.path("resourceId")
        var query = QueryReader(request)
        let window = query.period(days: Bookings.longestWindowDays)
        try query.finish()
        guard let window, let time = try await bookings.freeTime(of: resource, in: window) else { throw Problem.notFound }
        // Its own moment, so that the same time answers the same bytes.
        let document = FreeBusyDocument(uid: "\(resource)@plateau", stamp: window.start, window: window, of: time)
        return .calendar(document.bytes, named: "free-busy", for: request)
    }
}

extension Response {
    /// Told apart by its content: a program that has it is answered 304.
    fileprivate static func calendar(_ bytes: [UInt8], named name: String, for request: Request) -> Response {
        let eTag = ETag(content: bytes)
        return .unlessHeld(eTag, by: request) {
            Response(
                status: .ok,
                headers: [
                    .contentType: CalendarDocument.mediaType, .contentDisposition: "inline; filename=\"plateau-\(name).ics\"",
                    .cacheControl: "private, no-cache", .eTag: eTag.description,
                ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}
