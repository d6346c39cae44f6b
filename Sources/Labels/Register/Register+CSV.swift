import HTTPEdge
import Kernel

extension Register {
    private static let columns = [
        "numero", "nom", "titre", "porteur", "statut", "du", "au", "fin_du_terme", "autorite", "reference", "decide_le", "secteurs",
        "publics", "implantations", "fictif", "identifiant",
    ]

    /// For a spreadsheet.
    var csv: String { SpreadsheetText(rows: [Self.columns] + centres.map(\.cells)).text }
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
