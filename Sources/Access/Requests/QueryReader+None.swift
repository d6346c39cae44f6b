package import HTTPEdge
package import Hummingbird

extension QueryReader {
    /// For operations that take no parameters.
    ///
    /// - Throws: ``Problem`` 400 naming those that were sent.
    package static func none(in request: Request) throws(Problem) {
        var query = QueryReader(request)
        try query.finish()
    }
}
