import Kernel

/// Draws who wants what: the organisations by their weight, platforms by their size.
struct Demand: Sendable {
    private let network: PlannedNetwork
    private let platformWeights: [Int]
    /// Equipment that is lent out.
    private let loans: [Int]
    /// The courses that are given on a platform, by its index into `resources`.
    private let courses: [Int: [Int]]

    init(network: PlannedNetwork) {
        self.network = network
        platformWeights = network.platforms.map { 6 + min(network.resources[$0.resource].capacity, 20) }
        courses = Dictionary(
            grouping: network.offers.indices.filter { network.offers[$0].isForEverybody }, by: { network.offers[$0].platform })
        loans = network.assets.filter { $0.platform == nil }.map(\.resource)
    }

    /// - Returns: nil when the recognition file in force targets nobody of the caller's public.
    func draw(week: LocalDay, knownAt: Instant, _ random: inout SplitMix64) -> (need: Need, rhythm: Rhythm)? {
        switch random.pickIndex(weights: [72, 25, 3]) {
        case 0: platformNeed(week: week, knownAt: knownAt, &random).map { ($0, Rhythm.draw(&random)) }
        case 1: loanNeed(week: week, knownAt: knownAt, &random).map { ($0, [.day, .halfDay, .week][random.number(in: 0...2)]) }
        default: (maintenanceNeed(&random), .halfDay)
        }
    }

    private func platformNeed(week: LocalDay, knownAt: Instant, _ random: inout SplitMix64) -> Need? {
        let platform = network.platforms[random.pickIndex(weights: platformWeights)]
        let resource = network.resources[platform.resource]
        let caller = caller(of: resource.centre, &random)
        let group = Group.draw(atMost: resource.capacity, isSchool: network.organisations[caller].kind == .school, &random)
        guard var need = need(of: caller, at: resource.centre, group: group, week: week, knownAt: knownAt, &random) else { return nil }
        let isExclusive = random.chance(percent: group * 10 >= resource.capacity * 6 ? 60 : 8)
        need.wishes = [Need.Wish(resource: platform.resource, seats: isExclusive ? resource.capacity : group, isExclusive: isExclusive)]
        if random.chance(percent: 35) {
            let extras = (0..<random.number(in: 1...2)).map { _ in random.pick(platform.equipment) }
            need.wishes += Set(extras).sorted().map { Need.Wish(resource: $0, seats: 1, isExclusive: false) }
        }
        need.title += " – \(resource.name)"
        // By the week, so that neither more nor other numbers are drawn.
        if need.activity == "catalogueTraining", let courses = courses[platform.resource] {
            need.offer = courses[Int(week.daysSince1970 / 7) % courses.count]
        }
        return need
    }

    private func loanNeed(week: LocalDay, knownAt: Instant, _ random: inout SplitMix64) -> Need? {
        let unit = random.pick(loans)
        let resource = network.resources[unit]
        let caller = caller(of: resource.centre, &random)
        let group = Group.draw(atMost: 12, isSchool: network.organisations[caller].kind == .school, &random)
        guard var need = need(of: caller, at: resource.centre, group: group, week: week, knownAt: knownAt, &random) else { return nil }
        need.wishes = [Need.Wish(resource: unit, seats: 1, isExclusive: false)]
        need.title += " – \(resource.name)"
        return need
    }

    private func maintenanceNeed(_ random: inout SplitMix64) -> Need {
        let indices = network.resources.indices.filter { network.resources[$0].centre != 0 }
        let index = random.pick(indices)
        let resource = network.resources[index]
        return Need(
            organisation: resource.centre, activity: "maintenance", audiences: [], headCounts: [],
            title: "Entretien périodique – \(resource.name)",
            wishes: [Need.Wish(resource: index, seats: resource.capacity, isExclusive: resource.isPlatform)])
    }

    /// The owner itself, another centre, or one of the others by weight; the network's equipment goes to centres.
    private func caller(of centre: Int, _ random: inout SplitMix64) -> Int {
        let others = network.centres.indices.dropFirst().filter { $0 != centre }
        guard centre != 0 else { return random.pick(others) }
        switch random.pickIndex(weights: [30, 6, 64]) {
        case 0: return centre
        case 1: return random.pick(others)
        default: return random.pickIndex(weights: network.organisations.map { $0.centre == nil ? $0.weight : 0 })
        }
    }

    private func need(
        of caller: Int, at centre: Int, group: Int, week: LocalDay, knownAt: Instant, _ random: inout SplitMix64
    ) -> Need? {
        let habits = Habits.of(network.organisations[caller].kind)
        let targeted = network.centres[centre].label.file(on: week, knownAt: knownAt)?.audiences ?? habits.audiences
        let weights = habits.audiences.indices.map { targeted.contains(habits.audiences[$0]) ? habits.audienceWeights[$0] : 0 }
        guard weights.contains(where: { $0 > 0 }) else { return nil }
        let first = habits.audiences[random.pickIndex(weights: weights)]
        let second = habits.audiences[random.pickIndex(weights: weights)]
        let accompanying = first == "student" ? (group > 12 ? 2 : 1) : 0
        let participants = group - accompanying
        let isMixed = first != second && random.chance(percent: 40)
        let activity = habits.activities[random.pickIndex(weights: habits.activityWeights)]
        return Need(
            organisation: caller, activity: activity, audiences: isMixed ? [first, second] : [first],
            headCounts: isMixed ? [participants - participants / 3, participants / 3] : [participants], accompanying: accompanying,
            title: Habits.title(of: activity, &random), wishes: [])
    }
}

/// Sizes of groups, as seen in public figures.
enum Group {
    private static let sizes = [4, 9, 10, 12, 20, 26]

    static func draw(atMost capacity: Int, isSchool: Bool, _ random: inout SplitMix64) -> Int {
        let possible = sizes.filter { $0 <= capacity }
        guard possible.count > 1 else { return min(capacity, sizes[0]) }
        let weights = possible.indices.map { isSchool ? 1 + $0 : 2 + possible.count - $0 }
        return possible[random.pickIndex(weights: weights)]
    }
}
