import HTTPTypes
import TestSupport
import Testing

@Suite("Allowances that agreements give")
struct AllowanceTests {
    @Test func `case 26: an allowance is crossed in the middle of a booking, and what is beyond is booked as anybody's`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            let agreement = try await partner.agree(more: #""allowanceHours": 4"#)
            #expect(try await partner.book(on: "2027-06-01").status == .created)
            let crossing = try await partner.book(on: "2027-06-02")
            #expect(crossing.status == .created, "\(crossing.body)")
            #expect(try await partner.book(on: "2027-06-03").status == .created)
            let drawn = try await allowance(partner)
            #expect(drawn?["agreementId"]?.text == agreement)
            #expect(drawn?["allowanceMinutes"] == 240 && drawn?["drawnMinutes"] == 240 && drawn?["leftMinutes"] == 0)
            #expect(drawn?["overMinutes"] == 300, "2 h of the second day and the third day")
            #expect(
                try await desk.ask(
                    "select minutes || '+' || beyond_minutes from bookings.allowance_draw where booking_id = $1::uuid",
                    [try #require(crossing["id"]?.text)]) == "60+120")
        }
    }

    @Test func `what is cancelled is given back, and what is changed is counted as it is now`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            try await partner.agree(more: #""allowanceHours": 10"#)
            let first = try #require(try await partner.book(on: "2027-06-01")["id"]?.text)
            let second = try #require(try await partner.book(on: "2027-06-02")["id"]?.text)
            #expect(try await allowance(partner)?["drawnMinutes"] == 360)
            #expect(try await desk.act(first, "cancellation", key: partner.key).status == .ok)
            #expect(try await allowance(partner)?["drawnMinutes"] == 180, "given back")
            let extended = try await desk.act(second, "extension", #"{"end": "2027-06-02T13:00:00Z"}"#, key: partner.key)
            #expect(extended.status == .ok, "\(extended.body)")
            #expect(try await allowance(partner)?["drawnMinutes"] == 240)
        }
    }

    @Test func `an approval counts what is booked already, an end counts no more what comes after it`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            try await partner.agree()
            #expect(try await partner.book(on: "2027-06-01").status == .created)
            #expect(try await partner.book(on: "2027-07-01").status == .created)
            let asked = try #require(try await partner.ask(more: #""allowanceHours": 5"#)["id"]?.text)
            #expect(try await allowance(partner) == nil, "nobody approved it")
            #expect(try await partner.act("approval", on: asked).status == .ok)
            #expect(try await allowance(partner)?["drawnMinutes"] == 300)
            #expect(try await allowance(partner)?["overMinutes"] == 60)
            #expect(try await partner.act("termination", on: asked, json: #"{"lastDay": "2027-06-15"}"#).status == .ok)
            #expect(try await allowance(partner)?["drawnMinutes"] == 180)
            #expect(try await allowance(partner)?["overMinutes"] == 0)
        }
    }

    @Test func `a booking across New Year draws on both years, by the days of the site`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            try await partner.agree(from: "2027-01-01", to: "2028-12-31", more: #""allowanceHours": 5"#)
            let across = try await desk.book(from: "2027-12-31T21:00:00Z", to: "2028-01-01T01:00:00Z", key: partner.key)
            #expect(across.status == .created, "\(across.body)")
            #expect(try await allowance(partner)?["drawnMinutes"] == 120, "until midnight in Brussels, 23:00 in UTC")
            #expect(try await allowance(partner, in: 2028)?["drawnMinutes"] == 120)
        }
    }

    @Test func `an agreement gives nothing in a year in which it does not run`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            try await partner.agree(from: "2028-01-01", to: "2028-12-31")
            try await partner.agree(from: "2027-01-01", to: "2027-12-31", more: #""allowanceHours": 5"#)
            let across = try await desk.book(from: "2027-12-31T21:00:00Z", to: "2028-01-01T01:00:00Z", key: partner.key)
            #expect(across.status == .created, "\(across.body)")
            #expect(try await allowance(partner)?["drawnMinutes"] == 120)
            #expect(
                try await desk.ask(
                    "select count(*)::text from bookings.allowance_draw where booking_id = $1::uuid",
                    [try #require(across["id"]?.text)]) == "1")
        }
    }

    @Test func `a line draws on one agreement alone, one that names its platform before one that does not`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            let general = try await partner.agree(more: #""allowanceHours": 100"#)
            let named = try await partner.agree(more: #""allowanceHours": 100, "platformIds": ["\#(desk.network.platform)"]"#)
            #expect(try await partner.book(on: "2027-06-01").status == .created)
            #expect(try await partner.book("\(desk.network.units[1])", on: "2027-06-02").status == .created)
            let rows = try await desk.server.send(.get, "/v1/allowances?year=2027", key: partner.key)["items"]?.elements ?? []
            let drawn = Dictionary(uniqueKeysWithValues: rows.map { ($0["agreementId"]?.text ?? "", $0["drawnMinutes"]?.number ?? -1) })
            #expect((drawn[general] ?? -1) + (drawn[named] ?? -1) == 360, "\(drawn)")
            #expect((drawn[named] ?? -1) >= 180, "\(drawn)")
        }
    }

    @Test func `a request of hours makes bookings wait for each other, so that its approval misses none`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            _ = try await partner.ask(more: #""allowanceHours": 7"#)
            let waits = try await desk.ask(
                "select has_quota from access.organisation where id = $1::uuid", ["\(partner.organisation)"])
            #expect(waits == "t")
        }
    }

    @Test func `bookings that race never draw more than there is`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            try await partner.agree(more: #""allowanceHours": 7"#)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for day in 1...8 {
                    group.addTask {
                        let booked = try await partner.book(on: "2027-06-0\(day)")
                        #expect(booked.status == .created, "\(booked.body)")
                    }
                }
                try await group.waitForAll()
            }
            let drawn = try await allowance(partner)
            #expect(drawn?["drawnMinutes"] == 420 && drawn?["overMinutes"] == 1_020, "\(String(describing: drawn))")
        }
    }

    @Test func `a quota is no allowance any more, and others see nothing of it`() async throws {
        try await withDesk { desk in
            let partner = try await Outsider.make(at: desk)
            try await partner.agree(more: #""allowanceHours": 7"#)
            let refused = try await desk.server.send(
                .post, "/v1/quotas", key: desk.network.networkKey, headers: [.acceptLanguage: "en"],
                json: """
                    {"organisationId": "\(partner.organisation)", "kind": "allowance", "period": "year", "mostMinutes": 90,
                     "from": "2027-01-01"}
                    """)
            #expect(refused.status == .badRequest && refused["issues", 0, "name"] == "/kind", "\(refused.body)")
            #expect(refused["issues", 0, "detail"]?.text?.contains("agreement") == true, "\(refused.body)")
            for (key, count) in [
                (partner.key, 1), (desk.network.managerKey, 1), (desk.network.networkKey, 1), (desk.network.companyKey, 0),
            ] {
                let seen = try await desk.server.send(.get, "/v1/allowances?year=2027", key: key)
                #expect(seen["items"]?.elements.count == count, "\(seen.body)")
            }
        }
    }

    private func allowance(_ partner: Outsider, in year: Int = 2027) async throws -> TestJSON? {
        let answer = try await partner.desk.server.send(.get, "/v1/allowances?year=\(year)", key: partner.key)
        #expect(answer.status == .ok, "\(answer.body)")
        return answer["items"]?.elements.first
    }
}
