import HTTPEdge

/// What an organisation calls a person: a code of its own, neither a national register number nor an address.
struct Pseudonym: RequestValue {
    let text: String

    static func read(text: String) throws(ValueRefusal) -> Pseudonym {
        let text = try String.read(text: text).checked(maximum: 64)
        guard !text.contains("@"), !isRegisterNumber(text) else { throw ValueRefusal("reason.notAPseudonym") }
        return Pseudonym(text: text)
    }

    /// Eleven digits, however they are set apart, whose last two are 97 less the remainder of the others by 97, those born since 2000
    /// with a 2 before them (Royal Decree of 3 April 1984).
    private static func isRegisterNumber(_ text: String) -> Bool {
        let digits = text.utf8.filter { (0x30...0x39).contains($0) }.map { Int($0 - 0x30) }
        let isSpaced = text.utf8.allSatisfy { (0x30...0x39).contains($0) || " .-/".utf8.contains($0) }
        guard isSpaced, digits.count == 11 else { return false }
        let number = digits.prefix(9).reduce(0) { $0 * 10 + $1 }
        let check = digits[9] * 10 + digits[10]
        return check == 97 - number % 97 || check == 97 - (2_000_000_000 + number) % 97
    }
}
