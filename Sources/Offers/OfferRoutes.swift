package import HTTPEdge
import Kernel

extension Offers {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        routes.get("/v1/offers", operation: "listOffers", access: .member, handler: list)
        routes.get("/v1/offer-words", operation: "listOfferWords", access: .member, handler: listWords)
        routes.get("/v1/offers/{offerId}", operation: "getOffer", access: .member, handler: read)
        routes.post("/v1/centres/{centreId}/offers", operation: "createOffer", access: managers, handler: create)
        routes.put("/v1/offers/{offerId}", operation: "changeOffer", access: managers, handler: change)
        routes.post("/v1/offers/{offerId}/withdrawal", operation: "withdrawOffer", access: managers, handler: withdraw)
    }
}
