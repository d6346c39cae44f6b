package import Kernel

extension EntityKind {
    package enum Outage {}
    package enum Fault {}
    package enum Plan {}
    package enum Completion {}
    package enum Custody {}
    package enum Transfer {}
    package enum Loan {}
}

/// A time in which a resource cannot be used.
package typealias OutageID = Identifier<EntityKind.Outage>
/// What somebody found wrong with a resource.
package typealias FaultID = Identifier<EntityKind.Fault>
/// What is to be done to an asset again and again.
package typealias PlanID = Identifier<EntityKind.Plan>
/// That it was done.
package typealias CompletionID = Identifier<EntityKind.Completion>
/// What somebody took away at once.
package typealias CustodyID = Identifier<EntityKind.Custody>
/// A journey of an asset from one site of its centre to another.
package typealias TransferID = Identifier<EntityKind.Transfer>
/// That a centre lends an asset to another.
package typealias LoanID = Identifier<EntityKind.Loan>
