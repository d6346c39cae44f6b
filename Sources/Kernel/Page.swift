/// A stretch of a longer list.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Whether more follow the last item.
    package let hasMore: Bool

    package init(items: [Item], hasMore: Bool) {
        self.items = items
        self.hasMore = hasMore
    }

    /// - Parameter fetched: read with a limit of `size + 1`; the surplus item only says that more follow.
    package init(fetched: [Item], size: Int) {
        self.init(items: Array(fetched.prefix(size)), hasMore: fetched.count > size)
    }

    package func map<Other: Sendable, Failure: Error>(_ transform: (Item) throws(Failure) -> Other) throws(Failure) -> Page<Other> {
        Page<Other>(items: try items.map(transform), hasMore: hasMore)
    }
}
