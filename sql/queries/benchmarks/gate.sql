-- name: BookInTurn :one
-- So many hours for one, on one platform after the other, in one transaction; first is the number of the first of them.
-- param key uuid as KeyID not null
-- param organisation uuid as OrganisationID not null
-- param today date not null
-- param first int4 not null
-- param bookings int4 not null
-- column created int8 not null
select count(*) filter (where v.outcome = 'created') as created
from generate_series(@first, @first + @bookings - 1) as n
join (select r.centre_id, r.id, row_number() over (order by r.centre_id, r.id) - 1 as place, count(*) over () as resources
      from platforms.resource r) as r on r.place = n % r.resources
cross join lateral (select (@today + 80 + n % 870 + make_interval(hours => 5 + n % 14)) at time zone 'UTC' as starts) as slot
cross join lateral bookings.reserve(
    ('0190000000007000' || to_hex(128 + 4 * r.centre_id) || lpad(to_hex(2000000000 + n), 14, '0'))::uuid, 'GATE' || n, @key, @organisation,
    'catalogueTraining', '{jobSeeker}', '{4}', 0, null, null, null, null, array[r.id], array[slot.starts],
    array[slot.starts + interval '1 hour'], '{1}', null, null, false) as v;

-- name: GateTimes :one
-- How often the gate was called and how long it took, and the bookings around it, in milliseconds; what is not yet reported counts, so
-- two readings in one transaction are compared. With track_functions on.
-- column calls int8 not null
-- column gate float8 not null
-- column booking float8 not null
select coalesce(sum(f.calls) filter (where f.funcname = 'gate'), 0)::int8 as calls,
       coalesce(sum(f.total_time) filter (where f.funcname = 'gate'), 0) as gate,
       coalesce(sum(f.total_time) filter (where f.funcname = 'reserve'), 0) as booking
from pg_stat_xact_user_functions f
where (f.schemaname, f.funcname) in (('labels', 'gate'), ('bookings', 'reserve'));
