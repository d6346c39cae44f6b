package import HTTPEdge
import Kernel

extension Labels {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        let centre = "/v1/centres/{centreId}"
        routes.get("/v1/labelled-centres", operation: "listLabelledCentres", access: .open, handler: listLabelledCentres)
        routes.get("/v1/labelled-centres.csv", operation: "downloadLabelledCentres", access: .open, handler: downloadLabelledCentres)
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
        routes.post("/v1/access-decisions", operation: "decideAccess", access: .member, handler: decideAccess)
        routes.get("/v1/audiences", operation: "listAudiences", access: .member, handler: listAudiences)
        addApplicationRoutes(to: routes)
        addFileRoutes(to: routes)
        addEvidenceRoutes(to: routes)
    }

    private func addApplicationRoutes(to routes: EdgeRoutes) {
        let centre = "/v1/centres/{centreId}"
        let application = "\(centre)/label-applications/{applicationId}"
        routes.get("\(centre)/label-applications", operation: "listLabelApplications", access: .insiders, handler: listApplications)
        routes.post(
            "\(centre)/label-applications", operation: "createLabelApplication", access: .member(.centreManager),
            handler: createApplication)
        routes.delete(
            application, operation: "withdrawLabelApplication", access: .member(.centreManager),
            handler: withdrawApplication)
        routes.get(application, operation: "getLabelApplication", access: .insiders, handler: getApplication)
        routes.put(
            "\(application)/file", operation: "setLabelApplicationFile", access: .member(.centreManager), handler: linkFile)
        routes.get("\(application)/evaluations", operation: "listLabelEvaluations", access: .insiders, handler: listEvaluations)
        routes.post(
            "\(application)/evaluations", operation: "openLabelEvaluation", access: .member(.labelAuthority, .networkManager),
            handler: openEvaluation)
        routes.put(
            "/v1/label-evaluations/{evaluationId}/notes", operation: "noteLabelEvaluation",
            access: .member(.labelAuthority, .networkManager), handler: noteEvaluation)
        routes.post(
            "/v1/label-evaluations/{evaluationId}/closure", operation: "closeLabelEvaluation",
            access: .member(.labelAuthority, .networkManager), handler: closeEvaluation)
        routes.get("\(centre)/label-timeline", operation: "listLabelTimeline", access: .insiders, handler: listTimeline)
        routes.get("\(centre)/label-reminders", operation: "listLabelReminders", access: .insiders, handler: listReminders)
    }

    private func addFileRoutes(to routes: EdgeRoutes) {
        let centre = "/v1/centres/{centreId}"
        let file = "/v1/recognition-files/{fileId}"
        routes.get("/v1/label-specification", operation: "getLabelSpecification", access: .member, handler: getSpecification)
        routes.get("\(centre)/recognition-files", operation: "listRecognitionFiles", access: .member, handler: listFiles)
        routes.post(
            "\(centre)/recognition-files", operation: "createRecognitionFile", access: .member(.labelAuthority, .networkManager),
            handler: createFile)
        routes.get(
            "\(centre)/recognition-file-drafts", operation: "listRecognitionFileDrafts", access: .insiders, handler: listDrafts)
        routes.post(
            "\(centre)/recognition-file-drafts", operation: "createRecognitionFileDraft", access: .member(.centreManager),
            handler: createDraft)
        routes.get(file, operation: "getRecognitionFile", access: .member, handler: getFile)
        routes.put(file, operation: "changeRecognitionFile", access: .member(.centreManager), handler: changeFile)
        routes.post(
            "\(file)/submission", operation: "submitRecognitionFile", access: .member(.centreManager), handler: submitFile)
        routes.post(
            "\(file)/return", operation: "returnRecognitionFile", access: .member(.labelAuthority, .networkManager), handler: returnFile)
        routes.post(
            "\(file)/recognition", operation: "recogniseRecognitionFile", access: .member(.labelAuthority, .networkManager),
            handler: recogniseFile)
    }

    private func addEvidenceRoutes(to routes: EdgeRoutes) {
        let evidence = "/v1/recognition-files/{fileId}/evidence"
        routes.get(evidence, operation: "listEvidence", access: .insiders, handler: listEvidence)
        routes.post(
            evidence, operation: "addEvidence", access: .member(.centreManager), bodyLimit: EvidenceType.sizeLimit, takesFiles: true,
            handler: addEvidence)
        routes.get("\(evidence)/{evidenceId}", operation: "downloadEvidence", access: .insiders, handler: downloadEvidence)
        routes.delete("\(evidence)/{evidenceId}", operation: "removeEvidence", access: .member(.centreManager), handler: removeEvidence)
    }
}

extension RouteAccess where Self == MemberAccess {
    /// The staff of the centre, and the network: who may read what is not public about a label.
    fileprivate static var insiders: MemberAccess {
        .member(.labelAuthority, .networkManager, .networkAuditor, .centreManager, .centreStaff)
    }
}
