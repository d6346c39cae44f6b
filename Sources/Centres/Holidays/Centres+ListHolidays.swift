import HTTPEdge
import Hummingbird

extension Centres {
    func listHolidays(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let year = query.required("year", Int.self) ?? 0
        let (least, most) = (BelgianHolidays.years.lowerBound, BelgianHolidays.years.upperBound)
        if year != 0, !BelgianHolidays.years.contains(year) {
            query.refuse("year", Text("reason.range", ["least": String(least), "most": String(most)]))
        }
        try query.finish()
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
