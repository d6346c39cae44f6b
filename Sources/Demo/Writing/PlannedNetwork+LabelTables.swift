import Kernel

extension PlannedNetwork {
    /// Files, applications and decisions; the periods are derived by the database.
    var labelTables: [CopyTable] {
        [files, applications, decisions]
    }

    private var files: CopyTable {
        var table = CopyTable(
            "labels.recognition_file",
            [
                "centre_id", "id", "number", "effective_from", "sectors", "sector_codes", "audiences", "missions", "recorded_at",
                "recorded_by", "is_fictional",
            ])
        for centre in centres {
            for file in centre.label.files {
                table.append([
                    .integer(centre.number), .id(file.id), .integer(file.number), .day(file.effectiveFrom), .texts(file.sectors),
                    .text(FictionalDossier.sectorCodes(file.sectors, on: file.effectiveFrom)), .texts(file.audiences),
                    .texts(FictionalDossier.missions), .instant(file.recordedAt), .id(keys[centre.number].id), .boolean(true),
                ])
            }
        }
        return table.closed()
    }

    private var applications: CopyTable {
        var table = CopyTable(
            "labels.application_event",
            ["centre_id", "application_id", "event", "kind", "on_day", "recorded_at", "recorded_by", "is_fictional"])
        for centre in centres {
            guard let application = centre.label.application else { continue }
            table.append([
                .integer(centre.number), .id(application.id), .text("submitted"), .text("renewal"), .day(application.submittedOn),
                .instant(application.recordedAt), .id(keys[centre.number].id), .boolean(true),
            ])
        }
        return table.closed()
    }

    private var decisions: CopyTable {
        var table = CopyTable(
            "labels.label_decision",
            [
                "centre_id", "id", "kind", "authority", "reference", "decided_on", "effective_from", "effective_to", "proposed_by",
                "approved_by", "recorded_at", "is_fictional",
            ])
        for centre in centres {
            for decision in centre.label.decisions {
                table.append([
                    .integer(centre.number), .id(decision.id), .text(decision.kind), .text(decision.authority), .text(decision.reference),
                    .day(decision.decidedOn), .day(decision.effectiveFrom), .maybe(decision.effectiveTo) { .day($0) },
                    .id(labelAuthorities.proposes.id), .id(labelAuthorities.approves.id), .instant(decision.recordedAt),
                    .boolean(decision.isFictional),
                ])
            }
        }
        return table.closed()
    }
}
