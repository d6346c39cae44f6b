import Dispatch
import Glibc

/// One answer on the wire, as its client saw it.
struct TimedAnswer: Sendable {
    let status: Int
    /// From when the request begins to be sent until the answer's first byte has come.
    let firstByte: Duration
    /// And until its last.
    let whole: Duration
    /// Headers included.
    let bytes: Int
}

/// A connection on which one question follows another.
final class TimedConnection: Sendable {
    private let descriptor: Int32

    /// - Throws: ``BenchmarkFault`` when nobody listens.
    init(port: Int) throws {
        descriptor = try LocalPort.open(port)
    }

    deinit { close(descriptor) }

    /// Asks until the time is over or so many answers have come, at least five of them; off the threads of tasks.
    func ask(_ request: TimedRequest, atMost count: Int, seconds: Int) async throws -> [TimedAnswer] {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try self.askNow(request, atMost: count, seconds: seconds) })
            }
        }
    }

    private func askNow(_ request: TimedRequest, atMost count: Int, seconds: Int) throws -> [TimedAnswer] {
        let bytes = Array(request.text.utf8)
        let end = ContinuousClock.now + .seconds(seconds)
        var answers: [TimedAnswer] = []
        while answers.count < 5 || answers.count < count && ContinuousClock.now < end {
            let (answer, text) = try ask(bytes)
            guard request.accepts(answer.status, text) else {
                let wanted = request.code.map { " and without the code \($0)" } ?? ""
                throw BenchmarkFault("\(request.method) \(request.target), \(request.name), was answered with \(answer.status)\(wanted).")
            }
            answers.append(answer)
        }
        return answers
    }

    private func ask(_ request: [UInt8]) throws -> (TimedAnswer, text: [UInt8]) {
        let started = ContinuousClock.now
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw BenchmarkFault("The server closed a connection.") }
            sent += count
        }
        var answer: [UInt8] = []
        var firstByte = Duration.zero
        var head: AnswerHead?
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while head.map({ answer.count < $0.total }) ?? true {
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { throw BenchmarkFault("The server closed a connection before its answer was whole.") }
            if answer.isEmpty { firstByte = ContinuousClock.now - started }
            answer += buffer[..<count]
            if head == nil { head = try AnswerHead(answer) }
        }
        let timed = TimedAnswer(
            status: head?.status ?? 0, firstByte: firstByte, whole: ContinuousClock.now - started, bytes: answer.count)
        return (timed, answer)
    }
}

/// What the head of an answer says of it.
struct AnswerHead: Sendable {
    let status: Int
    /// Of the whole answer, in bytes.
    let total: Int

    /// Nil while the head is not whole.
    ///
    /// - Throws: ``BenchmarkFault`` when it does not say how long the answer is.
    init?(_ bytes: [UInt8]) throws {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }?.split(separator: ":").last
        guard let length = length.flatMap({ Int($0.filter { $0 != " " }) }),
            let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw BenchmarkFault("An answer does not say how long it is.") }
        self.status = status
        total = end.upperBound + length
    }
}
