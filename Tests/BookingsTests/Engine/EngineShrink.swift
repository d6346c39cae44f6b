/// Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).
///
/// - Parameters:
///   - patience: how often it is tried at most.
///   - fails: whether a part still does what the whole did.
/// - Returns: a part of which, patience permitting, no element can be left out.
func shrunk<Element: Sendable>(
    _ whole: [Element], patience: Int, while fails: ([Element]) async throws -> Bool
) async throws -> [Element] {
    var rest = whole
    var tries = 0
    var size = max(1, whole.count / 2)
    while true {
        var hasShrunk = false
        var start = 0
        while start < rest.count, tries < patience {
            var part = rest
            part.removeSubrange(start..<min(start + size, rest.count))
            tries += 1
            let stillFails = try await fails(part)
            if stillFails, !part.isEmpty {
                rest = part
                hasShrunk = true
            } else {
                start += size
            }
        }
        // As long as something goes at this size, again at this size; at the smallest, until nothing goes.
        if tries >= patience || size == 1 && !hasShrunk { return rest }
        if !hasShrunk || size > 1 { size = max(1, size / 2) }
    }
}
