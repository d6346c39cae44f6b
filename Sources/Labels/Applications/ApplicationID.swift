package import Kernel

extension EntityKind {
    package enum Application {}
}

/// An application for a label.
package typealias ApplicationID = Identifier<EntityKind.Application>
