import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// A command about a booking that stands, as its endpoint hands it to its verb.
struct BookingCommand<Body: RequestObject> {
    let booking: Booking
    let key: KeyID
    let body: Body
}

/// What the database made of a command.
struct CommandOutcome {
    let statement: String
    let outcome: String
    var version: Int32?
    var state: String?
    var rules: [RuleExplanation] = []
    /// What was asked for, for which another slot may be found; nil: another slot would not do.
    var wanted: ReserveRequest?

    /// - Throws: ``BookingRefusal`` unless the command was carried out.
    func check(against booking: Booking, done: Set<String>) throws {
        guard !done.contains(outcome) else { return }
        switch outcome {
        // It was found: whoever may read a booking is told that this is not for them.
        case "notFound", "forbidden": throw BookingRefusal.notAllowed
        case "versionMismatch": throw BookingRefusal.changedMeanwhile(version: version ?? booking.version)
        case "refused": throw RoomRefused(rules: rules, wanted: wanted)
        case "overrideForbidden": throw BookingRefusal.notAllowedToOverride
        case "ownRequest": throw BookingRefusal.ownRequest
        case "alreadyStarted": throw BookingRefusal.alreadyStarted
        case "equipmentOut": throw BookingRefusal.equipmentOut
        default:
            guard let conflict = BookingConflict(rawValue: outcome) else { throw UnknownOutcome(statement: statement, outcome: outcome) }
            throw BookingRefusal.conflict(conflict, state: state.flatMap(BookingState.init) ?? booking.state)
        }
    }
}

/// A refusal inside a transaction; its alternatives are looked up when that is over.
struct RoomRefused: Error {
    let rules: [RuleExplanation]
    let wanted: ReserveRequest?
}

extension Bookings {
    /// Carries out one command about a booking and answers with what it has become.
    ///
    /// The caller has to name the version; the same idempotency key gives the first answer again.
    ///
    /// - Parameter done: the outcomes that mean that it was carried out.
    func act<Body: RequestObject>(
        _ request: Request, _ context: MemberContext, as type: Body.Type, done: Set<String>,
        _ command: (BookingCommand<Body>, borrowing PostgresTransaction) async throws -> CommandOutcome
    ) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: BookingID = try context.path("bookingId")
        let submission = try await request.submission(type, in: context)
        let versions = try IfMatch(requiredBy: request)
        return try await orAlternatives(for: context.principal, to: id) {
            try await writes.perform(
                directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
            ) { transaction in
                let (booking, _) = try await find(id, for: context.principal, in: transaction)
                guard versions.matches(version: Int64(booking.version)) else {
                    throw BookingRefusal.changedMeanwhile(version: booking.version)
                }
                let given = BookingCommand(booking: booking, key: try context.principal.keyID, body: submission.body)
                try await command(given, transaction).check(against: booking, done: done)
                return try await answer(.ok, id, for: context.principal, in: transaction)
            }
        }
    }

    /// One booking with all that is to be told of it, inside a transaction that has the caller's settings.
    func answer(
        _ status: HTTPResponse.Status, _ id: BookingID, for principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> Response {
        let (booking, history) = try await find(id, for: principal, in: transaction)
        let life = try await transaction.first(SQL.FindBookingLife(id: id)).map(BookingLife.init)
        let location = status == .created ? "/v1/bookings/\(id)" : nil
        return Response.json(status, eTag: ETag(version: Int64(booking.version)), location: location) { json in
            booking.writeMembers(to: &json)
            json.array("history", history)
            life?.writeMembers(to: &json)
        }
    }

    /// Runs a command; when room or a rule stands against it, says what would fit instead.
    ///
    /// - Parameter booking: the one that the command is about; its own room is free to it.
    func orAlternatives(
        for principal: Principal, to booking: BookingID? = nil, _ command: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await afterWaiting(command)
        } catch let refused as RoomRefused {
            guard let wanted = refused.wanted else { throw BookingRefusal.refused(rules: refused.rules, alternatives: []) }
            throw BookingRefusal.refused(
                rules: refused.rules,
                alternatives: try await alternatives(to: wanted, refusedBy: refused.rules, for: principal, booking: booking))
        } catch let refused as ChoiceRefused {
            if let demand = refused.demand { try await keep(demand, of: principal) }
            throw BookingRefusal.choiceRefused(
                rules: refused.rules, alternatives: try await lineAlternatives(to: refused, for: principal),
                choices: try await choiceAlternatives(to: refused, for: principal))
        }
    }
}
