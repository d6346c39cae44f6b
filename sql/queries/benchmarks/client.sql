-- name: ReadPlatform :one
-- One row by its key, the smallest thing that the service reads.
-- param centre int2 not null
-- param id uuid as ResourceID not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column capacity int4 not null
-- column version int4 not null
select r.id, r.name, r.capacity, r.version from platforms.resource r where r.centre_id = @centre and r.id = @id;

-- name: BookHour :one
-- An hour for one on a platform, through the function that every booking goes through.
-- param booking uuid as BookingID not null
-- param reference text not null
-- param key uuid as KeyID not null
-- param organisation uuid as OrganisationID not null
-- param platform uuid as ResourceID not null
-- param starts timestamptz not null
-- param ends timestamptz not null
-- column outcome text not null
select v.outcome
from bookings.reserve(
    @booking, @reference, @key, @organisation, 'catalogueTraining', '{jobSeeker}', '{4}', 0, null, null, null, null, array[@platform],
    array[@starts], array[@ends], '{1}', null, null, false) as v;
