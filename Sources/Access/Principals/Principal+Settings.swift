package import Kernel
package import Postgres

extension Principal {
    /// What the row-level policies read: who asks, which centres it works for, whether it sees the whole network.
    package var settings: [PostgresSetting] {
        let centres = workplaces.map(String.init).joined(separator: ",")
        var settings = [
            PostgresSetting(name: "plateau.organisation", value: organisationID.description),
            PostgresSetting(name: "plateau.centres", value: "{\(centres)}"),
        ]
        if holdsForNetwork(.networkManager, .networkAuditor, .labelAuthority) { settings.append(.wholeNetwork) }
        return settings
    }

    /// Numbers of the centres where this caller is instructor, staff or manager, ascending.
    package var workplaces: [Int16] {
        let numbers = grants.compactMap { grant -> Int16? in
            if case .centre(let id) = grant.scope { id.centreColumn } else { nil }
        }
        return Set(numbers).sorted()
    }
}

extension PostgresSetting {
    /// Lets a read see every organisation's rows; for work that the service does on its own account.
    package static let wholeNetwork = PostgresSetting(name: "plateau.network", value: "on")
}
