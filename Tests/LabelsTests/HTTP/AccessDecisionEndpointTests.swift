import HTTPTypes
import Kernel
import TestSupport
import Testing

/// The gate over HTTP: asked without booking, explained in the reader's language.
@Suite struct AccessDecisionEndpointTests {
    @Test func `a member with a targeted audience is allowed, and told why`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .post, "/v1/access-decisions", key: network.schoolKey, headers: [.acceptLanguage: "en"],
                json: Self.question(network, audience: "student"))
            #expect(answer.status == .ok)
            #expect(answer["verdict"] == "allow")
            #expect(answer["labelStatus"] == "labelled")
            #expect(answer["fileNumber"] == 1)
            #expect(answer["zone"] == "Europe/Brussels")
            #expect(answer["rules"]?.elements.map { $0["rule"] } == ["visibility", "ownerLabel", "membership", "audience"])
            #expect(answer["rules", 1, "text"] == "The centre's label covers the period from 1 January 2020 to 31 December 2099.")
            #expect(answer["rules", 3, "text"] == "Recognition file no. 1 targets these audiences: job seekers, workers and students.")
        }
    }

    @Test func `an audience that the file does not target denies, in French by default`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .post, "/v1/access-decisions", key: network.schoolKey, json: Self.question(network, audience: "teacher"))
            #expect(answer["verdict"] == "deny")
            #expect(answer["rules", 3, "code"] == "audienceNotTargeted")
            #expect(
                answer["rules", 3, "text"] == "Le dossier de reconnaissance n° 1, en vigueur le 2 juin 2027, ne vise pas : enseignants.")
        }
    }

    @Test func `one asks about one's own organisation, the staff and the network about any`() async throws {
        try await withLabelServer { server, network async throws in
            let question = Self.question(network, audience: "student", organisation: network.school)
            for key in [network.schoolKey, network.managerKey, network.networkKey] {
                #expect(try await server.send(.post, "/v1/access-decisions", key: key, json: question)["verdict"] == "allow")
            }
            #expect(try await server.send(.post, "/v1/access-decisions", key: network.companyKey, json: question).status == .notFound)
        }
    }

    @Test func `a resource that does not exist is not found`() async throws {
        try await withLabelServer { server, network async throws in
            let question = Self.question(network, audience: "student", resource: "\(network.site)")
            #expect(try await server.send(.post, "/v1/access-decisions", key: network.schoolKey, json: question).status == .notFound)
        }
    }

    private static func question(
        _ network: TestNetwork, audience: String, organisation: OrganisationID? = nil, resource: String? = nil
    ) -> String {
        let about = organisation.map { #""organisationId": "\#($0)", "# } ?? ""
        return """
            {\(about)"resourceId": "\(resource ?? network.platform.description)", "start": "2027-06-02T08:00:00Z",
             "end": "2027-06-02T12:00:00Z", "audiences": [{"audience": "\(audience)", "headCount": 8}]}
            """
    }
}
