/// What tells wrk which requests to send, and to print what it measured in a form for programs.
struct LuaScript: Sendable {
    let text: String

    private init(_ network: SyntheticNetwork, _ request: String) {
        let platforms = network.platforms.map { "\"\($0.id)\"" }.joined(separator: ", ")
        text = """
            local platforms = { \(platforms) }
            local midnight = \(network.midnight)
            math.randomseed(os.time())
            local function day(seconds) return os.date("!%Y-%m-%d", seconds) end
            local function instant(seconds) return os.date("!%Y-%m-%dT%H:%M:%SZ", seconds) end
            wrk.headers["Authorization"] = "Bearer " .. os.getenv("PLATEAU_BENCH_KEY")
            wrk.headers["Content-Type"] = "application/json"

            function request()
              local platform = platforms[math.random(#platforms)]
            \(request)
            end

            function done(summary, latency, requests)
              local errors = summary.errors
              io.write(string.format("measured %d %d %d %d %d %d\\n", summary.duration, summary.requests, errors.status,
                errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
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
        let days = SyntheticNetwork.wantedDays
        let hours = SyntheticNetwork.wantedHours
        let key = #"wrk.headers["Idempotency-Key"] = string.format("%08x%08x", math.random(0, 2147483647), math.random(0, 2147483647))"#
        return LuaScript(
            network,
            """
              local start = midnight + math.random(\(days.lowerBound), \(days.upperBound)) * 86400
              start = start + math.random(\(hours.lowerBound), \(hours.upperBound)) * 3600
              \(hasKey ? key : "")
              return wrk.format("POST", "/v1/bookings", nil, string.format('{"activity":"catalogueTraining",' ..
                '"audiences":[{"audience":"jobSeeker","headCount":4}],' ..
                '"lines":[{"resourceId":"%s","start":"%s","end":"%s","seats":1}]}',
                platform, instant(start), instant(start + 3600)))
            """)
    }

    /// Words from a list, and two hours in which what is answered must be free.
    static func search(_ network: SyntheticNetwork, questions: [String], hasPeriod: Bool) -> LuaScript {
        let list = questions.map { "\"\($0)\"" }.joined(separator: ", ")
        return LuaScript(
            network,
            """
              local questions = { \(list) }
              local start = midnight + math.random(0, \(network.busyDays - 1)) * 86400 + math.random(8, 16) * 3600
              local period = string.format(',"onlyUsable":true,"period":{"start":"%s","end":"%s"}', instant(start), instant(start + 7200))
              return wrk.format("POST", "/v1/resource-searches", nil, string.format(
                '{"text":"%s","audiences":[{"audience":"jobSeeker","headCount":4}]%s}',
                questions[math.random(#questions)], \(hasPeriod ? "period" : "\"\"")))
            """)
    }

    /// Platforms that have room for so many in two hours.
    static func room(_ network: SyntheticNetwork, seats: Int) -> LuaScript {
        LuaScript(
            network,
            """
              local start = midnight + math.random(0, \(network.busyDays - 1)) * 86400 + math.random(8, 16) * 3600
              return wrk.format("POST", "/v1/resource-searches", nil, string.format('{"kind":"platform","workstations":\(seats),' ..
                '"audiences":[{"audience":"jobSeeker","headCount":4}],"onlyUsable":true,"period":{"start":"%s","end":"%s"}}',
                instant(start), instant(start + 7200)))
            """)
    }

    /// Two hours in the week that follows, on what is like a platform.
    static func suggestion(_ network: SyntheticNetwork, seats: Int) -> LuaScript {
        LuaScript(
            network,
            """
              local start = midnight + math.random(0, \(network.busyDays - 1)) * 86400 + 36000
              return wrk.format("POST", "/v1/suggestions", nil, string.format('{"activity":"catalogueTraining","minutes":120,' ..
                '"audiences":[{"audience":"jobSeeker","headCount":4}],"seats":\(seats),"like":"%s","limit":3,' ..
                '"window":{"start":"%s","end":"%s"},"preferredStart":"%s"}',
                platform, instant(start), instant(start + 604800), instant(start)))
            """)
    }
}
