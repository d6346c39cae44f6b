import HTTPTypes
import Hummingbird
import Kernel
import Testing

@testable import HTTPEdge

@Suite struct QueryReaderTests {
    private func reader(_ query: String) -> QueryReader {
        QueryReader(Request(head: .init(method: .get, scheme: "http", authority: "a", path: "/v1?\(query)"), body: .init(buffer: .init())))
    }

    private func faults(_ query: String) -> [String] {
        var reader = reader(query)
        _ = reader.optional("n", in: 1...5)
        _ = reader.optional("day", LocalDay.self)
        _ = reader.list("status", NewBooking.Activity.self, maximum: 2)
        _ = reader.optional("q", maximum: 5)
        _ = reader.required("must", Bool.self)
        do {
            try reader.finish()
            return []
        } catch {
            return error.issues.map { "\($0.name) \($0.detail.key)" }
        }
    }

    @Test(arguments: [
        ("must=true&n=5&day=2026-03-02&status=awareness,demonstration&q=a+b", []),
        ("must=true", []), ("", ["must reason.missing"]),
        (
            "must=yes&n=6&day=2026-02-30&status=x&q=+&other=1",
            [
                "n reason.range", "day reason.day", "status reason.choice", "q reason.empty", "must reason.boolean",
                "other reason.unknownParameter",
            ]
        ),
        ("must=true&must=true", ["must reason.duplicate"]), ("must=true&q=%zz", ["q reason.encoding"]),
        ("must=true&q=%ff", ["q reason.encoding"]), ("must=true&n=+3", ["n reason.integer"]), ("must=true&q=%00", ["q reason.control"]),
        ("must=true&status=awareness,awareness,awareness", ["status reason.tooMany"]),
    ])
    func `parameters are read by name and refused together`(query: String, expected: [String]) {
        #expect(faults(query) == expected)
    }

    @Test(arguments: ["2026-03-02T08:30:00%2B01:00", "2026-03-02T08:30:00+01:00", "2026-03-02T07:30:00Z"])
    func `an instant keeps its offset, encoded or not`(text: String) {
        var reader = reader("at=\(text)")
        #expect(reader.optional("at", Instant.self)?.rfc3339 == "2026-03-02T07:30:00Z")
    }

    @Test func `names and values are percent-decoded`() {
        var reader = reader("na%6De=fraiseuse%20%C3%A9")
        #expect(reader.optional("name", String.self) == "fraiseuse é")
    }
}
