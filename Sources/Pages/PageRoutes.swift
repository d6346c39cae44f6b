package import HTTPEdge
import HTTPTypes
import Kernel

extension Pages {
    private static let bookers: [Role] = [.booker, .organisationAdmin, .centreStaff, .centreManager, .networkManager]
    private static let staff: [Role] = [.centreStaff, .centreManager, .networkManager, .networkAuditor]
    private static let deciders: [Role] = [.labelAuthority, .networkManager]
    private static let readers: [Role] = [.labelAuthority, .networkManager, .networkAuditor, .centreManager, .centreStaff]

    /// The whole table of pages; what is not declared here does not exist.
    ///
    /// `Tests/PagesTests/page-access.yaml` says the same.
    package func addRoutes(to routes: EdgeRoutes) {
        let table = PageTable(pages: self, routes: routes)
        addOpenPages(to: table)
        addBookingPages(to: table)
        addCentrePages(to: table)
        addDecisionPages(to: table)
    }

    private func addOpenPages(to table: PageTable) {
        table.open(.get, "/", "home", home)
        table.open(.get, "/sign-in", "signIn", signInForm)
        table.form("/sign-in", "signInWithKey", signInWithKey)
        table.form("/sign-in/demo", "signInToDemo", signInToDemo)
        table.open(.get, "/language/{language}", "chooseLanguage", chooseLanguage)
        table.open(.get, "/centres", "register", register)
        for name in ["plateau.css", "plateau.js"] {
            table.asset("/assets/\(name)", name)
        }
        table.member(.post, "/sign-out", "signOut", [], signOut)
    }

    private func addBookingPages(to table: PageTable) {
        table.member(.get, "/search", "search", [], search)
        table.member(.get, "/platforms/{resourceId}", "platformWeek", [], platformWeek)
        table.member(.get, "/equipment/{resourceId}", "equipmentWeek", [], equipmentWeek)
        table.member(.get, "/book", "bookingForm", Self.bookers, bookingForm)
        table.member(.get, "/book/review", "bookingReview", Self.bookers, bookingReview)
        table.member(.post, "/book", "book", Self.bookers, book)
        table.member(.get, "/bookings", "myBookings", [], myBookings)
        table.member(.get, "/bookings/{bookingId}", "booking", [], booking)
        table.member(.post, "/bookings/{bookingId}/cancellation", "cancelBooking", Self.bookers, cancelBooking)
        table.member(.get, "/keys", "keys", [.organisationAdmin], keys)
        table.member(.post, "/keys", "makeKey", [.organisationAdmin], makeKey)
        table.member(.post, "/keys/{keyId}/revocation", "revokeKey", [.organisationAdmin], revokeKey)
    }

    private func addCentrePages(to table: PageTable) {
        table.member(.get, "/centres/{centreId}", "centre", [], centre)
        table.member(.get, "/centres/{centreId}/today", "today", Self.staff, today)
        table.member(.get, "/centres/{centreId}/week", "centreWeek", Self.staff, centreWeek)
        table.member(.get, "/centres/{centreId}/utilisation", "utilisation", Self.staff, utilisation)
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
}
