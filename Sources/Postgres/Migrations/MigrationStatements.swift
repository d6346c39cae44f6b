/// The migrator's own statements.
///
/// They are the only SQL here that is put together at run time, because the table's name is configuration. ``MigrationTable``
/// lets nothing but plain identifiers through.
struct MigrationStatements: Sendable {
    let table: MigrationTable

    var create: String {
        """
        create table if not exists \(table) (
            number integer primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null,
            duration interval not null
        )
        """
    }

    /// Gives the table's name when it is there.
    let exists = "select to_regclass($1)::text"

    var applied: String { "select number::text, name, checksum, applied_at::text from \(table) order by \(table).number" }

    /// SHA-256 of the script's UTF-8 bytes, in hexadecimal.
    let checksum = "select encode(sha256(convert_to($1, 'UTF8')), 'hex')"

    var record: String {
        """
        insert into \(table) (number, name, checksum, applied_at, duration)
        values ($1::integer, $2, $3, clock_timestamp(), make_interval(secs => $4::double precision))
        """
    }

    /// The key is that of the table's name, so migrators of different tables do not meet.
    let lock = "select pg_try_advisory_lock(hashtextextended($1, 0))"
    let unlock = "select pg_advisory_unlock(hashtextextended($1, 0))"

    /// The number of the transaction a statement runs in; it changes when a script has ended the transaction it was given.
    let transaction = "select pg_current_xact_id()::text"

    /// Undoes what an earlier script has set for the session, the advisory lock excepted.
    func settings(lockTimeoutMilliseconds: Int) -> String {
        "reset role; reset all; set statement_timeout = 0; set lock_timeout = '\(lockTimeoutMilliseconds)ms'"
    }
}
