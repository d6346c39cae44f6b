import HTTPEdge

/// Why the time is used.
package enum Activity: String, CaseIterable, Sendable, RequestValue, JSONWritable {
    case catalogueTraining
    case bespokeTraining
    case awareness
    case demonstration
    case technologyWatch
    case needsAnalysis
    case maintenance
    case companyProduction
}
