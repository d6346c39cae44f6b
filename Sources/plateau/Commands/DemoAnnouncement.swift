import Bookings
import Demo
import Foundation
import Kernel

/// What a person reads when the demo network is served, and what they can copy.
struct DemoAnnouncement {
    let baseURL: String
    /// The file with the keys.
    let keys: String
    let key: String
    let platform: ResourceID
    let equipment: ResourceID
    /// A slot of next week in which both are free.
    let slot: Period

    var lines: [String] {
        let start = slot.start.rfc3339
        let end = slot.end.rfc3339
        let window = #"{"resourceIds": ["\#(platform)"], "start": "\#(start)", "end": "\#((slot.start + .seconds(5 * 86_400)).rfc3339)"}"#
        let booking = """
            {"activity": "catalogueTraining", "audiences": [{"audience": "jobSeeker", "headCount": 4}], "lines": [\
            {"resourceId": "\(platform)", "start": "\(start)", "end": "\(end)", "seats": 4}, \
            {"resourceId": "\(equipment)", "start": "\(start)", "end": "\(end)"}]}
            """
        let refused = """
            {"activity": "catalogueTraining", "audiences": [{"audience": "jobSeeker", "headCount": 4}], "lines": [\
            {"resourceId": "\(platform)", "start": "\(start)", "end": "\((slot.end + .seconds(14 * 3600)).rfc3339)", "seats": 40}]}
            """
        return [
            "", "Plateau serves the demo network at \(baseURL)", "Open it in a browser: the sign-in page offers every role.",
            "Documentation: \(baseURL)/docs",
            "Keys of every role: \(keys)", "", "Copy one after the other:", "",
            "BASE=\(baseURL) KEY=\(key)", "PLATFORM=\(platform) START=\(start) END=\(end)", "",
            "# What is free next week?", command("/v1/availability", window), "", "# Book it: four workstations and a machine.",
            command("/v1/bookings", booking), "", "# Why is this refused?", command("/v1/bookings", refused), "",
        ]
    }

    private func command(_ path: String, _ json: String) -> String {
        """
        curl -s -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' -H 'Accept-Language: en' \\
          '\(baseURL)\(path)' -d '\(json)'
        """
    }
}
