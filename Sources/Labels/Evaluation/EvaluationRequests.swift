import HTTPEdge

/// What an evaluation concludes.
enum Opinion: String, CaseIterable, RequestValue {
    case favourable, favourableWithConditions, unfavourable
}

/// The note of one criterion, out of 20, and why.
struct CriterionNote: RequestObject {
    let criterion: String
    let note: Int16
    let comment: String?

    init?(reading fields: inout FieldReader) {
        let criterion = fields.required("criterion", maximum: 60)
        let note: Int16? = fields.required("note", in: 0...20)
        comment = fields.optional("comment", maximum: 4_000)
        guard let criterion, let note else { return nil }
        self.criterion = criterion
        self.note = note
    }
}

/// All notes of an evaluation, as they are replaced.
struct NotesRequest: RequestObject {
    let notes: [CriterionNote]

    init?(reading fields: inout FieldReader) {
        let notes = fields.array("notes", CriterionNote.self, count: 0...100)
        if let notes, Set(notes.map(\.criterion)).count < notes.count {
            fields.refuse("notes", code: "duplicate", Text("reason.duplicate"))
        }
        guard let notes else { return nil }
        self.notes = notes
    }
}

struct ClosureRequest: RequestObject {
    let opinion: Opinion
    let comment: String?

    init?(reading fields: inout FieldReader) {
        let opinion: Opinion? = fields.required("opinion")
        comment = fields.optional("comment", maximum: 10_000)
        guard let opinion else { return nil }
        self.opinion = opinion
    }
}
