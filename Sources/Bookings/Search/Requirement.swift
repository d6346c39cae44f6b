import FoundationEssentials
import HTTPEdge
import Postgres

/// What whoever uses a resource must bring, as `bookings.requirements` tells it.
struct Requirement: Hashable, Sendable, Decodable {
    enum Kind: String, Sendable, Decodable, JSONWritable {
        /// One of the ways of `supervision`.
        case supervision
        /// An attestation that `holder` must hold.
        case attestation
    }

    let kind: Kind
    let supervision: [String]?
    /// The resource that asks for it: the one that was found, or what it stands in.
    let of: String?
    let holder: String?
    let attestation: String?
    /// Of the type, and when it is to be there; nil where the network does not know the type.
    let name: String?
    let proof: String?
    let note: String?
    /// Whether the organisation itself holds it throughout; nil of persons, whom a search does not name.
    let isHeld: Bool?

    /// - Throws: `DecodingError` for JSON of another shape.
    static func list(_ json: PostgresJSON) throws -> [Requirement] {
        try JSONDecoder().decode([Requirement].self, from: Data(json.utf8))
    }
}

extension Requirement: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", kind)
            if let supervision { json.array("supervision", supervision) }
            json.member("of", of)
            json.member("holder", holder)
            json.member("attestation", attestation)
            json.member("name", name)
            json.member("proof", proof)
            json.member("note", note)
            json.member("isHeld", isHeld)
        }
    }
}
