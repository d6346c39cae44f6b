import HTTPEdge

/// The figures of a report by resource, for a spreadsheet; shares with a decimal comma.
struct ReportTable {
    private static let columns = [
        "identifiant", "genre", "nom", "capacite", "minutes_ouvertes", "minutes_entretien", "minutes_reservables", "minutes_reservees",
        "minutes_reservees_hors_ouverture", "minutes_utilisees", "minutes_preparation", "minutes_annulees_tard", "minutes_fermees",
        "minutes_absences", "reservations", "disponibilite", "occupation", "utilisation", "part_entreprises", "minutes_panne",
        "minutes_arret_prevu", "heures_stagiaires", "heures_stagiaires_presents", "participations", "participations_presentes",
    ]

    let rows: [SQL.UtilisationTable.Row]

    var csv: String { SpreadsheetText(rows: [Self.columns] + rows.map(Self.cells)).text }

    private static func cells(_ row: SQL.UtilisationTable.Row) -> [String] {
        let minutes = [
            row.openMinutes, row.maintenanceMinutes, row.bookableMinutes, row.bookedMinutes, row.bookedOutsideMinutes, row.usedMinutes,
            row.overheadMinutes, row.lateCancelledMinutes, row.closedMinutes, row.noShowMinutes, row.bookings,
        ]
        let shares = [row.availability, row.occupancy, row.useShare, row.companyShare]
        let people = [
            decimal(row.traineeHours), decimal(row.attendedHours), "\(row.participations)", "\(row.attendedParticipations)",
        ]
        return ["\(row.resourceId)", row.kind, row.name, "\(row.capacity)"] + minutes.map { "\($0)" } + shares.map(decimal)
            + ["\(row.faultMinutes)", "\(row.plannedDowntimeMinutes)"] + people
    }

    private static func decimal(_ value: Double?) -> String {
        value.map { "\($0)".replacing(".", with: ",") } ?? ""
    }
}
