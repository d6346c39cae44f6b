/// What a running postmaster says about itself in `postmaster.pid`.
///
/// The lines are laid out in PostgreSQL's `miscadmin.h` (LOCK_FILE_LINE_…): number, data directory, start, port, socket directory,
/// address, shared memory, status.
struct PostmasterFile: Hashable, Sendable {
    let processID: Int32
    /// True once connections are accepted; `pg_ctl` waits for the same word.
    let isReady: Bool

    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let number = Int32(first), number != 0 else { return nil }
        // A single-user server writes its number negative.
        processID = abs(number)
        isReady = lines.count > 7 && lines[7].prefix { $0 != " " } == "ready"
    }

    static func read(_ path: String) -> PostmasterFile? {
        StateFiles.readEnd(of: path).flatMap { PostmasterFile($0) }
    }
}
