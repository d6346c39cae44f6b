package import Kernel

extension EntityKind {
    package enum Model {}
}

/// A model of equipment, shared by every centre.
package typealias ModelID = Identifier<EntityKind.Model>
