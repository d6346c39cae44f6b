import Hummingbird

/// The cookies of the pages: who is signed in, which language was chosen, and what signing in needs until it is done.
enum Cookies {
    static let language = "plateau-language"
    static let mark = "plateau-form"
    /// That somebody has signed out here: the identity provider, which may know them still, is to ask again.
    static let left = "plateau-left"

    /// With the prefix that keeps neighbouring hosts from setting it, where it goes over TLS only (RFC 6265bis, 4.1.3.2).
    static func session(isSecure: Bool) -> String {
        isSecure ? "__Host-plateau-session" : "plateau-session"
    }

    /// What goes with a browser to the identity provider and back.
    static func errand(isSecure: Bool) -> String {
        isSecure ? "__Host-plateau-errand" : "plateau-errand"
    }

    static func made(_ name: String, _ value: String, maxAge: Int? = nil, isSecure: Bool, sameSite: Cookie.SameSite = .lax) -> Cookie {
        Cookie(name: name, value: value, maxAge: maxAge, path: "/", secure: isSecure, httpOnly: true, sameSite: sameSite)
    }
}
