@testable import Kernel

extension SplitMix64 {
    /// Seeds nobody has tried; Swift Testing prints the argument of a failing case.
    static func fresh(_ count: Int) -> [UInt64] {
        (0..<count).map { _ in .random(in: 0...UInt64.max) }
    }
}
