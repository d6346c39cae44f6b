import Attestations
import Composition
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Recording what somebody holds")
struct AttestationEndpointTests {
    @Test(arguments: ["ann@example.org", "85.07.30-033.28", "85073003328", "17073003384", "o\\u000fx"])
    func `a pseudonym is neither an address nor a number of the national register, nor has it control characters`(text: String) async throws
    {
        try await withAttestations { desk in
            let refused = try await desk.server.send(
                .post, "/v1/attestation-holders", key: desk.network.companyKey, json: #"{"pseudonym": "\#(text)"}"#)
            #expect(refused.status == .badRequest && refused["issues", 0, "name"] == "/pseudonym", "\(refused.body)")
        }
    }

    @Test func `eleven digits that are no such number, and any other code, are pseudonyms; each once`() async throws {
        try await withAttestations { desk in
            for text in ["85073003329", "P 12", "é-7"] {
                #expect(try await desk.person(text) != "none", "\(text)")
            }
            let twice = try await desk.server.send(
                .post, "/v1/attestation-holders", key: desk.network.companyKey, json: #"{"pseudonym": "P 12"}"#)
            #expect(twice.status == .conflict)
            #expect(try await desk.person("P 12", key: desk.network.schoolKey) != "none", "another organisation's own")
            let found = try await desk.server.send(.get, "/v1/attestation-holders?pseudonym=P%2012", key: desk.network.companyKey)
            #expect(found["items"]?.elements.count == 1)
            let long = String(repeating: "0", count: 65)
            for none in ["%7F", "", long] {
                let refused = try await desk.server.send(.get, "/v1/attestation-holders?pseudonym=\(none)", key: desk.network.companyKey)
                #expect(refused.status == .badRequest, "\(none)")
            }
        }
    }

    @Test func `others see neither the person nor what they hold, but staff that trained them records it`() async throws {
        try await withAttestations { desk in
            _ = try await desk.type()
            let person = try await desk.person("C-1")
            let own = try await desk.attest(person)
            let types = try await desk.server.send(.get, "/v1/attestation-types", key: desk.network.schoolKey)
            #expect(types["items", 0, "code"] == "forkliftLicence")
            #expect(
                try await desk.server.send(.get, "/v1/attestation-holders/\(person)", key: desk.network.companyKey)["pseudonym"] == "C-1")
            let read = try await desk.server.send(.get, "/v1/attestations/\(own.id)", key: desk.network.companyKey)
            #expect(read["holderId"]?.text == person && read["type"] == "forkliftLicence", "\(read.body)")
            for key in [desk.network.schoolKey, desk.network.managerKey, desk.network.networkKey] {
                #expect(try await desk.server.send(.get, "/v1/attestation-holders/\(person)", key: key).status == .notFound)
                #expect(try await desk.server.send(.get, "/v1/attestations/\(own.id)", key: key).status == .notFound)
                #expect(try await desk.server.send(.get, "/v1/attestations", key: key)["items"]?.elements.isEmpty == true)
                #expect(try await desk.withdraw(own.id, key: key).status == .notFound)
            }
            #expect(try await desk.attest(person, key: desk.network.schoolKey).status == .forbidden)
            let trained = try await desk.attest(person, key: desk.network.managerKey)
            #expect(trained["recordedBy"]?.text == "\(desk.network.centreOrganisation)", "\(trained.body)")
            let listed = try await desk.server.send(.get, "/v1/attestations?holderId=\(person)", key: desk.network.companyKey)
            #expect(listed["items"]?.elements.count == 2)
            #expect(try await desk.attest(person, resource: desk.network.platform, key: desk.network.companyKey).status == .forbidden)
        }
    }

    @Test func `a type says how long one lasts, and its end is told once before, unless another follows`() async throws {
        try await withAttestations { desk in
            try await desk.setClock(to: "2027-04-20 09:00+00")
            _ = try await desk.type("forkliftLicence", #", "validMonths": 12, "warningDays": 30"#)
            let person = try await desk.person("C-1")
            let ending = try await desk.attest(person, from: "2026-05-11")
            #expect(ending["expiresOn"] == "2027-05-10", "\(ending.body)")
            let later = try await desk.person("C-2")
            _ = try await desk.attest(later, from: "2026-05-22")
            let followed = try await desk.person("C-3")
            for day in ["2026-05-11", "2027-05-11"] { _ = try await desk.attest(followed, from: day) }
            let soon = try await desk.server.send(.get, "/v1/attestations?expiresBefore=2027-05-11", key: desk.network.companyKey)
            #expect(soon["items"]?.elements.count == 2)
            #expect(try await desk.server.house.attestations.warnOfEnds() == 1)
            #expect(try await desk.server.house.attestations.warnOfEnds() == 0)
            #expect(try await desk.told().last == "attestation.expiring")
        }
    }

    @Test(arguments: [
        (#""holderId": "01a031f3-2a54-7000-83cb-c20d0f8a7abf", "type": "forkliftLicence""#, "/holderId"),
        (#""holderId": "PERSON", "type": "unknownThing""#, "/type"),
        (#""holderId": "PERSON", "type": "insured""#, "/holderId"),
        (#""holderId": "PERSON", "type": "forkliftLicence", "expiresOn": "2026-12-31""#, "/expiresOn"),
        (#""holderId": "PERSON""#, "/type"),
        (#""type": "forkliftLicence""#, "/holderId"),
    ])
    func `what cannot be recorded is refused by its member`(members: String, pointer: String) async throws {
        try await withAttestations { desk in
            _ = try await desk.type()
            _ = try await desk.server.send(
                .put, "/v1/attestation-types/insured", key: desk.network.networkKey, json: #"{"name": "Assurée", "holder": "organisation"}"#
            )
            let person = try await desk.person("C-1")
            let refused = try await desk.server.send(
                .post, "/v1/attestations", key: desk.network.companyKey,
                json: #"{\#(members.replacing("PERSON", with: person)), "issuer": "Fictif", "issuedOn": "2027-01-01"}"#)
            #expect(refused.status == .badRequest && refused["issues", 0, "name"]?.text == pointer, "\(refused.body)")
        }
    }

    @Test func `a type that is in use keeps its kind of holder, and covers only what is known`() async throws {
        try await withAttestations { desk in
            _ = try await desk.type()
            _ = try await desk.attest(try await desk.person("C-1"))
            let turned = try await desk.server.send(
                .put, "/v1/attestation-types/forkliftLicence", key: desk.network.networkKey,
                json: #"{"name": "Cariste", "holder": "organisation"}"#)
            #expect(turned.status == .conflict, "\(turned.body)")
            #expect(try await desk.type("ba5", #", "covers": ["ba4"]"#)["issues", 0, "name"] == "/covers")
            #expect(try await desk.type("ba5", #", "covers": ["ba5"]"#)["issues", 0, "name"] == "/covers")
        }
    }
}
