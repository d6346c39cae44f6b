import HTTPEdge
import Kernel

/// The body of `createSite`.
struct SiteSubmission: RequestObject {
    /// How a site stands.
    enum Kind: String, CaseIterable, RequestValue {
        case fixed, mobile, temporary
    }

    let name: String
    let kind: Kind
    let town: String
    let zone: Zone
    let latitude: Double?
    let longitude: Double?

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let kind = fields.required("kind", Kind.self)
        let town = fields.required("town", maximum: 200)
        let zone = fields.required("zone", Zone.self)
        latitude = fields.optional("latitude", Double.self)
        longitude = fields.optional("longitude", Double.self)
        if let latitude, !(-90...90).contains(latitude) { fields.refuse("latitude", Text("reason.latitude")) }
        if let longitude, !(-180...180).contains(longitude) { fields.refuse("longitude", Text("reason.longitude")) }
        if fields.has("latitude") != fields.has("longitude") { fields.refuse("latitude", Text("reason.coordinates")) }
        guard let name, let kind, let town, let zone else { return nil }
        self.name = name
        self.kind = kind
        self.town = town
        self.zone = zone
    }
}
