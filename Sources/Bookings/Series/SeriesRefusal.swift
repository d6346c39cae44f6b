import HTTPEdge
import HTTPTypes
import Kernel
import Labels

/// Why a command about a series is not carried out, where it is not as with a single booking.
enum SeriesRefusal: Error, Sendable {
    /// Occurrences that cannot be booked, each with its rules; nothing was written.
    case refused([OccurrenceVerdict], bookable: Int)
    /// No occurrence of this series starts then.
    case occurrenceUnknown
    /// None of the occurrences asked for is still to be cancelled or changed.
    case nothingLeft
    /// The first line has to stay at the centre where the series lives.
    case otherCentre
}

extension SeriesRefusal: ProblemRepresentable {
    var problem: Problem {
        switch self {
        case .refused(let occurrences, let bookable): .seriesRefused(occurrences, bookable: bookable)
        case .occurrenceUnknown:
            .requestInvalid([
                ProblemIssue(in: .body, name: "/from", code: "occurrenceUnknown", detail: Text("reason.occurrenceUnknown"))
            ])
        case .nothingLeft: Problem(.conflict, "seriesOver", detail: Text("seriesOver.detail"))
        case .otherCentre:
            .requestInvalid([
                ProblemIssue(in: .body, name: "/lines/0/resourceId", code: "otherCentre", detail: Text("reason.otherCentre"))
            ])
        }
    }
}

extension Problem {
    /// 409 with every occurrence that was refused, its rules, and the nearest alternatives.
    fileprivate static func seriesRefused(_ occurrences: [OccurrenceVerdict], bookable: Int) -> Problem {
        Problem(
            .conflict, "seriesRefused",
            detail: Text("seriesRefused.detail", ["count": .number(occurrences.count), "bookable": .number(bookable)]),
            extensions: [
                ProblemExtension("bookable", bookable),
                ProblemExtension("occurrences") { json, speaker in
                    json.array { json in
                        for occurrence in occurrences { occurrence.write(to: &json, speaker: speaker) }
                    }
                },
            ])
    }
}
