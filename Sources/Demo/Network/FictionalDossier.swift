import Kernel
import Postgres

/// Answers and documents of recognition files: invented, short, and marked so wherever they are read.
enum FictionalDossier {
    /// Centres whose file in force can be read whole.
    static let whole = ["TechnoCampus", "aptaskil", "WAN", "Technifutur"]
    /// Centres whose application waits for its answer.
    static let pending = ["Forem Wallonie Bois", "TechnocITé"]
    /// Of these, the one whose evaluation is closed.
    static let evaluated = "TechnocITé"
    /// The centre that writes its next file.
    static let drafting = "TechnoCampus"

    static let elements = ["economicRoots", "trainingOffer", "resourceCentre", "mixedInvestment"]
    static let missions = ["informationAwareness", "needsAnalysis", "technologyWatch", "training"]

    static let answers = [
        "FICTIF / FICTIONAL. Les fédérations du secteur et les partenaires sociaux siègent au conseil ; un comité d'entreprises se réunit "
            + "chaque trimestre.",
        "FICTIF / FICTIONAL. Un catalogue annuel et des formations sur mesure, des journées de sensibilisation et des démonstrations de "
            + "technologies de pointe.",
        "FICTIF / FICTIONAL. Les plates-formes techniques sont ouvertes aux opérateurs de formation, aux écoles et aux entreprises, pour "
            + "tous les publics visés.",
        "FICTIF / FICTIONAL. Les équipements sont financés par la Région, le FEDER, le fonds sectoriel et les entreprises partenaires.",
    ]

    static let documentNames = [
        "Composition du conseil.pdf", "Catalogue.pdf", "Inventaire des plates-formes.pdf", "Plan d'investissement.pdf",
    ]

    static var documents: [PostgresBytes] {
        zip(documentNames, answers).map { name, answer in PostgresBytes(FictionalPDF.page([name, "FICTIF / FICTIONAL", answer])) }
    }

    /// A sector as divisions that both lists of NACE-BEL have; sectors that are no division have none.
    static func sectorCodes(_ sectors: [String], on day: LocalDay) -> String {
        let version = day < StoryDay.day(2025, 1, 1) ? "2008" : "2025"
        let codes = sectors.compactMap { divisions[$0] }.map { #"{"scheme": "NACE-BEL", "version": "\#(version)", "code": "\#($0)"}"# }
        return "[\(codes.joined(separator: ", "))]"
    }

    private static let divisions = [
        "technology industry": "25", "chemistry": "20", "biopharma": "21", "metal": "24", "ICT": "62", "glass": "23",
        "paper and cardboard": "17", "construction": "41",
        "water": "36", "wood": "16", "forestry": "02", "tourism": "79", "aeronautics": "30",
    ]
}
