import Testing

@testable import Postgres

@Suite struct GroupFormerTests {
    private func write(_ name: String, _ keys: [Int64]?) -> PendingWrite {
        let call = PipelineCall(StatementText(name: name, text: ""))
        return PendingWrite(
            request: PostgresRequest(call, patience: .seconds(1)), locks: keys?.map { PostgresLock(key: $0, mode: .shared) })
    }

    private func names(_ batch: GroupFormer.Batch?) -> [String] {
        switch batch {
        case .group(let writes, _): writes.map(\.request.call.statement.name)
        case .alone(let write): ["alone " + write.request.call.statement.name]
        case nil: []
        }
    }

    @Test func `what has gathered goes together, by lock and then as it came`() {
        var former = GroupFormer(limit: 64)
        for (name, keys) in [("a", [5]), ("b", [2, 9]), ("c", [5]), ("d", [])] as [(String, [Int64])] { former.add(write(name, keys)) }
        #expect(names(former.next()) == ["d", "b", "a", "c"])
        #expect(names(former.next()) == [])
    }

    @Test func `a group has a limit and leaves the rest in order`() {
        var former = GroupFormer(limit: 2)
        for name in ["a", "b", "c"] { former.add(write(name, [1])) }
        #expect(names(former.next()) == ["a", "b"])
        #expect(names(former.next()) == ["c"])
    }

    @Test func `unknown locks and second tries go alone, in turn with groups`() {
        var former = GroupFormer(limit: 64)
        former.add(write("a", [1]))
        former.add(write("b", nil))
        former.redo(write("c", [1]))
        former.add(write("d", [1]))
        #expect(names(former.next()) == ["alone b"])
        #expect(names(former.next()) == ["a", "d"])
        #expect(names(former.next()) == ["alone c"])
        #expect(former.isEmpty)
    }

    @Test func `the union of locks is ascending, each once, exclusive when anyone asks for it`() {
        let union = PostgresLock.union([
            PostgresLock(key: 3, mode: .shared), PostgresLock(key: -1, mode: .exclusive), PostgresLock(key: 3, mode: .exclusive),
            PostgresLock(key: 3, mode: .shared), PostgresLock(key: 7, mode: .shared),
        ])
        #expect(
            union == [
                PostgresLock(key: -1, mode: .exclusive), PostgresLock(key: 3, mode: .exclusive), PostgresLock(key: 7, mode: .shared),
            ])
    }
}
