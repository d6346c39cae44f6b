import HTTPTypes
package import Hummingbird
import NIOCore

extension Response {
    /// A table to be kept as a file, which an import of the same columns takes as it is.
    package static func table<Column: TableColumn>(_ columns: Column.Type, _ rows: [[String]], file: String) -> Response {
        let cells = rows.map { $0.map(FormulaMark.kept) }
        let text = SpreadsheetText(rows: [Column.allCases.map(\.rawValue)] + cells).text
        let headers: HTTPFields = [
            .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-store",
            .contentDisposition: "attachment; filename=\"\(file)\"",
        ]
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
