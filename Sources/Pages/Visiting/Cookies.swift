import Hummingbird

/// The cookies of the pages: who is signed in, which language was chosen, and a mark for the form of the sign-in page.
enum Cookies {
    static let language = "plateau-language"
    static let mark = "plateau-form"

    /// With the prefix that keeps neighbouring hosts from setting it, where it goes over TLS only (RFC 6265bis, 4.1.3.2).
    static func session(isSecure: Bool) -> String {
        isSecure ? "__Host-plateau-session" : "plateau-session"
    }

    static func made(_ name: String, _ value: String, maxAge: Int? = nil, isSecure: Bool, sameSite: Cookie.SameSite = .lax) -> Cookie {
        Cookie(name: name, value: value, maxAge: maxAge, path: "/", secure: isSecure, httpOnly: true, sameSite: sameSite)
    }
}
