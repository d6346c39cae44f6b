package import Access
package import Attestations
package import Bookings
package import Centres
package import Delivery
package import HTTPEdge
package import Inventory
package import Kernel
package import Labels
package import Logging
package import Maintenance
package import Offers
package import OpenIDConnect
package import Pages
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
    package let offers: Offers
    package let bookings: Bookings
    package let maintenance: Maintenance
    package let attestations: Attestations
    package let utilisation: Utilisation
    package let delivery: Delivery
    /// The slices' loops.
    package let background: [any Service]
    private let clock: any WallClock
    private let contract: ContractRoutes
    /// The roles that a demo network offers on its sign-in page; closed unless the command that serves one opens them.
    package let doors = DemoDoors()
    private let pageTemplates: PageTemplates
    private let provider: OpenIDProvider?
    private let securePages: Bool
    private let address: ServiceAddress

    /// - Parameters:
    ///   - documentation: a directory with the assets of the documentation page; nil serves the plain list.
    ///   - securePages: whether people reach the pages over TLS, here or before a proxy: cookies then never go without it.
    ///   - provider: where people sign in; nil: here, with a password or a key.
    ///   - quickPasswords: hashes that cost next to nothing, for tests.
    ///   - expiryWarningDays: how long before its last day the end of a membership or agreement is told.
    ///   - economicLimitPercent: the share of economic use of what public money paid above which people are told.
    ///   - away: when returns of equipment are reminded of, and how fast it travels.
    ///   - destinations: where webhooks may lead.
    ///   - site: where people reach the service, for addresses that leave it; nil where nobody said.
    ///   - mail: how mail is sent; nil sends none.
    package init(
        database: PostgresPool, secrets: Secrets, clock: any WallClock, identifiers: IdentifierSource, documentation: String? = nil,
        expiryWarningDays: Int = 60, economicLimitPercent: Int = 20, away: AwaySettings = .standard,
        destinations: DestinationRules = .standard, site: String? = nil, mail: MailSettings? = nil, securePages: Bool = false,
        provider: ProviderSettings? = nil, quickPasswords: Bool = false, logger: Logger
    ) throws {
        self.database = database
        let cursors = CursorSigner(secret: secrets.cursors)
        access = Access(
            database: database, identifiers: identifiers, pepper: KeyPepper(secret: secrets.pepper), signer: cursors,
            quickPasswords: quickPasswords)
        let writes = access.idempotency
        centres = Centres(
            database: database, access: access, identifiers: identifiers, signer: cursors,
            consequences: Bookings.openingConsequences)
        labels = Labels(
            database: database, identifiers: identifiers, cursors: cursors, writes: writes, effects: Bookings.labelEffects)
        platforms = Platforms(
            database: database, centres: centres, identifiers: identifiers, cursors: cursors, writes: writes)
        address = ServiceAddress(site: site, isSecure: securePages)
        inventory = Inventory(database: database, identifiers: identifiers, cursors: cursors, writes: writes, address: address)
        offers = Offers(database: database, identifiers: identifiers, cursors: cursors, writes: writes)
        bookings = Bookings(database: database, identifiers: identifiers, cursors: cursors, writes: writes)
        delivery = Delivery(
            database: database, identifiers: identifiers, cursors: cursors, writes: writes, secret: secrets.webhooks,
            destinations: destinations, access: access, bookings: bookings, catalogue: House.catalogue, site: site)
        utilisation = Utilisation(
            database: database, identifiers: identifiers, writes: writes, economicLimitPercent: economicLimitPercent)
        maintenance = Maintenance(
            database: database, bookings: bookings, identifiers: identifiers, cursors: cursors, writes: writes, away: away)
        attestations = Attestations(database: database, identifiers: identifiers, cursors: cursors, writes: writes)
        watch = try DatabaseWatch(database: database.configuration, logger: logger)
        readiness = Readiness(checks: [
            ReadinessCheck.known("database") { [watch] in watch.isAnswering },
            ReadinessCheck.known("migrations") { [watch] in watch.hasEveryMigration },
        ])
        var background: [any Service] = [
            access.keyWatch(logger: logger), watch,
            access.answerCleaning(logger: logger), access.expiryWarnings(leadDays: expiryWarningDays, logger: logger),
            centres.openHoursExtension(logger: logger), labels.reminders(logger: logger),
            bookings.labelFollowUp(logger: logger), bookings.upkeep(logger: logger), utilisation.upkeep(logger: logger),
            utilisation.economicUseWarnings(logger: logger), maintenance.upkeep(logger: logger),
            attestations.upkeep(logger: logger), delivery.webhookDelivery(logger: logger), delivery.eventCleaning(logger: logger),
        ]
        if let mail { background.append(delivery.mailDelivery(with: mail, logger: logger)) }
        self.background = background
        self.clock = clock
        contract = try ContractRoutes(assets: documentation)
        pageTemplates = try PageTemplates.shared()
        self.securePages = securePages
        self.provider = provider.map { OpenIDProvider($0) }
    }

    /// The router with every route of every slice.
    /// - Parameter configure: what is not as the edge has it by itself.
    package func edge(_ configure: (inout EdgeSettings) -> Void = { _ in }) -> Edge {
        var settings = EdgeSettings(
            catalogue: House.catalogue, costs: House.requestCosts.merging(House.pageCosts) { operation, _ in operation })
        settings.isSecureOnly = securePages
        configure(&settings)
        let inner = InnerRoutes()
        addSlices(to: inner.routes)
        let pages = Pages(
            calls: inner.calls, sessions: access.sessions(), doors: doors, provider: provider, templates: pageTemplates,
            isSecure: securePages, address: address)
        settings.problemPage = pages.problemPage
        let edge = Edge(
            settings: settings, authenticator: access.authenticator, readiness: readiness,
            clock: clock)
        HealthRoutes(readiness: readiness).add(to: edge.routes)
        contract.add(to: edge.routes)
        addSlices(to: edge.routes)
        pages.addRoutes(to: edge.routes)
        return edge
    }

    /// To the edge, and to the pages, which ask them from inside.
    private func addSlices(to routes: EdgeRoutes) {
        access.addRoutes(to: routes)
        centres.addRoutes(to: routes)
        labels.addRoutes(to: routes)
        platforms.addRoutes(to: routes)
        inventory.addRoutes(to: routes)
        offers.addRoutes(to: routes)
        bookings.addRoutes(to: routes)
        maintenance.addRoutes(to: routes)
        attestations.addRoutes(to: routes)
        utilisation.addRoutes(to: routes)
        delivery.addRoutes(to: routes)
    }

    /// Every sentence that the service can say.
    package static var catalogue: TextCatalogue {
        TextCatalogue(
            adding: AccessTexts.entries + CentresTexts.entries + LabelTexts.entries + PlatformTexts.entries + InventoryTexts.entries
                + OfferTexts.entries + BookingTexts.entries + MaintenanceTexts.entries + UtilisationTexts.entries + DeliveryTexts.entries
                + AttestationTexts.entries + PageTexts.entries)
    }

    /// Every statement of every slice, for the test that describes them against the schema.
    package static var statements: [any PostgresStatement.Type] {
        Access.statements + Centres.statements + Labels.statements + Platforms.statements + Inventory.statements
            + Offers.statements + Bookings.statements + Maintenance.statements + Utilisation.statements + Delivery.statements
            + Attestations.statements + [LatestMigration.self]
    }
}
