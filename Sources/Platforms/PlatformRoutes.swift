package import HTTPEdge
import Kernel

extension Platforms {
    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        routes.get("/v1/platforms", operation: "listPlatforms", access: .member, handler: list)
        routes.get("/v1/platforms/{platformId}", operation: "getPlatform", access: .member, handler: read)
        routes.post("/v1/centres/{centreId}/platforms", operation: "createPlatform", access: managers, handler: create)
        routes.patch("/v1/platforms/{platformId}", operation: "changePlatform", access: managers, handler: change)
        routes.get(
            "/v1/platforms/{platformId}/workstations", operation: "listWorkstations", access: .member, handler: listWorkstations)
        routes.post(
            "/v1/platforms/{platformId}/workstations", operation: "addWorkstation", access: managers, handler: addWorkstation)
        routes.get(
            "/v1/platforms/{platformId}/workstation-groups", operation: "listWorkstationGroups", access: .member,
            handler: listWorkstationGroups)
        routes.post(
            "/v1/workstations/{workstationId}/retirement", operation: "retireWorkstation", access: managers, handler: retireWorkstation)
        routes.get(
            "/v1/resources/{resourceId}/prerequisites", operation: "listPrerequisites", access: .member, handler: listPrerequisites)
        routes.put(
            "/v1/resources/{resourceId}/prerequisites", operation: "setPrerequisites", access: managers, handler: setPrerequisites)
        routes.get(
            "/v1/resources/{resourceId}/priority-windows", operation: "listPriorityWindows", access: .member,
            handler: listPriorityWindows)
        routes.put(
            "/v1/resources/{resourceId}/priority-windows", operation: "setPriorityWindows", access: managers,
            handler: setPriorityWindows)
        addHours(to: routes)
        addTables(to: routes)
    }

    private func addTables(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        let readers = MemberAccess.member(.centreStaff, .centreManager, .networkManager, .networkAuditor)
        let centre = "/v1/centres/{centreId}"
        routes.get("\(centre)/platforms.csv", operation: "exportPlatforms", access: readers, handler: exportPlatforms)
        routes.post(
            "\(centre)/platform-imports", operation: "importPlatforms", access: managers, bodyLimit: Self.importLimit, takesFiles: true,
            handler: importPlatforms)
        routes.get("\(centre)/opening.csv", operation: "exportOpening", access: readers, handler: exportOpening)
        routes.post(
            "\(centre)/opening-imports", operation: "importOpening", access: managers, bodyLimit: Self.importLimit, takesFiles: true,
            handler: importOpening)
    }

    private func addHours(to routes: EdgeRoutes) {
        let managers = MemberAccess.member(.centreManager, .networkManager)
        let resource = "/v1/resources/{resourceId}"
        routes.get("\(resource)/open-hours", operation: "listResourceOpenHours", access: .member, handler: listOpenHours)
        routes.put("\(resource)/weekly-opening", operation: "setResourceOpening", access: managers, handler: setWeeklyOpening)
        routes.get("\(resource)/opening-exceptions", operation: "listResourceExceptions", access: .member, handler: listExceptions)
        routes.put("\(resource)/opening-exceptions", operation: "setResourceExceptions", access: managers, handler: setExceptions)
    }
}
