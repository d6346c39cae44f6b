package import Hummingbird
package import Kernel

/// What a handler knows of a request whose sender is known; it cannot be made without a principal.
package struct MemberContext: ChildRequestContext {
    package var coreContext: CoreRequestContextStorage
    package private(set) var guest: GuestContext
    package let principal: Principal

    /// - Throws: ``Problem`` 401 when nobody was authenticated.
    package init(context: GuestContext) throws {
        guard let principal = context.principal else { throw Problem.unauthenticated(credentialGiven: false) }
        self.coreContext = context.coreContext
        self.guest = context
        self.principal = principal
    }

    package var maxUploadSize: Int { guest.bodyLimit }

    package var bodyLimit: Int {
        get { guest.bodyLimit }
        set { guest.bodyLimit = newValue }
    }
}
