package import HTTPEdge

/// What somebody must hold to use a resource and its parts.
package struct Prerequisite: RequestObject, JSONWritable, Hashable {
    package enum Holder: String, CaseIterable, RequestValue, JSONWritable {
        case participant, driver, trainer, company
    }

    package let holder: Holder
    /// A rule of booking when the network knows the type, otherwise only shown.
    package let attestation: AttestationCode
    package let note: String?

    package init?(reading fields: inout FieldReader) {
        let holder: Holder? = fields.required("holder")
        let attestation: AttestationCode? = fields.required("attestation")
        note = fields.optional("note", maximum: 500)
        guard let holder, let attestation else { return nil }
        self.holder = holder
        self.attestation = attestation
    }

    init?(storedHolder: String, attestation: String, note: String) {
        guard let holder = Holder(rawValue: storedHolder) else { return nil }
        self.holder = holder
        self.attestation = AttestationCode(stored: attestation)
        self.note = note.isEmpty ? nil : note
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("holder", holder)
            json.member("attestation", attestation)
            json.member("note", note)
        }
    }
}

/// The code of a type of attestation, such as `forkliftLicence`: a small letter and more letters or digits.
package struct AttestationCode: RequestValue, JSONWritable, Hashable {
    package let text: String

    package init(stored text: String) { self.text = text }

    package static func read(text: String) throws(ValueRefusal) -> AttestationCode {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), (2...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) })
        else { throw ValueRefusal("reason.attestationCode") }
        return AttestationCode(stored: text)
    }

    package func write(to json: inout JSONWriter) { text.write(to: &json) }
}
