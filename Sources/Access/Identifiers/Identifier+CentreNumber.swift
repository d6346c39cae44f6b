package import Kernel

extension Identifier {
    /// The number of the centre that the identifier carries, as columns hold it: 0 is the network, 32767 no centre at all.
    package var centreColumn: Int16 { Int16(clamping: centreNumber) }
}
