import InMemoryTracing
import Postgres
import Testing
import Tracing

@Suite struct CallSpanTests {
    private struct Overflow: NumberStatement {
        static let text = "select 9223372036854775807::int8 + 1 as number"
    }

    @Test func `each call within a trace is a span by its statement's name, and none outside`() async throws {
        let tracer = InMemoryTracer()
        try await withPool {
            $0.tracer = tracer
        } _: { pool in
            _ = try await pool.one(Double2(number: 1))
            try await tracer.withSpan("request") { _ in
                _ = try await pool.one(Double2(number: 4_711))
                _ = try await pool.write(Double2(number: 4_712), locks: []).get()
                _ = try await pool.transaction { try await $0.one(Double2(number: 4_713)) }
            }
        }
        let spans = tracer.finishedSpans
        #expect(spans.map(\.operationName) == ["test.Double2", "test.Double2", "test.Double2", "postgres.Commit", "request"])
        let request = try #require(spans.last)
        for span in spans.dropLast() {
            #expect(span.kind == .client)
            #expect(span.parentSpanID == request.spanID)
            #expect(span.attributes.get("db.system.name") == "postgresql")
            #expect(span.attributes.get("db.operation.name") == .string(span.operationName))
            #expect(span.status == nil)
        }
    }

    @Test func `a refused call says its SQLSTATE, and no text or value`() async throws {
        let tracer = InMemoryTracer()
        try await withPool {
            $0.tracer = tracer
        } _: { pool in
            _ = await #expect(throws: PostgresError.self) {
                try await tracer.withSpan("request") { _ in try await pool.one(Overflow()) }
            }
        }
        let call = try #require(tracer.finishedSpans.first)
        #expect(call.operationName == "test.Overflow")
        #expect(call.status?.code == .error)
        #expect(call.attributes.get("db.response.status_code") == "22003")
        #expect(call.attributes.get("error.type") == "server")
        var said = "\(call.operationName) \(call.errors) \(call.events)"
        call.attributes.forEach { said += " \($0)=\($1)" }
        #expect(!said.contains("select"))
        #expect(!said.contains("9223372036854775807"))
    }
}
