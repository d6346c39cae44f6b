import HTTPEdge

/// What a label decision does.
package enum DecisionKind: String, CaseIterable, RequestValue, JSONWritable {
    case grant, provisional, extend, refuse, suspend, lift, withdraw, annul
}
