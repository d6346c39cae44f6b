import HTTPEdge
import Kernel

extension SQL.ListWebhooks.Row: JSONWritable {
    var eTag: ETag { ETag(version: Int64(version)) }

    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    /// - Parameter secret: only in the answers that may show it.
    func writeMembers(to json: inout JSONWriter, secret: WebhookSecret? = nil) {
        json.member("id", id)
        json.member("url", url)
        json.member("description", description)
        json.array("types", types ?? [])
        json.member("enabled", state == "enabled")
        json.member("disabledBecause", disabledBecause)
        json.member("disabledAt", disabledAt)
        json.member("secret", secret?.text)
        json.member("formerSecretUntil", formerSecretUntil)
        json.member("lastSuccessAt", lastSuccessAt)
        json.member("waiting", waiting)
        json.member("createdAt", createdAt)
        json.member("version", version)
    }
}
