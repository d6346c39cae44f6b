import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import OpenIDConnect

extension Pages {
    /// To the identity provider; nothing is begun unless it answers.
    func goToProvider(_ request: Request, _ visit: Visit) async throws -> PageAnswer {
        guard let provider else { throw Problem.notFound }
        let back = FormFields(query: request.uri.query)["back"]
        let errand = sessions.newErrand()
        let question = question(errand, of: request, visit)
        let address: String
        do throws(ProviderFault) {
            address = try await provider.address(asking: question)
        } catch {
            return try refuse(error, visit, back: back)
        }
        try await sessions.begin(errand, back: Self.safeAddress(back))
        var response = Self.seeOther(address)
        response.setCookie(cookies.made(cookies.errand, errand.token.text, maxAge: Int(sessions.limits.errandMinutes) * 60))
        return .response(response)
    }

    /// From the identity provider: its answer counts once, in the browser that asked, for somebody who is registered here.
    func comeBackFromProvider(_ request: Request, _ visit: Visit) async throws -> PageAnswer {
        guard let provider else { throw Problem.notFound }
        let answer = FormFields(query: request.uri.query)
        guard let kept = request.cookies[cookies.errand]?.value, let token = SessionToken(kept) else {
            return try signInPage(visit, back: nil, .notBegunHere)
        }
        let errand = sessions.errand(of: token)
        guard FormGuard.equals(answer["state"], errand.state) else { return try signInPage(visit, back: nil, .notBegunHere) }
        let taken = try await sessions.take(errand)
        guard let back = taken else { return try signInPage(visit, back: nil, .tooLate) }
        if let reason = answer["error"] { return try refuse(.declined(ProviderFault.brief(reason)), visit, back: back) }
        guard let code = answer["code"] else { return try refuse(.declined("without a code"), visit, back: back) }
        let person: RecognisedPerson
        do throws(ProviderFault) {
            person = try await provider.person(
                answering: question(errand, of: request, visit), code: code, issuer: answer["iss"], at: visit.context.receivedAt)
        } catch {
            return try refuse(error, visit, back: back)
        }
        return try await admit(person, visit, back: back)
    }

    private func admit(_ person: RecognisedPerson, _ visit: Visit, back: String) async throws -> PageAnswer {
        let address = person.isAddressVerified ? person.address.flatMap(SignInAddress.init) : nil
        let token = try await sessions.begin(as: Identity(issuer: person.issuer, subject: person.subject), address: address)
        guard let token else {
            // Who is not known by their account alone may be by the address, had it been told.
            if let fault = person.addressFault { return try refuse(fault, visit, back: back) }
            visit.context.logger.notice("Somebody whom nobody registered was turned away", metadata: ["subject": "\(person.subject)"])
            return try signInPage(visit, back: back, .notRegistered(person.address, isVerified: person.isAddressVerified))
        }
        var response = try await signedInResponse(token, visit, to: back)
        response.setCookie(cookies.removed(cookies.errand))
        response.setCookie(cookies.removed(cookies.left))
        return .response(response)
    }

    /// Says to the person what they can do, and to whoever runs the service what was wrong; never a code or a token.
    private func refuse(_ fault: ProviderFault, _ visit: Visit, back: String?) throws -> PageAnswer {
        visit.context.logger.warning("A sign-in at the identity provider failed", metadata: ["fault": "\(fault)"])
        return try signInPage(visit, back: back, SignInFault(fault))
    }

    private func question(_ errand: SignInErrand, of request: Request, _ visit: Visit) -> OpenIDProvider.Question {
        OpenIDProvider.Question(
            state: errand.state, nonce: errand.nonce, verifier: errand.verifier, language: visit.speaker.language.rawValue,
            isAnew: request.cookies[cookies.left] != nil)
    }
}

extension SignInFault {
    fileprivate init(_ fault: ProviderFault) {
        switch fault {
        case .unreachable: self = .providerUnreachable
        case .unusable: self = .providerUnusable
        case .codeRefused, .tokenRefused: self = .answerRefused
        case .declined(let reason): self.init(declined: reason)
        }
    }

    /// RFC 6749, 4.1.2.1: some reasons are the provider's state, some the settings, the rest what the person did there.
    private init(declined reason: String) {
        self =
            switch reason {
            case "temporarily_unavailable", "server_error": .providerUnreachable
            case "invalid_request", "invalid_scope", "unauthorized_client", "unsupported_response_type", "request_not_supported",
                "invalid_request_object", "registration_not_supported":
                .providerUnusable
            default: .declined
            }
    }
}
