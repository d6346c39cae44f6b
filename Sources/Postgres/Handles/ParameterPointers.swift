/// Parameters as the three arrays of libpq: values, lengths, formats (binary).
extension PostgresParameters {
    func withPointers<T>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?) -> T
    ) -> T {
        let count = ends.count
        return unsafe writer.bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                unsafe withUnsafeTemporaryAllocation(of: CInt.self, capacity: count * 2) { numbers in
                    // libpq takes a null pointer for NULL, so that an empty value needs an address too.
                    let base = unsafe bytes.baseAddress.map { unsafe UnsafeRawPointer($0) } ?? Self.placeholder
                    var start = 0
                    for (index, end) in ends.enumerated() {
                        let value = unsafe (base + start).assumingMemoryBound(to: CChar.self)
                        unsafe values.initializeElement(at: index, to: end == nil ? nil : value)
                        unsafe numbers.initializeElement(at: index, to: CInt((end ?? start) - start))
                        unsafe numbers.initializeElement(at: count + index, to: 1)
                        start = end ?? start
                    }
                    let lengths = unsafe numbers.baseAddress.map { unsafe UnsafePointer($0) }
                    let formats = unsafe lengths.map { unsafe $0 + count }
                    return unsafe body(values.baseAddress, lengths, formats)
                }
            }
        }
    }

    /// An address for values without bytes.
    private static var placeholder: UnsafeRawPointer { unsafe UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped }
}
