extension LuaScript {
    /// Words from a list, and two hours in which what is answered must be free.
    static func search(_ network: SyntheticNetwork, questions: [String], hasPeriod: Bool) -> LuaScript {
        let list = questions.map { "\"\($0)\"" }.joined(separator: ", ")
        return LuaScript(
            network,
            """
              local questions = { \(list) }
              local start = midnight + \(day(of: network)) * 86400 + math.random(8, 16) * 3600
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
              local start = midnight + \(day(of: network)) * 86400 + math.random(8, 16) * 3600
              return wrk.format("POST", "/v1/resource-searches", nil, string.format('{"kind":"platform","workstations":\(seats),' ..
                '"audiences":[{"audience":"jobSeeker","headCount":4}],"onlyUsable":true,"period":{"start":"%s","end":"%s"}}',
                instant(start), instant(start + 7200)))
            """)
    }

    /// Two hours in the week that follows, on what is like a platform or has one of so many skills.
    static func suggestion(_ network: SyntheticNetwork, seats: Int, skills: Int32? = nil) -> LuaScript {
        let (what, value) = skills.map { (#""skill":"skill-%s""#, "math.random(1, \($0))") } ?? (#""like":"%s""#, "platform")
        return LuaScript(
            network,
            """
              local start = midnight + \(day(of: network)) * 86400 + 36000
              return wrk.format("POST", "/v1/suggestions", nil, string.format('{\(course),"minutes":120,' ..
                '"seats":\(seats),\(what),"limit":3,"window":{"start":"%s","end":"%s"},"preferredStart":"%s"}',
                \(value), instant(start), instant(start + 604800), instant(start)))
            """)
    }

    private static func day(of network: SyntheticNetwork) -> String {
        "math.random(\(network.daysToCome.lowerBound), \(network.daysToCome.upperBound))"
    }
}
