import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

struct OwnPasswordView: Sendable {
    /// Whether this person signs in with a password at all.
    let isThere: Bool
    let hint: String
    let fault: String?
}

extension Pages {
    func passwordForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        guard provider == nil else { throw Problem.notFound }
        return .sheet(try await passwordSheet(member, fault: nil))
    }

    /// Changes one's own password; the sessions in other browsers end.
    func changeOwnPassword(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        guard provider == nil else { throw Problem.notFound }
        let speaker = member.speaker
        // As they were typed: spaces around them belong to them.
        let (former, new) = (request.fields.all("former").first ?? "", request.fields.all("new").first ?? "")
        guard request.fields.all("again").first == new else {
            return .sheet(try await passwordSheet(member, fault: speaker.say("page.password.differ")))
        }
        let change = try await sessions.changePassword(
            of: member.principal, from: former, to: new, keeping: member.session.token, from: member.visit.context.clientAddress)
        switch change {
        case .changed: return .seeOther("/password?news=passwordChanged")
        case .refused: return .sheet(try await passwordSheet(member, fault: speaker.say("page.password.wrong")))
        case .notAllowed: return .sheet(try await passwordSheet(member, fault: speaker.say("page.password.notAllowed")))
        case .noPassword: return .sheet(try await passwordSheet(member, fault: speaker.say("page.password.none")))
        case .busy:
            return .sheet(try await passwordSheet(member, fault: speaker.say("page.signIn.busy"), status: .serviceUnavailable))
        case .tooMany(let seconds):
            let fault = speaker.say("page.signIn.tooManyTries", ["minutes": .number((seconds + 59) / 60)])
            var response = try render(try await passwordSheet(member, fault: fault, status: .tooManyRequests), for: member.visit)
            response.headers[.retryAfter] = "\(seconds)"
            return .response(response)
        }
    }

    private func passwordSheet(
        _ member: MemberVisit, fault: String?, status: HTTPResponse.Status = .unprocessableContent
    ) async throws -> Sheet {
        let length = People.passwordLength
        let hint = member.speaker.say(
            "page.password.hint",
            [
                "least": .number(length.lowerBound), "most": .number(length.upperBound), "differing": .number(People.fewestCharacters),
            ])
        return Sheet(
            "password", title: member.speaker.say("page.password.title"), status: fault == nil ? .ok : status,
            OwnPasswordView(isThere: try await sessions.hasPassword(member.principal), hint: hint, fault: fault))
    }
}
