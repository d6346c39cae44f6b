import HTTPEdge

/// Who gives codes to municipalities, such as `NIS`.
struct MunicipalityScheme: RequestValue, CustomStringConvertible {
    let description: String

    static func read(text: String) throws(ValueRefusal) -> MunicipalityScheme {
        let isScheme =
            (2...20).contains(text.utf8.count) && text.utf8.first.map(\.isCapital) == true
            && text.utf8.allSatisfy { $0.isCapital || $0.isDigit || $0 == UInt8(ascii: "-") }
        guard isScheme else { throw ValueRefusal("reason.municipalityScheme") }
        return MunicipalityScheme(description: text)
    }
}

/// Which version of a scheme's list, such as the day on which it begins.
struct MunicipalityListVersion: RequestValue, CustomStringConvertible {
    let description: String

    static func read(text: String) throws(ValueRefusal) -> MunicipalityListVersion {
        let marks = [UInt8(ascii: "-"), UInt8(ascii: ".")]
        let isVersion =
            (1...40).contains(text.utf8.count) && text.utf8.first.map { marks.contains($0) } == false
            && text.utf8.allSatisfy { $0.isCapital || $0.isSmall || $0.isDigit || marks.contains($0) }
        guard isVersion else { throw ValueRefusal("reason.municipalityListVersion") }
        return MunicipalityListVersion(description: text)
    }
}

/// The code of a municipality, of whatever form its scheme gives it.
struct MunicipalityCode: RequestValue, Hashable, CustomStringConvertible {
    let description: String

    static func read(text: String) throws(ValueRefusal) -> MunicipalityCode {
        let marks = [UInt8(ascii: "-"), UInt8(ascii: ".")]
        let isCode =
            (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isCapital || $0.isDigit || marks.contains($0) }
        guard isCode else { throw ValueRefusal("reason.municipalityCode") }
        return MunicipalityCode(description: text)
    }
}

/// The form of a scheme's codes: `9` stands for a digit, `A` for a capital letter, `X` for either, `-` and `.` for themselves.
struct MunicipalityCodePattern: RequestValue, CustomStringConvertible {
    let description: String

    static func read(text: String) throws(ValueRefusal) -> MunicipalityCodePattern {
        guard (1...20).contains(text.utf8.count), text.allSatisfy({ "9AX.-".contains($0) }) else {
            throw ValueRefusal("reason.municipalityCodePattern")
        }
        return MunicipalityCodePattern(description: text)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isCapital: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    fileprivate var isSmall: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
}
