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

-- name: BookWeeks :many
-- An hour for one on a platform in each of so many weeks, all or none, through the function that every series goes through; beginning: of
-- all identifiers, before their last fourteen digits.
-- param beginning text not null
-- param tail int8 not null
-- param key uuid as KeyID not null
-- param organisation uuid as OrganisationID not null
-- param platform uuid as ResourceID not null
-- param starts timestamptz not null
-- param weeks int4 not null
-- column number int4
-- column outcome text not null
select v.number, v.outcome
from (
    select array_agg((b.beginning || lpad(to_hex(@tail + w), 14, '0'))::uuid order by w) as bookings,
           array_agg(lpad(to_hex(@tail + w), 14, '0') order by w) as names,
           array_agg(@starts + make_interval(weeks => w) order by w) as starts,
           array_agg(@starts + make_interval(weeks => w, hours => 1) order by w) as ends
    from (select @beginning as beginning offset 0) as b
    cross join generate_series(0, @weeks - 1) as w) as o
cross join lateral bookings.reserve_series(
    o.bookings[1], 'FREQ=WEEKLY;COUNT=' || @weeks, '{}', '{}', 'Europe/Brussels', 'atomic', @key, @organisation, 'catalogueTraining',
    '{jobSeeker}', '{4}', 0, null, null, null, null, array[@platform], '{1}', o.bookings, o.names, o.starts, o.starts, o.ends, false,
    '{-1}') as v;
