-- name: Cancel :one
-- outcome: cancelled, notFound, forbidden, versionMismatch, notCancellable, alreadyStarted, equipmentOut; with the version and state now.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param reason text
-- column outcome text not null
-- column version int4
-- column state text
select c.outcome, c.version, c.state from bookings.cancel(@booking, @key, @version, @reason) as c;
