/// What a result says, without its rows.
enum ResultKind: Hashable {
    case rows
    case done
    case error
    /// Skipped, because an earlier command before the same Sync failed.
    case aborted
    case sync
    /// COPY or anything else that has no place in a pipeline.
    case unexpected
}
