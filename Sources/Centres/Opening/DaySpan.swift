import Access
import HTTPEdge
import Hummingbird
import Kernel

/// The `from` and `to` of a query, both included.
struct DaySpan {
    let from: LocalDay
    let to: LocalDay

    var all: [LocalDay] { (0...to.days(since: from)).map { from.adding(days: $0) } }

    /// - Throws: ``Problem`` 400 with what is missing or wrong, and for more than `limit` days.
    init(of request: Request, limit: Int) throws(Problem) {
        var query = QueryReader(request)
        let span = DaySpan(reading: &query, limit: limit)
        try query.finish()
        guard let span else { throw .requestInvalid([]) }
        self = span
    }

    /// Nil with the reason noted in the reader, which throws it when it finishes.
    init?(reading query: inout QueryReader, limit: Int) {
        let from = query.required("from", LocalDay.self)
        let to = query.required("to", LocalDay.self)
        guard let from, let to else { return nil }
        if to < from { query.refuse("to", Text("reason.daysReversed")) }
        if to.days(since: from) >= limit { query.refuse("to", Text("reason.daySpan", ["limit": .number(limit)])) }
        self.from = from
        self.to = to
    }
}
