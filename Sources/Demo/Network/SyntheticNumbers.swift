/// Enterprise and establishment numbers that pass the check and belong to nobody: 1999.000.150, 8999.000.103 and those that follow.
struct SyntheticNumbers: Sendable {
    private var enterprises = 19_990_000
    private var establishments = 89_990_000

    mutating func enterprise() -> String {
        enterprises += 1
        return Self.checked(enterprises)
    }

    mutating func establishment() -> String {
        establishments += 1
        return Self.checked(establishments)
    }

    private static func checked(_ body: Int) -> String {
        let check = 97 - body % 97
        return "\(body)\(check < 10 ? "0" : "")\(check)"
    }
}
