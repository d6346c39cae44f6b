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
        json.array("names", history.names)
        json.array("carriers", history.carriers)
        if !history.predecessors.isEmpty { json.array("predecessors", history.predecessors) }
        json.member("successor", history.successor)
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

extension Centre.Carrier: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("carrier", carrier)
            json.member("from", from)
            json.member("to", to)
        }
    }
}

extension Centre.Succession: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("centreId", centre)
            json.member("from", from)
        }
    }
}
