import HTTPEdge
import Postgres

/// In which accounts a try of a password is counted, and what each may hold.
///
/// Few for one address of mail from one network: guessing there is not worth it, and nobody elsewhere is kept out by it. More for the
/// address from everywhere, and for the network whomever it tries.
struct PasswordTries: Sendable {
    /// By digest: for the address from there, for the address, from there.
    let accounts: [PostgresBytes]
    /// Parallel to the accounts.
    let most: [Int32]

    /// - Parameter network: from where it is tried; nil for a Unix socket.
    init(of address: SignInAddress, from network: IPAddress?, _ pepper: KeyPepper, _ limits: Sessions.Limits) {
        let place = network?.subscriber.description ?? ""
        accounts = ["password-pair:\(address.text) \(place)", "password:\(address.text)", "password-from:\(place)"]
            .map { PostgresBytes(pepper.code(of: $0)) }
        most = [limits.passwordTries, limits.passwordTriesOfPerson, limits.passwordTriesOfNetwork]
    }
}
