import Foundation
import Kernel
import SwiftCSV

/// What is published about the centres, read from the files in `Facts`.
struct PublicFacts: Sendable {
    struct Centre: Sendable {
        let name: String
        /// The name borne before, until the first day of the month that the file gives.
        let formerName: (name: String, until: LocalDay)?
        /// One list of sectors a version of the recognition file.
        let sectors: [[String]]
        let towns: [String]
        let carrier: String
        /// `grant` or `provisional`.
        let label2020: String
    }

    struct Platform: Sendable {
        let centre: String
        let name: String
        let workstations: Int
        /// Each with how many there are.
        let equipment: [(name: String, count: Int)]
    }

    struct Course: Sendable {
        let centre: String
        let platform: String
        let title: String
        let sector: String
        let technologies: [String]
        let hours: Int
        let participants: Int
    }

    struct Stock: Sendable {
        let centre: String
        let platform: String
        let name: String
        let isConsumable: Bool
        let minimum: Int?
        /// The first is how many there were at first.
        let changes: [(cause: String, change: Int)]
    }

    struct Kit: Sendable {
        let centre: String
        let name: String
        let members: [KitMember]
    }

    struct KitMember: Sendable {
        enum Kind: String, Sendable {
            case platform, stock
            /// Any machines of a name.
            case any
        }

        let kind: Kind
        let name: String
        let amount: Int
    }

    struct Decision: Sendable {
        let kind: String
        let authority: String
        let decidedOn: LocalDay
        let effectiveFrom: LocalDay
        let effectiveTo: LocalDay?
    }

    let centres: [Centre]
    let platforms: [Platform]
    let courses: [Course]
    let stocks: [Stock]
    let kits: [Kit]
    /// The decisions of 2020, by kind.
    let decisions: [String: Decision]
    /// Latitude and longitude by town.
    let places: [String: (latitude: Double, longitude: Double)]
}

extension PublicFacts {
    static func read() throws -> PublicFacts {
        PublicFacts(
            centres: try rows(PackageResources.centres_csv).map(centre),
            platforms: try rows(PackageResources.platforms_csv).map(platform),
            courses: try rows(PackageResources.courses_csv).map(course),
            stocks: try rows(PackageResources.stocks_csv).map(stock),
            kits: try rows(PackageResources.kits_csv).map(kit),
            decisions: try Dictionary(
                uniqueKeysWithValues: rows(PackageResources.label_decisions_csv).map { ($0.kind, try decision($0)) }),
            places: try Dictionary(
                uniqueKeysWithValues: rows(PackageResources.towns_csv).map { row in
                    (try row.text("town"), (latitude: try row.decimal("latitude"), longitude: try row.decimal("longitude")))
                }))
    }

    private static func centre(_ row: FactRow) throws -> Centre {
        Centre(
            name: try row.text("name"), formerName: try formerName(row.optional("name_before")), sectors: sectors(try row.text("sector")),
            towns: list(try row.text("sites")), carrier: try row.text("carrier"), label2020: try row.text("label_2020"))
    }

    /// Reads `Cefochim (until 2021-10)`.
    private static func formerName(_ text: String?) throws -> (name: String, until: LocalDay)? {
        guard let text else { return nil }
        guard let match = text.wholeMatch(of: #/(.+) \(until (\d{4}-\d{2})\)/#), let until = LocalDay("\(match.2)-01") else {
            throw DemoError.factUnreadable("name_before: \(text)")
        }
        return (String(match.1), until)
    }

    /// `glass; then also paper and cardboard` is two versions: the second one adds a sector.
    private static func sectors(_ text: String) -> [[String]] {
        let versions = text.components(separatedBy: "; then also ")
        var known = versions[0].components(separatedBy: " and ")
        return [known]
            + versions.dropFirst().map { added in
                known.append(added)
                return known
            }
    }

    private static func platform(_ row: FactRow) throws -> Platform {
        let equipment = list(try row.text("equipment")).map { text in
            guard let match = text.wholeMatch(of: #/(.+) x(\d+)/#), let count = Int(match.2) else { return (name: text, count: 2) }
            return (name: String(match.1), count: count)
        }
        return Platform(
            centre: try row.text("centre"), name: try row.text("platform"), workstations: Int(try row.decimal("workstations")),
            equipment: equipment)
    }

    private static func course(_ row: FactRow) throws -> Course {
        Course(
            centre: try row.text("centre"), platform: try row.text("platform"), title: try row.text("title"),
            sector: try row.text("sector"), technologies: list(try row.text("technologies")), hours: Int(try row.decimal("hours")),
            participants: Int(try row.decimal("participants")))
    }

    private static func stock(_ row: FactRow) throws -> Stock {
        let changes = try list(try row.text("changes")).map { text in
            guard let match = text.wholeMatch(of: #/(entered|bought|lost|broken|used) (\d+)/#), let count = Int(match.2) else {
                throw DemoError.factUnreadable("changes: \(text)")
            }
            return (cause: String(match.1), change: ["entered", "bought"].contains(match.1) ? count : -count)
        }
        return Stock(
            centre: try row.text("centre"), platform: try row.text("platform"), name: try row.text("stock"),
            isConsumable: try row.text("use") == "consumed", minimum: row.optional("minimum").flatMap { Int($0) }, changes: changes)
    }

    private static func kit(_ row: FactRow) throws -> Kit {
        let members = try list(try row.text("members")).map { text in
            guard let match = text.wholeMatch(of: #/(\w+) (.+) x(\d+)/#), let kind = KitMember.Kind(rawValue: String(match.1)),
                let amount = Int(match.3)
            else { throw DemoError.factUnreadable("members: \(text)") }
            return KitMember(kind: kind, name: String(match.2), amount: amount)
        }
        return Kit(centre: try row.text("centre"), name: try row.text("kit"), members: members)
    }

    private static func decision(_ row: FactRow) throws -> Decision {
        Decision(
            kind: row.kind, authority: try row.text("authority"), decidedOn: try row.day("decided_on"),
            effectiveFrom: try row.day("effective_from"),
            effectiveTo: row.optional("effective_to") == nil ? nil : try row.day("effective_to"))
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The rows of a file; lines that start with `#` are remarks.
    private static func rows(_ file: [UInt8]) throws -> [FactRow] {
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return try CSV<Named>(string: lines.joined(separator: "\n"), delimiter: .comma).rows.map(FactRow.init)
    }
}

/// One row of a file of facts.
private struct FactRow {
    let fields: [String: String]

    var kind: String { fields["kind"] ?? "" }

    func optional(_ column: String) -> String? {
        fields[column].flatMap { $0.isEmpty ? nil : $0 }
    }

    func text(_ column: String) throws -> String {
        guard let text = optional(column) else { throw DemoError.factUnreadable(column) }
        return text
    }

    func decimal(_ column: String) throws -> Double {
        guard let number = Double(try text(column)) else { throw DemoError.factUnreadable(column) }
        return number
    }

    func day(_ column: String) throws -> LocalDay {
        guard let day = LocalDay(try text(column)) else { throw DemoError.factUnreadable(column) }
        return day
    }
}
