package import HTTPEdge
import Kernel

extension Delivery {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.organisationAdmin, .centreManager, .networkManager)
        let path = "/v1/webhooks/{webhookId}"
        routes.get("/v1/events", operation: "listEvents", access: .member, handler: listEvents)
        routes.post("/v1/webhooks", operation: "createWebhook", access: managers, handler: createWebhook)
        routes.get("/v1/webhooks", operation: "listWebhooks", access: managers, handler: listWebhooks)
        routes.get(path, operation: "getWebhook", access: managers, handler: getWebhook)
        routes.patch(path, operation: "changeWebhook", access: managers, handler: changeWebhook)
        routes.delete(path, operation: "removeWebhook", access: managers, handler: removeWebhook)
        routes.post(path + "/secret-rotation", operation: "rotateWebhookSecret", access: managers, handler: rotateSecret)
        routes.post(path + "/test", operation: "testWebhook", access: managers, handler: testWebhook)
        routes.get(path + "/deliveries", operation: "listDeliveries", access: managers, handler: listDeliveries)
        routes.post(path + "/deliveries/{deliveryId}/replay", operation: "replayDelivery", access: managers, handler: replayDelivery)
    }
}
