package import Kernel
import Synchronization

/// What is learnt about a request on its way in and wanted on its way out, such as who sent it.
///
/// Contexts are copied as they go inwards; this box is shared by all copies.
package final class RequestNotes: Sendable {
    private struct Notes {
        var organisation: OrganisationID?
        var language: SpokenLanguage?
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

    func note(_ principal: Principal) {
        notes.withLock { notes in
            notes.organisation = principal.organisationID
            notes.language = principal.language.flatMap { SpokenLanguage(rawValue: $0.rawValue) }
        }
    }
}
