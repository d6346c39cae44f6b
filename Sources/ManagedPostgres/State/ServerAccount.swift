import Glibc

/// An operating-system account that server processes run as.
struct ServerAccount: Hashable, Sendable {
    let name: String
    let userID: uid_t
    let groupID: gid_t
    let home: String

    /// The account of that name in the user database.
    static func named(_ name: String) -> ServerAccount? {
        look { entry, buffer, size, found in getpwnam_r(name, entry, buffer, size, found) }
    }

    /// The account with that number in the user database.
    static func numbered(_ userID: uid_t) -> ServerAccount? {
        look { entry, buffer, size, found in getpwuid_r(userID, entry, buffer, size, found) }
    }

    private typealias Lookup = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int, UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private static func look(_ lookup: Lookup) -> ServerAccount? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let start = buffer.baseAddress, lookup(&entry, start, buffer.count, &found) == 0 else { return nil }
            guard let found, let name = found.pointee.pw_name else { return nil }
            let home = found.pointee.pw_dir.map { String(cString: $0) } ?? "/"
            return ServerAccount(
                name: String(cString: name), userID: found.pointee.pw_uid, groupID: found.pointee.pw_gid, home: home)
        }
    }
}
