package import HTTPEdge
import Kernel

extension Access {
    package func addRoutes(to routes: EdgeRoutes) {
        routes.get("/v1/me", operation: "getMe", access: .member) { try await getMe($0, $1) }
        addOrganisationRoutes(to: routes)
        addKeyRoutes(to: routes)
        addPersonRoutes(to: routes)
        addAgreementRoutes(to: routes)
    }

    private func addOrganisationRoutes(to routes: EdgeRoutes) {
        routes.post("/v1/organisations", operation: "createOrganisation", access: .member(.networkManager)) {
            try await createOrganisation($0, $1)
        }
        routes.get("/v1/organisations", operation: "listOrganisations", access: .member) { try await listOrganisations($0, $1) }
        routes.get("/v1/organisations/{organisationId}", operation: "getOrganisation", access: .member) {
            try await getOrganisation($0, $1)
        }
        routes.post(
            "/v1/organisations/{organisationId}/memberships", operation: "grantMembership", access: .member(.networkManager)
        ) { try await grantMembership($0, $1) }
    }

    private func addKeyRoutes(to routes: EdgeRoutes) {
        let path = "/v1/organisations/{organisationId}/api-keys"
        let managers = MemberAccess.member(.organisationAdmin, .networkManager)
        routes.post(path, operation: "createApiKey", access: managers) { try await createAPIKey($0, $1) }
        routes.get(path, operation: "listApiKeys", access: managers) { try await listAPIKeys($0, $1) }
        routes.delete(path + "/{keyId}", operation: "revokeApiKey", access: managers) { try await revokeAPIKey($0, $1) }
    }

    private func addPersonRoutes(to routes: EdgeRoutes) {
        let path = "/v1/organisations/{organisationId}/people"
        routes.post(path, operation: "registerPerson", access: .member(.networkManager)) { try await registerPerson($0, $1) }
        routes.get(path, operation: "listPeople", access: .member(.networkManager)) { try await listPeople($0, $1) }
        routes.delete(path + "/{personId}", operation: "removePerson", access: .member(.networkManager)) { try await removePerson($0, $1) }
    }

    private func addAgreementRoutes(to routes: EdgeRoutes) {
        let path = "/v1/agreements/{agreementId}"
        let parties = MemberAccess.member(.organisationAdmin, .centreManager, .networkManager)
        let deciders = MemberAccess.member(.centreManager, .networkManager)
        routes.post("/v1/agreements", operation: "requestAgreement", access: parties) { try await requestAgreement($0, $1) }
        routes.get("/v1/agreements", operation: "listAgreements", access: .member) { try await listAgreements($0, $1) }
        routes.get(path, operation: "getAgreement", access: .member) { try await getAgreement($0, $1) }
        routes.post(path + "/approval", operation: "approveAgreement", access: deciders) { try await approveAgreement($0, $1) }
        routes.post(path + "/rejection", operation: "rejectAgreement", access: deciders) { try await rejectAgreement($0, $1) }
        routes.post(path + "/withdrawal", operation: "withdrawAgreement", access: parties) { try await withdrawAgreement($0, $1) }
        routes.post(path + "/renewal", operation: "renewAgreement", access: parties) { try await renewAgreement($0, $1) }
        routes.post(path + "/termination", operation: "endAgreement", access: parties) { try await endAgreement($0, $1) }
    }
}
