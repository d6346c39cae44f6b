import Composition
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Naming who holds what is asked for, by pages")
struct HolderPagesTests {
    @Test
    func `a form asks for the driver, a review judges what he holds, and a change keeps him`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let person = try await Self.driver(server, network)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let need = "resource=\(network.platform)&day=2027-03-03&from=09:00&to=12:00&seats=1&activity=demonstration"
            let found = try await browser.get("/search?day=2027-03-03&from=09:00&to=12:00&seats=1&audience=jobSeeker")
            #expect(found.body.contains("Free, conditionally"), "\(found.body)")
            let week = try await browser.get("/platforms/\(network.platform)?day=2027-03-03")
            for page in [found, week] { #expect(page.body.contains("Attestation required: Cariste: who drives"), "\(page.body)") }
            let form = try await browser.get("/book?\(need)")
            #expect(form.body.contains("Cariste: who drives") && form.body.contains("<option value=\"\(person)\">P-1</option>"))
            #expect(!week.body.contains("forkliftLicence"), "\(week.body)")
            let unnamed = try await browser.get("/book/review?\(need)")
            #expect(unnamed.status == .conflict && unnamed.body.contains("Cariste"), "\(unnamed.body)")
            let wrong = try await browser.get("/book/review?\(need)&holder.driver=nobody")
            #expect(wrong.status == .unprocessableContent && wrong.body.contains("value=\"nobody\""))
            let review = try await browser.get("/book/review?\(need)&holder.driver=\(person)")
            #expect(review.status == .ok && review.body.contains("who drives: 1"), "\(review.body)")
            let booked = try await browser.submit(
                "/book",
                [
                    "formToken": review.field("formToken") ?? "", "idempotencyKey": review.field("idempotencyKey") ?? "",
                    "resource": "\(network.platform)", "day": "2027-03-03", "from": "09:00", "to": "12:00", "seats": "1",
                    "activity": "demonstration", "holder.driver": person, "programme": "P",
                ])
            let path = String(try #require(booked.headers[.location]).prefix { $0 != "?" })
            let change = try await browser.get("\(path)/change")
            #expect(change.body.contains("name=\"holder.driver\" value=\"\(person)\""), "\(change.body)")
            #expect(change.body.contains("name=\"programme\" value=\"P\""))
        }
    }

    /// The platform asks for an attestation of who drives; the id of a person who holds it.
    private static func driver(_ server: TestServer, _ network: TestNetwork) async throws -> String {
        _ = try await server.send(
            .put, "/v1/attestation-types/forkliftLicence", key: network.networkKey, json: #"{"name": "Cariste", "holder": "person"}"#)
        let asked = try await server.send(
            .put, "/v1/resources/\(network.platform)/prerequisites", key: network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"prerequisites": [{"holder": "driver", "attestation": "forkliftLicence"}]}"#)
        #expect(asked.status == .ok, "\(asked.body)")
        let person = try await server.send(.post, "/v1/attestation-holders", key: network.companyKey, json: #"{"pseudonym": "P-1"}"#)
        let id = try #require(person["id"]?.text)
        let attested = try await server.send(
            .post, "/v1/attestations", key: network.companyKey,
            json: #"{"holderId": "\#(id)", "type": "forkliftLicence", "issuer": "Fictif", "issuedOn": "2026-01-01"}"#)
        #expect(attested.status == .created, "\(attested.body)")
        return id
    }
}
