package import Access
package import Bookings
package import Centres
package import HTTPEdge
package import Inventory
package import Kernel
package import Labels
package import Logging
package import Platforms
package import Postgres
import Schema
package import ServiceLifecycle
package import Utilisation

/// Every object of the service, built once and given what it needs.
package struct House: Sendable {
    package let database: PostgresPool
    package let readiness: Readiness
    package let watch: DatabaseWatch
    package let access: Access
    package let centres: Centres
    package let labels: Labels
    package let platforms: Platforms
    package let inventory: Inventory
    package let bookings: Bookings
    package let utilisation: Utilisation
    /// The slices' loops.
    package let background: [any Service]
    private let clock: any WallClock
    private let contract: ContractRoutes

    /// - Parameters:
    ///   - documentation: a directory with the assets of the documentation page; nil serves the plain list.
    ///   - expiryWarningDays: how long before its last day the end of a membership or agreement is told.
    package init(
        database: PostgresPool, secrets: Secrets, clock: any WallClock, identifiers: IdentifierSource, documentation: String? = nil,
        expiryWarningDays: Int = 60, logger: Logger
    ) throws {
        self.database = database
        let cursors = CursorSigner(secret: secrets.cursors)
        access = Access(
            database: database, identifiers: identifiers, pepper: KeyPepper(secret: secrets.pepper), signer: cursors)
        let writes = access.idempotency
        centres = Centres(
            database: database, access: access, identifiers: identifiers, signer: cursors,
            consequences: Bookings.openingConsequences)
        labels = Labels(
            database: database, identifiers: identifiers, cursors: cursors, writes: writes, effects: Bookings.labelEffects)
        platforms = Platforms(
            database: database, centres: centres, identifiers: identifiers, cursors: cursors, writes: writes)
        inventory = Inventory(database: database, identifiers: identifiers, cursors: cursors, writes: writes)
        bookings = Bookings(database: database, identifiers: identifiers, cursors: cursors, writes: writes)
        utilisation = Utilisation(database: database)
        watch = try DatabaseWatch(database: database.configuration, logger: logger)
        readiness = Readiness(checks: [
            ReadinessCheck.known("database") { [watch] in watch.isAnswering },
            ReadinessCheck.known("migrations") { [watch] in watch.hasEveryMigration },
        ])
        background = [
            AnswerCleaning(database: database, logger: logger), OpenHoursExtension(centres: centres, logger: logger),
            LabelFollowUp(bookings: bookings, logger: logger), BookingUpkeep(bookings: bookings, logger: logger),
            LabelReminders(database: database, logger: logger),
            access.keyWatch(logger: logger), watch,
            ExpiryWarnings(access: access, leadDays: expiryWarningDays, logger: logger),
        ]
        self.clock = clock
        contract = try ContractRoutes(assets: documentation)
    }

    /// The router with every route of every slice.
    /// - Parameter configure: what is not as the edge has it by itself.
    package func edge(_ configure: (inout EdgeSettings) -> Void = { _ in }) -> Edge {
        var settings = EdgeSettings(catalogue: House.catalogue, costs: House.requestCosts)
        configure(&settings)
        let edge = Edge(
            settings: settings, authenticator: access.authenticator, readiness: readiness,
            clock: clock)
        HealthRoutes(readiness: readiness).add(to: edge.routes)
        contract.add(to: edge.routes)
        access.addRoutes(to: edge.routes)
        centres.addRoutes(to: edge.routes)
        labels.addRoutes(to: edge.routes)
        platforms.addRoutes(to: edge.routes)
        inventory.addRoutes(to: edge.routes)
        bookings.addRoutes(to: edge.routes)
        utilisation.addRoutes(to: edge.routes)
        return edge
    }

    /// Every sentence that the service can say.
    package static var catalogue: TextCatalogue {
        TextCatalogue(
            adding: AccessTexts.entries + CentresTexts.entries + LabelTexts.entries + PlatformTexts.entries + InventoryTexts.entries
                + BookingTexts.entries + UtilisationTexts.entries)
    }

    /// Every statement of every slice, for the test that describes them against the schema.
    package static var statements: [any PostgresStatement.Type] {
        Access.statements + Centres.statements + Labels.statements + Platforms.statements + Inventory.statements
            + Bookings.statements + Utilisation.statements + [LatestMigration.self]
    }
}
