package import Access
package import HTTPEdge
package import OpenIDConnect

/// The web pages for people.
///
/// They are clients of the contract: every page asks the API's own routes, from inside, as the person who is signed in. So a page can
/// do nothing that the person could not do through the API, and both refuse in the same words.
package struct Pages: Sendable {
    let calls: InnerCalls
    let sessions: Sessions
    let doors: DemoDoors
    /// Nil: people sign in with a password or a key.
    let provider: OpenIDProvider?
    let templates: PageTemplates
    let cookies: Cookies
    /// What the codes on labels lead to.
    let address: ServiceAddress

    /// - Parameters:
    ///   - calls: every route of the API.
    ///   - doors: the roles that the sign-in page of a demo network offers; empty anywhere else.
    ///   - provider: where people sign in; nil: here, with a password or a key.
    ///   - isSecure: whether browsers may send cookies over TLS only.
    package init(
        calls: InnerCalls, sessions: Sessions, doors: DemoDoors, provider: OpenIDProvider?, templates: PageTemplates, isSecure: Bool,
        address: ServiceAddress
    ) {
        self.calls = calls
        self.sessions = sessions
        self.doors = doors
        self.provider = provider
        cookies = Cookies(isSecure: isSecure)
        self.templates = templates
        self.address = address
    }
}
