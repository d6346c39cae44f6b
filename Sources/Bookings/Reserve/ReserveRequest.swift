package import HTTPEdge
package import Kernel
package import Platforms

/// What a client asks to book.
package struct ReserveRequest: RequestObject {
    /// One resource for one period.
    package struct Line: RequestObject {
        package let resource: ResourceID
        package let period: Period
        /// Workstations of a platform, 1 for equipment; nil takes the whole platform.
        package let seats: Int32?
        /// How many of the persons come to it; nil: everybody.
        package let persons: Int32?
        /// The kit that it came from.
        var kit: NamedKit?
        /// The model of which its unit was chosen.
        var model: NamedModel?
    }

    package struct Contact: RequestObject {
        package let name: String
        package let email: String
    }

    /// Days of all lines together; each takes a lock for each of its days.
    static let mostLineDays = 500

    /// Whom the booking is for; nil: the caller's own organisation.
    package let organisation: OrganisationID?
    package let activity: Activity
    package let audiences: [HeadCount]
    package let accompanying: Int32
    package let title: String?
    package let contact: Contact?
    package let programme: String?
    /// The course that it is for.
    package let offer: OfferID?
    /// How the use is supervised; nil: it is not.
    package let supervision: Supervision?
    /// Who holds what the resources ask for.
    package let holders: [NamedHolder]
    package let lines: [Line]
    /// Lines that ask for a kit, or for any of a model; none where nothing is left to be chosen.
    let kits: [KitLine]
    let models: [ModelLine]

    package init?(reading fields: inout FieldReader) {
        self.init(reading: &fields, takesChoice: false)
    }

    /// - Parameter takesChoice: whether a line may ask for a kit or any of a model; the transaction makes it into lines of what is chosen.
    init?(reading fields: inout FieldReader, takesChoice: Bool) {
        organisation = fields.optional("organisationId")
        let activity: Activity? = fields.required("activity")
        let audiences = fields.array("audiences", HeadCount.self, count: 0...50)
        accompanying = fields.optional("accompanying", in: 0...10_000) ?? 0
        title = fields.optional("title", maximum: 200)
        contact = fields.optionalObject("contact")
        programme = fields.optional("programme", maximum: 100)
        offer = fields.optional("offerId")
        supervision = fields.optional("supervision")
        let holders = fields.array("holders", NamedHolder.self, count: 0...200)
        let asked =
            takesChoice
            ? fields.array("lines", AskedLine.self, count: 1...100)
            : fields.array("lines", NamedLine.self, count: 1...100)?.map { AskedLine.line($0.line) }
        let lines = asked?.compactMap(\.line)
        let numbered = asked?.enumerated().map { index, line in line.numbered(index + 1) } ?? []
        kits = numbered.compactMap(\.kit)
        models = numbered.compactMap(\.model)
        if models.count > ModelLine.most { fields.refuse("lines", Text("reason.tooManyModels", ["models": .number(ModelLine.most)])) }
        if kits.count > KitLine.most { fields.refuse("lines", Text("reason.tooManyKits", ["kits": .number(KitLine.most)])) }
        if let audiences, Set(audiences.map(\.audience)).count != audiences.count {
            fields.refuse("audiences", code: "duplicate", Text("reason.audienceTwice"))
        }
        if let holders, Set(holders).count != holders.count {
            fields.refuse("holders", code: "duplicate", Text("reason.holderTwice"))
        }
        if let lines, lines.map(\.wholeDays).reduce(0, +) > Self.mostLineDays {
            fields.refuse("lines", Text("reason.tooManyLineDays", ["days": .number(Self.mostLineDays)]))
        }
        guard let activity, let audiences, let holders, let lines else { return nil }
        self.activity = activity
        self.audiences = audiences
        self.holders = holders
        self.lines = lines
    }
}

extension ReserveRequest {
    /// What a booking asks for as it stands, or with another end of the lines that end last.
    init?(again booking: Booking, until end: Instant? = nil) {
        guard let activity = Activity(rawValue: booking.activity) else { return nil }
        var lines: [Line] = []
        for (line, end) in zip(booking.lines, booking.ends(until: end)) {
            guard let period = Period(start: line.period.start, end: end) else { return nil }
            lines.append(
                Line(resource: line.resource, period: period, seats: line.isExclusive ? nil : line.seats, persons: line.persons))
        }
        organisation = booking.organisation
        self.activity = activity
        audiences = booking.audiences
        accompanying = booking.accompanying
        title = booking.title
        contact = nil
        programme = booking.programme
        offer = booking.offer
        supervision = booking.supervision.flatMap(Supervision.init)
        holders = booking.holders
        self.lines = lines
        kits = []
        models = []
    }
}

extension ReserveRequest.Line {
    /// No resource allows a longer one.
    static let longestDays = 31

    var wholeDays: Int { period.wholeDays }

    package init?(reading fields: inout FieldReader) {
        let resource: ResourceID? = fields.required("resourceId")
        let period = fields.period(days: Self.longestDays)
        let seats: Int32? = fields.optional("seats", in: 1...10_000)
        let exclusive: Bool? = fields.optional("exclusive")
        if exclusive == false {
            fields.refuse("exclusive", Text("reason.onlyTrue"))
        }
        if seats != nil, exclusive == true {
            fields.refuse("exclusive", Text("reason.seatsOrExclusive"))
        }
        persons = fields.optional("persons", in: 0...100_000)
        guard let resource, let period else { return nil }
        self.resource = resource
        self.period = period
        self.seats = exclusive == true ? nil : seats ?? 1
    }
}

extension Period {
    /// Rounded up.
    var wholeDays: Int { Int(duration.components.seconds / 86_400) + 1 }
}

extension ReserveRequest.Contact {
    package init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let email = fields.required("email", maximum: 254)
        if let email, !Self.isAddress(email) { fields.refuse("email", Text("reason.email")) }
        guard let name, let email else { return nil }
        self.name = name
        self.email = email
    }

    /// Something, one `@`, and a name with a dot in it, all without white space: whether it is anybody's, only a message can tell.
    package static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.value >= 0x20 }
        return isPlain && parts.count == 2 && !parts[0].isEmpty && parts[1].split(separator: ".").count >= 2
    }
}
