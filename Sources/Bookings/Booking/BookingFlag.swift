import HTTPEdge

/// What is particular about a booking, besides its state.
package enum BookingFlag: String, CaseIterable, Sendable, RequestValue, JSONWritable {
    /// Its label is gone or not sure any more.
    case atRisk
    /// There is no room to restore it.
    case displaced
    case needsProof
    /// It rests on a provisional label.
    case provisional
}
