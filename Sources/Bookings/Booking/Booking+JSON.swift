package import HTTPEdge
import Kernel

extension Booking {
    /// Writes the members of the contract's `Booking`; the caller opens the object and may add to it.
    package func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("reference", reference)
        json.member("organisationId", organisation)
        json.member("organisationName", organisationName)
        json.member("state", state)
        json.array("flags", flags)
        json.member("activity", activity)
        json.array("audiences", audiences) { audience, json in
            json.object { json in
                json.member("audience", audience.audience)
                json.member("headCount", audience.headCount)
            }
        }
        json.member("accompanying", accompanying)
        json.member("title", title)
        if let contactName, let contactEmail {
            json.object("contact") { json in
                json.member("name", contactName)
                json.member("email", contactEmail)
            }
        }
        json.member("programme", programme)
        json.member("offerId", offer)
        json.member("supervision", supervision)
        if !holders.isEmpty { json.array("holders", holders) }
        json.member("labelSnapshot", labelSnapshot)
        json.member("atRiskUntil", atRiskUntil)
        json.member("expiresAt", expiresAt)
        json.array("lines", lines)
        json.member("seriesId", series)
        json.member("occurrenceStart", occurrenceStart)
        json.member("createdAt", createdAt)
        json.member("version", version)
    }
}

extension Booking {
    /// Writes what a dry run can promise: no identity, no version.
    func writePreview(to json: inout JSONWriter) {
        json.member("organisationId", organisation)
        json.member("state", state)
        json.array("flags", flags)
        json.member("labelSnapshot", labelSnapshot)
        json.array("lines", lines)
    }
}

extension Booking.Line: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("number", number)
            json.member("resourceId", resource)
            json.member("kind", kind)
            json.member("name", name)
            json.member("start", period.start)
            json.member("end", period.end)
            json.member("zone", zone)
            json.member("seats", seats)
            json.member("use", isExclusive ? "exclusive" : "shared")
            json.member("persons", persons)
            json.member("checkedInAt", checkedInAt)
            json.member("checkedOutAt", checkedOutAt)
            json.member("kitId", kit?.id)
            json.member("kitName", kit?.name)
            json.member("modelId", model?.id)
            json.member("modelName", model?.name)
        }
    }
}

extension LabelSnapshot: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("status", status)
            json.member("decisionId", decision)
            json.member("fileNumber", fileNumber)
            json.member("conditionalUntil", conditionalUntil)
        }
    }
}

extension Booking.Transition: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("version", version)
            json.member("from", from)
            json.member("to", to)
            json.member("at", at)
            json.member("reason", reason)
        }
    }
}
