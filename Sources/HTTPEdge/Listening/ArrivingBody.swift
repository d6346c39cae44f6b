import NIOCore

/// A body that is handed out before it is whole.
enum ArrivingBody {
    typealias Sequence = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Demand
    >
    typealias Source = Sequence.Source

    /// Tells the intake when more may come.
    struct Demand: NIOAsyncSequenceProducerDelegate {
        fileprivate let intake: NIOLoopBound<RequestIntake>

        func produceMore() {
            intake.eventLoop.execute { intake.value.bodyIsWanted() }
        }

        func didTerminate() {
            produceMore()
        }
    }

    /// On the loop only.
    static func make(for intake: RequestIntake, on loop: any EventLoop) -> (sequence: Sequence, source: Source) {
        let made = Sequence.makeSequence(
            backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8), finishOnDeinit: false,
            delegate: Demand(intake: NIOLoopBound(intake, eventLoop: loop)))
        return (made.sequence, made.source)
    }
}
