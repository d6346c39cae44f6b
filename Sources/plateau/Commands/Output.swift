import FoundationEssentials
#if canImport(Glibc)
    import Glibc
#endif

/// What a command says to the person who called it; logs go to standard error.
enum Output {
    static func line(_ text: String = "") {
        write(text, to: STDOUT_FILENO)
    }

    /// Why the program ends.
    static func error(_ text: String) {
        write("Error: \(text)", to: STDERR_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { buffer in Glibc.write(descriptor, buffer.baseAddress, buffer.count) }
    }
}
