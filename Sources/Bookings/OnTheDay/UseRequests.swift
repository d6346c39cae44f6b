import HTTPEdge

/// The number of a line of a booking.
struct LineNumber: RequestValue {
    let value: Int16

    static func read(json: JSONValue) throws(ValueRefusal) -> LineNumber {
        let value = try Int32.read(json: json)
        guard (1...100).contains(value) else { throw ValueRefusal("reason.range", ["least": .number(1), "most": .number(100)]) }
        return LineNumber(value: Int16(value))
    }

    static func read(text: String) throws(ValueRefusal) -> LineNumber {
        try read(json: .integer(try Int64.read(text: text)))
    }
}

/// Which lines begin to be used; nil: all whose time it is.
struct CheckInRequest: RequestObject {
    let lines: [Int16]?

    init?(reading fields: inout FieldReader) {
        lines = fields.has("lines") ? fields.values("lines", LineNumber.self, count: 1...100)?.map(\.value) : nil
    }
}

/// Who came; participations, not persons.
struct AttendanceRequest: RequestObject {
    let audiences: [AttendedCount]
    let accompanying: Int32

    init?(reading fields: inout FieldReader) {
        let audiences = fields.array("audiences", AttendedCount.self, count: 0...50)
        accompanying = fields.optional("accompanying", in: 0...10_000) ?? 0
        if let audiences, Set(audiences.map(\.audience)).count != audiences.count {
            fields.refuse("audiences", code: "duplicate", Text("reason.audienceTwice"))
        }
        guard let audiences else { return nil }
        self.audiences = audiences
    }
}

/// How many of one audience came: none, when it was announced and nobody did.
struct AttendedCount: RequestObject {
    let audience: String
    let headCount: Int32

    init?(reading fields: inout FieldReader) {
        let audience = fields.required("audience", maximum: 40)
        let headCount: Int32? = fields.required("headCount", in: 0...10_000)
        guard let audience, let headCount else { return nil }
        self.audience = audience
        self.headCount = headCount
    }
}

/// Which lines end, who came and what went wrong.
struct CheckOutRequest: RequestObject {
    let lines: [Int16]?
    let attendance: AttendanceRequest?
    let incident: String?

    init?(reading fields: inout FieldReader) {
        lines = fields.has("lines") ? fields.values("lines", LineNumber.self, count: 1...100)?.map(\.value) : nil
        attendance = fields.optionalObject("attendance")
        incident = fields.optional("incident", maximum: 2_000)
    }
}

/// Who came, or what went wrong: one of them at least.
struct UseReportRequest: RequestObject {
    let attendance: AttendanceRequest?
    let incident: String?

    init?(reading fields: inout FieldReader) {
        attendance = fields.optionalObject("attendance")
        incident = fields.optional("incident", maximum: 2_000)
        if !fields.has("attendance"), !fields.has("incident") {
            fields.refuse("attendance", code: "missing", Text("reason.attendanceOrIncident"))
        }
    }
}
