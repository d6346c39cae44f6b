package import HTTPEdge
import Kernel

extension Bookings {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        routes.post("/v1/bookings", operation: "createBooking", access: .member, handler: reserve)
        routes.get("/v1/bookings", operation: "listBookings", access: .member, handler: list)
        routes.get("/v1/bookings/{bookingId}", operation: "getBooking", access: .member, handler: read)
        routes.post("/v1/bookings/{bookingId}/cancellation", operation: "cancelBooking", access: .member, handler: cancel)
        routes.post(
            "/v1/label-decisions/{decisionId}/simulations", operation: "simulateLabelDecision",
            access: .member(.labelAuthority, .networkManager, .centreManager), handler: simulate)
        routes.get(
            "/v1/label-simulations/{simulationId}/bookings", operation: "listSimulatedBookings",
            access: .member(.labelAuthority, .networkManager, .networkAuditor, .centreManager, .centreStaff), handler: listSimulated)
        routes.get(
            "/v1/label-decisions/{decisionId}/effects", operation: "listLabelEffects",
            access: .member(.labelAuthority, .networkManager, .networkAuditor, .centreManager, .centreStaff), handler: listEffects)
        routes.post("/v1/booking-series", operation: "createBookingSeries", access: .member, handler: createSeries)
        routes.get("/v1/booking-series/{seriesId}", operation: "getBookingSeries", access: .member, handler: readSeries)
        routes.post("/v1/booking-series/{seriesId}/cancellation", operation: "cancelBookingSeries", access: .member, handler: cancelSeries)
        routes.post("/v1/booking-series/{seriesId}/change", operation: "changeBookingSeries", access: .member, handler: changeSeries)
        routes.get("/v1/resources/{resourceId}/calendar", operation: "getCalendar", access: .member, handler: calendar)
        routes.post("/v1/availability", operation: "getAvailability", access: .member, handler: availability)
        routes.post("/v1/resource-searches", operation: "searchResources", access: .member, handler: search)
    }
}
