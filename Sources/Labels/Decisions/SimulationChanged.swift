package import HTTPEdge
import HTTPTypes
package import Kernel

/// An approval rests on a simulation, and the decision would do something else by now.
package struct SimulationChanged: Error, ProblemRepresentable {
    /// The bookings concerned, with what the decision would do to them now; `none`: nothing any more.
    package let differences: [(id: BookingID, effect: String)]

    package var problem: Problem {
        Problem(
            .conflict, "simulationChanged", detail: Text("simulationChanged.detail", ["count": .number(differences.count)]),
            extensions: [
                ProblemExtension("differences") { [differences] json, _ in
                    json.array { json in
                        for difference in differences {
                            json.object { json in
                                json.member("bookingId", difference.id)
                                json.member("effect", difference.effect)
                            }
                        }
                    }
                }
            ])
    }
}
