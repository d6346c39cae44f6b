package import Kernel

/// What fills a placeholder; each reader gets it in the form of their language.
package enum TextArgument: Hashable, Sendable {
    /// Said as it is: a name, a code, an identifier.
    case text(String)
    /// At most two decimals are said.
    case decimal(Double)
    case day(LocalDay)
    /// A moment as the clock on the wall shows it, to the minute.
    case moment(LocalDay, LocalTime)
    /// From one moment to another.
    indirect case span(TextArgument, TextArgument)
    /// A word of the catalogue; where it has none, what stands beside it.
    case word(TextKey, otherwise: String)
    indirect case list([TextArgument])

    package static func number(_ value: some BinaryInteger) -> TextArgument {
        .decimal(Double(value))
    }

    /// An instant as the clocks of a zone show it; in UTC, and saying so, where the zone isn't known.
    package static func instant(_ instant: Instant, in zone: Zone?) -> TextArgument {
        guard let zone else { return .text(instant.rfc3339) }
        return .moment(zone.day(of: instant), zone.time(of: instant))
    }

    /// What decides between the forms of a word; nil for what is not a number.
    var quantity: Double? {
        guard case .decimal(let value) = self else { return nil }
        return value
    }
}

extension TextArgument: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self = .text(text)
    }
}
