import Testing

@Suite("The shortest sequence that fails")
struct EngineShrinkTests {
    @Test(arguments: [[3], [3, 57], [0, 1, 2], [12, 13, 88, 99], [0, 99]])
    func `what is needed together stays, and nothing else`(needed: [Int]) async throws {
        var tries = 0
        let few = try await shrunk(Array(0..<100), patience: 1_000) { part in
            tries += 1
            return needed.allSatisfy(part.contains)
        }
        #expect(few == needed)
        #expect(tries < 200, "\(tries) tries")
    }

    @Test func `a sequence of which any half fails ends with one`() async throws {
        let few = try await shrunk(Array(0..<100), patience: 1_000) { !$0.isEmpty }
        #expect(few.count == 1)
    }

    @Test func `what fails by chance is kept whole, and patience ends`() async throws {
        var tries = 0
        let few = try await shrunk(Array(0..<100), patience: 10) { _ in
            tries += 1
            return false
        }
        #expect(few.count == 100 && tries == 10)
    }
}
