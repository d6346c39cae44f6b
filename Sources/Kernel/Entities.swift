/// What an `Identifier` can identify; never made, only named.
package enum EntityKind {
    package enum Centre {}
    package enum Site {}
    package enum Calendar {}
    package enum Organisation {}
    package enum Resource {}
    package enum Booking {}
    package enum Series {}
    package enum Line {}
    package enum Key {}
    package enum Decision {}
    package enum File {}
    package enum LabelChange {}
    package enum Simulation {}
    package enum Agreement {}
    package enum Event {}
    package enum Webhook {}
    package enum SealedReport {}
    package enum Session {}
    package enum Quota {}
    package enum Holder {}
    package enum Attestation {}
    package enum Feed {}
    package enum Mail {}
    package enum Person {}
    package enum Offer {}
    package enum FundingLine {}
    package enum Kit {}
    package enum Model {}
    package enum Document {}
}

package typealias CentreID = Identifier<EntityKind.Centre>
package typealias SiteID = Identifier<EntityKind.Site>
/// Whose opening hours are kept: those of a site (with its id), or of a resource that has hours of its own (with its id).
package typealias CalendarID = Identifier<EntityKind.Calendar>
package typealias OrganisationID = Identifier<EntityKind.Organisation>
/// A platform or an asset.
package typealias ResourceID = Identifier<EntityKind.Resource>
package typealias BookingID = Identifier<EntityKind.Booking>
/// Bookings that recur.
package typealias SeriesID = Identifier<EntityKind.Series>
/// A line of a booking: one resource, one period, one quantity.
package typealias LineID = Identifier<EntityKind.Line>
/// An API key.
package typealias KeyID = Identifier<EntityKind.Key>
/// A label decision.
package typealias DecisionID = Identifier<EntityKind.Decision>
/// A version of a centre's recognition file.
package typealias FileID = Identifier<EntityKind.File>
/// A decision, an application or a file, as the cause of what happens to bookings.
package typealias LabelChangeID = Identifier<EntityKind.LabelChange>
/// What a proposed decision would do to bookings, as seen at a moment.
package typealias SimulationID = Identifier<EntityKind.Simulation>
/// A membership of the network, or an agreement with a centre.
package typealias AgreementID = Identifier<EntityKind.Agreement>
/// Something that happened, as the outbox has it.
package typealias EventID = Identifier<EntityKind.Event>
/// Where an organisation gets its events.
package typealias WebhookID = Identifier<EntityKind.Webhook>
/// A report kept as it was known at a moment.
package typealias SealedReportID = Identifier<EntityKind.SealedReport>
/// Somebody who is signed in, in one browser.
package typealias SessionID = Identifier<EntityKind.Session>
/// What an organisation may book, or is entitled to, in a period.
package typealias QuotaID = Identifier<EntityKind.Quota>
/// A person under a pseudonym, or an organisation, that holds attestations.
package typealias HolderID = Identifier<EntityKind.Holder>
/// A proof that somebody holds.
package typealias AttestationID = Identifier<EntityKind.Attestation>
/// A calendar that is read under an address of its own.
package typealias FeedID = Identifier<EntityKind.Feed>
/// A message to be sent by mail.
package typealias MailID = Identifier<EntityKind.Mail>
/// Somebody who signs in without a key in hand.
package typealias PersonID = Identifier<EntityKind.Person>
/// A course of a centre.
package typealias OfferID = Identifier<EntityKind.Offer>
/// Who paid a share of an asset.
package typealias FundingLineID = Identifier<EntityKind.FundingLine>
/// Resources of a centre that are booked together.
package typealias KitID = Identifier<EntityKind.Kit>
/// A model of equipment, shared by every centre.
package typealias ModelID = Identifier<EntityKind.Model>
/// Where something is written about a resource.
package typealias DocumentID = Identifier<EntityKind.Document>
