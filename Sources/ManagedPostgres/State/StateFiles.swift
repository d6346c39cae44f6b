import Glibc

/// The few file operations that need exact modes, owners and durability.
enum StateFiles {
    /// Makes a directory and what is missing above it.
    ///
    /// Directories already there are left as they are.
    static func makeDirectory(_ path: String, mode: mode_t) throws(ManagedPostgresError) {
        if isDirectory(path) { return }
        let parent = parent(of: path)
        if parent != path { try makeDirectory(parent, mode: mode) }
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("make the directory", path) }
        try synchronize(parent)
    }

    /// Makes a directory for `account` alone, or checks that the one already there is just that.
    ///
    /// The owner of a directory that was there before is never changed.
    static func makePrivateDirectory(_ path: String, for account: ServerAccount, parentMode: mode_t) throws(ManagedPostgresError) {
        try makeDirectory(parent(of: path), mode: parentMode)
        guard mkdir(path, 0o700) == 0 else {
            if errno == EEXIST { return try checkPrivate(path, account) }
            throw failure("make the directory", path)
        }
        guard account.userID != geteuid() else { return }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fchown(descriptor, account.userID, account.groupID) == 0 else { throw failure("give to \(account.name)", path) }
    }

    private static func checkPrivate(_ path: String, _ account: ServerAccount) throws(ManagedPostgresError) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { throw failure("look at", path) }
        guard facts.st_mode & S_IFMT == S_IFDIR, facts.st_uid == account.userID, facts.st_mode & 0o077 == 0 else {
            throw ManagedPostgresError(
                .pathUnusable,
                """
                \(path) must be a directory of the user '\(account.name)' with mode 0700; it has owner \(facts.st_uid) and mode \
                0\(String(facts.st_mode & 0o7777, radix: 8)). It was there before and is left alone: change it, move it away, or choose \
                another state directory.
                """)
        }
    }

    /// Replaces a file in one step: readers see the old text or the new one.
    static func write(_ text: String, to path: String, mode: mode_t) throws(ManagedPostgresError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("write", draft) }
        defer { close(descriptor) }
        // Not left to the umask: the server's account has to read what root writes here.
        guard fchmod(descriptor, mode) == 0, writeAll(text, to: descriptor), fsync(descriptor) == 0, rename(draft, path) == 0 else {
            throw failure("write", path)
        }
        try synchronize(parent(of: path))
    }

    static func writeAll(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { bytes = bytes.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }

    /// The last `limit` bytes of a file as text, or nil when there is none.
    ///
    /// Does not follow a link in the last place.
    static func readEnd(of path: String, limit: Int = 65_536) -> String? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        lseek(descriptor, max(0, size - off_t(limit)), SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Makes the entries of a directory durable.
    static func synchronize(_ directory: String) throws(ManagedPostgresError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A directory that may be searched but not read, such as another user's, has nothing of ours to flush.
        if descriptor < 0, errno == EACCES { return }
        guard descriptor >= 0 else { throw failure("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("flush", directory) }
    }

    static func isDirectory(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    static func isExecutable(_ path: String) -> Bool { !isDirectory(path) && access(path, X_OK) == 0 }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// An error that names the deed, the path and the system's reason; call it before anything else changes `errno`.
    static func failure(_ deed: String, _ path: String) -> ManagedPostgresError {
        let reason = String(cString: strerror(errno))
        return ManagedPostgresError(.pathUnusable, "Can't \(deed) \(path): \(reason).")
    }
}
