-- name: LockBatch :exec
-- Takes every lock of the lines of some bookings that one transaction is to make; resources, starts and ends are parallel.
-- param batch uuid as BookingID not null
-- param organisations uuid[] as [OrganisationID] not null
-- param resources uuid[] as [ResourceID] not null
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
select bookings.lock_batch(@batch, @organisations, @resources, @starts, @ends);
