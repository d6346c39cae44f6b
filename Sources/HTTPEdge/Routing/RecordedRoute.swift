package import HTTPTypes
package import Kernel

/// One line of the route table, as tests and the documentation read it.
package struct RecordedRoute: Hashable, Sendable {
    /// Who may call.
    package enum Access: Hashable, Sendable {
        case open
        /// Any authenticated caller, or one who holds a role of the list when it is not empty.
        case member(roles: [Role])
    }

    package let method: HTTPRequest.Method
    /// As in the contract: `/v1/centres/{id}`.
    package let path: String
    /// The `operationId` of the contract.
    package let operation: String
    package let access: Access
    /// What a request takes from its key's account.
    package let cost: Int
    /// Whether it is a page for people: those stay out of the contract.
    package var isPage = false
}
