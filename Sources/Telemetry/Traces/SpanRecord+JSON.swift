import HTTPEdge
import NIOCore
import Tracing

/// OTLP in JSON (opentelemetry-proto, trace/v1): numbers of 64 bits are texts, ids are hexadecimal.
enum SpanMessage {
    static func json(of spans: [SpanRecord], service: String, version: String) -> ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.array("resourceSpans", [0]) { _, json in
                json.object { json in
                    json.name("resource")
                    json.object { json in
                        json.array("attributes", [("service.name", service), ("service.version", version)]) { pair, json in
                            write(pair.0, .string(pair.1), to: &json)
                        }
                    }
                    json.array("scopeSpans", [0]) { _, json in
                        json.object { json in
                            json.name("scope")
                            json.object { json in json.member("name", "plateau") }
                            json.array("spans", spans) { span, json in write(span, to: &json) }
                        }
                    }
                }
            }
        }
        return json.buffer
    }

    private static func write(_ span: SpanRecord, to json: inout JSONWriter) {
        json.object { json in
            json.member("traceId", span.trace.traceID)
            json.member("spanId", span.trace.spanText)
            json.member("parentSpanId", span.parent.map(TraceContext.text))
            json.member("name", span.name)
            json.member("kind", number(of: span.kind))
            json.member("startTimeUnixNano", String(span.start))
            json.member("endTimeUnixNano", String(span.end))
            let error = span.errorType.map { [(name: "error.type", value: SpanAttribute.string($0))] } ?? []
            json.array("attributes", span.attributes + error) { attribute, json in
                write(attribute.name, attribute.value, to: &json)
            }
            if span.isFailed {
                json.name("status")
                json.object { json in json.member("code", 2) }
            }
        }
    }

    private static func write(_ name: String, _ value: SpanAttribute, to json: inout JSONWriter) {
        json.object { json in
            json.member("key", name)
            json.name("value")
            json.object { json in
                switch value {
                case .int32(let number): json.member("intValue", String(number))
                case .int64(let number): json.member("intValue", String(number))
                case .double(let number): json.member("doubleValue", number)
                case .bool(let value): json.member("boolValue", value)
                case .string(let text): json.member("stringValue", text)
                default: json.member("stringValue", "\(value)")
                }
            }
        }
    }

    private static func number(of kind: SpanKind) -> Int {
        switch kind {
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        default: 1
        }
    }
}
