import HTTPTypes
import Hummingbird

/// Whether the process lives (`/healthz`), and whether it should be sent requests (`/readyz`).
package struct HealthRoutes {
    private static let retryAfterSeconds = 5
    static let paths: Set = ["/healthz", "/readyz"]
    let readiness: Readiness

    package init(readiness: Readiness) {
        self.readiness = readiness
    }

    package func add(to routes: EdgeRoutes) {
        routes.get("/healthz", operation: "getHealth", access: .open) { _, _ in
            Response.json { json in json.member("status", "ok") }
        }
        routes.get("/readyz", operation: "getReadiness", access: .open) { [readiness] _, _ in
            await Self.answer(for: readiness)
        }
    }

    private static func answer(for readiness: Readiness) async -> Response {
        let verdicts = await verdicts(of: readiness.checks)
        let phase = readiness.phase
        let isReady = phase == .ready && verdicts.allSatisfy(\.holds)
        let headers: HTTPFields = isReady ? [:] : [.retryAfter: String(retryAfterSeconds)]
        return Response.json(isReady ? .ok : .serviceUnavailable, headers: headers) { json in
            json.member("status", phase == .ready && !isReady ? "unavailable" : phase.rawValue)
            json.array("checks", verdicts) { verdict, json in
                json.object { json in
                    json.member("name", verdict.name)
                    json.member("status", verdict.holds ? "pass" : "fail")
                }
            }
        }
    }

    /// All at once, in the order of declaration; what is known is not waited for on a busy machine.
    private static func verdicts(of checks: [ReadinessCheck]) async -> [(name: String, holds: Bool)] {
        let known = checks.compactMap { check in check.verdict.map { (name: check.name, holds: $0) } }
        guard known.count < checks.count else { return known }
        return await withTaskGroup(of: (Int, Bool).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask { (index, await check.run()) }
            }
            var verdicts = checks.map { (name: $0.name, holds: false) }
            for await (index, holds) in group { verdicts[index].holds = holds }
            return verdicts
        }
    }
}
