package import Kernel

extension EntityKind {
    package enum Outage {}
    package enum Fault {}
    package enum Plan {}
    package enum Completion {}
}

/// A time in which a resource cannot be used.
package typealias OutageID = Identifier<EntityKind.Outage>
/// What somebody found wrong with a resource.
package typealias FaultID = Identifier<EntityKind.Fault>
/// What is to be done to an asset again and again.
package typealias PlanID = Identifier<EntityKind.Plan>
/// That it was done.
package typealias CompletionID = Identifier<EntityKind.Completion>
