package import HTTPEdge
import Kernel

extension Bookings {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        routes.post("/v1/bookings", operation: "createBooking", access: .member, handler: reserve)
        routes.post("/v1/bookings/batch", operation: "createBookingBatch", access: .member, handler: reserveBatch)
        routes.post(
            "/v1/booking-imports", operation: "importBookings", access: .member, takesFiles: true, handler: importBookings)
        routes.post(
            "/v1/booking-calendar-imports", operation: "importBookingCalendar", access: .member, takesFiles: true,
            handler: importBookingCalendar)
        routes.get("/v1/bookings.csv", operation: "exportBookings", access: .member, handler: exportBookings)
        routes.get("/v1/bookings", operation: "listBookings", access: .member, handler: list)
        routes.get("/v1/bookings/{bookingId}", operation: "getBooking", access: .member, handler: read)
        routes.post("/v1/bookings/{bookingId}/cancellation", operation: "cancelBooking", access: .member, handler: cancel)
        addLifecycle(to: routes)
        addTerms(to: routes)
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
        routes.get("/v1/kits/{kitId}/availability", operation: "getKitAvailability", access: .member, handler: kitAvailability)
        routes.post("/v1/availability", operation: "getAvailability", access: .member, handler: availability)
        routes.post("/v1/suggestions", operation: "suggestSlots", access: .member, handler: suggest)
        routes.post("/v1/resource-searches", operation: "searchResources", access: .member, handler: search)
    }

    private func addLifecycle(to routes: EdgeRoutes) {
        routes.post("/v1/holds", operation: "createHold", access: .member, handler: hold)
        routes.post("/v1/bookings/{bookingId}/confirmation", operation: "confirmBooking", access: .member, handler: confirm)
        routes.post("/v1/bookings/{bookingId}/change", operation: "changeBooking", access: .member, handler: change)
        routes.post("/v1/bookings/{bookingId}/extension", operation: "extendBooking", access: .member, handler: extend)
        routes.post("/v1/bookings/{bookingId}/approval", operation: "approveBooking", access: .member, handler: approve)
        routes.post("/v1/bookings/{bookingId}/rejection", operation: "rejectBooking", access: .member, handler: reject)
        routes.post("/v1/bookings/{bookingId}/check-in", operation: "checkIn", access: .member, handler: checkIn)
        routes.post("/v1/bookings/{bookingId}/check-out", operation: "checkOut", access: .member, handler: checkOut)
        routes.post("/v1/bookings/{bookingId}/use-reports", operation: "reportUse", access: .member, handler: reportUse)
        routes.post("/v1/bookings/{bookingId}/no-show", operation: "markNoShow", access: .member, handler: markNoShow)
        routes.post(
            "/v1/bookings/{bookingId}/waiting-priority", operation: "setWaitingPriority", access: .member, handler: prioritise)
    }

    private func addTerms(to routes: EdgeRoutes) {
        routes.get("/v1/resources/{resourceId}/booking-terms", operation: "getBookingTerms", access: .member, handler: readTerms)
        routes.put(
            "/v1/resources/{resourceId}/booking-terms", operation: "setBookingTerms", access: .member(.centreManager, .networkManager),
            handler: setTerms)
        routes.get("/v1/booking-policy", operation: "getBookingPolicy", access: .member, handler: getPolicy)
        routes.put("/v1/booking-policy", operation: "changeBookingPolicy", access: .member(.networkManager), handler: changePolicy)
        routes.post("/v1/quotas", operation: "createQuota", access: .member(.centreManager, .networkManager), handler: createQuota)
        routes.get("/v1/quotas", operation: "listQuotas", access: .member, handler: listQuotas)
        routes.get("/v1/allowances", operation: "listAllowances", access: .member, handler: listAllowances)
        routes.get("/v1/quotas/{quotaId}", operation: "getQuota", access: .member, handler: readQuota)
        routes.post("/v1/quotas/{quotaId}/end", operation: "endQuota", access: .member(.centreManager, .networkManager), handler: endQuota)
    }
}
