import Configuration
import FoundationEssentials
import SystemPackage

/// Settings that cannot be used; every fault at once.
struct ConfigurationFault: Error, CustomStringConvertible {
    let faults: [String]

    var description: String {
        (["The configuration cannot be used:"] + faults.map { "  \($0)" }).joined(separator: "\n")
    }
}

extension ServerConfiguration {
    /// Reads options, then `PLATEAU_…` variables, then the file; what is set earlier wins.
    ///
    /// - Throws: ``ConfigurationFault`` that names each key and what is allowed.
    static func read(
        options: [String: String], environment: [String: String] = ProcessInfo.processInfo.environment, file: String?
    ) async throws -> ServerConfiguration {
        let settings = try await ResolvedSettings.read(options: options, environment: environment, file: file)
        guard settings.faults.isEmpty else { throw ConfigurationFault(faults: settings.faults) }
        return ServerConfiguration(settings)
    }

    init(_ settings: ResolvedSettings) {
        host = settings.text(.host)
        port = settings.number(.port)
        drainSeconds = settings.number(.drainSeconds)
        connections = settings.number(.connections)
        connectionsPerAddress = settings.number(.connectionsPerAddress)
        handshakeSeconds = settings.number(.handshakeSeconds)
        headSeconds = settings.number(.headSeconds)
        bodySeconds = settings.number(.bodySeconds)
        writeSeconds = settings.number(.writeSeconds)
        idleSeconds = settings.number(.idleSeconds)
        bodyBytes = settings.number(.bodyBytes)
        trustedProxies = settings[.trustedProxies]
        forwardedHeader = settings.text(.forwardedHeader)
        certificate = settings[.certificate]
        privateKey = settings[.privateKey]
        requestsPerKey = settings.number(.requestsPerKey)
        requestsPerAddress = settings.number(.requestsPerAddress)
        failuresPerAddress = settings.number(.failuresPerAddress)
        burst = settings.number(.burst)
        databaseURL = settings[.databaseURL]
        ownerURL = settings[.ownerURL]
        readConnections = settings.number(.readConnections)
        writeConnections = settings.number(.writeConnections)
        transactionConnections = settings.number(.transactionConnections)
        preparedStatements = settings.text(.preparedStatements)
        stateDirectory = settings[.stateDirectory]
        postgresBinaries = settings[.postgresBinaries]
        rootSecret = settings[.rootSecret]
        openIDIssuer = settings[.openIDIssuer]
        openIDClientID = settings[.openIDClientID]
        openIDClientSecret = settings[.openIDClientSecret]
        openIDClientSecretFile = settings[.openIDClientSecretFile]
        openIDScopes = settings.text(.openIDScopes)
        openIDLabel = settings[.openIDLabel]
        openIDSubjectClaim = settings.text(.openIDSubjectClaim)
        openIDAddressClaim = settings.text(.openIDAddressClaim)
        openIDVerifiedAddresses = settings.text(.openIDVerifiedAddresses)
        documentationAssets = settings[.documentationAssets]
        expiryWarningDays = settings.number(.expiryWarningDays)
        economicLimitPercent = settings.number(.economicLimitPercent)
        custodyReminderHours = settings.number(.custodyReminderHours)
        travelKilometresPerHour = settings.number(.travelSpeed)
        webhookAddresses = settings.text(.webhookAddresses)
        publicURL = settings[.publicURL]
        sendmail = settings[.sendmail]
        mailSender = settings[.mailSender]
        reminderHours = settings.number(.reminderHours)
        logLevel = settings.text(.logLevel)
        metricsHost = settings.text(.metricsHost)
        metricsPort = settings[.metricsPort].flatMap { Int($0) }
        tracingEndpoint = settings[.tracingEndpoint]
        tracingPercent = settings.number(.tracingPercent)
    }
}
