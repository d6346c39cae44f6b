import Kernel

/// What is to be done to an asset again and again.
struct PlannedUpkeep: Sendable {
    let id: Identifier<PlannedUpkeep>
    /// Index into `assets`.
    let asset: Int
    let isCalibration: Bool
    let everyMonths: Int?
    let everyUseHours: Int?
    let durationMinutes: Int
    let lastDoneOn: LocalDay
    /// Its last certificate, of a calibration.
    let certificate: String?
}

/// What somebody noticed about an asset, and has not been mended yet.
struct PlannedFault: Sendable {
    let id: Identifier<PlannedFault>
    /// Index into `assets`.
    let asset: Int
    let limitsUse: Bool
    let description: String
    let reportedAt: Instant
}

extension NetworkBuilder {
    private static let defects = [
        "Éclairage de la zone de travail défaillant (FICTIF)", "Bruit au démarrage (FICTIF)", "Capot de protection fendu (FICTIF)",
        "Écran de commande peu lisible (FICTIF)", "Fuite légère au raccord hydraulique (FICTIF)",
    ]

    /// Illustrative: what is measured with is calibrated once a year, lent-out machines are serviced by use, the others by the calendar;
    /// a few small defects are open.
    mutating func addMaintenance() {
        for (index, asset) in network.assets.enumerated() where asset.acquiredOn < today.adding(days: -400) {
            let category = network.models[asset.model].category
            let isCalibration = ["laboratory and process", "aeronautics"].contains(category)
            let isByUse = asset.platform == nil
            guard isCalibration || isByUse || ["machining and prototyping", "automation", "welding"].contains(category) else { continue }
            let done = today.adding(days: -20 - (index * 37) % 380)
            network.upkeep.append(
                PlannedUpkeep(
                    id: makeID(centre: network.resources[asset.resource].centre), asset: index, isCalibration: isCalibration,
                    everyMonths: isByUse && !isCalibration ? nil : 12, everyUseHours: isByUse && !isCalibration ? 200 : nil,
                    durationMinutes: isCalibration ? 240 : 480, lastDoneOn: done,
                    certificate: isCalibration ? "FICTIF-CAL-\(1_000 + index)" : nil))
        }
        for index in stride(from: 11, to: network.assets.count, by: 31) {
            let reported = today.adding(days: -3 - index % 11)
            network.faults.append(
                PlannedFault(
                    id: makeID(centre: network.resources[network.assets[index].resource].centre), asset: index,
                    limitsUse: index.isMultiple(of: 2),
                    description: Self.defects[index % Self.defects.count], reportedAt: moment(reported, minute: 600)))
        }
    }
}
