package import HTTPEdge

extension LabelOnDay {
    package func writeMembers(to json: inout JSONWriter) {
        json.member("centreId", centre)
        json.member("on", day)
        json.member("knownAt", knownAt)
        json.member("status", status)
        json.member("decisionId", decision?.id)
        json.member("endsOn", endsOn)
        json.array("periods", periods) { period, json in
            json.object { json in
                json.member("from", period.fromDay)
                json.member("to", period.toDay)
                json.member("status", period.status)
                json.member("decisionId", period.decisionId)
            }
        }
        json.member("decision", decision)
    }
}
