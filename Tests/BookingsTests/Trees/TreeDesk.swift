import HTTPTypes
import Kernel
import TestSupport
import Testing

/// A hall of ten workstations with two bays of six each, three identified benches of one model in the first, beside a small network.
struct TreeDesk {
    let desk: BookingDesk
    let hall: ResourceID
    let firstBay: ResourceID
    let secondBay: ResourceID
    let benches: [ResourceID]
    /// Stands for any of that model.
    let group: ResourceID

    func book(
        _ resource: ResourceID, hour: Int = 9, seats: Int? = 1, persons: Int? = nil, key: String? = nil, query: String = ""
    ) async throws -> TestAnswer {
        let use = seats.map { #""seats": \#($0)"# } ?? #""exclusive": true"#
        let line = #"{"resourceId": "\#(resource)", "start": "\#(Self.at(hour))", "end": "\#(Self.at(hour + 1))", \#(use)}"#
        let audiences = persons.map { #"{"audience": "jobSeeker", "headCount": \#($0)}"# } ?? ""
        return try await desk.book(lines: line, audiences: audiences, key: key, query: query)
    }

    static func at(_ hour: Int) -> String { "2027-05-04T\(hour < 10 ? "0" : "")\(hour):00:00Z" }
}

/// Serves a network with a hall to `body`; made over HTTP, by the centre's manager.
func withTreeDesk<T: Sendable>(_ body: @escaping @Sendable (TreeDesk) async throws -> T) async throws -> T {
    try await withDesk { desk in
        let hall = try await addPlatform(desk, "Hall", 10, members: #""personLimit": 14"#)
        let firstBay = try await addPlatform(desk, "Bay 1", 6, members: #""parentId": "\#(hall)""#)
        let secondBay = try await addPlatform(desk, "Bay 2", 6, members: #""parentId": "\#(hall)""#)
        var benches: [ResourceID] = []
        var group: ResourceID?
        for number in 1...3 {
            let added = try await desk.server.send(
                .post, "/v1/platforms/\(firstBay)/workstations", key: desk.network.managerKey,
                json: #"{"name": "Bench \#(number)", "model": "CNC 5"}"#)
            benches.append(try #require(added["id"]?.text.flatMap { ResourceID($0) }, "\(added.body)"))
            group = added["groupId"]?.text.flatMap { ResourceID($0) }
        }
        return try await body(
            TreeDesk(
                desk: desk, hall: hall, firstBay: firstBay, secondBay: secondBay, benches: benches, group: try #require(group)))
    }
}

/// Adds a platform at the small network's site.
func addPlatform(_ desk: BookingDesk, _ name: String, _ workstations: Int, members: String = "") async throws -> ResourceID {
    let created = try await desk.server.send(
        .post, "/v1/centres/\(desk.network.centre)/platforms", key: desk.network.managerKey,
        json: """
            {"siteId": "\(desk.network.site)", "name": "\(name)", "visibility": "shared", "workstations": \(workstations),
             "rules": {"horizonDays": 1000}\(members.isEmpty ? "" : ", \(members)")}
            """)
    return try #require(created["id"]?.text.flatMap { ResourceID($0) }, "\(created.body)")
}
