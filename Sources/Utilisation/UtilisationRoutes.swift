package import HTTPEdge
import Kernel

extension Utilisation {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        let centre = "/v1/centres/{centreId}"
        routes.get("\(centre)/utilisation", operation: "getUtilisation", access: Self.readers, handler: report)
        routes.get("\(centre)/utilisation.csv", operation: "downloadUtilisation", access: Self.readers, handler: table)
        routes.get("\(centre)/utilisation-comparison", operation: "compareUtilisation", access: Self.readers, handler: comparison)
        routes.get("\(centre)/utilisation-heat-map", operation: "getHeatMap", access: Self.readers, handler: heatMap)
        routes.get("\(centre)/demand", operation: "getDemand", access: Self.readers, handler: demand)
        routes.get("/v1/utilisation", operation: "getNetworkUtilisation", access: Self.ofNetwork, handler: network)
        routes.get("/v1/utilisation-heat-map", operation: "getNetworkHeatMap", access: Self.ofNetwork, handler: networkHeatMap)
        routes.get("/v1/demand", operation: "getNetworkDemand", access: Self.ofNetwork, handler: networkDemand)
        routes.post(
            "\(centre)/sealed-reports", operation: "sealReport", access: .member(.centreManager, .networkManager), handler: seal)
        routes.get("\(centre)/sealed-reports", operation: "listSealedReports", access: Self.readers, handler: listSealed)
        routes.get("/v1/sealed-reports/{reportId}", operation: "getSealedReport", access: Self.readers, handler: readSealed)
        routes.get(
            "/v1/sealed-reports/{reportId}/difference", operation: "compareSealedReport", access: Self.readers, handler: difference)
        routes.get(
            "/v1/sealed-reports/{reportId}/reproduction", operation: "reproduceSealedReport", access: Self.readers, handler: reproduce)
        routes.get("\(centre)/economic-use", operation: "getEconomicUse", access: Self.readers, handler: economicUse)
        routes.get("\(centre)/renewal-evidence", operation: "getRenewalEvidence", access: Self.readers, handler: evidence)
    }

    private static let ofNetwork = MemberAccess.member(.networkManager, .networkAuditor)
    private static let readers = MemberAccess.member(.centreStaff, .centreManager, .networkManager, .networkAuditor)
}
