import Kernel

/// What becomes of a label from 2026 on: fiction, and marked so.
///
/// Eighteen are granted: seventeen of the nineteen that were labelled in 2020 and, after its second evaluation, Cefoverre. Three of the
/// five provisional ones stay provisional (two without an end, Forem Cepegra until 2027-06-30), one is refused (Forem Pigments, from
/// 2026-04-01). The applications of two labelled ones (Forem Wallonie Bois, TechnocITé) still wait for an answer.
enum LabelOutcome: Sendable {
    case granted
    case provisional(until: LocalDay?)
    case pending
    case refused

    static func of(_ centre: String) -> LabelOutcome {
        switch centre {
        case "Forem Tourisme", "Design Innovation": .provisional(until: nil)
        case "Forem Cepegra": .provisional(until: LocalDay(year: 2027, month: 6, day: 30))
        case "Forem Wallonie Bois", "TechnocITé": .pending
        case "Forem Pigments": .refused
        default: .granted
        }
    }
}
