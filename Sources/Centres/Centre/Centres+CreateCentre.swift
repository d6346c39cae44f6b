import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
package import Kernel
import Postgres

extension Centres {
    func createCentre(_ request: Request, _ context: MemberContext) async throws -> Response {
        let submission = try await request.submission(CentreSubmission.self, in: context)
        return try await access.idempotency.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let centre = try await createCentre(submission.body, in: transaction)
            return .json(.created, eTag: centre.eTag, location: "/v1/centres/\(centre.id)") { json in centre.writeMembers(to: &json) }
        }
    }

    /// Adds a centre, the organisation through which it books, and its public holidays.
    func createCentre(_ new: CentreSubmission, in transaction: borrowing PostgresTransaction) async throws -> Centre {
        _ = try await transaction.execute(SQL.LockCentreNumbers())
        let number = Int16(clamping: try await transaction.one(SQL.NextCentreNumber()).number)
        let zone = new.zone ?? Zone("Europe/Brussels")
        guard let zone else { throw CentresRefusal.zoneUnknown }
        let record = CentreRecord(
            number: number, kind: "centre", carrier: new.carrier.rawValue, name: new.name, namedFrom: new.namedFrom, zone: zone)
        let organisation = NewOrganisation(kind: .centre, name: new.name, enterpriseNumber: new.enterpriseNumber)
        return try await add(record, as: organisation, in: transaction)
    }

    /// Makes the network itself, centre number 0, with its organisation; for the installation of the service.
    ///
    /// - Returns: nil when it is there already.
    package func establishNetwork(name: String, enterpriseNumber: EnterpriseNumber, zone: Zone) async throws -> CentreID? {
        try await database.transaction { transaction in
            _ = try await transaction.execute(SQL.LockCentreNumbers())
            guard try await transaction.first(SQL.NetworkCentre()) == nil else { return nil }
            let record = CentreRecord(number: 0, kind: "network", carrier: nil, name: name, namedFrom: nil, zone: zone)
            let organisation = NewOrganisation(kind: .network, name: name, enterpriseNumber: enterpriseNumber)
            return try await add(record, as: organisation, in: transaction).id
        }
    }

    private func add(
        _ record: CentreRecord, as organisation: NewOrganisation, in transaction: borrowing PostgresTransaction
    ) async throws -> Centre {
        let today = today(in: record.zone)
        let namedFrom = record.namedFrom ?? today
        guard namedFrom <= today else { throw CentresRefusal.namedInTheFuture }
        let id = identifiers.make(CentreID.self, centre: record.number)
        let createdAt = try await insert(record, id, namedFrom: namedFrom, in: transaction)
        var organisation = organisation
        organisation.centreID = id
        let booker = try await access.add(organisation, in: transaction)
        try await closeHolidays(of: record.number, today.firstOfYear...horizon.end(from: today), in: transaction)
        return Centre(
            id: id, number: record.number, kind: record.kind, carrier: record.carrier, name: record.name,
            history: record.history(from: namedFrom), zone: record.zone.identifier, isFictional: false,
            createdAt: createdAt, version: 1, holdsLabel: false, organisationID: booker.id)
    }

    private func insert(
        _ record: CentreRecord, _ id: CentreID, namedFrom: LocalDay, in transaction: borrowing PostgresTransaction
    ) async throws -> Instant {
        do {
            return try await transaction.one(
                SQL.CreateCentre(
                    centreNumber: record.number, id: id, kind: record.kind, carrier: record.carrier, name: record.name,
                    namedFrom: namedFrom, zone: record.zone.identifier, isFictional: false)
            ).createdAt
        } catch {
            throw CentresRefusal(error) ?? error
        }
    }
}

/// What a new centre's row holds.
private struct CentreRecord {
    let number: Int16
    let kind: String
    let carrier: String?
    let name: String
    /// Nil is today.
    let namedFrom: LocalDay?
    let zone: Zone

    func history(from day: LocalDay) -> Centre.History {
        Centre.History(
            names: [Centre.Name(name: name, from: day, to: nil)],
            carriers: carrier.map { [Centre.Carrier(carrier: $0, from: day, to: nil)] } ?? [])
    }
}

extension LocalDay {
    fileprivate var firstOfYear: LocalDay { LocalDay(year: year, month: 1, day: 1) ?? self }
}
