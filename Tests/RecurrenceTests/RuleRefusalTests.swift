import Kernel
import Recurrence
import Testing

struct RuleRefusalTests {
    @Test(arguments: [
        ("", "RRULE", RuleFault.Reason.missing), ("INTERVAL=2", "FREQ", .missing), ("FREQ=HOURLY", "FREQ", .unsupported),
        ("FREQ=SECONDLY;COUNT=9", "FREQ", .unsupported), ("FREQ=MINUTELY", "FREQ", .unsupported), ("FREQ=FORTNIGHTLY", "FREQ", .malformed),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO", .unsupported), ("FREQ=YEARLY;BYYEARDAY=1", "BYYEARDAY", .unsupported),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR", .unsupported), ("FREQ=DAILY;BYEASTER=0", "BYEASTER", .unknown),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL", .malformed), ("FREQ=DAILY;INTERVAL=-1", "INTERVAL", .malformed),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL", .malformed), ("FREQ=DAILY;COUNT=0", "COUNT", .malformed),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "UNTIL", .misplaced), ("FREQ=DAILY;UNTIL=20270230", "UNTIL", .malformed),
        ("FREQ=DAILY;UNTIL=20270101T090000", "UNTIL", .malformed), ("FREQ=DAILY;UNTIL=2027-01-01", "UNTIL", .malformed),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY", .misplaced), ("FREQ=DAILY;BYDAY=-1SU", "BYDAY", .misplaced),
        ("FREQ=WEEKLY;BYDAY=LU", "BYDAY", .malformed), ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY", .malformed),
        ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY", .malformed), ("FREQ=WEEKLY;BYDAY=MO,", "BYDAY", .malformed),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY", .misplaced), ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY", .malformed),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY", .malformed), ("FREQ=YEARLY;BYMONTH=13", "BYMONTH", .malformed),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH", .malformed), ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS", .misplaced),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS", .malformed), ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS", .malformed),
        ("FREQ=WEEKLY;WKST=XX", "WKST", .malformed), ("FREQ=DAILY;FREQ=DAILY", "FREQ", .repeated), ("FREQ", "FREQ", .malformed),
        ("FREQ=", "FREQ", .malformed), ("FREQ=DAILY;", "", .malformed), ("FREQ=DAILY;;COUNT=2", "", .malformed),
        ("RRULE:FREQ=DAILY\nRRULE:FREQ=DAILY", "RRULE", .repeated), ("EXRULE:FREQ=DAILY", "EXRULE", .unsupported),
        ("DTSTART:20270101T090000Z\nRRULE:FREQ=DAILY", "DTSTART", .unsupported), ("SUMMARY:x", "SUMMARY", .unknown),
        ("RRULE:FREQ=DAILY\nEXDATE:2027", "EXDATE", .malformed), ("RRULE:FREQ=DAILY\nEXDATE:20270101,", "EXDATE", .malformed),
        ("RRULE:FREQ=DAILY\nRDATE;VALUE=PERIOD:20270101T090000Z/PT1H", "RDATE", .unsupported),
        ("RRULE:FREQ=DAILY\nRDATE;TZID=Mars/Olympus:20270101T090000", "RDATE", .malformed), ("RDATE:20270101", "RRULE", .missing),
    ])
    func `a text that is no rule is refused by the name of its part`(text: String, part: String, reason: RuleFault.Reason) throws {
        let fault = #expect(throws: RuleFault.self) { try Recurrence(text) }
        #expect(fault?.part == part)
        #expect(fault?.reason == reason)
        #expect(fault?.allowed.isEmpty == false)
    }

    @Test(arguments: [
        "freq=weekly;byday=mo", "RRULE:FREQ=DAILY", "FREQ=MONTHLY;BYDAY=+1MO,-1FR", "FREQ=DAILY;UNTIL=20270101",
        "RRULE:FREQ=DAILY\r\nEXDATE;TZID=Europe/Brussels:20270101T090000,2027\r\n 0102T090000\r\nRDATE;VALUE=DATE:20270201\r\n",
    ])
    func `other ways to write one are understood`(text: String) throws {
        #expect(throws: Never.self) { try Recurrence(text) }
    }

    @Test func `a fault shows at most a little of what was found`() throws {
        let fault = #expect(throws: RuleFault.self) { try Recurrence("FREQ=" + String(repeating: "X", count: 3_000)) }
        #expect(fault?.found.count == 40)
        let long = #expect(throws: RuleFault.self) { try Recurrence(String(repeating: "A", count: 30_000)) }
        #expect(long?.reason == .tooLong)
    }
}
