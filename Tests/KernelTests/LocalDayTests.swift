import Kernel
import Testing

struct LocalDayTests {
    @Test(arguments: [
        ("1970-01-01", 0, 4), ("2026-10-25", 20_751, 7), ("2000-02-29", 11_016, 2), ("0001-01-01", -719_162, 1),
        ("9999-12-31", 2_932_896, 5), ("1969-12-31", -1, 3),
    ])
    func `a day has a number and a weekday`(text: String, number: Int32, weekday: Int) {
        let day = LocalDay(text)
        #expect(day?.daysSince1970 == number)
        #expect(day?.weekday == weekday)
        #expect(day?.description == text)
    }

    @Test(arguments: [
        (Int32.max, "9999-12-31"), (2_932_897, "9999-12-31"), (-719_163, "0001-01-01"), (Int32.min, "0001-01-01"),
    ])
    func `a day without a text is told as the nearest that has one`(number: Int32, text: String) {
        #expect(LocalDay(daysSince1970: number).description == text)
    }

    @Test(arguments: [
        "", "2026-2-1", "2026-02-30", "1900-02-29", "2026-00-10", "2026-13-10", "2026-01-00", "2026-01-32", "0000-01-01", "2026/01/01",
        "2026-01-01T", "-026-01-01", "20260101",
    ])
    func `anything else is refused`(text: String) {
        #expect(LocalDay(text) == nil)
    }

    @Test func `every day of eight centuries follows the one before`() throws {
        var day = try #require(LocalDay("1800-01-01"))
        var (year, month, dayOfMonth) = (1800, 1, 1)
        while year < 2600 {
            try #require(day.year == year && day.month == month && day.day == dayOfMonth)
            try #require(LocalDay(year: year, month: month, day: dayOfMonth) == day)
            day = day.adding(days: 1)
            dayOfMonth += 1
            if LocalDay(year: year, month: month, day: dayOfMonth) == nil { (month, dayOfMonth) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(LocalDay("1800-01-01").map(day.days) == 292_194)
    }

    @Test(arguments: [("00:00", 0), ("02:30", 9_000), ("23:59:59", 86_399), ("24:00", 86_400)])
    func `a local time is read and written`(text: String, seconds: Int) {
        #expect(LocalTime(text)?.secondsSinceMidnight == seconds)
        #expect(LocalTime(text)?.description == text)
    }

    @Test(arguments: ["", "2:30", "24:01", "25:00", "12:60", "12:30:60", "12:30:", "12.30", "12:30 "])
    func `another local time is refused`(text: String) {
        #expect(LocalTime(text) == nil)
    }
}
