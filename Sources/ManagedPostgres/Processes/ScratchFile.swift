import Foundation
import Glibc

/// A nameless file that a command reads or writes.
///
/// A pipe would end only when every copy of its other side is closed, and a server started at the same moment could hold one.
struct ScratchFile: ~Copyable {
    let descriptor: Int32

    /// Makes the file with `text` in it, to be read from its beginning.
    init(_ text: String) throws(ManagedPostgresError) {
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("plateau-XXXXXX").path
        var name = template.utf8CString.map { $0 }
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw StateFiles.failure("make a file like", template) }
        unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        guard StateFiles.writeAll(text, to: descriptor), lseek(descriptor, 0, SEEK_SET) == 0 else {
            let error = StateFiles.failure("write", template)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Everything in the file.
    borrowing func text() -> String {
        lseek(descriptor, 0, SEEK_SET)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 { bytes += chunk.prefix(count) } else if count == 0 || errno != EINTR { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
