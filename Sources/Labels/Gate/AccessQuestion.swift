package import HTTPEdge
package import Kernel

/// Whether an organisation may use a resource in a slot, for these audiences.
package struct AccessQuestion: RequestObject {
    /// The gate looks at each day of the slot.
    static let maximumDays = 366

    /// Whom it is about; nil: the caller's own organisation.
    package let organisation: OrganisationID?
    package let resource: ResourceID
    package let slot: Period
    package let audiences: [Count]

    /// How many persons of one audience take part.
    package struct Count: RequestObject {
        package let audience: String
        package let headCount: Int32

        package init(audience: String, headCount: Int32) {
            self.audience = audience
            self.headCount = headCount
        }
    }

    package init(organisation: OrganisationID? = nil, resource: ResourceID, slot: Period, audiences: [Count] = []) {
        self.organisation = organisation
        self.resource = resource
        self.slot = slot
        self.audiences = audiences
    }
}

extension AccessQuestion {
    package init?(reading fields: inout FieldReader) {
        let organisation: OrganisationID? = fields.optional("organisationId")
        let resource: ResourceID? = fields.required("resourceId")
        let slot = Period(reading: &fields)
        let audiences = fields.array("audiences", Count.self, count: 0...50)
        if let slot, slot.duration > .seconds(86_400 * Self.maximumDays) {
            fields.refuse("end", Text("reason.slotTooLong", ["days": .number(Self.maximumDays)]))
        }
        guard let resource, let slot, let audiences else { return nil }
        self.init(organisation: organisation, resource: resource, slot: slot, audiences: audiences)
    }
}

extension AccessQuestion.Count {
    package init?(reading fields: inout FieldReader) {
        let audience = fields.required("audience", maximum: 40)
        let headCount: Int32? = fields.required("headCount", in: 1...10_000)
        guard let audience, let headCount else { return nil }
        self.init(audience: audience, headCount: headCount)
    }
}
