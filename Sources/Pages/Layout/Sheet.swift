import HTTPEdge
import HTTPTypes

/// A page to be rendered: its template and what fills it.
struct Sheet: Sendable {
    let template: String
    let title: String
    var status: HTTPResponse.Status
    /// The entry of the navigation that it stands under.
    var section: String?
    /// What the news is about, by name.
    var subject: String?
    /// The members of the template, by its type's property names.
    let body: any Sendable

    init(
        _ template: String, title: String, status: HTTPResponse.Status = .ok, section: String? = nil, subject: String? = nil,
        _ body: any Sendable
    ) {
        self.template = template
        self.title = title
        self.status = status
        self.section = section
        self.subject = subject
        self.body = body
    }
}

/// What every template gets: words, the head of the page, its own members.
struct Frame {
    let t: Words
    let page: PageHead
    let body: any Sendable
}

/// What stands around a page's content.
struct PageHead {
    struct Link {
        let name: String
        let href: String
        let isCurrent: Bool
        /// Whether the current page is one of those below it.
        let isAbove: Bool
    }

    let language: String
    let title: String
    /// The other language: its code, its own name, where it is chosen.
    let otherLanguage: String
    let otherLanguageName: String
    let otherLanguageHref: String
    let navigation: Navigation
    /// The organisation for which somebody is signed in; nil: nobody is.
    let who: String?
    /// Who that is, where it is a person.
    let person: String?
    /// Where that person changes their password; nil: they have none here.
    let passwordHref: String?
    let formToken: String
    /// Whether the network is the fictional one.
    let isDemo: Bool
    /// What has just happened, in words.
    let news: String?
}
