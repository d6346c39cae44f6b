/// What tells wrk which requests to send, and to print what it measured in a form for programs.
struct LuaScript: Sendable {
    let text: String

    /// - Parameters:
    ///   - request: the body of a function that gives one request; `platform` is one of the platforms, at random.
    ///   - platforms: nil: those that are visited.
    ///   - setting: lines before it.
    init(_ network: SyntheticNetwork, _ request: String, platforms: [(id: String, centre: Int32)]? = nil, setting: String = "") {
        let platforms = (platforms ?? network.platforms).map { "\"\($0.id)\"" }.joined(separator: ", ")
        text = """
            local platforms = { \(platforms) }
            local midnight = \(network.midnight)
            math.randomseed(os.time())
            local function day(seconds) return os.date("!%Y-%m-%d", seconds) end
            local function instant(seconds) return os.date("!%Y-%m-%dT%H:%M:%SZ", seconds) end
            wrk.headers["Authorization"] = "Bearer " .. os.getenv("PLATEAU_BENCH_KEY")
            wrk.headers["Content-Type"] = "application/json"
            \(setting)
            local threads = {}
            first, refused = 0, 0

            function setup(thread) table.insert(threads, thread) end

            function request()
              local platform = platforms[math.random(#platforms)]
            \(request)
            end

            function response(status)
              if first == 0 then first = status end
              if status ~= 200 and status ~= 201 then refused = refused + 1 end
            end

            function done(summary, latency, requests)
              local errors = summary.errors
              local status, count = 0, 0
              for _, thread in ipairs(threads) do
                status, count = thread:get("first"), count + thread:get("refused")
              end
              io.write(string.format("measured %d %d %d %d %d %d %d\\n", summary.duration, summary.requests, count,
                errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99), status))
            end

            """
    }

    static func platform(_ network: SyntheticNetwork) -> LuaScript {
        LuaScript(network, #"  return wrk.format("GET", "/v1/platforms/" .. platform)"#)
    }

    static func calendar(_ network: SyntheticNetwork) -> LuaScript {
        LuaScript(
            network,
            """
              local from = midnight + math.random(0, \(SyntheticNetwork.bookedDays - 7)) * 86400
              return wrk.format("GET", "/v1/resources/" .. platform .. "/calendar?days=7&from=" .. day(from))
            """)
    }

    static func availability(_ network: SyntheticNetwork) -> LuaScript {
        LuaScript(
            network,
            """
              local from = midnight + math.random(0, \(SyntheticNetwork.bookedDays - 7)) * 86400
              return wrk.format("POST", "/v1/availability", nil, string.format('{"resourceIds":["%s"],"start":"%s","end":"%s"}',
                platform, instant(from), instant(from + 604800)))
            """)
    }

    /// An hour for one on a random platform, each time another.
    static func booking(_ network: SyntheticNetwork, hasKey: Bool) -> LuaScript {
        let key = #"wrk.headers["Idempotency-Key"] = string.format("%08x%08x", math.random(0, 2147483647), math.random(0, 2147483647))"#
        return LuaScript(
            network,
            """
            \(start(in: SyntheticNetwork.wantedDays))
              \(hasKey ? key : "")
              return wrk.format("POST", "/v1/bookings", nil, string.format('{\(course),"lines":[\(line)]}',
                platform, instant(start), instant(start + 3600)))
            """)
    }

    /// The beginning of an hour on one of the days, in which every site is open.
    static func start(in days: ClosedRange<Int32>) -> String {
        let hours = SyntheticNetwork.wantedHours
        return """
              local start = midnight + math.random(\(days.lowerBound), \(days.upperBound)) * 86400
              start = start + math.random(\(hours.lowerBound), \(hours.upperBound)) * 3600
            """
    }

    /// What a booking says besides its lines.
    static let course = #""activity":"catalogueTraining","audiences":[{"audience":"jobSeeker","headCount":4}]"#
    static let line = #"{"resourceId":"%s","start":"%s","end":"%s","seats":1}"#
}
