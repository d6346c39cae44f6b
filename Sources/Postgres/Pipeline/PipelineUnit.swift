/// What goes under one Sync: calls that take effect together or not at all, and who waits for their answers.
final class PipelineUnit {
    /// Sent first; nobody asks for their answers.
    let opening: [PipelineCall]
    /// Behind the opening, each for the call that it carries.
    let requests: [PostgresRequest]
    let purpose: Purpose
    /// When it was sent.
    var sent: ContinuousClock.Instant?
    /// How long the server was at it, without the units before it.
    var service: Duration = .zero
    /// The first failure; the unit left no trace then, unless its effect says otherwise.
    var failure: PostgresError?
    /// Whose call failed first; nil when that is nobody's.
    var culprit: PostgresRequest?

    enum Purpose {
        /// On a shared connection, where nothing before or behind it belongs to it.
        case reads
        case writes([PendingWrite])
        /// On a connection that a task holds.
        case conversation
    }

    init(reads: [PostgresRequest]) {
        opening = reads.count == 1 ? reads[0].opening : []
        requests = reads
        purpose = .reads
    }

    init(conversation request: PostgresRequest) {
        opening = request.opening
        requests = [request]
        purpose = .conversation
    }

    init(writes: [PendingWrite], prelude: PipelineCall?) {
        opening = [prelude].compactMap(\.self)
        requests = writes.map(\.request)
        purpose = .writes(writes)
    }

    var callCount: Int { opening.count + requests.count }

    func call(_ position: Int) -> PipelineCall {
        position < opening.count ? opening[position] : requests[position - opening.count].call
    }

    /// Who waits for the answer of a call.
    func receiver(_ position: Int) -> PostgresRequest? {
        position < opening.count ? nil : requests[position - opening.count]
    }
}
