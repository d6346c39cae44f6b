import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

/// Declares pages: each is recorded with who may read it, and that is enforced here.
struct PageTable {
    let pages: Pages
    let routes: EdgeRoutes

    /// A page for anybody.
    func open(
        _ method: HTTPRequest.Method, _ path: String, _ name: String,
        _ handler: @escaping @Sendable (Request, Visit) async throws -> PageAnswer
    ) {
        routes.page(method, path, name: name, access: .open) { [pages] request, context in
            let visit = try await pages.visit(of: request, context)
            return try await pages.answer(to: visit) { try await handler(request, visit) }
        }
    }

    /// A form that is sent before anybody is signed in.
    func form(_ path: String, _ name: String, _ handler: @escaping @Sendable (FormFields, Visit) async throws -> PageAnswer) {
        routes.page(.post, path, name: name, access: .open) { [pages] request, context in
            let visit = try await pages.visit(of: request, context)
            return try await pages.answer(to: visit) {
                let fields = try await FormFields(of: request, in: context)
                try FormGuard.check(fields, of: request, pages.cookies)
                return try await handler(fields, visit)
            }
        }
    }

    /// A form with a file, for who is signed in and holds one of the roles, wherever.
    /// - Parameter kinds: of which the file may be.
    func upload(
        _ path: String, _ name: String, _ roles: [Role], of kinds: [TableKind],
        _ handler: @escaping @Sendable (MemberRequest, MemberVisit) async throws -> PageAnswer
    ) {
        routes.page(.post, path, name: name, access: .member(roles: roles)) { [pages] request, context in
            let visit = try await pages.visit(of: request, context)
            guard let member = MemberVisit(visit) else { return pages.signInFirst(request) }
            return try await pages.answer(to: visit) {
                guard member.principal.holdsSomewhere(anyOf: Set(roles)) else { throw Problem.forbidden(roles: roles) }
                var context = context
                context.bodyLimit = TableKind.longestForm(kinds)
                let fields = try await FormFields(withFilesOf: request, in: context)
                try FormGuard.check(fields, of: request, in: member)
                return try await handler(MemberRequest(fields: fields, context: visit.context, path: request.uri.path), member)
            }
        }
    }

    /// A page for who is signed in and holds one of the roles, wherever; of any role when there is none in the list.
    ///
    /// What is sent needs the session's own token: no other site has it.
    func member(
        _ method: HTTPRequest.Method, _ path: String, _ name: String, _ roles: [Role],
        _ handler: @escaping @Sendable (MemberRequest, MemberVisit) async throws -> PageAnswer
    ) {
        routes.page(method, path, name: name, access: .member(roles: roles)) { [pages] request, context in
            let visit = try await pages.visit(of: request, context)
            guard let member = MemberVisit(visit) else { return pages.signInFirst(request) }
            return try await pages.answer(to: visit) {
                guard roles.isEmpty || member.principal.holdsSomewhere(anyOf: Set(roles)) else { throw Problem.forbidden(roles: roles) }
                let fields = method == .post ? try await FormFields(of: request, in: context) : FormFields(query: request.uri.query)
                if method == .post { try FormGuard.check(fields, of: request, in: member) }
                return try await handler(MemberRequest(fields: fields, context: visit.context, path: request.uri.path), member)
            }
        }
    }

    /// A file that pages load.
    func asset(_ path: String, _ name: String) {
        routes.page(.get, path, name: name, access: .open) { [pages] request, _ in try pages.templates.asset(name, asked: request) }
    }
}

/// What a page was asked: the fields of its form or of its address, and the parameters of its path.
struct MemberRequest: Sendable {
    let fields: FormFields
    let context: GuestContext
    let path: String

    /// - Throws: ``Problem`` 404 for what cannot name anything.
    func path<Value: RequestValue>(_ name: String, _ type: Value.Type = Value.self) throws(Problem) -> Value {
        try context.path(name)
    }
}
