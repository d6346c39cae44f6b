import Kernel
import Testing

struct EnterpriseNumberTests {
    @Test(arguments: ["1999000150", "1999000249", "1999000348", "1999005197", "1999.000.150", "BE1999000150", "BE 1999.000.150"])
    func `an enterprise number is read`(text: String) {
        let digits = text.filter(\.isNumber)
        #expect(EnterpriseNumber(text)?.digits == digits)
    }

    @Test(arguments: [
        "", "1999000151", "1999005100", "2999000150", "8999000103", "199900015", "19990001500", "1999-000-150", "NL1999000150",
        "١٩٩٩000150",
    ])
    func `a wrong one is refused`(text: String) {
        #expect(EnterpriseNumber(text) == nil)
    }

    @Test func `case 18: an enterprise number may start with 1, and its check digits may be 97`() {
        #expect(EnterpriseNumber("1999000150")?.digits == "1999000150")
        // 19990051 leaves no rest when divided by 97.
        #expect(19_990_051 % 97 == 0)
        #expect(EnterpriseNumber("1999005197")?.digits == "1999005197")
        #expect(EnterpriseNumber("1999005100") == nil, "no rest is written 97, not 00")
        #expect(EnterpriseNumber("2999000150") == nil)
    }

    @Test func `an establishment unit starts with another digit`() {
        #expect(EstablishmentNumber("8999000103")?.digits == "8999000103")
        #expect(EstablishmentNumber("8.999.000.103")?.description == "8999000103")
        #expect(EstablishmentNumber("8999000104") == nil)
        #expect(EstablishmentNumber("1999000150") == nil)
    }

    @Test func `each body has one check, and it finds every wrong digit`() {
        for digit in "0123456789" {
            for index in 0..<10 {
                var digits = Array("1999005197")
                guard digits[index] != digit else { continue }
                digits[index] = digit
                #expect(EnterpriseNumber(String(digits)) == nil)
            }
        }
    }
}
