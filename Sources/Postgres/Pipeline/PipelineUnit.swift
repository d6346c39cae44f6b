/// What goes under one Sync: calls that take effect together or not at all, and who waits for their answers.
final class PipelineUnit {
    let calls: [PipelineCall]
    /// Who gets the answer of each call; nil for calls nobody asks about.
    let receivers: [PostgresRequest?]
    let purpose: Purpose
    /// On a shared connection, where nothing before or behind it belongs to it.
    let isShared: Bool
    /// When it was sent.
    var sent: ContinuousClock.Instant?
    /// The first failure; the unit left no trace then, unless its effect says otherwise.
    var failure: PostgresError?

    enum Purpose {
        case request(PostgresRequest)
        case writes([PendingWrite])
    }

    init(request: PostgresRequest, isShared: Bool = true) {
        self.isShared = isShared
        calls = request.opening + [request.call]
        receivers = request.opening.map { _ in nil } + [request]
        purpose = .request(request)
    }

    init(writes: [PendingWrite], prelude: PipelineCall?) {
        isShared = true
        calls = [prelude].compactMap(\.self) + writes.map(\.request.call)
        receivers = (prelude == nil ? [] : [nil]) + writes.map(\.request)
        purpose = .writes(writes)
    }
}
