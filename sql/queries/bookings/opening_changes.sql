-- name: OutsideOpening :many
-- Lines of bookings to come, at a centre, that are in use on some days, last day included, while their resource is not open.
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- column booking_id uuid as BookingID not null
-- column reference text not null
-- column line int2 not null
-- column resource_id uuid as ResourceID not null
-- column starts timestamptz not null
-- column ends timestamptz not null
select o.booking_id, o.reference, o.line, o.resource_id, o.starts, o.ends
from bookings.outside_opening(@centre_number, @first_day, @last_day, plateau.clock()) as o;
