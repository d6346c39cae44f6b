import HTTPEdge
import Hummingbird

extension Centres {
    func listHolidays(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let asked = query.required("year", Int.self)
        let years = BelgianHolidays.years
        if let asked, !years.contains(asked) {
            query.refuse("year", Text("reason.range", ["least": .number(years.lowerBound), "most": .number(years.upperBound)]))
        }
        try query.finish()
        guard let year = asked else { throw Problem.requestInvalid([]) }
        return .json { json in
            json.member("year", year)
            json.member("country", "BE")
            json.array("items", BelgianHolidays.all(in: year)) { holiday, json in
                json.object { json in
                    json.member("day", holiday.day)
                    json.member("key", holiday.key)
                    json.member("name", context.speaker.say(TextKey(rawValue: holiday.key)))
                }
            }
        }
    }
}
