import HTTPEdge

/// What happened, such as `booking.created`; the contract lists those there are, and more may come.
struct EventType: Hashable, Sendable, RequestValue {
    let text: String

    static func read(text: String) throws(ValueRefusal) -> EventType {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isWord = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Self.isLetter) }
        guard parts.count == 2, isWord, text.utf8.count <= 60 else { throw ValueRefusal("reason.eventType") }
        return EventType(text: text)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
