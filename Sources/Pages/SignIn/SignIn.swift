import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

extension Pages {
    func signInForm(_ request: Request, _ visit: Visit) async throws -> PageAnswer {
        let back = FormFields(query: request.uri.query)["back"]
        if visit.session != nil { return .seeOther(Self.safeAddress(back)) }
        return try signInPage(visit, back: back)
    }

    /// With the key of an organisation, where no identity provider is configured.
    func signInWithKey(_ fields: FormFields, _ visit: Visit) async throws -> PageAnswer {
        guard provider == nil else { throw Problem.notFound }
        let token = try await sessions.begin(with: fields["key"] ?? "")
        guard let token else { return try signInPage(visit, back: fields["back"], .keyNotGood) }
        return try await signedIn(token, visit, to: fields["back"])
    }

    /// With the password of a registered person, where no identity provider is configured.
    func signInWithPassword(_ fields: FormFields, _ visit: Visit) async throws -> PageAnswer {
        guard provider == nil else { throw Problem.notFound }
        // As it was typed: spaces around it belong to it.
        let password = fields.all("password").first ?? ""
        guard let address = fields["email"].flatMap(SignInAddress.init), password.utf8.count <= People.passwordBytes else {
            return try signInPage(visit, back: fields["back"], .passwordWrong, email: fields["email"])
        }
        switch try await sessions.begin(with: password, of: address, from: visit.context.clientAddress) {
        case .begun(let token): return try await signedIn(token, visit, to: fields["back"])
        case .refused: return try signInPage(visit, back: fields["back"], .passwordWrong, email: address.text)
        case .tooMany(let seconds): return try signInPage(visit, back: fields["back"], .tooManyTries(seconds), email: address.text)
        case .busy: return try signInPage(visit, back: fields["back"], .busy, email: address.text)
        }
    }

    /// As one of the roles of a demo network.
    func signInToDemo(_ fields: FormFields, _ visit: Visit) async throws -> PageAnswer {
        guard let door = doors.all.first(where: { $0.role == fields["role"] }) else { throw Problem.notFound }
        let token = try await sessions.begin(with: door.key)
        guard let token else { throw Problem.notFound }
        return try await signedIn(token, visit, to: fields["back"])
    }

    /// Ends the session in the database: the cookie is worth nothing afterwards, wherever it was copied to.
    func signOut(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        if request.fields["everywhere"] != nil {
            try await sessions.endAll(of: member.principal)
        } else {
            try await sessions.end(member.session.token)
        }
        var response = Self.seeOther("/?news=signedOut")
        response.setCookie(cookies.removed(cookies.session))
        // Else whoever sits down next would be signed in by one press.
        if provider != nil { response.setCookie(cookies.made(cookies.left, "1", maxAge: 31_536_000)) }
        return .response(response)
    }

    func chooseLanguage(_ request: Request, _ visit: Visit) async throws -> PageAnswer {
        let chosen: String = try visit.context.path("language")
        guard let language = SpokenLanguage(rawValue: chosen) else { throw Problem.notFound }
        var response = Self.seeOther(Self.safeAddress(FormFields(query: request.uri.query)["back"]))
        response.setCookie(cookies.made(cookies.language, language.rawValue, maxAge: 31_536_000))
        return .response(response)
    }

    /// The session that this browser had ends: nobody would have its cookie any more.
    func signedInResponse(_ token: SessionToken, _ visit: Visit, to back: String?) async throws -> Response {
        if let former = visit.session { try await sessions.end(former.token) }
        var response = Self.seeOther(Self.safeAddress(back))
        response.setCookie(cookies.made(cookies.session, token.text))
        return response
    }

    private func signedIn(_ token: SessionToken, _ visit: Visit, to back: String?) async throws -> PageAnswer {
        .response(try await signedInResponse(token, visit, to: back))
    }

    /// An address of this service, else the start: nobody is sent elsewhere.
    static func safeAddress(_ address: String?) -> String {
        guard let address, address.first == "/", !address.hasPrefix("//"), address.utf8.count <= 2_000,
            address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C })
        else { return "/" }
        return address
    }
}
