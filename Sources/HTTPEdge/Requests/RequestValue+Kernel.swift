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

extension Role: RequestValue {}
