import Access
import Composition
import Demo
import Foundation
import Kernel
import Logging
import Pages

extension DemoDatabase {
    /// Writes the address and the keys, and says what can be done with them.
    func announce(at address: DemoAddress) async {
        do {
            try await hand(at: address)
        } catch {
            logger.error("The keys of the demo network could not be handed out", metadata: ["error": "\(error)"])
        }
    }

    private func hand(at address: DemoAddress) async throws {
        let baseURL = address.baseURL
        guard let content = FileManager.default.contents(atPath: keptKeys),
            var document = try JSONSerialization.jsonObject(with: content) as? [String: Any]
        else { throw DemoFault(description: "\(keptKeys) cannot be read. Start with --fresh to load the demo data anew.") }
        house.doors.open(Self.doors(document))
        document["baseURL"] = baseURL
        let json = try JSONSerialization.data(withJSONObject: document, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        let directory = (output as NSString).deletingLastPathComponent
        if !directory.isEmpty { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
        try PrivateFile.write(String(decoding: json, as: UTF8.self) + "\n", to: output)
        let key = (document["trainingOrganisation"] as? [String: Any])?["key"] as? String ?? ""
        for line in try await announcement(baseURL: baseURL, key: key)?.lines ?? [] { Output.line(line) }
    }

    /// The roles that the sign-in page offers, those who book first.
    private static func doors(_ document: [String: Any]) -> [DemoDoors.Door] {
        ["trainingOrganisation", "company", "centreManager", "networkManager", "labelAuthority", "labelAuthority2"].compactMap { role in
            ((document[role] as? [String: Any])?["key"] as? String).map { DemoDoors.Door(role: role, key: $0) }
        }
    }

    private func announcement(baseURL: String, key: String) async throws -> DemoAnnouncement? {
        guard let show = try await storage.asOwner({ try await DemoNetwork.showcase(in: $0) }) else { return nil }
        let nextMonday = DemoNetwork.monday(of: network.today).adding(days: 7)
        guard let start = Zone("Europe/Brussels")?.instant(of: nextMonday, .midnight), let prefix = APIKeySecret(key)?.prefix else {
            return nil
        }
        let slot = try await storage.asOwner {
            try await DemoNetwork.freeSlot(of: show.platform, and: show.equipment, forKey: prefix, from: start, in: $0)
        }
        guard let slot else { return nil }
        return DemoAnnouncement(
            baseURL: baseURL, keys: output, key: key, platform: show.platform, equipment: show.equipment, slot: slot)
    }
}

/// Where the demo network is served.
struct DemoAddress {
    let host: String
    let port: Int
    let isSecure: Bool

    var baseURL: String { "\(isSecure ? "https" : "http")://\(host == "0.0.0.0" ? "127.0.0.1" : host):\(port)" }
}
