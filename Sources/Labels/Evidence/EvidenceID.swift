package import Kernel

extension EntityKind {
    package enum Evidence {}
}

/// A document that supports an answer of a recognition file.
package typealias EvidenceID = Identifier<EntityKind.Evidence>
