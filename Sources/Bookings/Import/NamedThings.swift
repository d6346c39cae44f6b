import Access
import HTTPEdge
import Kernel
import Postgres

/// What the names, numbers and codes in a table of bookings stand for.
struct NamedThings: Sendable {
    /// Why a cell stands for nothing; the word is a reason's.
    struct Missing: Error {
        let column: BookingColumn
        let code: String
    }

    private struct Code: Hashable {
        let text: String
        let centreNumber: Int16
    }

    private var resources: [BookingWording.Resource: Result<(id: ResourceID, zone: Zone), Missing>] = [:]
    private var offers: [Code: OfferID] = [:]

    func resource(_ row: BookingWording) throws(Missing) -> (id: ResourceID, zone: Zone) {
        guard let found = resources[row.resource] else { throw Missing(column: .resource, code: "resourceUnknown") }
        return try found.get()
    }

    /// - Parameter resource: an offer's code is one of its centre's.
    func offer(_ row: BookingWording, at resource: ResourceID) throws(Missing) -> OfferID? {
        guard let text = row.offer else { return nil }
        guard let offer = OfferID(text) ?? offers[Code(text: text, centreNumber: resource.centreColumn)] else {
            throw Missing(column: .offer, code: "offerCodeUnknown")
        }
        return offer
    }
}

extension NamedThings {
    /// Looks everything up at once.
    static func find(_ rows: [BookingWording], in transaction: borrowing PostgresTransaction) async throws -> NamedThings {
        var things = NamedThings()
        try await things.addNamed(Set(rows.compactMap(\.place)), in: transaction)
        try await things.addKnown(Set(rows.compactMap(\.resourceID)), in: transaction)
        try await things.addOffers(of: rows, in: transaction)
        return things
    }

    private mutating func addNamed(_ asked: Set<BookingWording.Place>, in transaction: borrowing PostgresTransaction) async throws {
        let places = Array(asked)
        guard !places.isEmpty else { return }
        let rows = try await transaction.all(
            SQL.FindNamedResources(names: places.map(\.name), sites: places.map(\.site), centres: places.map(\.centre)))
        for row in rows {
            let place = places[Int(row.number) - 1]
            guard row.found == 1 else {
                resources[.called(place)] = .failure(Missing(column: .resource, code: "nameAmbiguous"))
                continue
            }
            resources[.called(place)] = .success((row.resource, try Self.zone(row.zone)))
        }
    }

    private mutating func addKnown(_ asked: Set<ResourceID>, in transaction: borrowing PostgresTransaction) async throws {
        guard !asked.isEmpty else { return }
        for row in try await transaction.all(SQL.FindResourceZones(resources: Array(asked))) {
            resources[.id(row.resource)] = .success((row.resource, try Self.zone(row.zone)))
        }
    }

    private mutating func addOffers(of rows: [BookingWording], in transaction: borrowing PostgresTransaction) async throws {
        var asked: Set<Code> = []
        for row in rows {
            guard let text = row.offer, OfferID(text) == nil, case .success(let found)? = resources[row.resource] else { continue }
            asked.insert(Code(text: text, centreNumber: found.id.centreColumn))
        }
        let codes = Array(asked)
        guard !codes.isEmpty else { return }
        let found = try await transaction.all(
            SQL.FindCodedOffers(codes: codes.map(\.text), centreNumbers: codes.map(\.centreNumber)))
        for row in found { offers[Code(text: row.code, centreNumber: row.centreNumber)] = row.id }
    }

    private static func zone(_ name: String) throws -> Zone {
        guard let zone = Zone(name) else { throw UnknownZone(name: name) }
        return zone
    }
}

extension BookingWording {
    fileprivate var place: Place? { if case .called(let place) = resource { place } else { nil } }
    fileprivate var resourceID: ResourceID? { if case .id(let id) = resource { id } else { nil } }
}
