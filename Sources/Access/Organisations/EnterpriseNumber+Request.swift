package import HTTPEdge
package import Kernel

extension EnterpriseNumber: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> EnterpriseNumber {
        guard let number = EnterpriseNumber(text) else { throw ValueRefusal("reason.enterpriseNumber") }
        return number
    }
}

extension EstablishmentNumber: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> EstablishmentNumber {
        guard let number = EstablishmentNumber(text) else { throw ValueRefusal("reason.establishmentNumber") }
        return number
    }
}
