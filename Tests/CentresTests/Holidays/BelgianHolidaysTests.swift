import Centres
import HTTPEdge
import Kernel
import Testing

@Suite
struct BelgianHolidaysTests {
    /// Published dates, with the earliest and latest that Easter can have.
    @Test(arguments: [
        (1818, "1818-03-22"), (1943, "1943-04-25"), (1961, "1961-04-02"), (2000, "2000-04-23"), (2008, "2008-03-23"),
        (2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28"), (2038, "2038-04-25"),
    ])
    func `Easter falls on its published day`(year: Int, day: String) {
        #expect(Easter.sunday(of: year)?.description == day)
    }

    @Test
    func `Easter is always a Sunday between 22 March and 25 April`() throws {
        for year in 1583...2999 {
            let day = try #require(Easter.sunday(of: year))
            #expect(day.weekday == 7)
            #expect((322...425).contains(day.month * 100 + day.day))
        }
        #expect(Easter.sunday(of: 1582) == nil)
    }

    @Test(arguments: [
        (
            2026,
            [
                "2026-01-01 newYear", "2026-04-06 easterMonday", "2026-05-01 labourDay", "2026-05-14 ascension", "2026-05-25 whitMonday",
                "2026-07-21 nationalDay", "2026-08-15 assumption", "2026-11-01 allSaints", "2026-11-11 armistice", "2026-12-25 christmas",
            ]
        ),
        (
            2027,
            [
                "2027-01-01 newYear", "2027-03-29 easterMonday", "2027-05-01 labourDay", "2027-05-06 ascension", "2027-05-17 whitMonday",
                "2027-07-21 nationalDay", "2027-08-15 assumption", "2027-11-01 allSaints", "2027-11-11 armistice", "2027-12-25 christmas",
            ]
        ),
    ])
    func `a year has its ten holidays`(year: Int, expected: [String]) {
        let found = BelgianHolidays.all(in: year).map { "\($0.day) \($0.key.dropFirst("holiday.".count))" }
        #expect(found == expected)
    }

    @Test
    func `two holidays can share a day`() {
        let days = BelgianHolidays.all(in: 2008).map(\.day.description)
        #expect(days.filter { $0 == "2008-05-01" }.count == 2)
        #expect(days.count == 10)
    }

    @Test
    func `a range takes both its ends, across years`() throws {
        let christmas = try #require(LocalDay("2026-12-25"))
        let newYear = try #require(LocalDay("2027-01-01"))
        #expect(BelgianHolidays.all(in: christmas...newYear).map(\.key) == ["holiday.christmas", "holiday.newYear"])
    }

    @Test
    func `every holiday has its name in both languages`() {
        let catalogue = TextCatalogue(adding: CentresTexts.entries)
        for holiday in BelgianHolidays.all(in: 2026) {
            #expect(catalogue.contains(TextKey(rawValue: holiday.key)))
        }
        #expect(catalogue.faults == [])
    }
}
