package import Access
package import HTTPEdge

/// The web pages for people.
///
/// They are clients of the contract: every page asks the API's own routes, from inside, as the person who is signed in. So a page can
/// do nothing that the person could not do through the API, and both refuse in the same words.
package struct Pages: Sendable {
    let calls: InnerCalls
    let sessions: Sessions
    let doors: DemoDoors
    let templates: PageTemplates
    /// Whether browsers may send the session's cookie over TLS only.
    let isSecure: Bool
    /// What the codes on labels lead to.
    let address: ServiceAddress

    /// - Parameters:
    ///   - calls: every route of the API.
    ///   - doors: the roles that the sign-in page of a demo network offers; empty anywhere else.
    package init(
        calls: InnerCalls, sessions: Sessions, doors: DemoDoors, templates: PageTemplates, isSecure: Bool, address: ServiceAddress
    ) {
        self.calls = calls
        self.sessions = sessions
        self.doors = doors
        self.isSecure = isSecure
        self.templates = templates
        self.address = address
    }
}
