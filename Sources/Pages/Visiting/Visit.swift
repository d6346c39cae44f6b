import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

/// One request for a page: in which language, and by whom, where somebody is signed in.
struct Visit: Sendable {
    let context: GuestContext
    let calls: InnerCalls
    let path: String
    /// With its query, to come back to.
    var address: String
    /// Under which the service was asked.
    let host: String?
    let session: Session?
    /// What the sign-in page of this browser carries, in whichever of its windows; nil: it has seen none yet.
    let mark: SessionToken?

    /// Who is signed in, in this browser.
    struct Session: Sendable {
        let token: SessionToken
        let principal: Principal
        let organisationName: String
        /// Nil for who signed in with an organisation's key.
        let personName: String?
        /// What the forms of this session carry.
        let formToken: String
    }

    var speaker: Speaker { context.speaker }
    var api: PageCalls { PageCalls(calls: calls, principal: session?.principal, context: context) }
}

/// A visit of somebody who is signed in.
struct MemberVisit: Sendable {
    let visit: Visit
    let session: Visit.Session

    init?(_ visit: Visit) {
        guard let session = visit.session else { return nil }
        self.visit = visit
        self.session = session
    }

    var principal: Principal { session.principal }
    var speaker: Speaker { visit.speaker }
    var api: PageCalls { visit.api }
    var now: Instant { visit.context.receivedAt }
}

extension Pages {
    func visit(of request: Request, _ context: GuestContext) async throws -> Visit {
        var context = context
        if let language = request.cookies[cookies.language]?.value, let chosen = SpokenLanguage(rawValue: language) {
            context.askedLanguage = chosen
        }
        let session = try await session(of: request, context)
        return Visit(
            context: context, calls: calls, path: request.uri.path, address: request.uri.string, host: request.head.authority,
            session: session, mark: request.cookies[cookies.mark].flatMap { SessionToken($0.value) })
    }

    private func session(of request: Request, _ context: GuestContext) async throws -> Visit.Session? {
        guard let cookie = request.cookies[cookies.session], let token = SessionToken(cookie.value) else { return nil }
        let resumed = try await sessions.resume(token)
        guard let (principal, personName) = resumed else { return nil }
        let me = try await PageCalls(calls: calls, principal: principal, context: context).get("/v1/me")
        return Visit.Session(
            token: token, principal: principal, organisationName: me["organisation"]?["name"]?.text ?? "", personName: personName,
            formToken: sessions.formToken(of: token))
    }

    /// Renders what a page answers, and tells a refusal of the API in the page's own form.
    func answer(to visit: Visit, _ page: () async throws -> PageAnswer) async throws -> Response {
        let answer: PageAnswer
        do {
            answer = try await page()
        } catch let refusal as Refusal {
            return try render(refusal.sheet(visit.speaker), for: visit)
        } catch let error as any ProblemRepresentable where error.problem.status.code < 500 {
            return try render(Refusal(error.problem, said: visit.speaker).sheet(visit.speaker), for: visit)
        }
        switch answer {
        case .sheet(let sheet): return try render(sheet, for: visit)
        case .seeOther(let address): return Self.seeOther(address)
        case .response(let response): return response
        }
    }

    /// To the sign-in page, and back to the same address afterwards; a form that was sent begins again at the start.
    func signInFirst(_ request: Request) -> Response {
        let back = request.method == .get ? "?back=\(PercentEncoding.encode(request.uri.string))" : ""
        return Self.seeOther("/sign-in\(back)")
    }

    static func seeOther(_ address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store"])
    }
}

/// What a page answers.
enum PageAnswer: Sendable {
    case sheet(Sheet)
    /// After a form: the browser fetches that page, so that neither reloading nor going back sends the form again.
    case seeOther(String)
    case response(Response)
}
