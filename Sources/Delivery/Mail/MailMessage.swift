import FoundationEssentials
import Kernel

/// A message with a calendar (RFC 5322, 2045 to 2047, 6047), as a mail program takes it.
///
/// Everything that comes from people stands in base 64: no text of theirs can begin a header or a part.
struct MailMessage: Sendable {
    struct Calendar: Sendable {
        let method: CalendarDocument.Method
        let bytes: [UInt8]
    }

    /// The same in each try: a message that arrives twice is known for what it is.
    let id: MailID
    let sender: MailAddress
    let recipient: MailAddress
    let date: Instant
    let language: String
    let subject: String
    let text: String
    let calendars: [Calendar]

    var bytes: [UInt8] {
        let boundary = "=_plateau_\(id)"
        var lines = [
            "From: Plateau <\(sender.text)>", "To: <\(recipient.text)>", "Subject: \(Self.encodedWords(subject))",
            "Date: \(Self.date(date))", "Message-ID: <\(id)@\(sender.domain)>", "Auto-Submitted: auto-generated",
            "Content-Language: \(language)", "MIME-Version: 1.0", "Content-Type: multipart/mixed;\r\n boundary=\"\(boundary)\"", "",
            "--\(boundary)",
        ]
        lines += body(boundary)
        for (number, calendar) in calendars.enumerated() {
            let name = calendars.count == 1 ? "plateau.ics" : "plateau-\(number + 1).ics"
            lines += ["--\(boundary)"]
            lines += Self.part(
                calendar.bytes, type: "application/ics; name=\"\(name)\"", "Content-Disposition: attachment; filename=\"\(name)\"")
        }
        lines += ["--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// The text and, of a single calendar, that too as another form of it, which mail programs offer to take over.
    private func body(_ boundary: String) -> [String] {
        let text = Self.part(Array(text.replacing("\n", with: "\r\n").utf8), type: "text/plain; charset=utf-8")
        guard let calendar = calendars.first, calendars.count == 1 else { return text }
        let inner = boundary + "_"
        return ["Content-Type: multipart/alternative;\r\n boundary=\"\(inner)\"", "", "--\(inner)"] + text + ["--\(inner)"]
            + Self.part(calendar.bytes, type: "text/calendar; charset=utf-8; method=\(calendar.method.rawValue)") + ["--\(inner)--", ""]
    }

    private static func part(_ bytes: [UInt8], type: String, _ headers: String...) -> [String] {
        let text = Array(Data(bytes).base64EncodedString().utf8)
        let lines = stride(from: 0, to: text.count, by: 76).map {
            String(decoding: text[$0..<min($0 + 76, text.count)], as: UTF8.self)
        }
        return ["Content-Type: \(type)", "Content-Transfer-Encoding: base64"] + headers + [""] + lines
    }

    /// RFC 2047: words of whole characters, on lines of their own.
    static func encodedWords(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for character in text.unicodeScalars where character.value >= 0x20 && character.value != 0x7F {
            let bytes = UTF8.encode(character).map(Array.init) ?? []
            // 39 bytes are 52 characters in base 64, `=?utf-8?B?` with `?=` are 12, `Subject: ` is 9; a line has 76.
            if words[words.count - 1].count + bytes.count > 39 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// `Sat, 28 Nov 2026 14:54:11 +0000`.
    static func date(_ instant: Instant) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let text = instant.rfc3339
        guard let day = LocalDay(text.prefix(10)) else { return text }
        let time = text.dropFirst(11).prefix(8)
        return "\(weekdays[day.weekday - 1]), \(day.day) \(months[day.month - 1]) \(day.year) \(time) +0000"
    }
}
