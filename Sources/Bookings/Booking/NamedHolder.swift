package import HTTPEdge
package import Kernel

/// Who is named for what a resource asks somebody to hold; the id says nothing by itself.
package struct NamedHolder: RequestObject, JSONWritable, Hashable {
    package enum Role: String, CaseIterable, RequestValue, JSONWritable {
        case participant, driver, trainer
    }

    package let role: Role
    package let holder: HolderID

    package init?(reading fields: inout FieldReader) {
        let role: Role? = fields.required("role")
        let holder: HolderID? = fields.required("holderId")
        guard let role, let holder else { return nil }
        self.role = role
        self.holder = holder
    }

    init?(storedRole: String, holder: HolderID) {
        guard let role = Role(rawValue: storedRole) else { return nil }
        self.role = role
        self.holder = holder
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("role", role)
            json.member("holderId", holder)
        }
    }
}
