package import Kernel

/// Finds who a credential belongs to.
///
/// The seam between the edge and the slice that keeps the keys.
package protocol Authenticating: Sendable {
    /// - Returns: nil when the credential is unknown, expired or revoked.
    /// - Throws: when it can't be told, such as a database out of reach.
    func principal(for credential: BearerCredential, at instant: Instant) async throws -> Principal?
}
