import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Import and export of opening hours and closed days")
struct OpeningImportTests {
    private static let header = "site;resource;from;weekday;follows;day;opens;closes;reason"
    private static let week = """
        \(header)
        Hall fictif;;2026-10-12;1;;;08:00;12:00;
        Hall fictif;;2026-10-12;1;;;13:00;17:00;
        Hall fictif;;2026-10-12;2;;;08:00;17:00;
        Hall fictif;;;;;2026-10-19;;;Inventaire
        Hall fictif;;;;;20/10/2026;09:00;11:00;Portes ouvertes
        Hall fictif;;;;;20/10/2026;14:00;15:00;Portes ouvertes

        """

    @Test
    func `a week and single days come in, open what they say, and a second time change nothing`() async throws {
        try await CentreDesk.with { desk in
            let first = try await desk.enter("opening", Self.week)
            #expect(first["created"] == 6, "\(first.body)")
            #expect(
                try await desk.periods(on: "2026-10-12") == [
                    "2026-10-12T06:00:00Z/2026-10-12T10:00:00Z", "2026-10-12T11:00:00Z/2026-10-12T15:00:00Z",
                ])
            #expect(try await desk.periods(on: "2026-10-19").isEmpty)
            #expect(
                try await desk.periods(on: "2026-10-20") == [
                    "2026-10-20T07:00:00Z/2026-10-20T09:00:00Z", "2026-10-20T12:00:00Z/2026-10-20T13:00:00Z",
                ])
            let second = try await desk.enter("opening", Self.week)
            #expect(second["unchanged"] == 6)
            #expect(second["change", "changedDays"] == 0)
            let exported = try await desk.get("/v1/centres/\(desk.centre)/opening.csv").body
            #expect(try await desk.enter("opening", exported)["unchanged"] == 6)
            let later = try await desk.enter("opening", "\(Self.header)\nHall fictif;;2026-11-02;;;;;;\n")
            #expect(later["created"] == 1, "\(later.body)")
            #expect(try await desk.periods(on: "2026-11-03").isEmpty)
            // What a table does not name stays: an earlier week comes in before the one that is there.
            _ = try await desk.enter("opening", "\(Self.header)\nHall fictif;;2026-10-26;2;;;10:00;11:00;\n")
            #expect(try await desk.periods(on: "2026-10-27") == ["2026-10-27T09:00:00Z/2026-10-27T10:00:00Z"])
            #expect(try await desk.periods(on: "2026-11-03").isEmpty)
        }
    }

    @Test
    func `a resource has hours of its own, and follows its site again`() async throws {
        try await CentreDesk.with { desk in
            _ = try await desk.enter("opening", Self.week)
            let platform = try await desk.server.send(
                .post, "/v1/centres/\(desk.centre)/platforms", key: desk.key,
                json: #"{"siteId": "\#(desk.site)", "name": "Banc", "visibility": "shared", "workstations": 2}"#)
            let table = """
                \(Self.header)
                Hall fictif;Banc;2026-10-13;2;;;10:00;11:00;
                Hall fictif;Banc;2026-10-27;;oui;;;;
                Hall fictif;Banc;;;;2026-10-21;07:00;08:00;Essai

                """
            let entered = try await desk.enter("opening", table)
            #expect(entered["created"] == 3, "\(entered.body)")
            let path = "/v1/resources/\(try #require(platform["id"]?.text))/open-hours"
            let own = try await desk.get("\(path)?from=2026-10-13&to=2026-10-27")
            let periods = own["days"]?.elements.flatMap { $0["periods"]?.elements ?? [] }
            #expect(
                periods?.map { "\($0["start"]?.text ?? "")/\($0["end"]?.text ?? "")" } == [
                    "2026-10-13T08:00:00Z/2026-10-13T09:00:00Z", "2026-10-20T08:00:00Z/2026-10-20T09:00:00Z",
                    "2026-10-21T05:00:00Z/2026-10-21T06:00:00Z", "2026-10-27T07:00:00Z/2026-10-27T16:00:00Z",
                ], "\(own.body)")
            let exported = try await desk.get("/v1/centres/\(desk.centre)/opening.csv").body
            let again = try await desk.enter("opening", exported)
            #expect(again["unchanged"] == 9, "\(exported)\n\(again.body)")
            #expect(try await desk.get("/v1/centres/\(desk.centre)/opening.csv").body == exported)
        }
    }

    @Test(arguments: [
        ("Ailleurs;;2026-10-12;1;;;08:00;12:00;", "site", "nameUnknown"),
        ("Hall fictif;Rien;2026-10-12;1;;;08:00;12:00;", "resource", "nameUnknown"),
        ("Hall fictif;;2026-10-12;8;;;08:00;12:00;", "weekday", "range"),
        ("Hall fictif;;2026-10-12;1;;;12:00;08:00;", "closes", "openingOrder"),
        ("Hall fictif;;2026-10-12;1;;;8h;12:00;", "opens", "openingTime"),
        ("Hall fictif;;2026-10-12;;;;08:00;12:00;", "weekday", "missing"),
        ("Hall fictif;;2024-10-12;1;;;08:00;12:00;", "from", "pastDay"), ("Hall fictif;;;;;2026-10-01;;;Congé", "day", "pastDay"),
        ("Hall fictif;;;;;2026-10-19;;;", "reason", "missing"), ("Hall fictif;;;1;;2026-10-19;;;Congé", "weekday", "onlyForWeeks"),
        ("Hall fictif;;2026-10-12;1;;2026-10-19;08:00;12:00;", "from", "fromOrDay"),
        ("Hall fictif;;2026-10-12;;oui;;;;", "follows", "onlyForResources"),
        ("Hall fictif;;2026-10-12;1;;;08:00;12:00;Congé", "reason", "onlyForDays"),
        ("Hall fictif;;2026-10-12;1;;;08:00;12:00;\nHall fictif;;2026-10-12;1;;;11:00;13:00;", "opens", "openingOverlap"),
        ("Hall fictif;;2026-10-12;1;;;08:00;12:00;\nHall fictif;;2026-10-12;9;;;11:00;13:00;", "", "partRefused"),
        ("Hall fictif;;2026-10-12;1;;;08:00;12:00;\nHall fictif;;2026-10-12;;;;;;", "weekday", "openAndClosed"),
        ("Hall fictif;;;;;2026-10-19;;;A\nHall fictif;;;;;2026-10-19;;;B", "reason", "reasonsDiffer"),
    ])
    func `what a line cannot say is refused at its cell, and nothing is entered`(line: String, column: String, code: String) async throws {
        try await CentreDesk.with { desk in
            let answer = try await desk.enter("opening", "\(Self.header)\n\(line)\n")
            #expect(answer.status == .unprocessableContent)
            let faults = answer["report", "faults"]?.elements ?? []
            #expect(faults.contains { ($0["column"]?.text ?? "") == column && $0["code"]?.text == code }, "\(answer.body)")
            #expect(faults.allSatisfy { $0["detail"]?.text?.hasPrefix("reason.") == false })
            #expect(try await desk.get("/v1/centres/\(desk.centre)/opening.csv").body.split(separator: "\r\n").count == 1)
        }
    }

    @Test
    func `a dry run tells which days would change and keeps nothing`() async throws {
        try await CentreDesk.with { desk in
            _ = try await desk.enter("opening", Self.week)
            let tried = try await desk.enter("opening", "\(Self.header)\nHall fictif;;;;;2026-10-13;;;Congé\n", query: "?dryRun=true")
            #expect(tried["change", "changedDays"] == 1, "\(tried.body)")
            #expect(tried["change", "verdict"] == "wouldChange")
            #expect(try await desk.periods(on: "2026-10-13").count == 1)
        }
    }

    @Test
    func `closed days come in, close every site, and keep their reasons`() async throws {
        try await CentreDesk.with { desk in
            _ = try await desk.enter("opening", Self.week)
            let table = "day;reason\n2026-10-13;closure\n2026-12-28;replacementDay\n"
            let first = try await desk.enter("closed-day", table)
            #expect(first["created"] == 2, "\(first.body)")
            #expect(first["change", "changedDays"] == 2)
            #expect(try await desk.periods(on: "2026-10-13").isEmpty)
            #expect(try await desk.enter("closed-day", table)["unchanged"] == 2)
            let exported = try await desk.get("/v1/centres/\(desk.centre)/closed-days.csv").body
            #expect(exported.contains("holiday."))
            let again = try await desk.enter("closed-day", exported)
            #expect(again["created"] == 0 && again["refused"] == 0, "\(again.body)")
            #expect(try await desk.get("/v1/centres/\(desk.centre)/closed-days.csv").body == exported)
        }
    }

    @Test(arguments: [
        ("2026-10-01;closure", "day", "pastDay"), ("2026-10-13;fête", "reason", "choice"),
        ("2026-12-25;closure", "reason", "closedAlready"),
        ("2026-10-13;closure\n13/10/2026;closure", "day", "keyTwice"), ("2026-02-30;closure", "day", "day"),
    ])
    func `a day that cannot be closed is refused`(line: String, column: String, code: String) async throws {
        try await CentreDesk.with { desk in
            _ = try await desk.enter("opening", Self.week)
            let answer = try await desk.enter("closed-day", "day;reason\n\(line)\n2026-10-14;closure\n", query: "?mode=acceptedLines")
            let faults = answer["faults"]?.elements ?? []
            #expect(faults.contains { $0["column"]?.text == column && $0["code"]?.text == code }, "\(answer.body)")
            #expect(answer["created"] == 1)
        }
    }
}

extension CentreDesk {
    fileprivate func enter(_ table: String, _ text: String, query: String = "") async throws -> TestAnswer {
        try await server.send(document: Array(text.utf8), of: "text/csv", to: "/v1/centres/\(centre)/\(table)-imports\(query)", key: key)
    }
}
