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

    /// An hour for one in a window of days: on any of fifty platforms, or on one until it has had its part; windows and platforms
    /// follow one another as `Work.slotInTurn` has them.
    static func hour(_ network: SyntheticNetwork, isHot: Bool) -> LuaScript {
        let (days, windows) = (SyntheticNetwork.hotDays, SyntheticNetwork.hotWindows)
        let (centres, each) = (SyntheticNetwork.centres, SyntheticNetwork.manyPerCentre)
        let hours = SyntheticNetwork.wantedHours
        let now = isHot ? "turn + math.floor(asked / \(SyntheticNetwork.hotBookings))" : "turn"
        return LuaScript(
            network,
            """
              asked = asked + 1
              local now = \(now)
              local place = math.floor(now / \(windows)) % \(centres * each)
              local hot = platforms[place % \(centres) * \(each) + math.floor(place / \(centres)) + 1]
              local number = \(SyntheticNetwork.wantedDays.lowerBound) + now % \(windows) * \(days) + math.random(0, \(days - 1))
              local start = midnight + number * 86400 + math.random(\(hours.lowerBound), \(hours.upperBound)) * 3600
              return wrk.format("POST", "/v1/bookings", nil, string.format('{\(course),"lines":[\(line)]}',
                \(isHot ? "hot" : "platform"), instant(start), instant(start + 3600)))
            """, platforms: network.manyPlatforms, setting: #"local asked, turn = 0, tonumber(os.getenv("PLATEAU_BENCH_TURN"))"#)
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
