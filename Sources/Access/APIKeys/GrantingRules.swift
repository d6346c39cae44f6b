import Kernel

/// Who may give which role away.
///
/// Pure.
enum GrantingRules {
    /// The network's manager gives anything.
    ///
    /// An organisation's administrator gives the roles of its organisation, and roles at a
    /// centre that it holds there itself; roles of the network only come from the network.
    static func mayGrant(_ grant: RoleGrant, by principal: Principal) -> Bool {
        if principal.holdsForNetwork(.networkManager) { return true }
        return switch grant.scope {
        case .organisation(let organisation): principal.holds(.organisationAdmin, in: .organisation(organisation))
        case .centre: principal.grants.contains(grant)
        case .network: false
        }
    }
}
