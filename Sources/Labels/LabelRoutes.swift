package import HTTPEdge
import Kernel

extension Labels {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        let centre = "/v1/centres/{centreId}"
        routes.get("\(centre)/label", operation: "getLabel", access: .member, handler: getLabel)
        routes.get("\(centre)/label-decisions", operation: "listLabelDecisions", access: .member, handler: listDecisions)
        routes.post(
            "\(centre)/label-decisions", operation: "proposeLabelDecision", access: .member(.labelAuthority, .networkManager),
            handler: proposeDecision)
        routes.get("/v1/label-decisions/{decisionId}", operation: "getLabelDecision", access: .member, handler: getDecision)
        routes.post(
            "/v1/label-decisions/{decisionId}/approval", operation: "approveLabelDecision", access: .member(.labelAuthority),
            handler: approveDecision)
        routes.post(
            "/v1/label-decisions/{decisionId}/withdrawal", operation: "withdrawLabelProposal",
            access: .member(.labelAuthority, .networkManager), handler: withdrawProposal)
        routes.get(
            "\(centre)/label-proposals", operation: "listLabelProposals",
            access: .member(.labelAuthority, .networkManager, .networkAuditor, .centreManager, .centreStaff), handler: listProposals)
        routes.get("/v1/label-policy", operation: "getLabelPolicy", access: .member, handler: getPolicy)
        routes.put(
            "/v1/label-policy", operation: "changeLabelPolicy", access: .member(.labelAuthority, .networkManager), handler: changePolicy)
        routes.get("\(centre)/recognition-files", operation: "listRecognitionFiles", access: .member, handler: listFiles)
        routes.post(
            "\(centre)/recognition-files", operation: "createRecognitionFile", access: .member(.centreManager, .labelAuthority),
            handler: createFile)
        routes.post(
            "\(centre)/label-applications", operation: "createLabelApplication", access: .member(.centreManager),
            handler: createApplication)
        routes.delete(
            "\(centre)/label-applications/{applicationId}", operation: "withdrawLabelApplication", access: .member(.centreManager),
            handler: withdrawApplication)
        routes.post("/v1/access-decisions", operation: "decideAccess", access: .member, handler: decideAccess)
        routes.get("/v1/audiences", operation: "listAudiences", access: .member, handler: listAudiences)
    }
}
