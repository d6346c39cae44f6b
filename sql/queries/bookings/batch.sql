-- name: LockBatch :exec
-- Takes every lock of the lines that a key may book, of bookings that one transaction is to make; organisations, resources, starts and ends are parallel.
-- param batch uuid as BookingID not null
-- param key uuid as KeyID not null
-- param organisations uuid[] as [OrganisationID] not null
-- param resources uuid[] as [ResourceID] not null
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
select bookings.lock_batch(@batch, @key, @organisations, @resources, @starts, @ends);
