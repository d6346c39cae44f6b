/// What a work's figures are to come to.
enum Aim: Sendable {
    /// Requests a second for each transaction a second of pgbench, at least, at so many connections.
    case ratio(Double, connections: Int)
    /// Requests a second for each of another work in the same round, at least.
    case share(Double, of: String)
    /// Of a hundred answers, the slowest but one, at most, at so many connections.
    case percentile99(milliseconds: Double, connections: Int)
    /// The script on one connection alone, at the median, at most.
    case alone(milliseconds: Double)
    /// What it costs with more bookings, for each of its cost with the next fewer, at most.
    case growth(Double)
}
