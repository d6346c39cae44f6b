-- name: LockBatch :exec
-- Takes every lock of the lines that a key may book, of bookings that one transaction is to make; organisations, resources, starts and ends are parallel.
-- param batch uuid as BookingID not null
-- param key uuid as KeyID not null
-- param organisations uuid[] as [OrganisationID] not null
-- param resources uuid[] as [ResourceID] not null
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
select bookings.lock_batch(@batch, @key, @organisations, @resources, @starts, @ends);

-- name: LockKitBatch :one
-- LockBatch where some lines ask for kits or for seats units of a model (0: none): things as in ReserveKits. outcome: locked (among: the assets that they may choose from, each for lines of exactly its time), tooManyLines.
-- param batch uuid as BookingID not null
-- param key uuid as KeyID not null
-- param organisations uuid[] as [OrganisationID] not null
-- param things uuid[] as [ResourceID] not null
-- param are_kits bool[] not null
-- param models uuid[] as [ModelID] not null
-- param seats int4[] not null
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
-- column outcome text not null
-- column among uuid[] as ResourceID
-- column among_starts timestamptz[]
-- column among_ends timestamptz[]
select l.outcome, l.among, l.among_starts, l.among_ends
from bookings.lock_kit_batch(
    @batch, @key, @organisations, @things, @are_kits, array_replace(@models, '00000000-0000-0000-0000-000000000000', null), @seats,
    @starts, @ends) as l;
