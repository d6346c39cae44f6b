package import HTTPEdge
import HTTPTypes
package import Hummingbird
package import Kernel
package import Postgres

/// Performs a write once for each idempotency key: key, effect and answer commit together.
///
/// A refused or failed attempt throws, is rolled back, and leaves no key behind. Answers are kept for 7 days.
package struct IdempotentWrites: Sendable {
    private let database: PostgresPool

    package init(database: PostgresPool) {
        self.database = database
    }

    /// - Parameters:
    ///   - directive: nil when the caller sent no key; the write then simply runs in its transaction.
    ///   - organisation: whose key it is.
    ///   - settings: hold during the transaction, such as ``Principal/settings``.
    /// - Returns: the answer of the write, or that of an earlier attempt with `Idempotent-Replayed: true`.
    /// - Throws: ``Problem`` 422 for a key that was used otherwise, 409 while the first attempt runs; what the write throws.
    package func perform(
        directive: IdempotencyDirective?, organisation: OrganisationID, settings: [PostgresSetting] = [],
        _ write: (borrowing PostgresTransaction) async throws -> Response
    ) async throws -> Response {
        try await performKeeping(directive: directive, organisation: organisation, settings: settings) { transaction in
            let answer = try await write(transaction)
            return (answer: answer, kept: answer)
        }
    }

    /// As ``perform(directive:organisation:settings:_:)``, for answers that must not be kept whole: `kept` is what a retry gets.
    package func performKeeping(
        directive: IdempotencyDirective?, organisation: OrganisationID, settings: [PostgresSetting] = [],
        _ write: (borrowing PostgresTransaction) async throws -> (answer: Response, kept: Response)
    ) async throws -> Response {
        try await database.transaction(settings: settings) { transaction in
            guard let directive else { return try await write(transaction).answer }
            let claim = try await transaction.one(
                SQL.ClaimIdempotency(
                    organisationId: organisation, key: directive.key.description, requestHash: directive.fingerprint.bytes))
            switch claim.outcome {
            case "claimed":
                let written = try await write(transaction)
                _ = try await transaction.execute(try await Self.keep(written.kept, directive, organisation))
                return written.answer
            case "replayed": return Self.replay(claim)
            case "reused": throw Problem.idempotencyKeyReused
            default: throw Problem.idempotencyInFlight
            }
        }
    }

    /// Performs a part of a write that takes several transactions; the whole ends with ``perform(directive:organisation:settings:_:)``.
    ///
    /// With the first part that has an effect the key is taken: for another request it is refused from then on, and the same one goes on.
    /// - Throws: as ``perform(directive:organisation:settings:_:)``.
    package func performPart<Part: Sendable>(
        directive: IdempotencyDirective?, organisation: OrganisationID, settings: [PostgresSetting] = [],
        _ write: (borrowing PostgresTransaction) async throws -> (part: Part, hasEffect: Bool)
    ) async throws -> IdempotentPart<Part> {
        try await database.transaction(settings: settings) { transaction in
            guard let directive else { return .done(try await write(transaction).part) }
            let key = directive.key.description
            let hash = directive.fingerprint.bytes
            let claim = try await transaction.one(SQL.ClaimIdempotency(organisationId: organisation, key: key, requestHash: hash))
            switch claim.outcome {
            case "claimed":
                let written = try await write(transaction)
                if written.hasEffect {
                    _ = try await transaction.execute(SQL.BeginEffect(organisationId: organisation, key: key, requestHash: hash))
                }
                return .done(written.part)
            case "replayed": return .replayed(Self.replay(claim))
            case "reused": throw Problem.idempotencyKeyReused
            default: throw Problem.idempotencyInFlight
            }
        }
    }

    private static func keep(
        _ answer: Response, _ directive: IdempotencyDirective, _ organisation: OrganisationID
    ) async throws -> SQL.KeepAnswer {
        SQL.KeepAnswer(
            organisationId: organisation, key: directive.key.description, requestHash: directive.fingerprint.bytes,
            status: Int16(answer.status.code), body: Array(try await answer.body.collected().readableBytesView),
            etag: answer.headers[.eTag], location: answer.headers[.location])
    }

    private static func replay(_ kept: SQL.ClaimIdempotency.Row) -> Response {
        var headers: HTTPFields = [.cacheControl: kept.etag == nil ? "no-store" : "private, no-cache"]
        headers[.eTag] = kept.etag
        headers[.location] = kept.location
        let status = HTTPResponse.Status(code: Int(kept.status ?? 200))
        guard let body = kept.body, !body.isEmpty else { return Response(status: status, headers: headers).replayed() }
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: .init(bytes: body))).replayed()
    }
}

/// What became of a part of a write.
package enum IdempotentPart<Part: Sendable>: Sendable {
    case done(Part)
    /// The whole was answered before, so.
    case replayed(Response)
}
