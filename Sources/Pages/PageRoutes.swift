package import HTTPEdge
import HTTPTypes
import Kernel

extension Pages {
    private static let bookers: [Role] = [.booker, .organisationAdmin, .centreStaff, .centreManager, .networkManager]
    private static let staff: [Role] = [.centreStaff, .centreManager, .networkManager, .networkAuditor]
    private static let hosts: [Role] = [.centreStaff, .centreManager, .networkManager]
    private static let deciders: [Role] = [.labelAuthority, .networkManager]
    private static let readers: [Role] = [.labelAuthority, .networkManager, .networkAuditor, .centreManager, .centreStaff]

    /// The whole table of pages; what is not declared here does not exist.
    ///
    /// `Tests/PagesTests/page-access.yaml` says the same.
    package func addRoutes(to routes: EdgeRoutes) {
        let table = PageTable(pages: self, routes: routes)
        addOpenPages(to: table)
        addBookingPages(to: table)
        addDayPages(to: table)
        addCentrePages(to: table)
        addCoursePages(to: table)
        addInventoryPages(to: table)
        addTablePages(to: table)
        addWebhookPages(to: table)
        addDecisionPages(to: table)
        addApplicationPages(to: table)
        addPersonPages(to: table)
    }

    private func addOpenPages(to table: PageTable) {
        table.open(.get, "/", "home", home)
        table.open(.get, "/sign-in", "signIn", signInForm)
        table.form("/sign-in", "signInWithKey", signInWithKey)
        table.form("/sign-in/password", "signInWithPassword", signInWithPassword)
        table.open(.get, "/sign-in/provider", "goToProvider", goToProvider)
        table.open(.get, "/sign-in/callback", "comeBackFromProvider", comeBackFromProvider)
        table.form("/sign-in/demo", "signInToDemo", signInToDemo)
        table.open(.get, "/language/{language}", "chooseLanguage", chooseLanguage)
        table.open(.get, "/centres", "register", register)
        for name in ["plateau.css", "plateau.js"] {
            table.asset("/assets/\(name)", name)
        }
        table.member(.post, "/sign-out", "signOut", [], signOut)
        table.member(.get, "/password", "passwordForm", [], passwordForm)
        table.member(.post, "/password", "changeOwnPassword", [], changeOwnPassword)
    }

    private func addBookingPages(to table: PageTable) {
        table.member(.get, "/search", "search", [], search)
        table.member(.get, "/platforms/{resourceId}", "platformWeek", [], platformWeek)
        table.member(.get, "/equipment/{resourceId}", "equipmentWeek", [], equipmentWeek)
        table.member(.get, "/book", "bookingForm", Self.bookers, bookingForm)
        table.member(.get, "/book/review", "bookingReview", Self.bookers, bookingReview)
        table.member(.post, "/book", "book", Self.bookers, book)
        table.member(.post, "/book/series", "bookSeries", Self.bookers, bookSeries)
        table.member(.get, "/series/{seriesId}", "series", [], series)
        table.member(.post, "/series/{seriesId}/cancellation", "cancelSeriesByPage", Self.bookers, cancelSeries)
        table.member(.get, "/bookings", "myBookings", [], myBookings)
        table.member(.get, "/bookings/{bookingId}", "booking", [], booking)
        table.member(.post, "/bookings/{bookingId}/cancellation", "cancelBooking", Self.bookers, cancelBooking)
        table.member(.get, "/bookings/{bookingId}/change", "changeForm", Self.bookers, changeForm)
        table.member(.get, "/bookings/{bookingId}/change/review", "changeReview", Self.bookers, changeReview)
        table.member(.post, "/bookings/{bookingId}/change", "changeBooking", Self.bookers, changeBooking)
        table.member(.post, "/bookings/{bookingId}/confirmation", "acceptOffer", Self.bookers, acceptOffer)
        table.member(.post, "/bookings/{bookingId}/move", "moveBookingByPage", Self.bookers, moveBooking)
        table.member(.get, "/calendar-feeds", "feeds", [], feeds)
        table.member(.post, "/calendar-feeds", "makeFeed", [], makeFeed)
        table.member(.post, "/calendar-feeds/{feedId}/revocation", "revokeFeed", [], revokeFeed)
        table.member(.get, "/keys", "keys", [.organisationAdmin], keys)
        table.member(.post, "/keys", "makeKey", [.organisationAdmin], makeKey)
        table.member(.post, "/keys/{keyId}/revocation", "revokeKey", [.organisationAdmin], revokeKey)
    }

