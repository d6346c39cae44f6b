import Kernel

extension Register {
    private static let columns = [
        "numero", "nom", "titre", "porteur", "statut", "du", "au", "fin_du_terme", "autorite", "reference", "decide_le", "secteurs",
        "publics", "implantations", "fictif", "identifiant",
    ]

    /// As a French spreadsheet opens it with a double click: a byte order mark, semicolons, days as ISO 8601 writes them (RFC 4180 but
    /// for the separator).
    var csv: String {
        let rows = [Self.columns] + centres.map(\.cells)
        return "\u{FEFF}" + rows.map { $0.map(Self.cell).joined(separator: ";") + "\r\n" }.joined()
    }

    /// Quoted where needed; what a spreadsheet would take for a formula is told to be a text.
    static func cell(_ text: String) -> String {
        let isFormula = text.utf8.first.map { [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.utf8.contains(where: { [0x3B, 0x22, 0x0A, 0x0D].contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}

extension SQL.LabelledCentres.Row {
    fileprivate var cells: [String] {
        [
            "\(number)", name, Register.title, carrier ?? "", status, "\(fromDay)", toDay?.description ?? "", endsOn?.description ?? "",
            authority ?? "", reference ?? "", decidedOn?.description ?? "", (sectors ?? []).joined(separator: ", "),
            (audiences ?? []).joined(separator: ", "), towns.joined(separator: ", "), isFictional ? "oui" : "non", "\(id)",
        ]
    }
}
