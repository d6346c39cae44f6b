import HTTPEdge
import Hummingbird
import Postgres

extension Labels {
    /// `GET /v1/label-specification`: the words that files are written in, named in the reader's language.
    func getSpecification(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let words = try await database.one(SQL.ReadSpecification())
        let criteria = try await database.all(SQL.ListCriteria())
        let lists = try await database.all(SQL.ListSectorLists())
        let speaker = context.speaker
        return Response.json { json in
            json.member("specification", "2017")
            json.array("elements", words.elements) { code, json in
                json.object { json in
                    speaker.writeMembers(code, to: &json)
                    json.array("criteria", criteria.filter { $0.element == code }) { row, json in speaker.write(row.code, to: &json) }
                }
            }
            json.array("missions", words.missions) { code, json in speaker.write(code, to: &json) }
            json.array("sectorLists", lists) { list, json in
                json.object { json in
                    json.member("scheme", list.scheme)
                    json.member("version", list.version)
                    json.member("validFrom", list.validFrom)
                    json.member("validTo", list.validTo)
                }
            }
            json.object("evidence") { json in
                json.array("mediaTypes", EvidenceType.mediaTypes)
                json.member("sizeLimit", EvidenceType.sizeLimit)
            }
        }
    }
}

extension Speaker {
    /// A word of the catalogue: its code, and what people call it.
    func write(_ code: String, to json: inout JSONWriter) {
        json.object { json in writeMembers(code, to: &json) }
    }

    func writeMembers(_ code: String, to json: inout JSONWriter) {
        json.member("code", code)
        json.member("text", say(Text("word.inSentence", ["word": .word(TextKey(rawValue: "word.\(code)"), otherwise: code)])))
    }
}
