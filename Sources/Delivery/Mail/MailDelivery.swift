import Access
import FoundationEssentials
import HTTPEdge
import Kernel
package import Logging
package import Postgres
package import Upkeep

/// What came of the messages that were due; no addresses.
package struct MailReport: Hashable, Sendable {
    package fileprivate(set) var accepted = 0
    package fileprivate(set) var failed = 0
    package fileprivate(set) var lastError: String?
}

extension Delivery {
    private static let atOnce: Int32 = 4
    /// Longer than the mail program is given for as many messages, one after the other.
    private static let leaseSeconds: Int32 = 300

    /// Writes mail about what happens to bookings, and hands it to the mail program.
    ///
    /// As with webhooks everything stands in the database: what is due is lent for some minutes. What the program has taken is never sent
    /// again; only a server killed between its taking a message and the record of it leaves that message to be sent twice, under one id.
    package func mailDelivery(with settings: MailSettings, logger: Logger) -> RecurringWork {
        RecurringWork("mail", every: .seconds(5), level: .debug, logger: logger) {
            let report = try await sendMail(with: settings)
            if let error = report.lastError {
                logger.warning("Mail could not be sent", metadata: ["count": "\(report.failed)", "error": "\(error)"])
            }
            return report.accepted
        }
    }

    /// Makes messages of every new event and of what is to be reminded of, then sends all that are due.
    @discardableResult
    package func sendMail(with settings: MailSettings, batch: Int32 = 200) async throws(PostgresError) -> MailReport {
        var taken = batch
        while !Task.isCancelled, taken == batch {
            taken = try await database.one(SQL.WriteMail(batch: batch)).taken
        }
        _ = try await database.one(SQL.WriteReminders(hours: settings.reminderHours))
        _ = try await database.one(SQL.WriteApprovalReminders())
        var report = MailReport()
        guard let sender = MailAddress(settings.sender) else { return report }
        let program = Sendmail(program: settings.program, sender: sender)
        while !Task.isCancelled {
            let lease = identifiers.make(EventID.self).rawValue
            let claimed = try await database.all(SQL.ClaimMail(lease: lease, rowLimit: Self.atOnce, leaseSeconds: Self.leaseSeconds))
            if claimed.isEmpty { break }
            for mail in claimed { try await send(mail, under: lease, by: program, &report) }
        }
        return report
    }

    private func send(
        _ claimed: SQL.ClaimMail.Row, under lease: UUID, by program: Sendmail, _ report: inout MailReport
    ) async throws(PostgresError) {
        guard let message = try await message(claimed, from: program.sender) else {
            _ = try await settle(claimed, lease, "failed", "there is nothing to say")
            return
        }
        switch await program.send(message.bytes, to: message.recipient) {
        case .accepted:
            report.accepted += 1
            _ = try await settle(claimed, lease, "sent", nil)
        case .refused(let reason):
            (report.failed, report.lastError) = (report.failed + 1, reason)
            _ = try await settle(claimed, lease, "failed", reason)
        case .notNow(let reason):
            (report.failed, report.lastError) = (report.failed + 1, reason)
            _ = try await settle(claimed, lease, "later", reason)
        }
    }

    private func settle(
        _ claimed: SQL.ClaimMail.Row, _ lease: UUID, _ result: String, _ error: String?
    ) async throws(PostgresError) -> String {
        var random = identifiers.generator
        return try await database.one(
            SQL.SettleMail(id: claimed.id, lease: lease, result: result, error: error, jitter: Double.random(in: -1...1, using: &random))
        ).outcome
    }

    /// - Returns: nil where there is nothing to say, to nobody, or of no kind that is known.
    private func message(_ claimed: SQL.ClaimMail.Row, from sender: MailAddress) async throws(PostgresError) -> MailMessage? {
        let language = SpokenLanguage(rawValue: claimed.language) ?? .french
        let speaker = Speaker(language, catalogue: catalogue)
        guard let kind = MailKind(rawValue: claimed.kind), let recipient = MailAddress(claimed.recipient) else { return nil }
        if kind.isAboutThings {
            let things = try await database.all(SQL.MailThings(id: claimed.id))
            guard let letter = ThingsLetter(kind, things, speaker, site: site) else { return nil }
            return MailMessage(
                id: claimed.id, sender: sender, recipient: recipient, date: claimed.createdAt, language: language.rawValue,
                subject: letter.subject, text: letter.text, calendars: [])
        }
        let lines = try await database.all(SQL.MailLines(id: claimed.id))
        guard let letter = MailLetter(kind, lines, speaker, site: site) else { return nil }
        return MailMessage(
            id: claimed.id, sender: sender, recipient: recipient, date: claimed.createdAt, language: language.rawValue,
            subject: letter.subject, text: letter.text,
            calendars: letter.calendars(from: sender, to: recipient, at: claimed.createdAt))
    }
}
