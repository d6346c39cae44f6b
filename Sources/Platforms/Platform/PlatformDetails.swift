package import HTTPEdge
package import Kernel

/// What a platform offers and asks for besides its workstations and rules of use.
package struct PlatformDetails: Hashable, Sendable {
    /// The platform that it is a part of: a bay's hall.
    package var parent: ResourceID?
    /// Most persons at once, participants and those who accompany them.
    package var personLimit: Int32?
    package var sectors: [Tag] = []
    package var skills: [Tag] = []
    /// How a use may be supervised; empty: nothing is asked.
    package var supervision: [Supervision] = []
    package var prerequisites: [Prerequisite] = []

    package init() {}
}

/// How a use of a platform is supervised.
package enum Supervision: String, CaseIterable, RequestValue, JSONWritable {
    case unsupervised
    /// By an instructor of the centre.
    case centreInstructor
    /// By an external trainer who is habilitated for the platform.
    case habilitatedTrainer
}

/// A word that platforms are found by: letters, digits and hyphens, without capitals.
package struct Tag: RequestValue, JSONWritable, Hashable, CustomStringConvertible {
    package let description: String

    package init(stored text: String) { description = text }

    package static func read(text: String) throws(ValueRefusal) -> Tag {
        let isTag = text.unicodeScalars.allSatisfy { $0 == "-" || isLetterOrDigit($0) }
        guard isTag, (2...60).contains(text.unicodeScalars.count), text.first != "-", text.last != "-" else {
            throw ValueRefusal("reason.tag")
        }
        return Tag(stored: text)
    }

    /// The small letters of Dutch, English, French and German.
    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "ß"..."ö", "ø"..."ÿ", "œ": true
        default: false
        }
    }

    package func write(to json: inout JSONWriter) { description.write(to: &json) }
}

extension PlatformDetails {
    /// The details that a request gives; what it leaves out stays as in `former`.
    package init(reading fields: inout FieldReader, former: PlatformDetails = PlatformDetails()) {
        self = former
        if let parent: ResourceID = fields.optional("parentId") { self.parent = parent }
        if let limit: Int32 = fields.optional("personLimit", in: 1...100_000) { personLimit = limit }
        if fields.has("sectors") { sectors = Self.distinct(fields.values("sectors", count: 0...20)) }
        if fields.has("skills") { skills = Self.distinct(fields.values("skills", count: 0...50)) }
        if fields.has("supervision") { supervision = Self.distinct(fields.values("supervision", count: 0...3)) }
        if fields.has("prerequisites") { prerequisites = fields.array("prerequisites", count: 0...20) ?? [] }
    }

    private static func distinct<Value: Hashable>(_ values: [Value]?) -> [Value] {
        var seen: Set<Value> = []
        return (values ?? []).filter { seen.insert($0).inserted }
    }
}
