/// The kinds of documents that are taken as evidence: none that a reader executes, and each known by how it begins.
enum EvidenceType: String, CaseIterable {
    case pdf = "application/pdf"
    case jpeg = "image/jpeg"
    case png = "image/png"
    case text = "text/plain"
    case table = "text/csv"
    case openText = "application/vnd.oasis.opendocument.text"
    case openSpreadsheet = "application/vnd.oasis.opendocument.spreadsheet"
    case word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    case excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    /// 5 MiB; the database holds the same limit.
    static let sizeLimit = 5_242_880

    static let mediaTypes = allCases.map(\.rawValue)

    /// Whether the bytes begin as documents of this kind do; of a text, whether all of it is UTF-8 without control characters.
    func fits(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .pdf: bytes.starts(with: "%PDF-".utf8)
        case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case .png: bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .openText, .openSpreadsheet, .word, .excel: bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
        case .text, .table:
            String(validating: bytes, as: UTF8.self) != nil
                && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        }
    }

    /// As a download names it: a text says its encoding.
    var contentType: String {
        self == .text || self == .table ? "\(rawValue); charset=utf-8" : rawValue
    }
}
