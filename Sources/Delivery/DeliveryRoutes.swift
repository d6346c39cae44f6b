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
        addFeedRoutes(to: routes)
        let settings = "/v1/organisations/{organisationId}/notification-settings"
        routes.get(settings, operation: "getNotificationSettings", access: managers, handler: readNotifications)
        routes.put(settings, operation: "setNotificationSettings", access: managers, handler: setNotifications)
    }

    private func addFeedRoutes(to routes: EdgeRoutes) {
        let path = "/v1/calendar-feeds/{feedId}"
        routes.post("/v1/calendar-feeds", operation: "createCalendarFeed", access: .member, handler: createFeed)
        routes.get("/v1/calendar-feeds", operation: "listCalendarFeeds", access: .member, handler: listFeeds)
        routes.get(path, operation: "getCalendarFeed", access: .member, handler: getFeed)
        routes.delete(path, operation: "revokeCalendarFeed", access: .member, handler: revokeFeed)
        routes.get("/calendars/{token}", operation: "readCalendar", access: .open, handler: readFeed)
        routes.get("/v1/resources/{resourceId}/free-busy", operation: "getFreeBusy", access: .member, handler: readFreeBusy)
    }
}
