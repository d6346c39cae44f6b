@testable import HTTPEdge

/// Forms with files: the type of the request on the first line, its body behind it.
enum FormInput {
    static func read(_ bytes: [UInt8]) {
        let line = bytes.prefix { $0 != 0x0A }
        let body = Array(bytes[line.endIndex...].dropFirst())
        guard let form = MultipartForm(body, contentType: String(decoding: line, as: UTF8.self)) else { return }
        precondition(form.parts.count <= MultipartForm.mostParts, "\(form.parts.count) parts")
        let held = form.parts.reduce(0) { $0 + $1.bytes.count }
        precondition(held <= body.count, "\(held) bytes of \(body.count)")
    }
}
