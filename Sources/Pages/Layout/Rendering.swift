import Access
package import HTTPEdge
import HTTPTypes
package import Hummingbird
import Kernel
import NIOCore

extension Pages {
    /// What a browser may load for a page: its own style and script, nothing inside the page, nothing from elsewhere.
    private static let policy = """
        default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
        frame-ancestors 'none'
        """

    func render(_ sheet: Sheet, for visit: Visit) throws -> Response {
        let frame = Frame(t: Words(speaker: visit.speaker), page: head(of: sheet, for: visit), body: sheet.body)
        guard let html = templates.html(sheet.template, frame) else { throw TemplateMissing(name: sheet.template) }
        return Response(
            status: sheet.status,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: Self.policy,
                .contentLanguage: visit.speaker.language.rawValue, .cacheControl: "private, no-store", .vary: "Accept-Language, Cookie",
            ],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// A problem of the edge, as a page, for who asks for pages outside the API; nil leaves it as it is.
    package func problemPage(_ problem: Problem, _ request: Request, _ context: GuestContext) -> Response? {
        guard request.headers[.accept]?.contains("text/html") ?? false, !request.uri.path.hasPrefix("/v1/") else { return nil }
        var context = context
        if let language = request.cookies[cookies.language]?.value, let chosen = SpokenLanguage(rawValue: language) {
            context.askedLanguage = chosen
        }
        let visit = Visit(context: context, calls: calls, path: request.uri.path, address: "/", host: nil, session: nil, mark: nil)
        guard var response = try? render(Refusal(problem, said: context.speaker).sheet(context.speaker), for: visit) else { return nil }
        for field in problem.headers where response.headers[field.name] == nil { response.headers.append(field) }
        return response
    }

    private func head(of sheet: Sheet, for visit: Visit) -> PageHead {
        let speaker = visit.speaker
        let other: SpokenLanguage = speaker.language == .french ? .english : .french
        return PageHead(
            language: speaker.language.rawValue, title: sheet.title, otherLanguage: other.rawValue,
            otherLanguageName: other == .french ? "Français" : "English",
            otherLanguageHref: "/language/\(other.rawValue)?back=\(PercentEncoding.encode(visit.address))",
            navigation: visit.session.map { Navigation.of($0.principal, speaker, section: sheet.section) }
                ?? Navigation.ofGuests(speaker, section: sheet.section),
            who: visit.session?.organisationName, person: visit.session?.personName,
            passwordHref: provider == nil && visit.session?.personName != nil ? "/password" : nil,
            formToken: visit.session.map { FormGuard.masked($0.formToken) } ?? "",
            isDemo: !doors.all.isEmpty,
            news: Self.news(visit, about: sheet.subject))
    }

    /// What the page before has brought about: a word of a closed list in the address.
    private static func news(_ visit: Visit, about subject: String?) -> String? {
        let word = FormFields(query: visit.address.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init))["news"]
        return word.flatMap(News.init(rawValue:)).map {
            visit.speaker.say($0.key, ["subject": .text(subject ?? visit.speaker.say("page.news.subject"))])
        }
    }
}

/// What a page says that the page before it brought about.
enum News: String, CaseIterable {
    case signedIn, signedOut, booked, cancelled, keyRevoked, proposed, simulated, approved, withdrawn
    case checkedIn, checkedOut, nobodyCame, incidentReported, requestApproved, requestDeclined
    case waiting, requested, changed, webhookMade, webhookTested, webhookRemoved, replayed, sealed
    case stocktakeOpened, assetSeen, assetMisplaced, assetUnknown, stocktakeClosed, stockCounted
    case personRegistered, personRemoved, passwordChanged
    case courseCreated, courseChanged, courseWithdrawn
    case handedOut, takenBack, takenBackDamaged, takenBackLost, takenBackFewer
    case stockEntered, stockChanged, amountChanged, kitMade, kitChanged
    case documentAdded, documentRemoved
    case feedRevoked, moved, seriesBooked, seriesCancelled
    case applied, applicationWithdrawn, fileLinked, evaluationOpened, evaluationNoted, evaluationClosed
    case faultReported, faultResolved, outagePlanned, outageEnded, planCompleted, platformRetired

    var key: TextKey { TextKey(rawValue: "page.news.\(rawValue)") }
}

struct TemplateMissing: Error {
    let name: String
}
