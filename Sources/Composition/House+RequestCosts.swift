extension House {
    /// What a request takes from its key's account where that is more than 1: about its processor time, in reads of one booking.
    ///
    /// The contract says the same (`x-cost`), by a test.
    package static let requestCosts = [
        "listPlatforms": 2, "listEquipment": 2, "getCalendar": 2, "getFreeBusy": 2,
        "getAvailability": 5, "decideAccess": 5, "getUtilisation": 5,
        "downloadUtilisation": 5, "compareUtilisation": 10, "getHeatMap": 5, "getDemand": 5, "getNetworkUtilisation": 20,
        "sealReport": 20, "reproduceSealedReport": 20, "getRenewalEvidence": 20,
        "listOtherPlaces": 5,
        "createBookingSeries": 20, "createBookingBatch": 20, "changeBookingSeries": 20, "simulateLabelDecision": 20,
        "searchResources": 20, "suggestSlots": 20,
    ]

    /// What a page takes from its address' account where that is more than 1: it asks that many routes, or more.
    package static let pageCosts = [
        "search": 20, "decisions": 10, "register": 2, "centre": 2, "today": 2, "utilisation": 10, "utilisationTable": 5,
        "networkUtilisation": 10, "evidence": 10, "sealCentreReport": 10,
    ]
}
