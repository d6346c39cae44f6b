import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Courses by pages")
struct CoursePagesTests {
    @Test
    func `a manager adds a course, a booker finds it and books for it, and the manager withdraws it`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let list = try await desk.get("/centres/\(network.centre)/courses")
            #expect(list.body.contains("No course yet.") && list.body.contains("/courses/new"), "\(list.body)")
            let form = try await desk.get("/centres/\(network.centre)/courses/new")
            func fields(_ title: String, _ sector: String, _ token: String?, _ tag: String? = nil) -> KeyValuePairs<String, String> {
                [
                    "formToken": token ?? "", "idempotencyKey": "course-\(sector.count)", "title": title, "kind": "catalogue",
                    "sector": sector,
                    "technologies": "tig-welding, Robot", "audience": "worker", "platform": "\(network.platform)", "hours": "1.5",
                    "participants": "12", "from": "2026-01-01", "eTag": tag?.replacing("&quot;", with: "\"") ?? "",
                ]
            }
            let wrong = try await desk.submit(
                "/centres/\(network.centre)/courses", fields("Soudage TIG", "Metal !", form.field("formToken")))
            #expect(wrong.status == .badRequest && wrong.body.contains("Sector: "), "\(wrong.body)")
            #expect(wrong.body.contains("value=\"tig-welding, Robot\""))
            let made = try await desk.submit(
                "/centres/\(network.centre)/courses", fields("Soudage TIG", "Metal", wrong.field("formToken")))
            let path = String(try #require(made.headers[.location], "\(made.body)").prefix { $0 != "?" })
            let course = try await desk.get(path)
            #expect(course.body.contains("Soudage TIG") && course.body.contains("1 h 30"), "\(course.body)")
            #expect(course.body.contains("/change"))
            try await Self.book(for: path, server, network)
            let change = try await desk.get("\(path)/change")
            #expect(change.body.contains("value=\"1.5\"") && change.body.contains("value=\"worker\" checked"), "\(change.body)")
            let new = fields("Soudage MIG", "metal", change.field("formToken"), change.field("eTag"))
            let changed = try await desk.submit("\(path)/change", new)
            #expect(changed.headers[.location] == "\(path)?news=courseChanged", "\(changed.body)")
            let stale = try await desk.submit("\(path)/change", new)
            #expect(stale.status == .preconditionFailed, "\(stale.body)")
            let shown = try await desk.get(path)
            let gone = try await desk.submit(
                "\(path)/withdrawal",
                [
                    "formToken": shown.field("formToken") ?? "", "idempotencyKey": "w-1",
                    "eTag": shown.field("eTag")?.replacing("&quot;", with: "\"") ?? "",
                    "reason": "Remplacée",
                ])
            #expect(gone.headers[.location] == "\(path)?news=courseWithdrawn", "\(gone.body)")
            let over = try await desk.get(path)
            #expect(over.body.contains("Remplacée") && !over.body.contains("/withdrawal"), "\(over.body)")
        }
    }

    @Test
    func `courses come a part at a time, with the words that were asked for, and each comes once`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            for number in 10...39 {
                let made = try await server.send(
                    .post, "/v1/centres/\(network.centre)/offers", key: network.managerKey,
                    json: """
                        {"kind": "catalogue", "title": "Cours \(number)", "sector": "\(number < 37 ? "forestry" : "food-trades")",
                         "technologies": ["tig-welding", "own-code"], "audiences": ["worker"], "from": "2026-01-01"}
                        """)
                #expect(made.status == .created, "\(made.body)")
            }
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            func titles(_ page: TestAnswer) -> [String] {
                page.body.matches(of: /Cours [0-9]{2}/).map { String($0.output) }
            }
            let first = try await browser.get("/courses?text=cours&sector=forestry")
            #expect(titles(first) == (10...34).map { "Cours \($0)" } && first.body.contains("25 courses of a longer list"), "\(first.body)")
            #expect(!first.body.contains("From the beginning"))
            let link = try #require(first.body.firstMatch(of: /href="([^"]*cursor=[^"]*)"/), "\(first.body)")
            let second = try await browser.get(String(link.output.1).replacing("&amp;", with: "&"))
            #expect(titles(second) == ["Cours 35", "Cours 36"] && second.body.contains("2 courses of a longer list"), "\(second.body)")
            #expect(second.body.contains("href=\"/courses?text=cours&amp;sector=forestry\">From the beginning"))
            #expect(!second.body.contains("cursor="))
            // Names, not codes; what has none is shown as it is written.
            #expect(
                first.body.contains("· forestry<") && first.body.contains(">TIG welding</span>") && first.body.contains(">own-code</span>"))
            #expect(first.body.contains("<option value=\"food-trades\">food trades (3)</option>"), "\(first.body)")
            let french = try await browser.get("/language/fr?back=/courses")
            #expect(french.status == .seeOther)
            let said = try await browser.get("/courses")
            #expect(said.body.contains("· sylviculture<") && said.body.contains(">soudage TIG</span>"), "\(said.body)")
        }
    }

    /// Finds the course, follows its link to the booking and confirms it.
    private static func book(for path: String, _ server: TestServer, _ network: TestNetwork) async throws {
        let browser = TestBrowser(server)
        _ = try await browser.signIn(with: network.companyKey)
        let found = try await browser.get("/courses?text=soud&sector=metal&audience=worker")
        #expect(found.body.contains("href=\"\(path)\"") && found.body.contains("1 course"), "\(found.body)")
        let missed = try await browser.get("/courses?sector=wood")
        #expect(missed.body.contains("No course fits."))
        let course = try await browser.get(path)
        #expect(!course.body.contains("/withdrawal"))
        let id = path.split(separator: "/").last ?? ""
        let need = "resource=\(network.platform)&activity=catalogueTraining&offer=\(id)"
        #expect(course.body.contains("resource=\(network.platform)") && course.body.contains("offer=\(id)"), "\(course.body)")
        let form = try await browser.get("/book?\(need)")
        #expect(form.body.contains("<option value=\"\(id)\" selected>Soudage TIG</option>"), "\(form.body)")
        let slot = "day=2027-03-03&from=09:00&to=12:00&seats=1&of.worker=1"
        let review = try await browser.get("/book/review?\(need)&\(slot)")
        #expect(review.status == .ok && review.body.contains("<dt>Course</dt><dd>Soudage TIG</dd>"), "\(review.body)")
        let booked = try await browser.submit(
            "/book",
            [
                "formToken": review.field("formToken") ?? "", "idempotencyKey": review.field("idempotencyKey") ?? "",
                "resource": "\(network.platform)", "day": "2027-03-03", "from": "09:00", "to": "12:00", "seats": "1",
                "activity": "catalogueTraining", "of.worker": "1", "offer": "\(id)",
            ])
        let booking = try await browser.get(String(try #require(booked.headers[.location], "\(booked.body)").prefix { $0 != "?" }))
        #expect(booking.body.contains("<dt>Course</dt><dd>Soudage TIG</dd>"), "\(booking.body)")
    }
}
