/// A list of C strings, with nil for NULL and a null pointer at the end, for a C function to read.
struct CStringList {
    private var bytes: [CChar] = []
    private var starts: [Int?] = []

    init(_ texts: [String?]) {
        for text in texts {
            starts.append(text == nil ? nil : bytes.count)
            guard let text else { continue }
            bytes.append(contentsOf: text.utf8.lazy.map(CChar.init(bitPattern:)))
            bytes.append(0)
        }
    }

    init(_ texts: [String]) { self.init(texts.map(Optional.some)) }

    func withPointers<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var pointers: [UnsafePointer<CChar>?] = unsafe []
            for start in starts {
                unsafe pointers.append(start.flatMap { start in unsafe bytes.baseAddress.map { unsafe $0 + start } })
            }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeBufferPointer { pointers in
                unsafe body(pointers.baseAddress.unsafelyUnwrapped)
            }
        }
    }
}
