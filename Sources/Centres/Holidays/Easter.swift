package import Kernel

/// The date of Easter in the Gregorian calendar.
package enum Easter {
    /// The anonymous algorithm of 1876 (Meeus, Jones, Butcher), good for every year from 1583.
    ///
    /// The letters are those of its usual statement: `a` is the place in Metonic cycle, `h` the epact, `l` the weekday.
    package static func sunday(of year: Int) -> LocalDay? {
        let a = year % 19
        let (b, c) = year.quotientAndRemainder(dividingBy: 100)
        let (d, e) = b.quotientAndRemainder(dividingBy: 4)
        let g = (b - (b + 8) / 25 + 1) / 3
        let h = (19 * a + b - d - g + 15) % 30
        let (i, k) = c.quotientAndRemainder(dividingBy: 4)
        let l = (32 + 2 * e + 2 * i - h - k) % 7
        let m = (a + 11 * h + 22 * l) / 451
        let (month, day) = (h + l - 7 * m + 114).quotientAndRemainder(dividingBy: 31)
        return year < 1583 ? nil : LocalDay(year: year, month: month, day: day + 1)
    }
}
