/// How long and how hard to measure.
package struct BenchmarkSettings: Sendable {
    /// Of each single measurement, the first second of pgbench not counted.
    package var seconds: Int
    /// How often everything is measured, in turns.
    package var rounds: Int
    /// Connections over HTTP, one measurement for each.
    package var connections: [Int]
    /// How many bookings there are to begin with, one database for each number, ascending.
    package var bookings: [Int]
    /// What is measured.
    package var works: WorkSet
    /// Connections of pgbench.
    package static let pgbenchClients = 16

    /// - Throws: ``BenchmarkFault`` when a number makes no sense.
    package init(seconds: Int, rounds: Int, connections: [Int], bookings: [Int], works: WorkSet = .booking) throws {
        guard (1...600).contains(seconds) else { throw BenchmarkFault("--seconds: allowed: 1 to 600") }
        guard (1...100).contains(rounds) else { throw BenchmarkFault("--rounds: allowed: 1 to 100") }
        guard !connections.isEmpty, connections.allSatisfy({ (1...1000).contains($0) }) else {
            throw BenchmarkFault("--connections: allowed: numbers from 1 to 1000, for example 16,64")
        }
        guard !bookings.isEmpty, bookings.allSatisfy({ (1_000...10_000_000).contains($0) }), Set(bookings).count == bookings.count else {
            throw BenchmarkFault("--bookings: allowed: different numbers from 1000 to 10000000, for example 10000,1000000")
        }
        self.bookings = bookings.sorted()
        self.works = works
        self.seconds = seconds
        self.rounds = rounds
        self.connections = connections
    }
}
