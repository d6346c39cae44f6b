package import HTTPEdge
import HTTPTypes
import Kernel

extension AccessRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .organisationUnknown, .keyUnknown, .personUnknown:
            .notFound
        case .authorRevoked:
            .unauthenticated(credentialGiven: true)
        case .membershipOverlaps:
            Problem(.conflict, "membershipOverlaps", detail: Text("membershipOverlaps.detail"))
        case .personRegistered:
            Problem(.conflict, "personRegistered", detail: Text("personRegistered.detail"))
        case .roleByOperator(let role):
            Problem(.forbidden, "roleNotGrantable", detail: Text("roleByOperator.detail", ["role": .text(role.rawValue)]))
        case .roleNotGrantable(let role):
            Problem(.forbidden, "roleNotGrantable", detail: Text("roleNotGrantable.detail", ["role": .text(role.rawValue)]))
        case .centreUnknown(let index):
            .requestInvalid([ProblemIssue(in: .body, name: "/roles/\(index)/centreId", detail: Text("reason.centreUnknown"))])
        case .expiryPassed:
            .requestInvalid([ProblemIssue(in: .body, name: "/expiresAt", detail: Text("reason.past"))])
        }
    }
}
