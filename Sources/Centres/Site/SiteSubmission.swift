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
    let municipality: MunicipalityChoice?

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let kind = fields.required("kind", Kind.self)
        let town = fields.required("town", maximum: 200)
        let zone = fields.required("zone", Zone.self)
        (latitude, longitude) = fields.coordinates()
        municipality = fields.optionalObject("municipality", MunicipalityChoice.self)
        guard let name, let kind, let town, let zone else { return nil }
        self.name = name
        self.kind = kind
        self.town = town
        self.zone = zone
    }
}

/// The body of `changeSite`: what is absent stays as it is.
struct SiteChange: RequestObject {
    let name: String?
    let town: String?
    let latitude: Double?
    let longitude: Double?
    let municipality: MunicipalityChoice?

    init?(reading fields: inout FieldReader) {
        name = fields.optional("name", maximum: 200)
        town = fields.optional("town", maximum: 200)
        (latitude, longitude) = fields.coordinates()
        municipality = fields.optionalObject("municipality", MunicipalityChoice.self)
    }
}

extension FieldReader {
    /// `latitude` and `longitude`, both or neither.
    fileprivate mutating func coordinates() -> (latitude: Double?, longitude: Double?) {
        let latitude = optional("latitude", Double.self)
        let longitude = optional("longitude", Double.self)
        if let latitude, !(-90...90).contains(latitude) { refuse("latitude", Text("reason.latitude")) }
        if let longitude, !(-180...180).contains(longitude) { refuse("longitude", Text("reason.longitude")) }
        if has("latitude") != has("longitude") { refuse("latitude", Text("reason.coordinates")) }
        return (latitude, longitude)
    }
}
