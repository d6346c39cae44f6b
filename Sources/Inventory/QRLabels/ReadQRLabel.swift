import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Postgres

extension Inventory {
    /// `GET /v1/resources/{resourceId}/qr-label.svg`: of a machine, a platform or an identified workstation.
    func readQRLabel(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        guard let resource = try await database.first(SQL.QRLabelFacts(id: try context.path("resourceId"))) else {
            throw InventoryRefusal.notFound
        }
        let place = resource.platformId.map { "/platforms/\($0)" } ?? "/equipment/\(resource.id)"
        let label = QRLabel(
            address: address.of(place, host: request.head.authority), name: resource.name, number: resource.inventoryNumber,
            centre: resource.centre)
        guard let label else { throw InventoryRefusal.notFound }
        let headers: HTTPFields = [.contentType: "image/svg+xml", .cacheControl: "no-store"]
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: label.svg)))
    }
}
