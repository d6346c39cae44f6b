import Access
import HTTPEdge
import Kernel

/// What somebody has with them, as one line of a list.
struct CustodyRow: Sendable {
    struct Item: Sendable {
        let itemId: String
        let name: String
        let href: String
        let condition: String
        /// When others expect it.
        let awaited: String?
        let form: Form?
    }

    /// Items of a stock, of which some may come back.
    struct Items: Sendable {
        let stockId: String
        let name: String
        let href: String
        /// How many are out, and of how many.
        let out: String
        let most: Int
        let form: Form?
    }

    /// With which it is taken back: as it was sent, where that was refused.
    struct Form: Sendable {
        let returned: [SearchView.Option]
        /// Of items of a stock, how many.
        var count = ""
        let note: String?
        let isOpen: Bool
    }

    let custodyId: String
    let custodyTag: String
    let who: String
    let due: String
    let badge: String
    let tone: String
    let bookingHref: String?
    let booking: String
    let items: [Item]
    let stocks: [Items]
    /// All of it in one line.
    let things: String

    /// - Parameter form: of a piece, or of items of a stock (then it is given that).
    init(_ custody: JSONValue, _ speaker: Speaker, form: (_ id: String, _ stock: JSONValue?) -> Form? = { _, _ in nil }) {
        let zone = custody["zone"]?.text.flatMap { Zone($0) }
        let isLate = custody["isLate"]?.isTrue ?? false
        custodyId = custody["id"]?.text ?? ""
        custodyTag = custody.tag
        who = [custody["takenBy"]?.text, custody["organisationName"]?.text].compactMap(\.self).joined(separator: ", ")
        due = custody["dueAt"]?.instant.map { speaker.say("page.custody.due", ["moment": .instant($0, in: zone)]) } ?? ""
        badge = speaker.say(isLate ? "page.custody.late" : "page.custody.out")
        tone = isLate ? "bad" : "fair"
        bookingHref = custody["bookingId"]?.text.map { "/bookings/\($0)" }
        booking = custody["bookingReference"]?.text ?? ""
        items = (custody["items"]?.items ?? []).filter { $0["returnedAt"] == nil }.map { item in
            let equipment = item["equipmentId"]?.text ?? ""
            return Item(
                itemId: equipment, name: item["name"]?.text ?? "", href: "/equipment/\(equipment)",
                condition: speaker.say(TextKey(rawValue: "page.condition.\(item["conditionOut"]?.text ?? "good")")),
                awaited: item["awaitedAt"]?.instant.map { speaker.say("page.custody.awaited", ["moment": .instant($0, in: zone)]) },
                form: form(equipment, nil))
        }
        stocks = (custody["stocks"]?.items ?? []).filter { $0["out"]?.integer ?? 0 > 0 }.map { stock in
            let id = stock["stockId"]?.text ?? ""
            let (out, all) = (stock["out"]?.integer ?? 0, stock["amount"]?.integer ?? 0)
            return Items(
                stockId: id, name: stock["name"]?.text ?? "", href: "/stocks/\(id)",
                out: speaker.say("page.custody.outOf", ["out": .number(out), "all": .number(all)]), most: out, form: form(id, stock))
        }
        things = (items.map(\.name) + stocks.map { "\($0.most) × \($0.name)" }).joined(separator: ", ")
    }
}

/// A journey, or a loan, as one line of a list.
struct AwayRow: Sendable {
    let name: String
    let href: String
    let what: String
    let when: String
    let badge: String
    let tone: String

    init(journey: JSONValue, _ speaker: Speaker) {
        let state = journey["state"]?.text ?? "planned"
        name = journey["name"]?.text ?? ""
        href = "/equipment/\(journey["equipmentId"]?.text ?? "")"
        what = speaker.say(
            "page.journey.route",
            ["from": .text(journey["fromSiteName"]?.text ?? ""), "to": .text(journey["toSiteName"]?.text ?? "")])
        when = journey.spanOfZone(speaker)
        badge = speaker.say(TextKey(rawValue: "page.journey.\(state)"))
        tone = state == "onItsWay" ? "fair" : "quiet"
    }

    init(loan: JSONValue, _ speaker: Speaker) {
        let state = loan["state"]?.text ?? "proposed"
        name = loan["name"]?.text ?? ""
        href = "/equipment/\(loan["equipmentId"]?.text ?? "")"
        what = speaker.say(
            "page.loan.between", ["owner": .text(loan["ownerName"]?.text ?? ""), "borrower": .text(loan["borrowerName"]?.text ?? "")])
        when = loan.spanOfZone(speaker)
        badge = speaker.say(TextKey(rawValue: "page.loan.\(state)"))
        tone = state == "inForce" ? "fair" : state == "accepted" ? "good" : "quiet"
    }
}

/// Where a machine is when it is not at its place: who has it, its journeys and its loans.
struct AwayView: Sendable {
    let out: [CustodyRow]
    let rows: [AwayRow]
    /// Where it is when it is nowhere else.
    let here: String?

    init(custodies: [JSONValue], journeys: [JSONValue], loans: [JSONValue], isStock: Bool = false, _ speaker: Speaker) {
        out = custodies.map { CustodyRow($0, speaker) }
        let standing = loans.filter { ["proposed", "accepted", "inForce"].contains($0["state"]?.text ?? "") }
        rows = journeys.map { AwayRow(journey: $0, speaker) } + standing.map { AwayRow(loan: $0, speaker) }
        here = out.isEmpty && rows.isEmpty ? speaker.say(isStock ? "page.custody.noneOut" : "page.custody.here") : nil
    }
}

extension JSONValue {
    /// Of a custody, how many items of a stock are out.
    fileprivate func itemsOut(of stock: ResourceID) -> Int {
        (self["stocks"]?.items ?? []).first { $0["stockId"]?.text == "\(stock)" }?["out"]?.integer ?? 0
    }

    /// From its start to its end, on the clocks of its zone.
    fileprivate func spanOfZone(_ speaker: Speaker) -> String {
        guard let period, let zone = self["zone"]?.text.flatMap({ Zone($0) }) else { return "" }
        return speaker.span(period, zone)
    }
}

extension Pages {
    /// - Returns: nil for who does not run the centre, nor looks after the network, and for a platform.
    func away(_ machine: Resource, _ member: MemberVisit) async throws -> AwayView? {
        guard machine.kind == .equipment || machine.kind == .stock,
            member.principal.holds(.centreStaff, .centreManager, .networkManager, .networkAuditor, at: machine.id.centreColumn)
        else { return nil }
        if machine.kind == .stock {
            let out = try await member.api.all("/v1/custodies", ["stockId": "\(machine.id)", "open": "true"])
            return AwayView(
                custodies: out.filter { $0.itemsOut(of: machine.id) > 0 }, journeys: [], loans: [], isStock: true, member.speaker)
        }
        async let custodies = member.api.all("/v1/custodies", ["equipmentId": "\(machine.id)", "open": "true"])
        async let journeys = member.api.all("/v1/centres/\(machine.centre)/transfers", ["equipmentId": "\(machine.id)"])
        let loans = try await member.api.all("/v1/loans", ["equipmentId": "\(machine.id)"])
        return AwayView(custodies: try await custodies, journeys: try await journeys, loans: loans, member.speaker)
    }
}
