import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import OpenIDConnect

struct SignInView: Sendable {
    struct Door: Sendable {
        let role: String
        let name: String
        let can: String
    }

    /// The way to the identity provider.
    struct Provider: Sendable {
        let lead: String
        let invitation: String
        let href: String
    }

    let mark: String
    let back: String
    let doors: [Door]
    /// Nil: with a password or a key, here.
    let provider: Provider?
    /// As it was typed before.
    let email: String?
    /// Why the last attempt failed.
    let fault: String?
}

/// Why nobody was signed in, in words for people.
enum SignInFault: Sendable {
    case keyNotGood, passwordWrong, busy
    /// For so many seconds more.
    case tooManyTries(Int32)
    case providerUnreachable, providerUnusable, notBegunHere, tooLate, declined, answerRefused
    /// The address that the provider gave, and whether it has verified it.
    case notRegistered(String?, isVerified: Bool)

    var status: HTTPResponse.Status {
        switch self {
        case .tooManyTries: .tooManyRequests
        case .providerUnreachable, .providerUnusable, .busy: .serviceUnavailable
        case .notRegistered: .forbidden
        default: .unprocessableContent
        }
    }

    func said(_ speaker: Speaker, provider: String) -> String {
        let name: [String: TextArgument] = ["provider": .text(provider)]
        return switch self {
        case .keyNotGood: speaker.say("page.signIn.keyNotGood")
        case .passwordWrong: speaker.say("page.signIn.passwordWrong")
        case .tooManyTries(let seconds): speaker.say("page.signIn.tooManyTries", ["minutes": .number((seconds + 59) / 60)])
        case .busy: speaker.say("page.signIn.busy")
        case .providerUnreachable: speaker.say("page.signIn.providerUnreachable", name)
        case .providerUnusable: speaker.say("page.signIn.providerUnusable", name)
        case .notBegunHere: speaker.say("page.signIn.notBegunHere")
        case .tooLate: speaker.say("page.signIn.tooLate")
        case .declined: speaker.say("page.signIn.declined", name)
        case .answerRefused: speaker.say("page.signIn.answerRefused", name)
        case .notRegistered(let address?, isVerified: true):
            speaker.say("page.signIn.notRegistered", ["address": .text(address)])
        case .notRegistered(let address?, isVerified: false):
            speaker.say("page.signIn.notVerified", ["address": .text(address), "provider": .text(provider)])
        case .notRegistered(nil, _): speaker.say("page.signIn.noAddress", name)
        }
    }
}

extension Pages {
    func signInPage(_ visit: Visit, back: String?, _ fault: SignInFault? = nil, email: String? = nil) throws -> PageAnswer {
        let speaker = visit.speaker
        var random = SystemRandomNumberGenerator()
        // The same in every window of a browser: one that is opened later leaves the others good.
        let mark = (visit.mark ?? SessionToken.make(random: &random)).text
        let address = Self.safeAddress(back)
        // Whatever was sent, in the other language it begins anew: neither a form nor an answer of the provider is sent twice.
        var visit = visit
        visit.address = "/sign-in?back=\(PercentEncoding.encode(address))"
        let sheet = Sheet(
            "signIn", title: speaker.say("page.signIn.title"), status: fault?.status ?? .ok,
            SignInView(
                mark: FormGuard.masked(mark), back: address, doors: offeredDoors(speaker),
                provider: offeredProvider(speaker, back: address), email: email,
                fault: fault?.said(speaker, provider: provider?.settings.label ?? "")))
        var response = try render(sheet, for: visit)
        if case .tooManyTries(let seconds)? = fault { response.headers[.retryAfter] = "\(seconds)" }
        response.setCookie(cookies.made(cookies.mark, mark, maxAge: 3_600, sameSite: .strict))
        return .response(response)
    }

    private func offeredDoors(_ speaker: Speaker) -> [SignInView.Door] {
        doors.all.map { door in
            SignInView.Door(
                role: door.role, name: speaker.say(TextKey(rawValue: "page.door.\(door.role)")),
                can: speaker.say(TextKey(rawValue: "page.doorCan.\(door.role)")))
        }
    }

    private func offeredProvider(_ speaker: Speaker, back: String) -> SignInView.Provider? {
        guard let label = provider?.settings.label else { return nil }
        return SignInView.Provider(
            lead: speaker.say("page.signIn.providerLead", ["provider": .text(label)]),
            invitation: speaker.say("page.signIn.atProvider", ["provider": .text(label)]),
            href: "/sign-in/provider?back=\(PercentEncoding.encode(back))")
    }
}
