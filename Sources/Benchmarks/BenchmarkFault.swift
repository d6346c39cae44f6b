/// Why nothing could be measured, for the person who asked.
package struct BenchmarkFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
