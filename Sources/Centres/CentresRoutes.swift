package import HTTPEdge
import Kernel

extension Centres {
    package func addRoutes(to routes: EdgeRoutes) {
        addCentreRoutes(to: routes)
        addSiteRoutes(to: routes)
        addDayRoutes(to: routes)
        addMunicipalityRoutes(to: routes)
    }

    private func addCentreRoutes(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        routes.post("/v1/centres", operation: "createCentre", access: .member(.networkManager)) { try await createCentre($0, $1) }
        routes.get("/v1/centres", operation: "listCentres", access: .member) { try await listCentres($0, $1) }
        routes.get("/v1/centres/{centreId}", operation: "getCentre", access: .member) { try await getCentre($0, $1) }
        routes.patch("/v1/centres/{centreId}", operation: "renameCentre", access: managers) { try await renameCentre($0, $1) }
        routes.put("/v1/centres/{centreId}/carrier", operation: "changeCarrier", access: .member(.networkManager)) {
            try await changeCarrier($0, $1)
        }
        routes.put("/v1/centres/{centreId}/successor", operation: "setSuccessor", access: .member(.networkManager)) {
            try await setSuccessor($0, $1)
        }
    }

    private func addSiteRoutes(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        routes.post("/v1/centres/{centreId}/sites", operation: "createSite", access: managers) { try await createSite($0, $1) }
        routes.get("/v1/centres/{centreId}/sites", operation: "listSites", access: .member) { try await listSites($0, $1) }
        routes.get("/v1/sites/{siteId}", operation: "getSite", access: .member) { try await getSite($0, $1) }
        routes.patch("/v1/sites/{siteId}", operation: "changeSite", access: managers) { try await changeSite($0, $1) }
        routes.put("/v1/sites/{siteId}/weekly-opening", operation: "setWeeklyOpening", access: managers) {
            try await setWeeklyOpening($0, $1)
        }
        routes.get("/v1/sites/{siteId}/open-hours", operation: "listOpenHours", access: .member) { try await listOpenHours($0, $1) }
        let exceptions = "/v1/sites/{siteId}/opening-exceptions"
        routes.get(exceptions, operation: "listOpeningExceptions", access: .member) { try await listExceptions($0, $1) }
        routes.put(exceptions, operation: "setOpeningExceptions", access: managers) { try await setExceptions($0, $1) }
    }

    private func addMunicipalityRoutes(to routes: EdgeRoutes) {
        let list = "/v1/municipality-lists/{scheme}/{version}"
        routes.get("/v1/municipality-lists", operation: "listMunicipalityLists", access: .member) {
            try await listMunicipalityLists($0, $1)
        }
        routes.get(list, operation: "getMunicipalityList", access: .member) { try await getMunicipalityList($0, $1) }
        routes.put(
            list, operation: "enterMunicipalityList", access: .member(.networkManager), bodyLimit: MunicipalityListSubmission.sizeLimit
        ) { try await enterMunicipalityList($0, $1) }
    }

    private func addDayRoutes(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        let path = "/v1/centres/{centreId}/closed-days"
        routes.get("/v1/holidays", operation: "listHolidays", access: .member) { try await listHolidays($0, $1) }
        routes.get(path, operation: "listClosedDays", access: .member) { try await listClosedDays($0, $1) }
        routes.put(path, operation: "addClosedDays", access: managers) { try await addClosedDays($0, $1) }
        routes.get(
            "/v1/centres/{centreId}/closed-days.csv", operation: "exportClosedDays",
            access: .member(.centreStaff, .centreManager, .networkManager, .networkAuditor)
        ) { try await exportClosures($0, $1) }
        routes.post(
            "/v1/centres/{centreId}/closed-day-imports", operation: "importClosedDays", access: managers, takesFiles: true
        ) { try await importClosures($0, $1) }
        routes.post(
            "/v1/centres/{centreId}/closure-calendar-imports", operation: "importClosureCalendar", access: managers, takesFiles: true
        ) { try await importClosureCalendar($0, $1) }
        let school = "/v1/school-calendars"
        routes.get(school, operation: "getSchoolCalendar", access: .member) { try await getSchoolCalendar($0, $1) }
        routes.put(school, operation: "setSchoolCalendar", access: .member(.networkManager)) { try await setSchoolCalendar($0, $1) }
    }
}
