import Access
import FoundationEssentials
import Kernel
package import Logging
package import Postgres
package import Upkeep

extension Delivery {
    private static let atOnce: Int32 = 16
    /// Longer than a look-up and an attempt may take together.
    private static let leaseSeconds: Int32 = 60

    /// Brings events to the webhooks that they concern.
    ///
    /// What is due is lent for a minute, so what one instance had when it died is sent by another. A receiver may get a message twice,
    /// under the same id, but never misses one.
    package func webhookDelivery(logger: Logger) -> RecurringWork {
        RecurringWork("webhook messages", every: .seconds(1), level: .debug, logger: logger) { try await sendWhatIsDue() }
    }

    /// Makes messages of every new event, then sends all that are due.
    /// - Returns: how many attempts were made.
    @discardableResult
    package func sendWhatIsDue(batch: Int32 = 500) async throws(PostgresError) -> Int {
        _ = try await inBatches(of: batch) { () async throws(PostgresError) in
            try await database.one(SQL.PublishEvents(batch: batch)).taken
        }
        var count = 0
        while !Task.isCancelled {
            let lease = identifiers.make(EventID.self).rawValue
            let claimed = try await database.all(
                SQL.ClaimMessages(lease: lease, rowLimit: Self.atOnce, leaseSeconds: Self.leaseSeconds))
            if claimed.isEmpty { break }
            await withTaskGroup(of: Void.self) { group in
                for message in claimed { group.addTask { await send(message, under: lease) } }
            }
            count += claimed.count
        }
        return count
    }

    /// An attempt whose record is lost is made again when its lease ends.
    private func send(_ claimed: SQL.ClaimMessages.Row, under lease: UUID) async {
        let began = ContinuousClock.now
        let result: (outcome: SendOutcome, status: Int?)
        do {
            guard let event = try await event(of: claimed) else {
                await record(claimed, lease, (.eventForgotten, nil), began.duration(to: .now))
                return
            }
            result = await WebhookSender(rules: destinations).send(sign(event, for: claimed))
        } catch {
            return
        }
        if Task.isCancelled { return }
        await record(claimed, lease, result, began.duration(to: .now))
    }

    private func event(of claimed: SQL.ClaimMessages.Row) async throws -> Event? {
        guard let centre = claimed.eventCentreId, let number = claimed.eventId else {
            return Event(testOf: claimed.webhookId, id: claimed.messageId, at: identifiers.clock.now())
        }
        let row = try await database.first(SQL.EventData(centreNumber: centre, id: number))
        guard let row else { return nil }
        return try Event(id: claimed.messageId, type: claimed.type, occurredAt: row.occurredAt, data: row.data)
    }

    private func sign(_ event: Event, for claimed: SQL.ClaimMessages.Row) -> SignedMessage {
        let numbers = claimed.hasFormerSecret ? [claimed.secretNumber, claimed.secretNumber - 1] : [claimed.secretNumber]
        return SignedMessage(
            event, url: claimed.url, at: identifiers.clock.now(),
            secrets: numbers.map { secrets.secret(of: claimed.webhookId, number: $0) })
    }

    private func record(
        _ claimed: SQL.ClaimMessages.Row, _ lease: UUID, _ result: (outcome: SendOutcome, status: Int?), _ duration: Duration
    ) async {
        var random = identifiers.generator
        let milliseconds = Int32(clamping: duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000)
        _ = try? await database.one(
            SQL.RecordAttempt(
                webhook: claimed.webhookId, message: claimed.messageId, lease: lease, outcome: result.outcome.rawValue,
                status: result.status.map { Int16(clamping: $0) }, milliseconds: milliseconds,
                jitter: Double.random(in: -1...1, using: &random)))
    }
}
