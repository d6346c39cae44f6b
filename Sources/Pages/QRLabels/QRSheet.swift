import Access
import HTTPEdge
import HTTPTypes
import Inventory
import Kernel

struct QRSheetView: Sendable {
    struct Choice: Sendable {
        let value: String
        let name: String
        let isChosen: Bool
    }

    let centre: String
    let centreHref: String
    let summary: String
    let choices: [Choice]
    let previousHref: String?
    let nextHref: String?
    let labels: [QRLabel]
}

extension Pages {
    /// Five sheets of A4.
    private static let labelsAtATime = 120

    /// The labels of a centre's machines, or of a platform and its machines, to be printed on sheets of A4 and stuck on them.
    func qrSheet(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        let asset = request.fields["asset"].flatMap { ResourceID($0) }
        let chosen = request.fields["platform"].flatMap { ResourceID($0) }
        let first = max(0, request.fields["from"].flatMap { Int($0) } ?? 0)
        async let platforms = member.api.platforms(of: id)
        let machines = try await member.api.equipment(of: id)
        let all = try await platforms.sorted { $0.name < $1.name }
        let wanted = machines.filter { (chosen == nil || $0.platform == chosen) && (asset == nil || $0.id == asset) }
        let labelled = all.filter { $0.id == chosen } + wanted.sorted(by: Self.byNumber)
        let shown = labelled.dropFirst(first).prefix(Self.labelsAtATime)
        let labels = shown.compactMap { resource in
            QRLabel(
                address: address.of(resource.href, host: member.visit.host), name: resource.name,
                number: resource.details["inventoryNumber"]?.text, centre: centre["name"]?.text ?? "")
        }
        let path = "/centres/\(id)/qr-labels"
        let query = chosen.map { "platform=\($0)&" } ?? ""
        return .sheet(
            Sheet(
                "qrSheet", title: speaker.say("page.qrSheet.title"), section: "inventory",
                QRSheetView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)",
                    summary: speaker.say(
                        "page.qrSheet.summary", ["labels": .number(labels.count), "sheets": .number((labels.count + 23) / 24)]),
                    choices: all.map { QRSheetView.Choice(value: "\($0.id)", name: $0.name, isChosen: $0.id == chosen) },
                    previousHref: first == 0 ? nil : "\(path)?\(query)from=\(max(0, first - Self.labelsAtATime))",
                    nextHref: first + shown.count < labelled.count ? "\(path)?\(query)from=\(first + shown.count)" : nil,
                    labels: labels)))
    }

    private static func byNumber(_ left: Resource, _ right: Resource) -> Bool {
        (left.details["inventoryNumber"]?.text ?? "", left.name) < (right.details["inventoryNumber"]?.text ?? "", right.name)
    }

    /// A table of the centre, as the API gives it out.
    func table(_ name: String) -> @Sendable (MemberRequest, MemberVisit) async throws -> PageAnswer {
        { request, member in
            let id: CentreID = try request.path("centreId")
            return .response(try await member.api.document("/v1/centres/\(id)/\(name).csv", [:]))
        }
    }
}
