import HTTPEdge

/// Whether an asset stays with its platform.
package enum Mobility: String, CaseIterable, RequestValue, JSONWritable {
    case fixed, mobile
}
