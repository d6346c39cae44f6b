import FoundationEssentials
import HTTPEdge
import Kernel

/// What a feed shows.
enum FeedKind: String, CaseIterable, RequestValue, JSONWritable {
    case resource, site, centre, organisation, person

    /// The member that names its subject; nil where the caller is it.
    var subjectField: String? {
        switch self {
        case .resource: "resourceId"
        case .site: "siteId"
        case .centre: "centreId"
        case .organisation, .person: nil
        }
    }
}

/// A feed to be made.
struct FeedRequest: RequestObject {
    let kind: FeedKind
    let subject: UUID?
    /// Nil: that of the request.
    let language: FeedLanguage?
    let description: String?

    init?(reading fields: inout FieldReader) {
        let kind: FeedKind? = fields.required("kind")
        language = fields.optional("language")
        description = fields.optional("description", maximum: 200)
        let given: [(field: String, id: UUID?)] = [
            ("resourceId", fields.optional("resourceId", ResourceID.self)?.rawValue),
            ("siteId", fields.optional("siteId", SiteID.self)?.rawValue),
            ("centreId", fields.optional("centreId", CentreID.self)?.rawValue),
        ]
        guard let kind else { return nil }
        for (field, id) in given where id != nil && field != kind.subjectField {
            fields.refuse(field, Text("reason.feedSubject", ["kind": .text(kind.rawValue)]))
        }
        subject = given.first { $0.field == kind.subjectField }?.id
        if let field = kind.subjectField, !fields.has(field) { fields.refuse(field, code: "missing", Text("reason.missing")) }
        self.kind = kind
    }
}

/// A language in which a feed or a message can be written.
enum FeedLanguage: String, CaseIterable, RequestValue, JSONWritable {
    case fr, en
}

extension SQL.ListFeeds.Row: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    /// - Parameter url: only in the one answer that may show it.
    func writeMembers(to json: inout JSONWriter, url: String? = nil) {
        json.member("id", id)
        json.member("kind", kind)
        if let subjectId {
            switch FeedKind(rawValue: kind) {
            case .resource: json.member("resourceId", ResourceID(subjectId))
            case .site: json.member("siteId", SiteID(subjectId))
            case .centre: json.member("centreId", CentreID(subjectId))
            case .organisation, .person, nil: break
            }
        }
        json.member("keyId", keyId)
        json.member("language", language)
        json.member("description", self.description)
        json.member("url", url)
        json.member("createdAt", createdAt)
        json.member("lastReadAt", lastReadAt)
    }
}
