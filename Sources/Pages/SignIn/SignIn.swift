import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

struct SignInView: Sendable {
    struct Door: Sendable {
        let role: String
        let name: String
        let can: String
    }

    let mark: String
    let back: String
    let doors: [Door]
    /// Why the last attempt failed.
    let fault: String?
}

extension Pages {
    func signInForm(_ request: Request, _ visit: Visit) async throws -> PageAnswer {
        if visit.session != nil { return .seeOther(Self.safeAddress(FormFields(query: request.uri.query)["back"])) }
        return try signInPage(visit, back: FormFields(query: request.uri.query)["back"], fault: nil)
    }

    /// With the key of an organisation, where no identity provider is configured.
    func signInWithKey(_ fields: FormFields, _ visit: Visit) async throws -> PageAnswer {
        let token = try await sessions.begin(with: fields["key"] ?? "")
        guard let token else { return try signInPage(visit, back: fields["back"], fault: visit.speaker.say("page.signIn.keyNotGood")) }
        return signedIn(token, to: fields["back"])
    }

    /// As one of the roles of a demo network.
    func signInToDemo(_ fields: FormFields, _ visit: Visit) async throws -> PageAnswer {
        guard let door = doors.all.first(where: { $0.role == fields["role"] }) else { throw Problem.notFound }
        let token = try await sessions.begin(with: door.key)
        guard let token else { throw Problem.notFound }
        return signedIn(token, to: fields["back"])
    }

    /// Ends the session in the database: the cookie is worth nothing afterwards, wherever it was copied to.
    func signOut(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        if request.fields["everywhere"] != nil {
            try await sessions.endAll(of: member.principal)
        } else {
            try await sessions.end(member.session.token)
        }
        var response = Self.seeOther("/?news=signedOut")
        response.setCookie(Cookies.made(Cookies.session(isSecure: isSecure), "", maxAge: 0, isSecure: isSecure))
        return .response(response)
    }

    func chooseLanguage(_ request: Request, _ visit: Visit) async throws -> PageAnswer {
        let chosen: String = try visit.context.path("language")
        guard let language = SpokenLanguage(rawValue: chosen) else { throw Problem.notFound }
        var response = Self.seeOther(Self.safeAddress(FormFields(query: request.uri.query)["back"]))
        response.setCookie(Cookies.made(Cookies.language, language.rawValue, maxAge: 31_536_000, isSecure: isSecure))
        return .response(response)
    }

    private func signedIn(_ token: SessionToken, to back: String?) -> PageAnswer {
        var response = Self.seeOther(Self.safeAddress(back))
        response.setCookie(Cookies.made(Cookies.session(isSecure: isSecure), token.text, isSecure: isSecure))
        return .response(response)
    }

    private func signInPage(_ visit: Visit, back: String?, fault: String?) throws -> PageAnswer {
        let speaker = visit.speaker
        var random = SystemRandomNumberGenerator()
        let mark = SessionToken.make(random: &random).text
        let offered = doors.all.map { door in
            SignInView.Door(
                role: door.role, name: speaker.say(TextKey(rawValue: "page.door.\(door.role)")),
                can: speaker.say(TextKey(rawValue: "page.doorCan.\(door.role)")))
        }
        let sheet = Sheet(
            "signIn", title: speaker.say("page.signIn.title"), status: fault == nil ? .ok : .unprocessableContent,
            SignInView(mark: mark, back: Self.safeAddress(back), doors: offered, fault: fault))
        var response = try render(sheet, for: visit)
        response.setCookie(Cookies.made(Cookies.mark, mark, maxAge: 3_600, isSecure: isSecure, sameSite: .strict))
        return .response(response)
    }

    /// An address of this service, else the start: nobody is sent elsewhere.
    static func safeAddress(_ address: String?) -> String {
        guard let address, address.first == "/", !address.hasPrefix("//"), address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C })
        else { return "/" }
        return address
    }
}
