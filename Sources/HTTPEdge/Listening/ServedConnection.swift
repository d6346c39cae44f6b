import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A connection with the handler that takes its requests in.
struct ServedConnection: ServerChildChannelValue {
    let channel: any Channel
    let intake: NIOLoopBound<RequestIntake>

    /// On the connection's loop.
    init(channel: any Channel) throws {
        self.channel = channel
        let intake = RequestIntake()
        try channel.pipeline.syncOperations.addHandler(intake)
        self.intake = NIOLoopBound(intake, eventLoop: channel.eventLoop)
    }

    /// Answers one request after the other until there are no more.
    ///
    /// On the event loop that reads them: on Swift's own pool each request wakes a thread of that pool and, for its answer, the loop
    /// again: measured, more processor time than most requests need for themselves. Handlers wait for the database without blocking,
    /// so a loop is not held up.
    func serve(_ responder: any HTTPResponder<GuestContext>, serverName: String, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(loop: channel.eventLoop)) {
            await withTaskCancellationHandler {
                await answerAll(responder, serverName: serverName, logger: logger)
            } onCancel: {
                channel.close(mode: .input, promise: nil)
            }
        }
    }

    private func answerAll(_ responder: any HTTPResponder<GuestContext>, serverName: String, logger: Logger) async {
        do {
            while let request = await intake.value.next() {
                let context = GuestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
                var response = try await answer(request, context, responder)
                response.headers[.server] = serverName
                let writer = AnswerWriter(response, channel: channel)
                try await response.body.write(writer)
                await intake.value.write(writer.parts)
                if response.headers[.connection] == "close" { break }
            }
            channel.close(mode: .output, promise: nil)
        } catch {
            // The request was cut off or the client is gone in the middle of its answer: nothing more can be said on this connection.
            channel.close(promise: nil)
        }
        try? await channel.closeFuture.get()
    }

    private func answer(
        _ request: Request, _ context: GuestContext, _ responder: any HTTPResponder<GuestContext>
    ) async throws -> Response {
        var response: Response
        do {
            response = try await responder.respond(to: request, context: context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            context.logger.error("A fault passed every layer", metadata: ["error": "\(String(reflecting: error))"])
            response = Response(status: .internalServerError)
        }
        if request.headers[.connection]?.lowercased() == "close" { response.headers[.connection] = "close" }
        return response
    }
}

/// Runs tasks on an event loop.
private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
