import Foundation
package import Kernel

/// Keys to try the demo network with, one for each way of using it.
package struct DemoKeys: Sendable {
    package struct Key: Sendable {
        /// The whole key: nothing else keeps it.
        package let secret: String
        package let organisationID: OrganisationID
        package let centreID: CentreID?
    }

    package let trainingOrganisation: Key
    package let company: Key
    /// The manager of TechnoCampus.
    package let centreManager: Key
    package let networkManager: Key
    /// Proposes label decisions.
    package let labelAuthority: Key
    /// Another person, who approves them.
    package let labelAuthority2: Key

    /// Writes the keys as JSON into a file that only its owner reads.
    ///
    /// - Parameter baseURL: where the service answers, written beside the keys.
    package func writeJSON(to path: String, baseURL: String) throws {
        let keys = [
            ("trainingOrganisation", trainingOrganisation), ("company", company), ("centreManager", centreManager),
            ("networkManager", networkManager), ("labelAuthority", labelAuthority), ("labelAuthority2", labelAuthority2),
        ]
        var document: [String: Any] = ["baseURL": baseURL]
        for (name, key) in keys {
            var object = ["key": key.secret, "organisationId": key.organisationID.description]
            object["centreId"] = key.centreID?.description
            document[name] = object
        }
        let json = try JSONSerialization.data(withJSONObject: document, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        // Never readable by others, not even for a moment: the mode is set as the file is made, under another name.
        let draft = path + ".new"
        try? FileManager.default.removeItem(atPath: draft)
        guard
            FileManager.default.createFile(
                atPath: draft, contents: json + Data("\n".utf8), attributes: [.posixPermissions: NSNumber(value: 0o600)]),
            rename(draft, path) == 0
        else { throw DemoError.keysNotWritten(path: path) }
    }
}
