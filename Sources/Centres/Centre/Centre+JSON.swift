package import HTTPEdge

extension Centre: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("number", number)
        json.member("kind", kind)
        json.member("carrier", carrier)
        json.member("name", name)
        json.member("title", title)
        json.member("zone", zone)
        json.member("isFictional", isFictional)
        json.member("createdAt", createdAt)
        json.member("version", version)
        json.array("names", names)
        json.member("organisationId", organisationID)
    }

    var eTag: ETag { ETag(version: Int64(version)) }
}

extension Centre.Name: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("from", from)
            json.member("to", to)
        }
    }
}
