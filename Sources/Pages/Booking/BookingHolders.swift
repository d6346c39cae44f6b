import HTTPEdge
import Kernel

/// Who is named for what a resource asks somebody to hold, on the form of a booking.
struct HoldersView: Sendable {
    struct Field: Sendable {
        let role: String
        let label: String
        let value: String
    }

    struct Known: Sendable {
        let id: String
        let pseudonym: String
    }

    /// What is asked for, in words.
    let asked: [String]
    let hasFields: Bool
    let fields: [Field]
    /// The persons that the organisation keeps, to choose from.
    let known: [Known]
}

extension Pages {
    /// Nil where nothing is asked for and nobody is named.
    func holders(of resource: Resource, _ choice: BookingChoice, _ member: MemberVisit) async throws -> HoldersView? {
        let speaker = member.speaker
        let asked = try await member.api.get("/v1/resources/\(resource.id)/prerequisites")["prerequisites"]?.items ?? []
        let roles = BookingChoice.roles.filter { role in
            asked.contains { $0["holder"]?.text == role } || choice.holders[role] != nil
                || role == "trainer" && resource.supervision.contains("habilitatedTrainer")
        }
        guard !roles.isEmpty || !asked.isEmpty else { return nil }
        let persons = roles.isEmpty ? [] : try await member.api.all("/v1/attestation-holders")
        return HoldersView(
            asked: asked.map { speaker.prerequisite($0) },
            hasFields: !roles.isEmpty,
            fields: roles.map {
                .init(
                    role: $0, label: speaker.say(TextKey(rawValue: "page.book.holder.\($0)")),
                    value: (choice.holders[$0] ?? []).joined(separator: " "))
            },
            known: persons.compactMap { person in
                guard let id = person["id"]?.text, let pseudonym = person["pseudonym"]?.text else { return nil }
                return .init(id: id, pseudonym: pseudonym)
            })
    }
}

extension Speaker {
    /// An attestation that a resource asks for, whose it is to be and what is noted, as the contract's `Prerequisites` tell it.
    func prerequisite(_ asked: JSONValue) -> String {
        let words = say(
            "page.book.prerequisite",
            [
                "name": .text(asked["name"]?.text ?? asked["attestation"]?.text ?? ""),
                "holder": .text(say(TextKey(rawValue: "page.holder.\(asked["holder"]?.text ?? "participant")"))),
            ])
        return asked["note"]?.text.map { "\(words) (\($0))" } ?? words
    }
}

extension BookingChoice {
    /// Who may be named; what a company holds is looked up by itself.
    static let roles = ["participant", "driver", "trainer"]

    /// The ids in a field, as somebody typed or pasted them.
    static func ids(in text: String) -> [String] {
        text.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
    }

    /// The members `holders` of the contract's `Booking` by role.
    static func holders(in booking: JSONValue) -> [String: [String]] {
        (booking["holders"]?.items ?? []).reduce(into: [:]) { holders, named in
            if let role = named["role"]?.text, let id = named["holderId"]?.text { holders[role, default: []].append(id) }
        }
    }

    /// As the contract wants them; nil when nobody is named.
    var namedHolders: JSONValue? {
        let named = Self.roles.flatMap { role in
            (holders[role] ?? []).map { JSONValue.object(["role": .string(role), "holderId": .string($0)]) }
        }
        return named.isEmpty ? nil : .array(named)
    }
}
