/// A zone of the database that this machine does not know.
struct UnknownZone: Error {
    let name: String
}
