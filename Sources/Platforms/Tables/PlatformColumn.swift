import HTTPEdge
import Kernel

/// The columns of a table of platforms.
enum PlatformColumn: String, TableColumn {
    /// The id of the platform that is meant; empty: the one of that name at the site, or a new one.
    case platform
    case name, site, description, visibility, workstations, parent, personLimit, sectors, skills, supervision
    case setupMinutes, cleanupMinutes, minimumMinutes, maximumMinutes, gridMinutes, noticeMinutes, horizonDays

    var isRequired: Bool {
        switch self {
        case .name, .site, .visibility, .workstations: true
        default: false
        }
    }
}

/// One line of a table of platforms, read; the site and the parent are names or ids yet, and what the table leaves out is nil.
struct PlatformLine: Sendable {
    let line: Int
    let platform: ResourceID?
    let name: String
    let site: String
    let description: String?
    let visibility: Visibility
    let workstations: Int32
    let parent: String?
    let words: [PlatformColumn: [String]]
    let numbers: [PlatformColumn: Int32]

    /// Nil when a cell that there has to be cannot be read.
    init?(_ cells: inout TableCells<PlatformColumn>) {
        line = cells.line
        platform = cells.value(.platform)
        let name = cells.required(.name, maximum: 200)
        let site = cells.required(.site, maximum: 200)
        description = cells.text(.description, maximum: 2_000)
        let visibility: Visibility? = cells.required(.visibility)
        let workstations: Int32? = cells.required(.workstations, in: 1...10_000)
        parent = cells.text(.parent, maximum: 200)
        words = Self.words(&cells)
        numbers = Self.numbers(&cells)
        // What else means the same platform, such as its id on one line and its name on another, the database finds.
        cells.identify(.name, platform.map { "\($0)" } ?? name.flatMap { name in site.map { "\($0)\u{0}\(name)" } })
        guard let name, let site, let visibility, let workstations else { return nil }
        self.name = name
        self.site = site
        self.visibility = visibility
        self.workstations = workstations
    }

    private static func words(_ cells: inout TableCells<PlatformColumn>) -> [PlatformColumn: [String]] {
        var words: [PlatformColumn: [String]] = [:]
        words[.sectors] = cells.words(.sectors, Tag.self, most: 20)?.map(\.description)
        words[.skills] = cells.words(.skills, Tag.self, most: 50)?.map(\.description)
        words[.supervision] = cells.words(.supervision, Supervision.self, most: 3)?.map(\.rawValue)
        return words.mapValues { words in
            var seen: Set<String> = []
            return words.filter { seen.insert($0).inserted }
        }
    }

    private static func numbers(_ cells: inout TableCells<PlatformColumn>) -> [PlatformColumn: Int32] {
        var numbers: [PlatformColumn: Int32] = [:]
        for (column, range) in [
            (PlatformColumn.personLimit, 1...100_000 as ClosedRange<Int32>), (.setupMinutes, 0...720), (.cleanupMinutes, 0...720),
            (.minimumMinutes, 1...44_640), (.maximumMinutes, 1...44_640), (.gridMinutes, 1...1_440), (.noticeMinutes, 0...527_040),
            (.horizonDays, 1...1_100),
        ] {
            numbers[column] = cells.number(column, in: range)
        }
        return numbers
    }

    /// Writes the line as `platforms.import_platforms` takes it; `id` is the platform's, should it be new.
    func write(to json: inout JSONWriter, id: ResourceID) {
        json.beginObject()
        json.member("line", line)
        json.member("id", id)
        json.member("platform", platform)
        json.member("name", name)
        json.member("site", site)
        json.member("description", description)
        json.member("isShared", visibility.isShared)
        json.member("workstations", workstations)
        json.member("parent", parent)
        for (column, values) in words { json.member(column.rawValue, values) }
        for (column, number) in numbers { json.member(column.rawValue, number) }
        json.endObject()
    }
}
