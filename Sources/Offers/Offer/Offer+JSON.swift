import HTTPEdge
import Kernel

extension SQL.ListOffers.Row {
    var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `Offer`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("centreName", centreName)
        json.member("kind", kind)
        json.member("code", code)
        json.member("title", title)
        json.member("description", description)
        json.member("sector", sector)
        json.array("technologies", technologies)
        json.array("audiences", audiences)
        json.array("platformIds", platforms)
        json.member("durationMinutes", durationMinutes)
        json.member("mostParticipants", mostParticipants)
        json.member("organisationId", organisationId)
        json.member("from", fromDay)
        json.member("to", toDay)
        json.member("zone", zone)
        json.member("withdrawnAt", withdrawnAt)
        json.member("withdrawalReason", withdrawalReason)
        json.member("createdAt", createdAt)
        json.member("version", version)
    }
}
