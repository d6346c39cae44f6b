package import Kernel

extension Instant: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> Instant {
        guard let value = Instant(rfc3339: text) else { throw ValueRefusal("reason.instant") }
        return value
    }
}

extension LocalDay: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> LocalDay {
        guard let value = LocalDay(text) else { throw ValueRefusal("reason.day") }
        return value
    }
}

extension Identifier: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> Identifier {
        guard let value = Identifier(text) else { throw ValueRefusal("reason.identifier") }
        return value
    }
}

extension LocalTime: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> LocalTime {
        guard let value = LocalTime(text) else { throw ValueRefusal("reason.time") }
        return value
    }
}

extension EnterpriseNumber: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> EnterpriseNumber {
        guard let value = EnterpriseNumber(text) else { throw ValueRefusal("reason.enterpriseNumber") }
        return value
    }
}

extension EstablishmentNumber: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> EstablishmentNumber {
        guard let value = EstablishmentNumber(text) else { throw ValueRefusal("reason.establishmentNumber") }
        return value
    }
}

extension BookingReference: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> BookingReference {
        guard let value = BookingReference(text) else { throw ValueRefusal("reason.reference") }
        return value
    }
}

extension Role: RequestValue {}
extension Language: RequestValue {}
