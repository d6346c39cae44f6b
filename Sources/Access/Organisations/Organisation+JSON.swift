package import HTTPEdge

extension Organisation: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("kind", kind)
        json.member("name", name)
        json.member("enterpriseNumber", enterpriseNumber)
        json.member("establishmentNumber", establishmentNumber)
        json.member("centreId", centreID)
        json.member("isFictional", isFictional)
        json.member("createdAt", createdAt)
        json.member("version", version)
    }

    var eTag: ETag { ETag(version: Int64(version)) }
}