    /// What is done about a booking on its day, and before it by those who are asked.
    private func addDayPages(to table: PageTable) {
        let path = "/bookings/{bookingId}"
        table.member(.post, path + "/check-in", "checkIn", [], checkIn)
        table.member(.post, path + "/check-out", "checkOut", [], checkOut)
        table.member(.post, path + "/no-show", "markNoShow", Self.hosts, markNoShow)
        table.member(.post, path + "/incidents", "reportIncident", [], reportIncident)
        table.member(.get, "/centres/{centreId}/approvals", "approvals", Self.staff, approvals)
        table.member(.post, path + "/approval", "approveBooking", Self.hosts, approveBooking)
        table.member(.post, path + "/rejection", "declineBooking", Self.hosts, declineBooking)
    }

    private func addCentrePages(to table: PageTable) {
        table.member(.get, "/centres/{centreId}", "centre", [], centre)
        table.member(.get, "/centres/{centreId}/today", "today", Self.staff, today)
        table.member(.get, "/centres/{centreId}/week", "centreWeek", Self.staff, centreWeek)
        table.member(.get, "/centres/{centreId}/utilisation", "utilisation", Self.staff, utilisation)
        table.member(.get, "/centres/{centreId}/utilisation.csv", "utilisationTable", Self.staff, utilisationTable)
        table.member(.get, "/centres/{centreId}/evidence", "evidence", Self.staff, evidence)
        table.member(.post, "/centres/{centreId}/sealed-reports", "sealCentreReport", [.centreManager, .networkManager], sealReport)
        table.member(.get, "/sealed-reports/{reportId}", "sealedReport", Self.staff, sealedReport)
        table.member(.get, "/sealed-reports/{reportId}/reproduction", "sealedReportAgain", Self.staff, sealedReportAgain)
        table.member(.get, "/sealed-reports/{reportId}/document", "sealedDocument", Self.staff, sealedDocument)
        table.member(.get, "/utilisation", "networkUtilisation", [.networkManager, .networkAuditor], networkUtilisation)
    }

    private func addCoursePages(to table: PageTable) {
        let managers: [Role] = [.centreManager, .networkManager]
        table.member(.get, "/courses", "courses", [], courses)
        table.member(.get, "/courses/{offerId}", "course", [], course)
        table.member(.get, "/centres/{centreId}/courses", "centreCourses", Self.staff, centreCourses)
        table.member(.get, "/centres/{centreId}/courses/new", "newCourseForm", managers, newCourseForm)
        table.member(.post, "/centres/{centreId}/courses", "createCourse", managers, createCourse)
        table.member(.get, "/courses/{offerId}/change", "courseChangeForm", managers, courseChangeForm)
        table.member(.post, "/courses/{offerId}/change", "changeCourse", managers, changeCourse)
        table.member(.post, "/courses/{offerId}/withdrawal", "withdrawCourse", managers, withdrawCourse)
    }

