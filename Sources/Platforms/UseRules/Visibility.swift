import HTTPEdge

/// Whether others than its own centre may use a resource.
package enum Visibility: String, CaseIterable, RequestValue, JSONWritable {
    case shared, local

    package init(isShared: Bool) {
        self = isShared ? .shared : .local
    }

    package var isShared: Bool { self == .shared }
}
