import Access
import HTTPEdge
import Hummingbird
import Kernel
import Platforms
import Postgres

extension Offers {
    /// `GET /v1/offers`: what centres teach, by title; but for those for other organisations.
    func list(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let centre: CentreID? = query.optional("centreId")
        let kind: OfferKind? = query.optional("kind")
        let sector: Tag? = query.optional("sector")
        let technology: Tag? = query.optional("technology")
        let audience: AudienceCode? = query.optional("audience")
        let text = query.optional("text", maximum: 200)
        let day: LocalDay? = query.optional("on")
        let page = try query.page(of: "listOffers", signer: cursors)
        let offers = try await database.all(
            SQL.ListOffers(
                id: nil, centreNumber: centre?.centreColumn, kind: kind?.rawValue, sector: sector?.description,
                technology: technology?.description, audience: audience?.text, words: text, onDay: day, afterTitle: try page.after(0),
                afterId: try page.after(1), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, offers, keys: { [$0.title, $0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/offer-words`: what offers can be found by, each with how many offers have it.
    func listWords(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let centre: CentreID? = query.optional("centreId")
        let day: LocalDay? = query.optional("on")
        try query.finish()
        let today = LocalDay(daysSince1970: Int32(identifiers.clock.now().microsecondsSince1970 / 86_400_000_000))
        let words = try await database.all(
            SQL.ListOfferWords(centreNumber: centre?.centreColumn, onDay: day ?? today), settings: context.principal.settings)
        return .json { json in
            for (name, kind) in [("sectors", "sector"), ("technologies", "technology")] {
                json.array(name, words.filter { $0.kind == kind }) { word, json in
                    json.object { json in
                        json.member("word", word.word)
                        json.member("offers", word.offers)
                    }
                }
            }
        }
    }

    /// `GET /v1/offers/{offerId}`.
    func read(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let statement = SQL.ListOffers(one: try context.path("offerId"))
        guard let offer = try await database.all(statement, settings: context.principal.settings).first else { throw OfferRefusal.notFound }
        return Response.unlessHeld(offer.eTag, by: request) {
            Response.json(eTag: offer.eTag) { json in offer.writeMembers(to: &json) }
        }
    }

    /// - Throws: ``OfferRefusal/notFound``, for one that the caller may not see too.
    func offer(_ id: OfferID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListOffers.Row {
        guard let offer = try await transaction.all(SQL.ListOffers(one: id)).first else { throw OfferRefusal.notFound }
        return offer
    }
}

extension SQL.ListOffers {
    fileprivate init(one id: OfferID) {
        self.init(
            id: id, centreNumber: nil, kind: nil, sector: nil, technology: nil, audience: nil, words: nil, onDay: nil, afterTitle: nil,
            afterId: nil, rowLimit: 1)
    }
}
