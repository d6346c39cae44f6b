import NIOCore

/// A countdown that is started and stopped often and seldom ends.
///
/// Stopping leaves the loop's task where it is; a task that finds the moment moved runs again then.
/// So a request that comes whole costs no task at all.
struct LazyTimer {
    private final class Moment {
        var due: NIODeadline?
        var body: () -> Void = {}
        var task: Scheduled<Void>?
        var taskAt = NIODeadline.distantFuture
    }

    private let moment = Moment()

    var isRunning: Bool { moment.due != nil }

    /// Calls `body` when the time is over, unless stopped or started anew before.
    ///
    /// On the loop only.
    func start(in amount: TimeAmount, on loop: any EventLoop, _ body: @escaping () -> Void) {
        let due = NIODeadline.now() + amount
        moment.due = due
        moment.body = body
        if moment.task != nil, moment.taskAt <= due { return }
        moment.task?.cancel()
        Self.schedule(moment, at: due, on: loop)
    }

    func stop() {
        moment.due = nil
    }

    /// Also takes the task away, for good.
    func end() {
        moment.due = nil
        moment.body = {}
        moment.task?.cancel()
        moment.task = nil
    }

    private static func schedule(_ moment: Moment, at deadline: NIODeadline, on loop: any EventLoop) {
        moment.taskAt = deadline
        moment.task = loop.assumeIsolated().scheduleTask(deadline: deadline) {
            moment.task = nil
            guard let due = moment.due else { return moment.body = {} }
            if due > .now() { return schedule(moment, at: due, on: loop) }
            moment.due = nil
            let body = moment.body
            moment.body = {}
            body()
        }
    }
}
