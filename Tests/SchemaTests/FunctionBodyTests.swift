import Postgres
import TestSupport
import Testing

struct FunctionBodyTests {
    private static let check = """
        select body.oid::regprocedure::text, coalesce(found.lineno::text, '?'), found.level, found.message
        from pg_proc as body
        join pg_language as language on language.oid = body.prolang and language.lanname = 'plpgsql'
        join pg_namespace as namespace on namespace.oid = body.pronamespace
        left join lateral (
            select t.tgrelid, t.tgoldtable, t.tgnewtable from pg_trigger as t where t.tgfoid = body.oid limit 1) as trigger on true
        cross join lateral plpgsql_check_function_tb(
            body.oid, relid => coalesce(trigger.tgrelid, 0), oldtable => trigger.tgoldtable, newtable => trigger.tgnewtable,
            fatal_errors => false, extra_warnings => true, security_warnings => true) as found
        where namespace.nspname not in ('pg_catalog', 'information_schema', 'public')
          and found.level not like '%performance%'
        order by 1, 2
        """

    @Test func `every body of a function passes plpgsql_check`() async throws {
        try await withTestDatabase { database in
            do {
                try await database.owner.execute(script: "create extension plpgsql_check")
            } catch {
                Issue.record(
                    """
                    The extension plpgsql_check is missing from the server. Install it with config/install-packages --with-tests \
                    (Debian: postgresql-15-plpgsql-check). \(error)
                    """)
                return
            }
            for row in try await database.owner.queryText(Self.check) {
                let text = row.map { $0 ?? "" }
                Issue.record("\(text[0]), line \(text[1]): \(text[2]): \(text[3])")
            }
        }
    }

    @Test func `a body with a fault is found`() async throws {
        try await withTestDatabase { database in
            try await database.owner.execute(
                script: """
                    create extension plpgsql_check;
                    create function plateau.faulty() returns integer language plpgsql
                        as $$ begin return (select no_such_column from plateau.no_such_table); end $$;
                    """)
            let found = try await database.owner.queryText(Self.check)
            #expect(found.map { $0[0] } == ["plateau.faulty()"])
        }
    }
}
