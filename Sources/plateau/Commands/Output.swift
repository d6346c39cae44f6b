import FoundationEssentials
#if canImport(Glibc)
    import Glibc
#endif

/// What a command says to the person who called it; logs go to standard error.
enum Output {
    static func line(_ text: String = "") {
        let bytes = Array((text + "\n").utf8)
        _ = bytes.withUnsafeBytes { buffer in Glibc.write(1, buffer.baseAddress, buffer.count) }
    }
}
