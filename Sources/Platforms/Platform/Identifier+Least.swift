import FoundationEssentials
package import Kernel

extension Identifier {
    /// Before every other: where a list begins.
    package static var least: Identifier { Identifier(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))) }
}
