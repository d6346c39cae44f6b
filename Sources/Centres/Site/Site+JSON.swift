package import HTTPEdge
import Kernel

extension Site: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreID)
        json.member("name", name)
        json.member("kind", kind)
        json.member("town", town)
        json.member("zone", zone)
        json.member("latitude", latitude)
        json.member("longitude", longitude)
        json.member("municipality", municipality)
        json.member("version", version)
        json.array("weeklyOpening", weeklyOpening)
    }

    var eTag: ETag { ETag(version: Int64(version)) }
}

extension OpeningRule: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("from", from)
            json.member("to", to)
            json.member("weekday", weekday)
            json.member("opens", opens.description)
            json.member("closes", closes.description)
        }
    }
}
