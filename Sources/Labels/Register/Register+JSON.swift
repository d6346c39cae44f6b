import HTTPEdge

extension Register {
    /// The protected title: whoever stands in the register bears it.
    static let title = "Centre de compétence"

    /// Writes the members of the contract's `Register`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("on", day)
        json.member("knownAt", knownAt)
        json.array("items", centres)
    }
}

extension SQL.LabelledCentres.Row: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("centreId", id)
            json.member("number", number)
            json.member("name", name)
            json.member("title", Register.title)
            json.member("carrier", carrier)
            json.member("status", status)
            json.member("from", fromDay)
            json.member("to", toDay)
            json.member("termEndsOn", endsOn)
            json.member("authority", authority)
            json.member("reference", reference)
            json.member("decidedOn", decidedOn)
            json.array("sectors", sectors ?? [])
            json.array("audiences", audiences ?? [])
            json.array("towns", towns)
            json.member("isFictional", isFictional)
        }
    }
}
