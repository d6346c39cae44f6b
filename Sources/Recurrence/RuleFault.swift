/// Why a text is not a rule that is understood here: the part at fault, what was found, and what is allowed.
package struct RuleFault: Error, Hashable, Sendable {
    /// What is wrong with the part.
    package enum Reason: String, CaseIterable, Sendable {
        case missing
        /// It stands there twice.
        case repeated
        /// No part of RFC 5545.
        case unknown
        /// A part or a value of RFC 5545 that bookings don't have.
        case unsupported
        /// Not of the form that is allowed.
        case malformed
        /// The part does not go with the others; `allowed` says with which it does.
        case misplaced
        case tooLong
    }

    /// The name of the part, such as `BYDAY` or `EXDATE`.
    package let part: String
    /// As it was written, at most 40 characters of it; empty when nothing was.
    package let found: String
    package let reason: Reason
    /// Values, ranges (`1..366`) or forms, in RFC 5545's own spelling, so that they need no translation.
    package let allowed: String

    init(_ part: some StringProtocol, _ reason: Reason, found: some StringProtocol, allowed: String) {
        self.part = String(part.prefix(40))
        self.found = String(found.prefix(40))
        self.reason = reason
        self.allowed = allowed
    }
}

extension RuleFault: CustomStringConvertible {
    package var description: String { "\(part): \(reason.rawValue), found \"\(found)\", allowed \(allowed)" }
}
