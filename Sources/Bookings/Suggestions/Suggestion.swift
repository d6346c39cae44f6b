package import HTTPEdge
package import Kernel

/// A slot in which a need fits, and why it stands where it stands.
package struct Suggestion: Sendable, Hashable {
    /// What a suggestion has in its favour, or not; the closed list of the contract.
    package enum Reason: String, Sendable, JSONWritable {
        case sameResource, sameModel, sameCategory, sameSkills, asAsked
        case sameCentre, otherCentre
        case sameTime, otherTime
    }

    /// Where it is.
    package struct Place: Sendable, Hashable {
        package let name: String
        package let centre: CentreID
        package let centreName: String?
        package let siteName: String
        package let zone: String
        /// From the resource that it is to be like, or from the place that was named.
        package let kilometres: Double?
    }

    package let resource: ResourceID
    package let period: Period
    package let place: Place
    package let isConditional: Bool
    package let reasons: [Reason]
}

extension Suggestion {
    /// - Parameter wanted: when it was to start.
    init?(_ row: SQL.Suggest.Row, wanted: Instant) {
        guard let period = Period(start: row.starts, end: row.ends) else { return nil }
        resource = row.id
        self.period = period
        place = Place(
            name: row.name, centre: row.centreId, centreName: row.centreName, siteName: row.siteName, zone: row.zone,
            kilometres: row.kilometres)
        isConditional = row.verdict == "conditional"
        reasons = [
            Reason(rawValue: row.likeness) ?? .asAsked, row.isSameCentre ? .sameCentre : .otherCentre,
            row.starts == wanted ? .sameTime : .otherTime,
        ]
    }
}

/// A slot in which a refused need would fit: instead of which line, and what it is.
package struct Alternative: Sendable, Hashable {
    /// From 1.
    package let line: Int
    package let slot: Suggestion
}

extension Alternative: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("line", line)
            json.member("resourceId", slot.resource)
            json.member("start", slot.period.start)
            json.member("end", slot.period.end)
            json.member("name", slot.place.name)
            json.member("centreId", slot.place.centre)
            json.member("centreName", slot.place.centreName)
            json.member("siteName", slot.place.siteName)
            json.member("zone", slot.place.zone)
            json.member("kilometres", slot.place.kilometres.map { ($0 * 10).rounded() / 10 })
            json.member("verdict", slot.isConditional ? "conditional" : "allow")
            json.array("reasons", slot.reasons)
        }
    }
}
