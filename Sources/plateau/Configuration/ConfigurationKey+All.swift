extension ConfigurationKey {
    static let host = ConfigurationKey(
        "http.host", "Address to listen on.", standard: "127.0.0.1", allowed: .text("an address or host name"))
    static let port = ConfigurationKey(
        "http.port", "Port to listen on; 0 takes any free one.", standard: "8080", allowed: .number(0...65535))
    static let connections = ConfigurationKey(
        "http.connections", "Connections held at once; further ones wait to be accepted.", standard: "4096", allowed: .number(1...100_000))
    static let connectionsPerAddress = ConfigurationKey(
        "http.connectionsPerAddress", "Connections of one client, an IPv4 address or an IPv6 /64; further ones are closed. 0: no limit.",
        standard: "256", allowed: .number(0...100_000))
    static let handshakeSeconds = ConfigurationKey(
        "http.handshakeSeconds", "Seconds for a TLS handshake.", standard: "10", allowed: .number(1...300))
    static let headSeconds = ConfigurationKey(
        "http.headSeconds", "Seconds from a request's first byte to the end of its head; later is 408.", standard: "10",
        allowed: .number(1...300))
    static let bodySeconds = ConfigurationKey(
        "http.bodySeconds", "Seconds from a request's head to the end of its body; later is 408.", standard: "30",
        allowed: .number(1...3600))
    static let writeSeconds = ConfigurationKey(
        "http.writeSeconds", "Seconds for which a client may leave an answer unread before it is cut off.", standard: "30",
        allowed: .number(1...3600))
    static let idleSeconds = ConfigurationKey(
        "http.idleSeconds", "Seconds after which a connection without a request is closed.", standard: "60", allowed: .number(1...3600))
    static let bodyBytes = ConfigurationKey(
        "http.bodyBytes", "The largest body of a request; a larger one is 413.", standard: "1048576", allowed: .number(1_024...67_108_864))
    static let trustedProxies = ConfigurationKey(
        "http.trustedProxies",
        "Proxies that are believed when they say for whom they ask; limits and logs then take that address. Absent: none.",
        allowed: .addresses)
    static let forwardedHeader = ConfigurationKey(
        "http.forwardedHeader", "The header in which those proxies say it; they must set it, whatever a client sent in it.",
        standard: "X-Forwarded-For", allowed: .choice(["X-Forwarded-For", "Forwarded"]))
    static let certificate = ConfigurationKey(
        "tls.certificate", "PEM file of the certificate and its chain; read again when it changes. Absent: HTTP without TLS.",
        allowed: .text("a path"))
    static let privateKey = ConfigurationKey(
        "tls.privateKey", "PEM file of the certificate's private key, not encrypted.", allowed: .text("a path"))
    static let requestsPerKey = ConfigurationKey(
        "limits.requestsPerKey", "Requests a minute with one key, in the long run; a search counts for several. 0: no limit.",
        standard: "600", allowed: .number(0...10_000_000))
    static let requestsPerAddress = ConfigurationKey(
        "limits.requestsPerAddress", "Requests a minute without a key from one address (IPv6: from one /64). 0: no limit.",
        standard: "600", allowed: .number(0...10_000_000))
    static let failuresPerAddress = ConfigurationKey(
        "limits.failuresPerAddress",
        "Requests a minute with a key that is not valid from one address; then only keys that were good before are looked at. 0: no limit.",
        standard: "60", allowed: .number(0...10_000_000))
    static let burst = ConfigurationKey(
        "limits.burst", "How many of the requests of a minute may come at once.", standard: "100", allowed: .number(20...10_000_000))
    static let metricsHost = ConfigurationKey(
        "metrics.host", "Address to answer Prometheus on.", standard: "127.0.0.1", allowed: .text("an address or host name"))
    static let metricsPort = ConfigurationKey(
        "metrics.port", "Port of /metrics; 0 takes any free one. Absent: no metrics.", allowed: .number(0...65535))
    static let tracingEndpoint = ConfigurationKey(
        "tracing.endpoint",
        "Where spans are sent, OTLP over HTTP in JSON, such as http://localhost:4318/v1/traces. Absent: no spans.",
        allowed: .web)
    static let tracingPercent = ConfigurationKey(
        "tracing.percent", "Of a hundred traces that begin here, how many are sent; those of callers are sent when the caller says so.",
        standard: "100", allowed: .number(0...100))
    static let databaseURL = ConfigurationKey(
        "database.url", "Connection string of PostgreSQL for the role plateau_app. Absent: the service runs a PostgreSQL of its own.",
        allowed: .text("a libpq URL or keyword=value pairs"), isSecret: true)
    static let ownerURL = ConfigurationKey(
        "database.ownerUrl", "Connection string for migrations, with the rights of the owner.",
        allowed: .text("a libpq URL or keyword=value pairs"), isSecret: true)
    static let readConnections = ConfigurationKey(
        "database.readConnections", "Connections shared by all reads; as many more while slow ones hold up all of them.", standard: "4",
        allowed: .number(1...64))
    static let writeConnections = ConfigurationKey(
        "database.writeConnections", "Connections shared by all bookings.", standard: "4", allowed: .number(1...64))
    static let transactionConnections = ConfigurationKey(
        "database.transactionConnections", "Most connections lent to transactions at a time.", standard: "8", allowed: .number(1...64))
    static let preparedStatements = ConfigurationKey(
        "database.preparedStatements",
        "Whether connections keep prepared statements; unnamed for a pooler that gives every transaction another one.",
        standard: "named", allowed: .choice(["named", "unnamed"]))
    static let stateDirectory = ConfigurationKey(
        "postgres.stateDirectory",
        "Where the PostgreSQL of the service keeps its files. Absent: /var/lib/plateau as root, else the user's state directory.",
        allowed: .text("an absolute path"))
    static let postgresBinaries = ConfigurationKey(
        "postgres.binaries", "Directory of the programs postgres and initdb. Absent: an installed version is looked for.",
        allowed: .text("an absolute path"))
    static let rootSecret = ConfigurationKey(
        "secrets.root", "Secret from which the others are derived; every instance shares it. Absent: made once, in the state directory.",
        allowed: .hexadecimal(64), isSecret: true)
    static let documentationAssets = ConfigurationKey(
        "docs.assets", "Directory of the interactive documentation page. Absent: a plain list of operations.",
        allowed: .text("a path"))
    static let expiryWarningDays = ConfigurationKey(
        "agreements.warningDays", "Days before its last one on which the end of a membership or an agreement is told, once.",
        standard: "60",
        allowed: .number(0...366))
    static let economicLimitPercent = ConfigurationKey(
        "funding.economicUsePercent",
        "Share of the booked time of equipment that public money paid, in a calendar year, above which economic use is told, once.",
        standard: "20",
        allowed: .number(0...100))
    static let custodyReminderHours = ConfigurationKey(
        "custody.reminderHours",
        "Hours before it is due at which the return of equipment is reminded of, once; of what is out for a shorter time, at half of it.",
        standard: "24",
        allowed: .number(1...720))
    static let travelSpeed = ConfigurationKey(
        "custody.travelKilometresPerHour",
        "How fast equipment travels between two sites, as the crow flies, where nobody says how long it takes.",
        standard: "50",
        allowed: .number(5...200))
    static let webhookAddresses = ConfigurationKey(
        "webhooks.addresses",
        "Where webhooks may lead: to public addresses by HTTPS, or, for development alone, to any address of the own machine and network.",
        standard: "public", allowed: .choice(["public", "any"]))
    static let publicURL = ConfigurationKey(
        "http.publicUrl",
        "Where people reach the service, for addresses in mail, calendars and QR codes; with https://, cookies go by TLS alone.",
        allowed: .web)
    static let sendmail = ConfigurationKey(
        "mail.sendmail", "Program that takes mail as sendmail does (-i -f SENDER -- RECIPIENT). Absent: no mail is sent.",
        allowed: .text("an absolute path"))
    static let mailSender = ConfigurationKey(
        "mail.sender", "Address in whose name mail is sent; required with mail.sendmail.", allowed: .mailAddress)
    static let reminderHours = ConfigurationKey(
        "mail.reminderHours", "Hours before its start at which a booking is reminded of; 0: never.", standard: "24",
        allowed: .number(0...336))
    static let openIDIssuer = ConfigurationKey(
        "openid.issuer",
        "Identity provider with which people sign in, as its ID tokens name it. Absent: with a password or a key.",
        allowed: .issuer)
    static let openIDClientID = ConfigurationKey(
        "openid.clientId", "Who this service is to the provider; required with openid.issuer.", allowed: .text("a text"))
    static let openIDClientSecret = ConfigurationKey(
        "openid.clientSecret", "Secret that the provider gave this service. Absent, without a file too: a public client.",
        allowed: .text("a text"), isSecret: true)
    static let openIDClientSecretFile = ConfigurationKey(
        "openid.clientSecretFile", "File with that secret, instead; the line's end does not count.", allowed: .text("a path"))
    static let openIDScopes = ConfigurationKey(
        "openid.scopes", "What the provider is asked for; openid is among it.", standard: "openid profile email", allowed: .scopes)
    static let openIDLabel = ConfigurationKey(
        "openid.label", "What people call the provider, on the sign-in page. Absent: the host of the issuer.", allowed: .text("a text"))
    static let openIDSubjectClaim = ConfigurationKey(
        "openid.subjectClaim", "Claim that names a person for ever.", standard: "sub", allowed: .text("a claim's name"))
    static let openIDAddressClaim = ConfigurationKey(
        "openid.emailClaim", "Claim that has a person's e-mail address.", standard: "email", allowed: .text("a claim's name"))
    static let openIDVerifiedAddresses = ConfigurationKey(
        "openid.verifiedEmails",
        "Which addresses count at a first sign-in: email with email_verified, or all, if the provider alone fills in openid.emailClaim.",
        standard: "claimed", allowed: .choice(["claimed", "all"]))
    static let logLevel = ConfigurationKey(
        "log.level", "The lowest level that is logged.", standard: "info",
        allowed: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]))
    static let drainSeconds = ConfigurationKey(
        "http.drainSeconds", "Seconds for which readiness is off before the listener closes.", standard: "0", allowed: .number(0...300))

    /// In the order of config/plateau.yaml: the keys of one section are neighbours.
    static let all: [ConfigurationKey] = [
        host, port, drainSeconds, connections, connectionsPerAddress, handshakeSeconds, headSeconds, bodySeconds, writeSeconds,
        idleSeconds, bodyBytes, trustedProxies, forwardedHeader, publicURL, certificate, privateKey, requestsPerKey, requestsPerAddress,
        failuresPerAddress, burst, databaseURL, ownerURL, readConnections, writeConnections, transactionConnections, preparedStatements,
        stateDirectory, postgresBinaries, rootSecret, openIDIssuer, openIDClientID, openIDClientSecret, openIDClientSecretFile,
        openIDScopes,
        openIDLabel, openIDSubjectClaim, openIDAddressClaim, openIDVerifiedAddresses, documentationAssets,
        expiryWarningDays, economicLimitPercent, custodyReminderHours, travelSpeed, webhookAddresses, sendmail, mailSender,
        reminderHours, logLevel, metricsHost,
        metricsPort,
        tracingEndpoint,
        tracingPercent,
    ]

    /// What stands before the point of a name, in order.
    static var sections: [String] {
        all.reduce(into: []) { sections, key in if sections.last != key.section { sections.append(key.section) } }
    }
}
