package import Foundation

extension BenchmarkReport {
    /// Every figure of every round, for programs.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(
            Document(
                machine: machine.sentence, seconds: settings.seconds, rounds: settings.rounds, loadBefore: load.first ?? 0,
                loadAfter: load.last ?? 0,
                peakKilobytes: peakKilobytes, gateMicroseconds: gate?.gateMicroseconds, gateShare: gate?.share,
                lines: lines.map(Document.Line.init), answers: answers.map(Document.Answer.init), verdicts: verdicts))
    }

    private struct Document: Encodable {
        let machine: String
        let seconds: Int
        let rounds: Int
        let loadBefore: Double
        let loadAfter: Double
        let peakKilobytes: Int
        let gateMicroseconds: Double?
        let gateShare: Double?
        let lines: [Line]
        let answers: [Answer]
        let verdicts: [BenchmarkVerdict]

        struct Line: Encodable {
            let work: String
            let bookings: Int
            let connections: Int
            /// Nil: not compared.
            let medianRatio: Double?
            let residentKilobytes: Int
            let rounds: [Round]

            init(_ line: BenchmarkLine) {
                work = line.work
                bookings = line.bookings
                connections = line.connections
                medianRatio = line.statements == nil ? line.median(\.ratio) : nil
                residentKilobytes = line.residentKilobytes
                rounds = line.measurements.map { Round($0, isCompared: line.statements == nil) }
            }
        }

        struct Answer: Encodable {
            let question: String
            let bookings: Int
            let medianFirstByteMilliseconds: [Double]
            let percentile99FirstByteMilliseconds: [Double]
            let medianMilliseconds: [Double]
            let percentile99Milliseconds: [Double]
            let bytes: [Int]
            let ratios: [Double]

            init(_ line: AnswerLine) {
                question = line.request.name
                bookings = line.bookings
                medianFirstByteMilliseconds = line.rounds.map(\.firstByte.median)
                percentile99FirstByteMilliseconds = line.rounds.map(\.firstByte.percentile99)
                medianMilliseconds = line.rounds.map(\.whole.median)
                percentile99Milliseconds = line.rounds.map(\.whole.percentile99)
                bytes = line.rounds.map(\.bytes)
                ratios = line.rounds.compactMap(\.ratio)
            }
        }

        struct Round: Encodable {
            let requestsPerSecond: Double
            let medianMilliseconds: Double
            let percentile99Milliseconds: Double
            let refused: Int
            let failed: Int
            let ratio: Double?
            let processorRatio: Double?
            let serverMicroseconds: Double
            let databaseMicroseconds: Double
            let wrkMicroseconds: Double
            let pgbenchMicroseconds: Double
            let pgbenchPerSecond: Double
            let pgbenchDatabaseMicroseconds: Double
            let pgbenchRefusedShare: Double
            let foldMicroseconds: Double
            let aloneMedianMilliseconds: Double?
            let alonePercentile99Milliseconds: Double?

            init(_ measurement: Measurement, isCompared: Bool) {
                requestsPerSecond = measurement.requestsPerSecond
                medianMilliseconds = measurement.wrk.median.inSeconds * 1000
                percentile99Milliseconds = measurement.wrk.percentile99.inSeconds * 1000
                refused = measurement.wrk.refused
                failed = measurement.wrk.failed
                ratio = isCompared ? measurement.ratio : nil
                processorRatio = isCompared ? measurement.processorRatio : nil
                wrkMicroseconds = measurement.wrkMicroseconds
                pgbenchMicroseconds = measurement.pgbenchMicroseconds
                serverMicroseconds = measurement.serverMicroseconds
                databaseMicroseconds = measurement.databaseMicroseconds
                pgbenchPerSecond = measurement.pgbench.transactionsPerSecond
                pgbenchDatabaseMicroseconds = measurement.pgbench.databaseMicroseconds
                pgbenchRefusedShare = measurement.pgbench.refusedShare
                foldMicroseconds = measurement.foldMicroseconds
                aloneMedianMilliseconds = measurement.alone?.median
                alonePercentile99Milliseconds = measurement.alone?.percentile99
            }
        }
    }
}
