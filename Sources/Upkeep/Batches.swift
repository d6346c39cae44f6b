/// Does what is due a batch at a time, until a batch is not full or the task is cancelled.
///
/// - Parameters:
///   - batch: so many at once.
///   - done: does one batch; returns how many things that were.
/// - Returns: how many things were done.
package func inBatches<E: Error>(of batch: Int32, _ done: () async throws(E) -> Int32) async throws(E) -> Int {
    var count = 0
    var last = batch
    while !Task.isCancelled, last >= batch {
        last = try await done()
        count += Int(last)
    }
    return count
}
