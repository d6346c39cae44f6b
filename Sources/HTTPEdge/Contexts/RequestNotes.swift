package import Kernel
import Locking

/// What is learnt about a request on its way in and wanted on its way out, such as who sent it.
///
/// Contexts are copied as they go inwards; this box is shared by all copies.
package final class RequestNotes: Sendable {
    private struct Notes {
        var organisation: OrganisationID?
        var language: SpokenLanguage?
        var limit: RateVerdict?
        var trace: TraceContext?
    }

    private let notes = Mutex(Notes())

    package init() {}

    package var organisation: OrganisationID? {
        notes.withLock { $0.organisation }
    }

    /// The principal's language, where one is known.
    var language: SpokenLanguage? {
        notes.withLock { $0.language }
    }

    /// What the limit of the key says.
    var limit: RateVerdict? {
        notes.withLock { $0.limit }
    }

    func note(_ verdict: RateVerdict) {
        notes.withLock { $0.limit = verdict }
    }

    /// The trace that the request belongs to.
    package var trace: TraceContext? {
        notes.withLock { $0.trace }
    }

    func note(_ trace: TraceContext) {
        notes.withLock { $0.trace = trace }
    }

    func note(_ principal: Principal) {
        notes.withLock { notes in
            notes.organisation = principal.organisationID
            notes.language = principal.language.flatMap { SpokenLanguage(rawValue: $0.rawValue) }
        }
    }
}
