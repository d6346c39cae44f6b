import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel
import Maintenance

struct OutageView: Sendable {
    let backHref: String
    let row: OutageRow
    let mayAct: Bool
    let displaced: [DisplacedRow]
    let key: String
}

extension Pages {
    /// One outage, and what became of the bookings that it displaced.
    func outage(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: OutageID = try request.path("outageId")
        let speaker = member.speaker
        let outage = try await member.api.get("/v1/outages/\(id)")
        let centre = outage["resourceId"]?.text.flatMap { ResourceID($0)?.centreColumn } ?? 0
        let zone = outage["zone"]?.text.flatMap { Zone($0) }
        let row = OutageRow(outage, now: member.now, speaker)
        return .sheet(
            Sheet(
                "outage", title: speaker.say("page.outage.title", ["name": .text(row.name)]), section: "inventory",
                OutageView(
                    backHref: member.principal.workplace.map { "/centres/\($0)/inventory" } ?? "/centres", row: row,
                    mayAct: row.mayEnd && member.principal.holds(.centreStaff, .centreManager, at: centre),
                    displaced: (outage["bookings"]?.items ?? []).compactMap { booking in
                        zone.map { DisplacedRow(booking, in: $0, speaker) }
                    },
                    key: UUID().uuidString.lowercased())))
    }

    func endOutage(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: OutageID = try request.path("outageId")
        _ = try await member.api.post(
            "/v1/outages/\(id)/end", [:], key: request.fields["idempotencyKey"], ifMatch: request.fields["eTag"])
        return .seeOther("/outages/\(id)?news=outageEnded")
    }

    func resolveFault(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: FaultID = try request.path("faultId")
        var body: [String: JSONValue] = [:]
        if let resolution = request.fields["resolution"] { body["resolution"] = .string(resolution) }
        _ = try await member.api.post(
            "/v1/faults/\(id)/resolution", body, key: request.fields["idempotencyKey"], ifMatch: request.fields["eTag"])
        return .seeOther(Self.address(request.fields["back"] ?? "/", telling: .faultResolved))
    }

    /// Records that what a plan asks for was done, a calibration with its certificate.
    func completePlan(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: PlanID = try request.path("planId")
        var body: [String: JSONValue] = [:]
        for name in ["doneOn", "certificate", "laboratory", "expiresOn"] {
            if let value = request.fields[name] { body[name] = .string(value) }
        }
        _ = try await member.api.post(
            "/v1/maintenance-plans/\(id)/completions", body, key: request.fields["idempotencyKey"], ifMatch: request.fields["eTag"])
        return .seeOther(Self.address(request.fields["back"] ?? "/", telling: .planCompleted))
    }
}
