import Kernel

extension NetworkBuilder {
    mutating func addEquipment(_ name: String, count: Int, platform: Int) {
        let home = network.resources[network.platforms[platform].resource]
        let kind = EquipmentKind.of(name)
        for number in 1...count {
            let resource = addAsset(
                "\(name) \(number)", model: model(of: name, kind), kind, centre: home.centre, site: home.site, platform: platform)
            network.platforms[platform].equipment.append(resource)
        }
    }

    /// What the network itself lends, to labelled centres only.
    mutating func addNetworkEquipment() {
        for name in ["welding simulator case", "VR headset case", "thermal camera set"] {
            let kind = EquipmentKind(category: "loan equipment", isMobile: true, isLocal: false, isAdvancedTechnology: true)
            for number in 1...2 {
                _ = addAsset("\(name) \(number)", model: model(of: name, kind), kind, centre: 0, site: 0, platform: nil)
            }
        }
    }

    private mutating func addAsset(
        _ name: String, model: Int, _ kind: EquipmentKind, centre: Int, site: Int, platform: Int?
    ) -> Int {
        let resource = addResource(
            centre: centre, site: site, name: name, isPlatform: false, isShared: !kind.isLocal, capacity: 1,
            rules: .forEquipment(isMobile: kind.isMobile))
        let acquired = StoryDay.day(2016, 1, 4).adding(days: random.number(in: 0...3_200))
        let years = kind.isAdvancedTechnology ? random.number(in: 5...8) : random.number(in: 8...14)
        let number = network.assets.count + 1
        network.assets.append(
            PlannedAsset(
                resource: resource, model: model, platform: kind.isMobile ? nil : platform,
                inventoryNumber: "CDC\(centre < 10 ? "0" : "")\(centre)-\(1_000 + number)",
                serial: "FICTIF-\(random.number(in: 10_000...99_999))-\(number)",
                isAdvancedTechnology: kind.isAdvancedTechnology, acquiredOn: acquired,
                renewalExpectedOn: acquired.adding(days: years * 365)))
        return resource
    }

    /// The model of that name: one for all centres.
    private mutating func model(of name: String, _ kind: EquipmentKind) -> Int {
        let maker = EquipmentKind.maker(of: name)
        let initials = name.split(separator: " ").compactMap { $0.first?.uppercased() }.joined()
        let code = "\(initials)-\(200 + 10 * (name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 79 }))"
        if let known = network.models.firstIndex(where: { $0.manufacturer == maker && $0.name == code }) { return known }
        network.models.append(PlannedModel(id: makeID(centre: 0), category: kind.category, manufacturer: maker, name: code))
        return network.models.count - 1
    }
}
