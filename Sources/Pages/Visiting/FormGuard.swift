import HTTPEdge
import HTTPTypes
import Hummingbird

/// Lets only the forms of our own pages through (CSRF).
enum FormGuard {
    static let field = "formToken"

    /// A form of a session carries that session's token.
    static func check(_ fields: FormFields, of request: Request, in member: MemberVisit) throws(Problem) {
        guard isFromHere(request), let given = fields[field].flatMap(unmasked), equals(given, member.session.formToken) else {
            throw refusal
        }
    }

    /// Before there is a session: the form and a cookie of the same page carry the same mark.
    static func check(_ fields: FormFields, of request: Request, _ cookies: Cookies) throws(Problem) {
        guard isFromHere(request), let mark = request.cookies[cookies.mark]?.value, !mark.isEmpty,
            let given = fields[field].flatMap(unmasked), equals(given, mark)
        else { throw refusal }
    }

    /// The token as one page carries it: another text each time, so that the sizes of compressed pages tell nothing of it (BREACH).
    static func masked(_ token: String) -> String {
        let bytes = Array(token.utf8)
        let mask = bytes.map { _ in UInt8.random(in: .min ... .max) }
        return hexadecimal(mask) + hexadecimal(zip(bytes, mask).map { $0 ^ $1 })
    }

    /// Nil for what no page has carried.
    static func unmasked(_ text: String) -> String? {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 4) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        let half = bytes.count / 2
        return String(validating: zip(bytes[..<half], bytes[half...]).map { $0 ^ $1 }, as: UTF8.self)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static let refusal = Problem(.forbidden, "formRefused", detail: Text("formRefused.detail"))

    /// What browsers themselves say of where a form comes from, where they say it.
    private static func isFromHere(_ request: Request) -> Bool {
        guard let site = request.headers[.secFetchSite] else { return true }
        return site == "same-origin" || site == "none"
    }

    /// Takes as long whatever differs.
    static func equals(_ given: String?, _ wanted: String) -> Bool {
        let (left, right) = (Array((given ?? "").utf8), Array(wanted.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
