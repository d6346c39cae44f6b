import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(1))) struct MigratorTests {
    static let first = Migration(number: 1, name: "people", text: "create table person (name text); insert into person values ('Ada');")
    static let second = Migration(number: 2, name: "age", text: "alter table person add age integer not null default 36;")
    static let index = Migration(
        number: 3, name: "index", text: "-- transaction: none\ncreate index concurrently if not exists by_name on person (name);")

    @Test func `applies what is pending, once, and records it`() async throws {
        let database = try await MigrationDatabase()
        let migrator = try await database.migrator([Self.first, Self.second, Self.index])
        #expect(try await migrator.plan().pending.count == 3)
        #expect(try await migrator.apply() == [Self.first, Self.second, Self.index])
        #expect(try await migrator.apply() == [])
        try await migrator.verify()
        #expect(try await database.value("select name || age from person") == "Ada36")
        #expect(try await database.value("select count(*) from pg_indexes where indexname = 'by_name'") == "1")
        let record = "select string_agg(name, ',' order by number) from steps where length(checksum) = 64 and duration > '0'"
        #expect(try await database.value(record) == "people,age,index")
    }

    @Test func `a failing script leaves nothing and is named with the server's words`() async throws {
        let database = try await MigrationDatabase()
        let broken = Migration(number: 2, name: "broken", text: "create table left_over (); select 1 / 0;")
        let migrator = try await database.migrator([Self.first, broken])
        let error = await #expect(throws: MigrationError.self) { try await migrator.apply() }
        #expect(error?.code == .failed)
        #expect(error?.file == "0002_broken.sql")
        #expect(error?.message.contains("division by zero") == true)
        #expect(error?.underlying?.sqlState?.rawValue == "22012")
        #expect(try await database.value("select to_regclass('left_over')::text") == nil)
        #expect(try await database.value("select count(*) from steps") == "1")
        // The lock is free again.
        #expect(try await database.migrator([Self.first, Self.second]).apply() == [Self.second])
    }

    @Test func `an edited file is refused and nothing is applied`() async throws {
        let database = try await MigrationDatabase()
        try await database.migrator([Self.first]).apply()
        let edited = Migration(number: 1, name: "people", text: Self.first.text + " ")
        let error = await #expect(throws: MigrationError.self) { try await database.migrator([edited, Self.second]).apply() }
        #expect(error?.code == .changed)
        #expect(error?.file == "0001_people.sql")
        #expect(try await database.value("select count(*) from steps") == "1")
    }

    @Test func `verify names the first migration that is missing`() async throws {
        let database = try await MigrationDatabase()
        let migrator = try await database.migrator([Self.first, Self.second])
        let error = await #expect(throws: MigrationError.self) { try await migrator.verify() }
        #expect(error?.code == .pending)
        #expect(error?.file == "0001_people.sql")
        #expect(try await database.value("select to_regclass('steps')::text") == nil)
    }

    @Test func `a dry run tries the scripts and takes everything back`() async throws {
        let database = try await MigrationDatabase()
        let migrator = try await database.migrator([Self.first, Self.second, Self.index])
        #expect(try await migrator.apply(dryRun: true) == [Self.first, Self.second])
        #expect(try await database.value("select to_regclass('person')::text") == nil)
        let broken = Migration(number: 2, name: "broken", text: "select nothing from nowhere")
        let error = await #expect(throws: MigrationError.self) { try await database.migrator([Self.first, broken]).apply(dryRun: true) }
        #expect(error?.file == "0002_broken.sql")
    }

    @Test func `a script that ends its transaction is refused`() async throws {
        let database = try await MigrationDatabase()
        let sly = Migration(number: 1, name: "sly", text: "create table sly (); commit; begin;")
        let error = await #expect(throws: MigrationError.self) { try await database.migrator([sly]).apply() }
        #expect(error?.code == .failed)
        #expect(try await database.value("select count(*) from steps") == "0")
    }

    @Test func `settings of one script don't reach the next`() async throws {
        let database = try await MigrationDatabase()
        let rude = Migration(
            number: 1, name: "rude",
            text: "create role rude_\(database.name); grant all on schema public to rude_\(database.name); "
                + "set search_path = pg_catalog; set role rude_\(database.name);")
        let polite = Migration(number: 2, name: "polite", text: "create table polite ();")
        try await database.migrator([rude, polite]).apply()
        #expect(try await database.value("select tableowner from pg_tables where tablename = 'polite'") == "postgres")
        #expect(try await database.value("select schemaname from pg_tables where tablename = 'polite'") == "public")
    }

    @Test func `a lock held by somebody else is waited for in short turns`() async throws {
        let database = try await MigrationDatabase()
        try await database.migrator([Self.first]).apply()
        let holder = try await database.session()
        try await holder.execute(script: "begin; lock table person in access share mode")
        var patience = MigrationPatience()
        patience.lockTimeout = .milliseconds(100)
        patience.pause = .milliseconds(50)
        patience.attempts = 2
        let impatient = try await database.migrator([Self.first, Self.second], patience: patience)
        let error = await #expect(throws: MigrationError.self) { try await impatient.apply() }
        #expect(error?.underlying?.sqlState == .lockNotAvailable)
        patience.attempts = 100
        let patient = try await database.migrator([Self.first, Self.second], patience: patience)
        async let done = patient.apply()
        try await Task.sleep(for: .milliseconds(400))
        try await holder.execute(script: "rollback")
        #expect(try await done == [Self.second])
    }

    @Test func `migrators that start together take turns`() async throws {
        let database = try await MigrationDatabase()
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { try await database.migrator([Self.first, Self.second, Self.index]).apply().count }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(applied.sorted() == [0, 0, 0, 3])
    }

    @Test func `a migrator at work for too long is reported`() async throws {
        let database = try await MigrationDatabase()
        let other = try await database.migrator([])
        #expect(try await other.session.queryText(other.statements.lock, ["public.steps"]) == [["t"]])
        var patience = MigrationPatience()
        patience.forOtherMigrator = .milliseconds(300)
        let migrator = try await database.migrator([Self.first], patience: patience)
        let error = await #expect(throws: MigrationError.self) { try await migrator.apply() }
        #expect(error?.code == .busy)
    }
}
