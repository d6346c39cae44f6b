import HTTPEdge

/// What an organisation is.
package enum OrganisationKind: String, CaseIterable, Hashable, Sendable, RequestValue, JSONWritable {
    case trainingOrganisation, company, school
    /// Made together with a centre, or with the network; never on its own.
    case centre, network
}
