extension LuaScript {
    /// An hour for one on a random platform with a random machine of its centre.
    static func seatAndAsset(_ network: SyntheticNetwork) -> LuaScript {
        LuaScript(
            network,
            """
            \(start(in: SyntheticNetwork.wantedDays))
              local number = \(SyntheticNetwork.assetsBegin) + math.random(1, \(network.assetsPerCentre))
              local asset = platform:sub(1, 24) .. string.format("%012x", number)
              local from, to = instant(start), instant(start + 3600)
              return wrk.format("POST", "/v1/bookings", nil, string.format('{\(course),"lines":[\(line),\(line)]}',
                platform, from, to, asset, from, to))
            """)
    }

    /// An hour for one in the same weeks: on any of fifty platforms, or all on one, which each run chooses.
    static func hour(_ network: SyntheticNetwork, isHot: Bool) -> LuaScript {
        LuaScript(
            network,
            """
            \(start(in: SyntheticNetwork.hotDays))
              return wrk.format("POST", "/v1/bookings", nil, string.format('{\(course),"lines":[\(line)]}',
                \(isHot ? "hot" : "platform"), instant(start), instant(start + 3600)))
            """, platforms: network.manyPlatforms, setting: "local hot = platforms[math.random(#platforms)]")
    }

    /// An hour a week for one.
    static func series(_ network: SyntheticNetwork, weeks: Int32) -> LuaScript {
        LuaScript(
            network,
            """
            \(start(in: SyntheticNetwork.seriesDays))
              return wrk.format("POST", "/v1/booking-series", nil,
                string.format('{\(course),"lines":[\(line)],"rule":"FREQ=WEEKLY;COUNT=\(weeks)"}',
                platform, instant(start), instant(start + 3600)))
            """)
    }

    /// A week of fifty platforms.
    static func manyAvailabilities(_ network: SyntheticNetwork) -> LuaScript {
        LuaScript(
            network,
            """
              local from = midnight + math.random(0, \(SyntheticNetwork.bookedDays - 7)) * 86400
              return wrk.format("POST", "/v1/availability", nil, string.format('{"resourceIds":["%s"],"start":"%s","end":"%s"}',
                table.concat(platforms, '","'), instant(from), instant(from + 604800)))
            """, platforms: network.manyPlatforms)
    }

    /// A year's figures of any centre, from the API; or the page of them, as a browser asks.
    static func year(_ network: SyntheticNetwork, _ report: String, isPage: Bool = false) -> LuaScript {
        let centres = network.centreIdentifiers.map { "\"\($0)\"" }.joined(separator: ", ")
        let browser = """
            wrk.headers["Authorization"] = nil
            wrk.headers["Cookie"] = "plateau-session=" .. os.getenv("PLATEAU_BENCH_SESSION")
            wrk.headers["Accept-Encoding"] = "gzip"
            """
        return LuaScript(
            network,
            """
              return wrk.format("GET", "\(isPage ? "" : "/v1")/centres/" .. centres[math.random(#centres)] ..
                "/\(report)?from=\(network.year.first)&to=\(network.year.last)")
            """, setting: "local centres = { \(centres) }\n\(isPage ? browser : "")")
    }
}
