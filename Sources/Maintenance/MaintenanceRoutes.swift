package import HTTPEdge
import Kernel

extension Maintenance {
    /// Who sees faults, outages and plans: they say what goes wrong at a centre.
    private static let readers = MemberAccess.member(.instructor, .centreStaff, .centreManager, .networkManager, .networkAuditor)
    private static let staff = MemberAccess.member(.centreStaff, .centreManager, .networkManager)
    private static let reporters = MemberAccess.member(.instructor, .centreStaff, .centreManager, .networkManager)

    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        routes.post("/v1/resources/{resourceId}/outages", operation: "planOutage", access: Self.staff, handler: planOutage)
        routes.get("/v1/centres/{centreId}/outages", operation: "listOutages", access: Self.readers, handler: listOutages)
        routes.get("/v1/outages/{outageId}", operation: "getOutage", access: Self.readers, handler: readOutage)
        routes.post("/v1/outages/{outageId}/end", operation: "endOutage", access: Self.staff, handler: endOutage)
        routes.post("/v1/resources/{resourceId}/faults", operation: "reportFault", access: Self.reporters, handler: reportFault)
        routes.get("/v1/centres/{centreId}/faults", operation: "listFaults", access: Self.readers, handler: listFaults)
        routes.post("/v1/faults/{faultId}/expected-return", operation: "expectBack", access: Self.reporters, handler: expectBack)
        routes.post("/v1/faults/{faultId}/resolution", operation: "resolveFault", access: Self.staff, handler: resolveFault)
        routes.get("/v1/bookings/{bookingId}/other-places", operation: "listOtherPlaces", access: .member, handler: listOtherPlaces)
        routes.post("/v1/bookings/{bookingId}/move", operation: "moveBooking", access: .member, handler: moveBooking)
        addPlans(to: routes)
    }

    private func addPlans(to routes: EdgeRoutes) {
        routes.post(
            "/v1/equipment/{equipmentId}/maintenance-plans", operation: "addMaintenancePlan", access: Self.staff, handler: addPlan)
        routes.get("/v1/centres/{centreId}/maintenance-plans", operation: "listMaintenancePlans", access: Self.readers, handler: listPlans)
        routes.post(
            "/v1/maintenance-plans/{planId}/completions", operation: "completeMaintenancePlan", access: Self.staff, handler: completePlan)
        routes.post("/v1/maintenance-plans/{planId}/end", operation: "endMaintenancePlan", access: Self.staff, handler: endPlan)
    }
}
