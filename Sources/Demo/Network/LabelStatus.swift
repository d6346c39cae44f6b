/// The statuses that occur in the demo network, as the database spells them.
enum LabelStatus: String, Sendable {
    case labelled, provisional, lapsedPending, expired, refused, none
}
