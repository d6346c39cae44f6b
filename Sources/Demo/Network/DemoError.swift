package import Kernel

/// Why the demo network was not loaded, or did not stand up to its verification.
package enum DemoError: Error, Equatable, CustomStringConvertible {
    /// A file of facts lacks this, or spells it in another way.
    case factUnreadable(String)
    /// The fictional label decisions need a day between these two.
    case dayOutsideStory(LocalDay, allowed: ClosedRange<LocalDay>)
    /// The demo network stands in this database already.
    case alreadyLoaded
    /// Centres of somebody's own stand in this database.
    case databaseInUse
    /// `demo.json` could not be written.
    case keysNotWritten(path: String)

    package var description: String {
        switch self {
        case .factUnreadable(let what): "The facts of the demo network can't be read: \(what)."
        case .dayOutsideStory(let day, let allowed):
            "The demo network can't be told for \(day): its label decisions fit days from \(allowed.lowerBound) to \(allowed.upperBound)."
        case .alreadyLoaded: "The demo network is already loaded in this database."
        case .databaseInUse: "This database holds centres already; the demo network needs one that was only migrated."
        case .keysNotWritten(let path): "The keys of the demo network can't be written to \(path)."
        }
    }
}
