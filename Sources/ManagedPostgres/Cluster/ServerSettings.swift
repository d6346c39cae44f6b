import Glibc

/// The text of `postgresql.conf`, written anew at each start.
struct ServerSettings: Sendable {
    let layout: StateLayout
    let maximumConnections: Int
    let memoryBytes: Int64
    let compressesWithLZ4: Bool

    static let megabyte: Int64 = 1_048_576

    /// A quarter of the memory, at least 128 MB and at most 1 GB.
    static func sharedBuffersMegabytes(memoryBytes: Int64) -> Int64 {
        min(1024, max(128, memoryBytes / 4 / megabyte))
    }

    var text: String {
        """
        # Written at each start by plateau. Put settings of your own in postgresql.local.conf beside this file, or use ALTER SYSTEM.
        listen_addresses = ''
        port = 5432
        unix_socket_directories = '\(layout.socketDirectory)'
        unix_socket_permissions = 0700
        hba_file = '\(layout.accessRules)'
        ident_file = '\(layout.identityMap)'
        max_connections = \(maximumConnections)
        max_locks_per_transaction = 256

        # Nothing acknowledged is lost, whatever process or power supply fails.
        fsync = on
        full_page_writes = on
        synchronous_commit = on
        wal_compression = \(compressesWithLZ4 ? "lz4" : "on")
        checkpoint_timeout = 15min
        max_wal_size = 4GB

        shared_buffers = \(Self.sharedBuffersMegabytes(memoryBytes: memoryBytes))MB
        jit = off
        deadlock_timeout = 100ms
        idle_in_transaction_session_timeout = 15s

        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C.UTF-8'

        # One file a weekday, each emptied when its day comes again. Terse: the details of an error quote people's data.
        logging_collector = on
        log_destination = 'stderr'
        log_directory = '\(layout.log)'
        log_filename = 'postgresql-%a.log'
        log_rotation_age = 1d
        log_rotation_size = 0
        log_truncate_on_rotation = on
        log_line_prefix = '%m [%p] %q%u@%d '
        log_error_verbosity = terse
        log_checkpoints = on
        log_lock_waits = on

        include_if_exists = '\(layout.localSettings)'

        """
    }

    /// The machine's memory in bytes, or the limit of the control group when that is lower.
    static func memoryHere() -> Int64 {
        let machine = Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
        let limit = StateFiles.readEnd(of: "/sys/fs/cgroup/memory.max").flatMap { Int64($0.prefix { $0.isNumber }) }
        return min(machine, limit ?? machine)
    }
}
