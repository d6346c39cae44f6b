import Hummingbird

/// The cookies of the pages: who is signed in, which language was chosen, and what signing in needs until it is done.
struct Cookies: Sendable {
    /// Whether they go over TLS only: then with the prefix that keeps neighbouring hosts from setting them (RFC 6265bis, 4.1.3.2).
    let isSecure: Bool

    var session: String { named("session") }
    var language: String { named("language") }
    /// What the form of the sign-in page repeats.
    var mark: String { named("form") }
    /// What goes with a browser to the identity provider and back.
    var errand: String { named("errand") }
    /// That somebody has signed out here: the identity provider, which may know them still, is to ask again.
    var left: String { named("left") }

    func made(_ name: String, _ value: String, maxAge: Int? = nil, sameSite: Cookie.SameSite = .lax) -> Cookie {
        Cookie(name: name, value: value, maxAge: maxAge, path: "/", secure: isSecure, httpOnly: true, sameSite: sameSite)
    }

    func removed(_ name: String) -> Cookie {
        made(name, "", maxAge: 0)
    }

    private func named(_ name: String) -> String {
        (isSecure ? "__Host-" : "") + "plateau-" + name
    }
}
