package import HTTPEdge
package import Kernel

/// A decision as one person proposes it.
package struct DecisionRequest: RequestObject {
    package let kind: DecisionKind
    package let authority: String
    package let reference: String
    package let decidedOn: LocalDay
    package let effectiveFrom: LocalDay
    /// The last day, included; an extension names it, a grant without one lasts the usual term.
    package let effectiveTo: LocalDay?
    package let supersedes: DecisionID?
    package let note: String?

    package init?(reading fields: inout FieldReader) {
        let kind: DecisionKind? = fields.required("kind")
        let authority = fields.required("authority", maximum: 100)
        let reference = fields.required("reference", maximum: 200)
        let decidedOn: LocalDay? = fields.required("decidedOn")
        let effectiveFrom: LocalDay? = fields.required("effectiveFrom")
        effectiveTo = fields.optional("effectiveTo")
        supersedes = fields.optional("supersedes")
        note = fields.optional("note", maximum: 2_000)
        guard let kind, let authority, let reference, let decidedOn, let effectiveFrom else { return nil }
        self.kind = kind
        self.authority = authority
        self.reference = reference
        self.decidedOn = decidedOn
        self.effectiveFrom = effectiveFrom
    }
}
