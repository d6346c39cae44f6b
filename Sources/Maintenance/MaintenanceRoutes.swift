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
        routes.post(
            "/v1/platforms/{platformId}/retirement", operation: "retirePlatform", access: .member(.centreManager, .networkManager),
            handler: retirePlatform)
        routes.get("/v1/platforms/{platformId}/retirement", operation: "getRetirement", access: Self.readers, handler: readRetirement)
        addPlans(to: routes)
        addCustody(to: routes)
        addTransfers(to: routes)
        addLoans(to: routes)
    }

    private func addPlans(to routes: EdgeRoutes) {
        routes.post(
            "/v1/equipment/{equipmentId}/maintenance-plans", operation: "addMaintenancePlan", access: Self.staff, handler: addPlan)
        routes.get("/v1/centres/{centreId}/maintenance-plans", operation: "listMaintenancePlans", access: Self.readers, handler: listPlans)
        routes.post(
            "/v1/maintenance-plans/{planId}/completions", operation: "completeMaintenancePlan", access: Self.staff, handler: completePlan)
        routes.post("/v1/maintenance-plans/{planId}/end", operation: "endMaintenancePlan", access: Self.staff, handler: endPlan)
    }

    private func addCustody(to routes: EdgeRoutes) {
        let custody = "/v1/custodies/{custodyId}"
        routes.post(
            "/v1/centres/{centreId}/custodies", operation: "checkOutEquipment", access: Self.reporters, handler: checkOutEquipment)
        routes.get("/v1/custodies", operation: "listCustodies", access: .member, handler: listCustodies)
        routes.get(custody, operation: "getCustody", access: .member, handler: readCustody)
        routes.post("\(custody)/returns", operation: "checkInEquipment", access: Self.reporters, handler: checkInEquipment)
    }

    private func addTransfers(to routes: EdgeRoutes) {
        routes.post("/v1/equipment/{equipmentId}/transfers", operation: "planTransfer", access: Self.staff, handler: planTransfer)
        routes.get("/v1/centres/{centreId}/transfers", operation: "listTransfers", access: Self.readers, handler: listTransfers)
        routes.post(
            "/v1/transfers/{transferId}/cancellation", operation: "cancelTransfer", access: Self.staff, handler: cancelTransfer)
    }

    private func addLoans(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        let loan = "/v1/loans/{loanId}"
        routes.post("/v1/equipment/{equipmentId}/loans", operation: "proposeLoan", access: managers, handler: proposeLoan)
        routes.get("/v1/loans", operation: "listLoans", access: .member, handler: listLoans)
        routes.post("\(loan)/acceptance", operation: "acceptLoan", access: managers, handler: acceptLoan)
        routes.post("\(loan)/refusal", operation: "refuseLoan", access: managers, handler: refuseLoan)
        routes.post("\(loan)/return", operation: "returnLoan", access: managers, handler: returnLoan)
    }
}
