-- name: OtherPlaces :many
-- Where the lines of a booking without room, or of a resource that it may have to do without, could go, best first.
-- param booking uuid as BookingID not null
-- param each int4 not null
-- param without uuid as ResourceID
-- column line int2 not null
-- column resource_id uuid as ResourceID not null
-- column name text not null
-- column centre_id uuid as CentreID not null
-- column centre_name text not null
-- column site_name text not null
-- column reason text not null
-- column distance_km int4
-- column verdict text not null
select p.line, p.resource_id, p.name, p.centre_id, p.centre_name, p.site_name, p.reason, p.distance_km, p.verdict
from maintenance.other_places(@booking, @each, @without) as p;

-- name: MoveBooking :one
-- outcome: moved, notFound, forbidden, versionMismatch, notDisplaced, alreadyStarted, lineUnknown, refused (with the rules), noRoom.
-- param booking uuid as BookingID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param lines int2[] not null
-- param resources uuid[] as [ResourceID] not null
-- column outcome text not null
-- column version int4
-- column rules jsonb
select m.outcome, m.version, m.rules from maintenance.move_booking(@booking, @version, @by, @lines, @resources) as m;
