import HTTPTypes
import NIOCore
package import Hummingbird

extension Problem {
    /// The problem as `application/problem+json` in the speaker's language.
    package func response(requestID: String, speaker: Speaker) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.contentLanguage] = speaker.language.rawValue
        headers[.cacheControl] = "no-store"
        headers[.vary] = "Accept-Language"
        return Response(status: status, headers: headers, body: .init(byteBuffer: body(requestID: requestID, speaker: speaker)))
    }

    func body(requestID: String, speaker: Speaker) -> ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.member("type", code.type)
            json.member("title", speaker.say(title ?? Text(code.title)))
            json.member("status", status.code)
            json.member("detail", detail.map(speaker.say))
            json.member("instance", requestID.isEmpty ? nil : "urn:plateau:request:\(requestID)")
            if !issues.isEmpty {
                json.array("issues", issues) { issue, json in issue.write(to: &json, speaker: speaker) }
            }
            for member in extensions {
                json.name(member.name)
                member.write(&json, speaker)
            }
        }
        return json.buffer
    }
}

extension ProblemIssue {
    /// As a member of a problem has it.
    package func write(to json: inout JSONWriter, speaker: Speaker) {
        json.object { json in
            json.member("in", place.rawValue)
            json.member("name", name)
            json.member("code", code)
            json.member("detail", speaker.say(detail))
        }
    }
}