    private func addWebhookPages(to table: PageTable) {
        let managers: [Role] = [.organisationAdmin, .centreManager, .networkManager]
        table.member(.get, "/webhooks", "webhooks", managers, webhooks)
        table.member(.post, "/webhooks", "makeWebhook", managers, makeWebhook)
        table.member(.get, "/webhooks/{webhookId}", "webhook", managers, webhook)
        table.member(.post, "/webhooks/{webhookId}/test", "testWebhook", managers, testWebhook)
        table.member(.post, "/webhooks/{webhookId}/removal", "removeWebhook", managers, removeWebhook)
        table.member(
            .post, "/webhooks/{webhookId}/deliveries/{deliveryId}/replay", "replayDelivery", managers, replayDelivery)
    }

    private func addInventoryPages(to table: PageTable) {
        let resource = "/resources/{resourceId}"
        table.member(.get, "/centres/{centreId}/inventory", "inventory", Self.staff, inventory)
        table.member(.get, "/centres/{centreId}/qr-labels", "qrSheet", Self.staff, qrSheet)
        for name in ["equipment", "platforms", "opening", "closed-days"] {
            table.member(.get, "/centres/{centreId}/\(name).csv", "\(name)Table", Self.staff, self.table(name))
        }
        addStockPages(to: table)
        table.member(.post, "/centres/{centreId}/stocktakes", "openStocktakeByPage", Self.hosts, openStocktake)
        table.member(.get, "/stocktakes/{stocktakeId}", "stocktake", Self.staff + [.instructor], stocktake)
        table.member(.post, "/stocktakes/{stocktakeId}/sightings", "noteSightingByPage", Self.hosts + [.instructor], noteSighting)
        table.member(.post, "/stocktakes/{stocktakeId}/counts", "countStockByPage", Self.hosts + [.instructor], countStock)
        table.member(.post, "/stocktakes/{stocktakeId}/closure", "closeStocktakeByPage", Self.hosts, closeStocktake)
        table.member(.get, "/centres/{centreId}/custody", "custody", Self.staff, custody)
        table.member(.post, "/centres/{centreId}/custody", "handOutByPage", Self.hosts, handOut)
        table.member(.post, "/custodies/{custodyId}/returns", "takeBackByPage", Self.hosts, takeBack)
        table.member(.post, resource + "/documents", "addDocumentByPage", Self.hosts, addDocument)
        table.member(.post, "/documents/{documentId}/removal", "removeDocumentByPage", Self.hosts, removeDocument)
        table.member(.get, resource + "/faults/new", "faultForm", Self.hosts, faultForm)
        table.member(.get, resource + "/faults/review", "faultReview", Self.hosts, faultReview)
        table.member(.post, resource + "/faults", "reportFault", Self.hosts, reportFault)
        table.member(.get, resource + "/outages/new", "outageForm", Self.hosts, outageForm)
        table.member(.get, resource + "/outages/review", "outageReview", Self.hosts, outageReview)
        table.member(.post, resource + "/outages", "planOutage", Self.hosts, planOutage)
        table.member(.get, "/platforms/{resourceId}/inventory", "platformParts", Self.staff, platformParts)
        let managers: [Role] = [.centreManager, .networkManager]
        table.member(.get, resource + "/retirement/new", "retirementForm", managers, retirementForm)
        table.member(.get, resource + "/retirement/review", "retirementReview", managers, retirementReview)
        table.member(.post, resource + "/retirement", "retirePlatformByPage", managers, retirePlatform)
        table.member(.get, "/outages/{outageId}", "outage", Self.staff, outage)
        table.member(.post, "/outages/{outageId}/end", "endOutage", Self.hosts, endOutage)
        table.member(.post, "/faults/{faultId}/resolution", "resolveFault", Self.hosts, resolveFault)
        table.member(.post, "/maintenance-plans/{planId}/completions", "completePlan", Self.hosts, completePlan)
    }

