import CLibPQ
import Logging

/// Hears the notices of one connection, and remembers the one that makes a commit uncertain.
///
/// It logs at debug that they came, not what they say, which may quote values.
///
/// Only the thread that drives the connection touches it.
final class NoticeReceiver {
    private let logger: Logger
    /// A commit gave up waiting for its standby since the flag was last cleared.
    private(set) var heardReplicationCancelled = false

    init(logger: Logger) { self.logger = logger }

    func takeReplicationCancelled() -> Bool {
        defer { heardReplicationCancelled = false }
        return heardReplicationCancelled
    }

    func attach(to connection: OpaquePointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context = unsafe context, let result = unsafe result else { return }
                let receiver = unsafe Unmanaged<NoticeReceiver>.fromOpaque(context).takeUnretainedValue()
                receiver.hear(unsafe DiagnosticFields(result: result))
            }, context)
    }

    private func hear(_ fields: borrowing DiagnosticFields) {
        // The text is translated by lc_messages; the name of the server's function is not.
        if fields["R"] == "SyncRepWaitForLSN" { heardReplicationCancelled = true }
        var facts: Logger.Metadata = [:]
        for (name, letter) in [("severity", "V"), ("code", "C"), ("routine", "R")] as [(String, Unicode.Scalar)] {
            if let value = fields[letter] { facts[name] = "\(value)" }
        }
        logger.debug("server notice", metadata: facts)
    }
}
