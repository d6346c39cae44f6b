package import Kernel

/// What binds an asset: funds that were given for as long as it stays in service, under its owner and shared.
package struct FundingBond: Hashable, Sendable {
    package let line: FundingLineID
    /// The last day of the durability period.
    package let until: LocalDay
    /// The programme and the partner, for people.
    package let funder: String

    init(line: FundingLineID, until: LocalDay, funder: String) {
        self.line = line
        self.until = until
        self.funder = funder
    }

    /// As the database names it; nil: nothing binds.
    init?(line: FundingLineID?, until: LocalDay?, funder: String?) {
        guard let line, let until, let funder else { return nil }
        self.init(line: line, until: until, funder: funder)
    }
}
