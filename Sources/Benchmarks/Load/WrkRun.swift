import Foundation

/// What wrk measured.
struct WrkResult: Sendable {
    let requests: Int
    let seconds: Double
    /// Answers other than 200 and 201: whoever is sent elsewhere is not answered.
    let refused: Int
    /// Connections lost and requests without an answer.
    let failed: Int
    let median: Duration
    let percentile99: Duration
    /// The status of the first answer; 0: there was none.
    let firstStatus: Int

    var answered: Int { requests - refused }

    /// Reads the line that the script prints at the end.
    init?(output: String) {
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("measured ") }) else { return nil }
        let numbers = line.split(separator: " ").dropFirst().compactMap { Int($0) }
        guard numbers.count == 7 else { return nil }
        seconds = Double(numbers[0]) / 1e6
        requests = numbers[1]
        refused = numbers[2]
        failed = numbers[3]
        median = .microseconds(numbers[4])
        percentile99 = .microseconds(numbers[5])
        firstStatus = numbers[6]
    }
}

/// Runs wrk on a work's requests.
struct WrkRun: Sendable {
    let program: String
    let surroundings: BenchmarkSurroundings
    let script: String
    let address: String

    init(_ request: LuaScript, named name: String, program: String, surroundings: BenchmarkSurroundings, address: String) throws {
        self.program = program
        self.surroundings = surroundings
        self.address = address
        script = "\(surroundings.directory)/\(name).lua"
        try Data(request.text.utf8).write(to: URL(filePath: script))
    }

    /// - Parameter turn: which window of days the run begins with, where works have such.
    func measure(seconds: Int, connections: Int, turn: Int) async throws -> WrkResult {
        let output = "\(surroundings.directory)/wrk.txt"
        let arguments = [
            "--threads", "1", "--connections", "\(connections)", "--duration", "\(seconds)s", "--timeout", "30s", "--script", script,
            address,
        ]
        let credentials = surroundings.credentials
        let child = try ChildProgram(
            program, arguments,
            environment: [
                "PLATEAU_BENCH_KEY": credentials.key, "PLATEAU_BENCH_SESSION": credentials.session, "PLATEAU_BENCH_TURN": "\(turn)",
            ], output: output)
        let status = await child.exit()
        try Task.checkCancellation()
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard status == 0, let result = WrkResult(output: text) else {
            throw BenchmarkFault("wrk ended with code \(status):\n\(text.suffix(2000))")
        }
        return result
    }
}
