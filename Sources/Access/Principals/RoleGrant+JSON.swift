package import HTTPEdge
package import Kernel

extension RoleGrant {
    /// The centre where it is held, for roles that are held at one.
    package var centreID: CentreID? {
        if case .centre(let id) = scope { id } else { nil }
    }

    /// Groups by role, then by centre.
    var sortKey: (String, String) { (role.rawValue, centreID?.description ?? "") }
}

extension RoleGrant: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("role", role)
            json.member("centreId", centreID)
        }
    }
}
