import Hummingbird

extension EdgeContext {
    /// A parameter of the path.
    ///
    /// One that cannot name anything is answered like one that names nothing.
    /// - Throws: ``Problem`` 404.
    package func path<Value: RequestValue>(_ name: String, _ type: Value.Type = Value.self) throws(Problem) -> Value {
        guard let text = parameters.get(name).flatMap(PercentEncoding.decode) else { throw .notFound }
        do {
            return try Value.read(text: text)
        } catch {
            throw .notFound
        }
    }
}
