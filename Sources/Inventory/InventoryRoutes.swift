package import HTTPEdge
import Kernel

extension Inventory {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        routes.get("/v1/equipment", operation: "listEquipment", access: .member, handler: list)
        routes.get("/v1/equipment/{equipmentId}", operation: "getEquipment", access: .member, handler: read)
        routes.post(
            "/v1/centres/{centreId}/equipment", operation: "createEquipment", access: .member(.centreManager, .networkManager),
            handler: create)
    }
}
