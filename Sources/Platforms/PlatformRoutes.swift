package import HTTPEdge
import Kernel

extension Platforms {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        routes.get("/v1/platforms", operation: "listPlatforms", access: .member, handler: list)
        routes.get("/v1/platforms/{platformId}", operation: "getPlatform", access: .member, handler: read)
        routes.post("/v1/centres/{centreId}/platforms", operation: "createPlatform", access: managers, handler: create)
        routes.patch("/v1/platforms/{platformId}", operation: "changePlatform", access: managers, handler: change)
    }
}
