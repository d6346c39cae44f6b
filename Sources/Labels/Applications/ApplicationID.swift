package import Kernel

extension EntityKind {
    package enum Application {}
    package enum Evaluation {}
}

/// An application for a label.
package typealias ApplicationID = Identifier<EntityKind.Application>
/// What the network finds of an application.
package typealias EvaluationID = Identifier<EntityKind.Evaluation>
