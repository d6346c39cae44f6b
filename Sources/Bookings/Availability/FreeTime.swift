package import Kernel

/// What is left of a resource over a window, and when it is open.
package struct FreeTime: Sendable {
    /// Cover the window without a gap.
    package let steps: [(period: Period, taken: Int32)]
    package let capacity: Int32
    /// Clipped to the window.
    package let open: [Period]
}

extension Bookings {
    /// Of the longest window for which ``freeTime(of:in:)`` is asked.
    package static let longestWindowDays = AvailabilityRequest.longestDays

    /// - Returns: nil when there is no such resource.
    package func freeTime(of resource: ResourceID, in window: Period) async throws -> FreeTime? {
        guard let row = try await availability(of: resource, in: window) else { return nil }
        let steps = row.taken.indices.compactMap { step in
            Period(start: row.starts[step], end: row.ends[step]).map { (period: $0, taken: row.taken[step]) }
        }
        return FreeTime(
            steps: steps, capacity: row.capacity, open: zip(row.opens, row.closes).compactMap { Period(start: $0, end: $1) })
    }
}
