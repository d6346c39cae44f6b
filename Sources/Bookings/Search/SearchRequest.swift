package import HTTPEdge
package import Kernel

/// What somebody looks for in the whole network.
package struct SearchRequest: RequestObject {
    /// A place, and how far from it.
    package struct Nearness: RequestObject {
        package let latitude: Double
        package let longitude: Double
        /// Nil: sorted by distance, however far.
        package let kilometres: Double?
    }

    package enum Kind: String, RequestValue, CaseIterable {
        case platform, equipment, workstation, workstationGroup, stock
    }

    /// So many are answered at most.
    static let most = 50

    /// Whom it is for; nil: the caller's own organisation.
    package let organisation: OrganisationID?
    let sought: ResourceCriteria
    package let period: Period?
    package let workstations: Int32
    package let audiences: [HeadCount]
    /// Leaves out what cannot be used.
    package let isOnlyUsable: Bool
    package let limit: Int
    let page: BodyPage

    package init?(reading fields: inout FieldReader) {
        organisation = fields.optional("organisationId")
        sought = ResourceCriteria(reading: &fields)
        period = fields.optionalObject("period")
        workstations = fields.optional("workstations", in: 1...10_000) ?? 1
        let audiences = fields.array("audiences", HeadCount.self, count: 0...50)
        isOnlyUsable = fields.optional("onlyUsable") ?? false
        limit = fields.optional("limit", in: 1...Self.most) ?? 20
        page = fields.page(size: "limit")
        fields.check(period, "period", days: ReserveRequest.Line.longestDays)
        self.audiences = audiences ?? []
    }
}

extension SearchRequest.Nearness {
    /// Half around the Earth.
    private static let farthest = 20_100.0

    package init?(reading fields: inout FieldReader) {
        let latitude = fields.required("latitude", Double.self)
        let longitude = fields.required("longitude", Double.self)
        kilometres = fields.optional("kilometres")
        if let latitude, !(-90...90).contains(latitude) { fields.refuse("latitude", Text("reason.latitude")) }
        if let longitude, !(-180...180).contains(longitude) { fields.refuse("longitude", Text("reason.longitude")) }
        if let kilometres, !(0...Self.farthest).contains(kilometres) { fields.refuse("kilometres", Text("reason.kilometres")) }
        guard let latitude, let longitude else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }
}
