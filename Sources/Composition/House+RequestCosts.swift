extension House {
    /// What a request takes from its key's account where that is more than 1: about its processor time, in reads of one booking.
    ///
    /// The contract says the same (`x-cost`), by a test.
    package static let requestCosts = [
        "listPlatforms": 2, "listEquipment": 2, "listOffers": 2, "listOfferWords": 2, "getCalendar": 2, "getFreeBusy": 2,
        "getAvailability": 5, "getKitAvailability": 5, "listStocks": 2, "listKits": 5,
        "decideAccess": 5, "getUtilisation": 5, "getEconomicUse": 5,
        "downloadUtilisation": 5, "compareUtilisation": 10, "getHeatMap": 5, "getDemand": 5,
        "getNetworkUtilisation": 20, "getNetworkHeatMap": 20,
        "getNetworkDemand": 20,
        "sealReport": 20, "reproduceSealedReport": 20, "getRenewalEvidence": 20,
        "listOtherPlaces": 5,
        "createBookingSeries": 20, "createBookingBatch": 20, "changeBookingSeries": 20, "simulateLabelDecision": 20,
        "searchResources": 20, "suggestSlots": 20,
        "exportEquipment": 5, "exportPlatforms": 5, "exportOpening": 5, "exportClosedDays": 5,
        "importEquipment": 20, "importPlatforms": 20, "importOpening": 20, "importClosedDays": 20, "importClosureCalendar": 20,
        "importBookings": 50, "importBookingCalendar": 50, "exportBookings": 20, "enterMunicipalityList": 20,
    ]

    /// What a page takes from its address' account where that is more than 1: it asks that many routes, or is not to be tried often.
    package static let pageCosts = [
        "search": 20, "decisions": 10, "register": 2, "centre": 2, "today": 2, "utilisation": 10, "utilisationTable": 5,
        "bookingReview": 20, "booking": 5, "labelApplication": 5, "feeds": 5,
        "courses": 5, "custody": 5, "platformParts": 5, "kit": 5, "newKitForm": 5, "kitChangeForm": 5,
        "networkUtilisation": 20, "evidence": 10, "bookSeries": 20, "sealCentreReport": 10, "sealedReport": 2, "sealedReportAgain": 20,
        "qrSheet": 5, "equipmentTable": 5, "platformsTable": 5,
        "openingTable": 5, "closed-daysTable": 5, "bookingsTable": 20,
        "checkCentreTable": 20, "enterCentreTable": 20, "checkBookingTable": 50, "enterBookingTable": 50,
        "people": 5, "registerPersonByPage": 5, "removePersonByPage": 5,
        "signInWithPassword": 20, "changeOwnPassword": 20, "goToProvider": 5, "comeBackFromProvider": 5,
    ]
}
