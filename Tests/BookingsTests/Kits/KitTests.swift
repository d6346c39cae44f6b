import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Kits")
struct KitTests {
    @Test func `a line that asks for a kit comes to a line for each member, and says so`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(3), desk.items(10), desk.unit(0), desk.ofModel(1)])
            let booked = try await desk.book(kit.id)
            #expect(booked.status == .created, "\(booked.body)")
            let lines = booked["lines"]?.elements ?? []
            #expect(lines.compactMap { $0["seats"]?.number } == [3, 10, 1, 1], "\(booked.body)")
            #expect(lines.allSatisfy { $0["kitId"]?.text == kit.id && $0["kitName"] == "Kit" })
            #expect(
                lines.suffix(2).compactMap { $0["resourceId"]?.text } == desk.network.units.map(\.description),
                "any of the model is another than the one by name")
            let read = try await desk.server.send(.get, "/v1/bookings/\(booked["id"]?.text ?? "")", key: desk.network.companyKey)
            #expect(read["lines"]?.elements.compactMap { $0["kitName"]?.text }.count == 4, "\(read.body)")
        }
    }

    @Test func `all or nothing, the refusal names the member and offers another kit and other times`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(3), desk.unit(0)])
            let other = try await desk.kit([desk.seats(3), desk.unit(1)], name: "Autre")
            #expect(try await desk.book(kit.id).status == .created)
            let refused = try await desk.book(kit.id)
            #expect(refused.status == .conflict && refused.codes == ["unitTaken"], "\(refused.body)")
            let rule = refused["rules"]?.elements.first
            #expect(rule?["line"] == 1 && rule?["facts"]?["member"] == 2 && rule?["facts"]?["memberName"] == "Robot fictif")
            #expect(rule?["text"]?.text?.hasPrefix("Kit \"Kit\", \"Robot fictif\": ") == true, "\(refused.body)")
            let offered = refused["kitAlternatives"]?.elements ?? []
            #expect(offered.first?["kitId"]?.text == other.id && offered.first?["start"] == "2027-06-01T09:00:00Z", "\(refused.body)")
            #expect(offered.count == 3 && offered.dropFirst().allSatisfy { $0["kitId"]?.text == kit.id })
            let start = try #require(offered.last?["start"]?.text)
            let end = try #require(offered.last?["end"]?.text)
            #expect(try await desk.book(kit.id, from: start, to: end).status == .created, "what is offered can be had")
            let left = try await desk.server.database.owner.queryText(
                "select count(*)::text from platforms.occupancy where resource_id = $1", ["\(desk.network.platform)"])
            #expect(left == [["2"]], "nothing of what was refused is kept")
            let unmet = try await desk.server.database.owner.queryText("select resource_id, seats::text from bookings.unmet_demand")
            #expect(unmet == [["\(desk.network.units[0])", "1"]], "but what it lacked is")
        }
    }

    @Test func `a line beside a kit that is refused alone has alternatives of its own`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(3)])
            #expect(try await desk.book(line: desk.unit(0)).status == .created)
            let plain = #"{"resourceId": "\#(desk.network.units[0])", "start": "\#(KitDesk.start)", "end": "\#(KitDesk.end)"}"#
            let refused = try await BookingDesk(server: desk.server, network: desk.network).book(lines: "\(desk.line(kit.id)), \(plain)")
            #expect(refused.codes == ["unitTaken"] && refused["kitAlternatives"] == nil, "\(refused.body)")
            let offered = refused["alternatives"]?.elements ?? []
            #expect(offered.first?["line"] == 2 && offered.first?["resourceId"]?.text == "\(desk.network.units[1])", "\(refused.body)")
            #expect(offered.allSatisfy { $0["start"]?.text == KitDesk.start }, "what is used together stays at its time")
        }
    }

    @Test func `other times are not looked for where none would help`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(3)])
            _ = try await desk.server.database.owner.queryText("delete from access.membership")
            let refused = try await desk.book(kit.id)
            #expect(refused.codes.contains("membershipRequired") && refused["kitAlternatives"] == nil, "\(refused.body)")
        }
    }

    @Test func `of a model those are taken that are free`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.ofModel(1)])
            #expect(try await desk.book(line: desk.unit(0)).status == .created)
            let booked = try await desk.book(kit.id)
            #expect(booked["lines"]?.elements.first?["resourceId"]?.text == "\(desk.network.units[1])", "\(booked.body)")
            #expect(try await desk.book(kit.id).codes == ["unitTaken"])
            let both = try await desk.kit([desk.ofModel(3)], name: "Trois")
            let refused = try await desk.book(both.id)
            #expect(refused.codes == ["kitTooFew"] && refused["rules"]?.elements.first?["facts"]?["there"] == 2, "\(refused.body)")
        }
    }

    @Test func `kits that race for the units of a model each get one, as long as there are some`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(1), desk.ofModel(1)])
            for day in 10..<20 {
                let (start, end) = ("2027-06-\(day)T09:00:00Z", "2027-06-\(day)T11:00:00Z")
                let made = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 1...2 { group.addTask { try await desk.book(kit.id, from: start, to: end).status == .created } }
                    return try await group.reduce(into: 0) { count, isMade in count += isMade ? 1 : 0 }
                }
                #expect(made == 2, "one chose the unit that the other took")
                #expect(try await desk.book(kit.id, from: start, to: end).codes == ["unitTaken"])
            }
            #expect(try await desk.exchanges() == "0", "one chose the unit that the other took, who was given another")
        }
    }

    @Test func `a dry run says what it comes to and writes nothing, a hold keeps it`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(3), desk.items(10)])
            let preview = try await desk.book(kit.id, query: "?dryRun=true")
            #expect(preview["verdict"] == "wouldCreate" && preview["lines"]?.elements.count == 2, "\(preview.body)")
            #expect(preview["lines"]?.elements.first?["kitName"] == "Kit")
            #expect(try await desk.server.database.owner.queryText("select 1 from bookings.booking").isEmpty)
            let held = try await desk.server.send(
                .post, "/v1/holds", key: desk.network.companyKey,
                json: #"{"activity": "demonstration", "lines": [\#(desk.line(kit.id))]}"#)
            #expect(held.status == .created && held["state"] == "held" && held["lines"]?.elements.count == 2, "\(held.body)")
        }
    }

    @Test func `a kit that changes changes later bookings alone, and its days bound it`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(3), desk.items(10)])
            let booked = try await desk.book(kit.id)
            let changed = try await desk.server.send(
                .put, "/v1/kits/\(kit.id)", key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"name": "Kit", "from": "2026-01-01", "to": "2027-06-30", "members": [\#(desk.items(5))]}"#)
            #expect(changed.status == .ok && changed["version"] == 2 && changed["members"]?.elements.count == 1, "\(changed.body)")
            let read = try await desk.server.send(.get, "/v1/bookings/\(booked["id"]?.text ?? "")", key: desk.network.companyKey)
            #expect(read["lines"]?.elements.count == 2 && read["lines"]?.elements.last?["seats"] == 10, "\(read.body)")
            #expect(try await desk.book(kit.id)["lines"]?.elements.compactMap { $0["seats"]?.number } == [5])
            let outside = try await desk.book(kit.id, from: "2027-07-01T09:00:00Z", to: "2027-07-01T11:00:00Z")
            #expect(outside.codes == ["kitNotInForce"], "\(outside.body)")
            #expect(try await desk.book("\(desk.network.units[0])").codes == ["kitUnknown"])
        }
    }

    @Test func `a kit says which member is out of service, retired or too few`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.unit(0), desk.unit(1), desk.items(50), desk.ofModel(2)])
            #expect(kit["isReady"] == false, "fifty of forty: \(kit.body)")
            try await desk.state("faulty", of: 0)
            try await desk.state("retired", of: 1)
            let read = try await desk.server.send(.get, "/v1/kits/\(kit.id)", key: desk.network.companyKey)
            #expect(
                read["members"]?.elements.compactMap { $0["standing"]?.text } == ["notInService", "retired", "tooFew", "tooFew"],
                "\(read.body)")
            let refused = try await desk.book(kit.id)
            #expect(refused.codes.contains("kitTooFew"), "\(refused.body)")
        }
    }

    @Test func `when a kit is free is told step by step, with what is lacking`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(3), desk.ofModel(2)])
            #expect(try await desk.book(line: desk.unit(1)).status == .created)
            let free = try await desk.server.send(
                .get, "/v1/kits/\(kit.id)/availability?start=2027-06-01T00:00:00Z&end=2027-06-02T00:00:00Z", key: desk.network.companyKey)
            let steps = free["steps"]?.elements ?? []
            #expect(steps.compactMap { $0["start"]?.text?.dropFirst(11).prefix(5) } == ["00:00", "09:00", "11:00"], "\(free.body)")
            #expect(steps.map { $0["lacking"]?.elements.compactMap(\.number) ?? [] } == [[], [2], []])
            #expect(free["open"]?.elements.count == 1)
            // One of them is borrowed, and goes back later in the day.
            _ = try await desk.server.database.owner.queryText(
                "update inventory.asset set state = 'loanedIn', loaned_until = '2027-06-01 15:00+00' where id = $1",
                ["\(desk.network.units[0])"])
            let less = try await desk.server.send(
                .get, "/v1/kits/\(kit.id)/availability?start=2027-06-01T00:00:00Z&end=2027-06-02T00:00:00Z", key: desk.network.companyKey)
            let parts = less["steps"]?.elements ?? []
            #expect(
                parts.compactMap { $0["start"]?.text?.dropFirst(11).prefix(5) } == ["00:00", "09:00", "11:00", "15:00"], "\(less.body)")
            #expect(parts.map { $0["lacking"]?.elements.compactMap(\.number) ?? [] } == [[], [2], [], [2]])
        }
    }

    @Test func `members are resources of the centre, once each`() async throws {
        try await withKits { desk in
            let stranger = #"{"resourceId": "01a1e2b0-5c00-7000-b304-3c41c2a90c01"}"#
            let twice = #"{"resourceId": "\#(desk.network.units[0])", "amount": 2}"#
            for members in [[stranger], [desk.seats(1), desk.seats(2)], [twice], ["{}"]] {
                let refused = try await desk.make(members, name: "Kit")
                #expect(refused.status == .badRequest, "\(refused.body)")
            }
            #expect(try await desk.make([desk.seats(1)], name: "Kit", key: desk.network.companyKey).status == .forbidden)
            let kit = try await desk.kit([desk.seats(1)])
            let refused = try await desk.server.send(
                .put, "/v1/kits/\(kit.id)", key: desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"name": "Kit", "from": "2026-01-01", "members": [\#(stranger)]}"#)
            #expect(refused.status == .badRequest, "\(refused.body)")
            let read = try await desk.server.send(.get, "/v1/kits/\(kit.id)", key: desk.network.companyKey)
            #expect(read["version"] == 1 && read["members"]?.elements.count == 1, "\(read.body)")
        }
    }
}
