@testable import Demo
import Kernel
import Testing

struct RoomBookTests {
    private func period(_ start: Int64, _ end: Int64) throws -> Period {
        try #require(Period(start: Instant(secondsSince1970: start * 3_600), end: Instant(secondsSince1970: end * 3_600)))
    }

    @Test(arguments: [(8, 9, 0), (9, 10, 2), (10, 11, 5), (9, 13, 5), (11, 12, 3), (12, 13, 0), (0, 48, 5)])
    func `the most taken is the highest level inside a period`(from: Int64, to: Int64, seats: Int) throws {
        var room = RoomBook(resources: 1)
        room.take(0, during: try period(9, 11), seats: 2)
        room.take(0, during: try period(10, 12), seats: 3)
        #expect(room.mostTaken(0, during: try period(from, to)) == seats)
    }

    @Test func `what is taken over midnight counts on both days`() throws {
        var room = RoomBook(resources: 2)
        room.take(1, during: try period(23, 25), seats: 4)
        #expect(room.mostTaken(1, during: try period(24, 26)) == 4)
        #expect(room.mostTaken(1, during: try period(20, 24)) == 4)
        #expect(room.mostTaken(0, during: try period(20, 30)) == 0)
    }
}