    private func addStockPages(to table: PageTable) {
        let managers: [Role] = [.centreManager, .networkManager]
        table.member(.get, "/stocks/{resourceId}", "stock", [], stockWeek)
        table.member(.post, "/centres/{centreId}/stocks", "enterStock", managers, enterStock)
        table.member(.post, "/stocks/{resourceId}/change", "changeStockByPage", managers, changeStock)
        table.member(.post, "/stocks/{resourceId}/amount", "changeAmountByPage", Self.hosts, changeAmount)
        table.member(.get, "/kits/{resourceId}", "kit", [], kit)
        table.member(.get, "/centres/{centreId}/kits/new", "newKitForm", managers, newKitForm)
        table.member(.post, "/centres/{centreId}/kits", "makeKit", managers, makeKit)
        table.member(.get, "/kits/{resourceId}/change", "kitChangeForm", managers, kitChangeForm)
        table.member(.post, "/kits/{resourceId}/change", "changeKitByPage", managers, changeKit)
    }

    /// What is entered from files.
    private func addTablePages(to table: PageTable) {
        let managers: [Role] = [.centreManager, .networkManager]
        table.member(.get, "/centres/{centreId}/tables", "centreTables", managers, centreTables)
        table.upload("/centres/{centreId}/tables", "checkCentreTable", managers, of: TableKind.ofCentres, checkCentreTable)
        table.upload("/centres/{centreId}/tables/entry", "enterCentreTable", managers, of: TableKind.ofCentres, enterCentreTable)
        table.member(.get, "/booking-tables", "bookingTables", Self.bookers, bookingTables)
        table.upload("/booking-tables", "checkBookingTable", Self.bookers, of: TableKind.ofBookers, checkBookingTable)
        table.upload("/booking-tables/entry", "enterBookingTable", Self.bookers, of: TableKind.ofBookers, enterBookingTable)
        table.member(.get, "/bookings.csv", "bookingsTable", Self.bookers, bookingsTable)
    }

    private func addPersonPages(to table: PageTable) {
        table.member(.get, "/people", "people", [.networkManager], people)
        table.member(.post, "/people", "registerPersonByPage", [.networkManager], registerPerson)
        table.member(.post, "/people/{personId}/removal", "removePersonByPage", [.networkManager], removePerson)
    }

    private func addDecisionPages(to table: PageTable) {
        table.member(.get, "/decisions", "decisions", Self.deciders + [.networkAuditor], decisions)
        table.member(.get, "/decisions/{decisionId}", "decision", Self.readers, decision)
        table.member(.get, "/centres/{centreId}/decisions/new", "proposalForm", Self.deciders, proposalForm)
        table.member(.post, "/centres/{centreId}/decisions", "propose", Self.deciders, propose)
        table.member(.post, "/decisions/{decisionId}/simulations", "simulate", Self.deciders, simulate)
        table.member(.post, "/decisions/{decisionId}/approval", "approve", [.labelAuthority], approve)
        table.member(.post, "/decisions/{decisionId}/withdrawal", "withdraw", Self.deciders, withdraw)
    }

    /// What centres apply for, and how the authority evaluates it.
    private func addApplicationPages(to table: PageTable) {
        let list = "/centres/{centreId}/applications"
        let one = list + "/{applicationId}"
        table.member(.get, list, "labelApplications", Self.readers, labelApplications)
        table.member(.post, list, "applyByPage", [.centreManager], apply)
        table.member(.get, one, "labelApplication", Self.readers, labelApplication)
        table.member(.post, one + "/file", "linkFileByPage", [.centreManager], linkFile)
        table.member(.post, one + "/withdrawal", "withdrawApplicationByPage", [.centreManager], withdrawApplication)
        table.member(.post, one + "/evaluations", "openEvaluationByPage", Self.deciders, openEvaluation)
        table.member(.post, one + "/evaluations/{evaluationId}/notes", "noteEvaluationByPage", Self.deciders, noteEvaluation)
        table.member(.post, one + "/evaluations/{evaluationId}/closure", "closeEvaluationByPage", Self.deciders, closeEvaluation)
        table.member(.get, "/recognition-files/{fileId}/evidence/{evidenceId}", "evidenceDocument", Self.readers, evidenceDocument)
    }
}
