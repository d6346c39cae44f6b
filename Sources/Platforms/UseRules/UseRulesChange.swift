package import HTTPEdge

/// The rules of use that a request gives; what it leaves out stays as it is, or is standard for a new resource.
///
/// The bounds are those of the contract; the table's own checks hold them, and minimum against maximum.
package struct UseRulesChange: RequestObject {
    private let setupMinutes: Int32?
    private let cleanupMinutes: Int32?
    private let minimumMinutes: Int32?
    private let maximumMinutes: Int32?
    private let gridMinutes: Int32?
    private let noticeMinutes: Int32?
    private let horizonDays: Int32?

    package init(reading fields: inout FieldReader) {
        setupMinutes = fields.optional("setupMinutes", in: 0...720)
        cleanupMinutes = fields.optional("cleanupMinutes", in: 0...720)
        minimumMinutes = fields.optional("minimumMinutes", in: 1...44_640)
        maximumMinutes = fields.optional("maximumMinutes", in: 1...44_640)
        gridMinutes = fields.optional("gridMinutes", in: 1...1_440)
        noticeMinutes = fields.optional("noticeMinutes", in: 0...527_040)
        horizonDays = fields.optional("horizonDays", in: 1...1_100)
    }

    package func applied(to rules: UseRules = .standard) -> UseRules {
        UseRules(
            setupMinutes: setupMinutes ?? rules.setupMinutes, cleanupMinutes: cleanupMinutes ?? rules.cleanupMinutes,
            minimumMinutes: minimumMinutes ?? rules.minimumMinutes, maximumMinutes: maximumMinutes ?? rules.maximumMinutes,
            gridMinutes: gridMinutes ?? rules.gridMinutes, noticeMinutes: noticeMinutes ?? rules.noticeMinutes,
            horizonDays: horizonDays ?? rules.horizonDays)
    }
}
