package import HTTPEdge
package import Kernel
import Postgres

/// The municipality that a site was stored with, and what it is today.
package struct SiteMunicipality: Hashable, Sendable {
    /// A municipality under the code and names of one list.
    package struct Entry: Hashable, Sendable {
        package let code: String
        package let name: String
        /// An object of names by language, as JSON; nil for none.
        package let names: String?
    }

    package let scheme: String
    /// Of the list that the code is of.
    package let version: String
    package let stored: Entry
    /// The last day on which it was itself; nil while it is.
    package let validTo: LocalDay?
    /// The version of the list in force today.
    package let currentVersion: String
    /// What it is there: itself, or what it became, several after a split.
    package let current: [Entry]

    /// - Parameter rows: those of one site.
    init?(_ rows: some Collection<SQL.ListSiteMunicipalities.Row>) {
        guard let first = rows.first else { return nil }
        scheme = first.scheme
        version = first.version
        stored = Entry(code: first.code, name: first.name, names: first.names?.text)
        validTo = first.validTo
        currentVersion = first.currentVersion
        current = rows.map { Entry(code: $0.currentCode, name: $0.currentName, names: $0.currentNames?.text) }
    }
}

extension SiteMunicipality: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("scheme", scheme)
            json.member("version", version)
            stored.writeMembers(to: &json)
            json.member("validTo", validTo)
            json.object("current") { json in
                json.member("version", currentVersion)
                json.array("municipalities", current)
            }
        }
    }
}

extension SiteMunicipality.Entry: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("code", code)
        json.member("name", name)
        if let names {
            json.name("names")
            json.raw(names)
        }
    }
}
