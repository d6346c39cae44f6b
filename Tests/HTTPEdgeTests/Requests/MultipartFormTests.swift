import Testing

@testable import HTTPEdge

@Suite("Forms with files")
struct MultipartFormTests {
    private static let type = "multipart/form-data; boundary=b"

    private func parts(_ text: String, _ type: String = Self.type) -> [[String]]? {
        MultipartForm(Array(text.utf8), contentType: type).map { form in
            form.parts.map { [$0.name, $0.fileName ?? "-", String(decoding: $0.bytes, as: UTF8.self)] }
        }
    }

    @Test func `fields and files come as browsers send them, bytes as they are`() {
        let file = "a\r\n--c\r\n\u{E9}\n\r\n"
        let text =
            "before\r\n--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b \r\ncontent-disposition:form-data; "
            + "name=\"f\"; filename=\"a;%22b%22.csv\"\r\nContent-Type: text/csv\r\n\r\n\(file)\r\n--b\r\n"
            + "Content-Disposition: form-data; name=y\r\n\r\n\r\n--b--\r\nbehind"
        #expect(parts(text) == [["x", "-", "1"], ["f", "a;\"b\".csv", file], ["y", "-", ""]])
        #expect(parts("--b--") == [])
        #expect(parts("--b--", "Multipart/Form-Data; Boundary=\"b\"") == [])
    }

    @Test(arguments: [
        "", "--b", "--b\r\n", "--c--", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1", "--b\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", "--b\r\nContent-Disposition: attachment; name=x\r\n\r\n1\r\n--b--",
        "--bb\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=x\r\n\(String(repeating: "a: b\r\n", count: 1_000))\r\n1\r\n--b--",
    ])
    func `what is no such form is none`(text: String) {
        #expect(parts(text) == nil)
    }

    @Test(arguments: ["multipart/form-data", "multipart/mixed; boundary=b", "multipart/form-data; boundary=", "text/csv; boundary=b"])
    func `another type is none`(type: String) {
        #expect(parts("--b--", type) == nil)
    }

    @Test func `it is read soon, whatever fills it, and never has more parts than a page has fields`() {
        let part = "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n"
        #expect(parts(String(repeating: part, count: 50) + "--b--")?.count == 50)
        #expect(parts(String(repeating: part, count: 51) + "--b--") == nil)
        let long = String(repeating: "b", count: 70)
        for filling in ["\r\n--" + String(long.dropLast()), "\r", "\r\n--", "--b\r\n"] {
            let text = String(repeating: filling, count: 1_400_000 / filling.utf8.count)
            let start = ContinuousClock.now
            _ = MultipartForm(
                Array("--\(long)\r\nContent-Disposition: form-data; name=x\r\n\r\n\(text)".utf8),
                contentType: "multipart/form-data; boundary=\(long)")
            #expect(ContinuousClock.now - start < .seconds(20), "\(filling)")
        }
    }
}
