-- name: SeedCentres :exec
-- Centres 1 to n, each with a site, a grant in force for years and a file; 0 is the network.
-- param centres int4 not null
-- param today date not null
with centre as (
    insert into centres.centre (centre_id, id, kind, is_fictional, created_at)
    select n, ('0190000000007000' || to_hex(128 + 4 * n) || lpad('c', 14, '0'))::uuid,
           case n when 0 then 'network' else 'centre' end, true, plateau.clock()
    from generate_series(0, @centres) as n
    returning centre_id, id
), named as (
    insert into centres.centre_name (centre_id, during, name)
    select c.centre_id, daterange(@today - 3000, null), 'Centre ' || c.centre_id from centre c
), site as (
    insert into centres.site (centre_id, id, name, town, zone, created_at)
    select c.centre_id, c.id, 'Site', 'Charleroi', 'Europe/Brussels', plateau.clock() from centre c
    returning centre_id, id
), calendar as (
    insert into centres.calendar (centre_id, id, site_id) select s.centre_id, s.id, s.id from site s
), file as (
    insert into labels.recognition_file (
        centre_id, id, number, effective_from, sectors, audiences, recorded_at, recorded_by, is_fictional)
    select c.centre_id, c.id, 1, @today - 1000, '{welding}', '{jobSeeker,worker,teacher}', plateau.clock(), c.id, true
    from centre c where c.centre_id > 0
)
insert into labels.label_decision (
    centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, proposed_by, approved_by, recorded_at,
    is_fictional)
select c.centre_id, c.id, 'grant', 'Government', 'Benchmark', @today - 1000, @today - 1000, @today + 2000, c.id,
       '01900000-0000-7000-8000-000000000001', plateau.clock() - interval '1 day', true
from centre c where c.centre_id > 0;

-- name: SeedPeriods :many
-- What the decisions mean, day by day.
-- column centre_number int2 not null
select c.centre_id as centre_number
from centres.centre c
cross join lateral (select labels.derive_periods(c.centre_id)) as derived;

-- name: SeedOpenHours :exec
-- Every site is open from 6 to 22 on each of so many days before today and from it on.
-- param today date not null
-- param past int4 not null
-- param days int4 not null
with horizon as (
    insert into centres.open_hours_horizon (centre_id, calendar_id, compiled, compiled_at)
    select s.centre_id, s.id, daterange(@today - @past, @today + @days), plateau.clock() from centres.site s
)
insert into centres.open_hours (centre_id, calendar_id, day, during)
select s.centre_id, s.id, (@today - @past) + d.n,
       tstzrange(((@today - @past) + d.n + time '06:00') at time zone s.zone, ((@today - @past) + d.n + time '22:00') at time zone s.zone)
from centres.site s
cross join generate_series(0, @days + @past - 1) as d (n)
where s.centre_id > 0;

-- name: SeedPlatforms :exec
-- Platforms in each centre, numbered from one number to another, 12 workstations each, for years. The load generators compute the same
-- identifiers from two small numbers.
-- param first int4 not null
-- param last int4 not null
with resource as (
    insert into platforms.resource (
        centre_id, id, kind, name, site_id, capacity, setup_minutes, cleanup_minutes, horizon_days, created_at)
    select s.centre_id, ('0190000000007000' || to_hex(128 + 4 * s.centre_id) || lpad(to_hex(n), 14, '0'))::uuid, 'platform',
           'Platform ' || n, s.id, 12, 15, 15, 1100, plateau.clock() - interval '3000 days'
    from centres.site s
    cross join generate_series(@first, @last) as n
    where s.centre_id > 0
    returning centre_id, id
)
insert into platforms.platform (centre_id, id, description)
select r.centre_id, r.id, 'Welding, cutting and assembly with twelve workstations.' from resource r;

-- name: SeedOrganisation :exec
-- A training organisation with membership and one key with some roles.
-- param organisation uuid as OrganisationID not null
-- param key uuid as KeyID not null
-- param digest bytea not null
-- param roles text[] not null
-- param today date not null
with organisation as (
    insert into access.organisation (id, kind, name, enterprise_number, is_fictional, created_at)
    values (@organisation, 'trainingOrganisation', 'Benchmark', '0000000097', true, plateau.clock())
    returning id
), membership as (
    insert into access.agreement (centre_id, id, organisation_id, during, state, requested_at, requested_by, decided_at)
    select 0, @key, o.id, daterange(@today - 1000, null), 'approved', plateau.clock(), @key, plateau.clock() from organisation o
), key as (
    insert into access.api_key (organisation_id, id, label, prefix, digest, created_at)
    select o.id, @key, 'benchmark', 'plt_bench', @digest, plateau.clock() from organisation o
    returning id
)
insert into access.api_key_role (key_id, role)
select k.id, r.role from key k cross join unnest(@roles) as r (role);

-- name: SeedSession :exec
-- A browser in which that key is signed in, for a day.
-- param key uuid as KeyID not null
-- param token_digest bytea not null
insert into access.session (id, key_id, token_digest, begun_at, last_seen_at, idle_until, ends_at)
select gen_random_uuid(), @key, @token_digest, n.at, n.at, n.at + interval '1 day', n.at + interval '1 day'
from (select plateau.clock() as at) as n;

-- name: SeedBookings :exec
-- Bookings of two hours, those of the numbers from first up to last: resource after resource has one, then has one more. All have their
-- first in a window of days, stride by stride, then so many layers of them, then in the windows before it; only buffers overlap. What a
-- smaller network of former bookings on former resources has is left out. Equipment is booked by itself; or, where there are assets,
-- beside every tenth booking of a platform. is_counted: marked for the totals.
-- param organisation uuid as OrganisationID not null
-- param key uuid as KeyID not null
-- param first_day date not null
-- param first int4 not null
-- param last int4 not null
-- param former int4 not null
-- param former_resources int4 not null
-- param window_days int4 not null
-- param layers int4 not null
-- param stride int4 not null
-- param assets int4 not null
-- param is_counted bool not null
with resource as materialized (
    -- A larger network has more platforms: they come last, so that each keeps its place.
    select r.centre_id, r.id, r.kind = 'equipment' as is_unit,
           row_number() over (order by r.kind = 'platform', right(r.id::text, 12), r.centre_id) - 1 as place,
           row_number() over (partition by r.centre_id order by r.id) - 1 as number
    from platforms.resource r
    where r.kind = 'platform' or @assets = 0
), asset as materialized (
    select r.centre_id, r.id, row_number() over (partition by r.centre_id order by r.id) - 1 as number
    from platforms.resource r
    where r.kind = 'equipment' and @assets > 0
), numbered as (
    select t.turn, t.place, t.turn * 100000 + t.place as number, (t.turn / @window_days) % @layers as layer,
           (t.turn * @stride + t.place * (@stride - 1)) % @window_days as window_day, t.turn / (@window_days * @layers) as window_number
    from (select n / s.resources as turn, n % s.resources as place
          from generate_series(@first, @last - 1) as n cross join (select count(*) as resources from resource) as s) as t
    where not (t.place < @former_resources and t.turn * @former_resources + t.place < @former)
), wanted as materialized (
    select r.centre_id, r.id as resource_id, r.is_unit, a.id as asset_id, n.number,
           ('0190000000007000' || to_hex(128 + 4 * r.centre_id) || lpad(to_hex(1000000 + n.number), 14, '0'))::uuid as id,
           (@first_day + (n.window_day - n.window_number * @window_days)::integer
            + make_interval(hours => (6 + 2 * ((n.window_day + 5 * n.layer) % 8))::integer)) at time zone 'Europe/Brussels' as starts,
           case when r.is_unit then 1 else (1 + (n.turn + n.place) % 3)::integer end as seats
    from numbered n
    join resource r on r.place = n.place
    left join asset a on a.centre_id = r.centre_id and r.number % 10 = n.turn % 10
         and a.number = (r.number / 10 + 25 * (n.turn % 4)) % greatest(@assets, 1)
), booking as (
    insert into bookings.booking (
        centre_id, id, reference, organisation_id, centres, state, initial_state, starts, ends, activity, audiences, head_counts,
        label_status, created_at, created_by)
    select w.centre_id, w.id, 'SEED' || w.number, @organisation, array[w.centre_id], 'confirmed', 'confirmed', w.starts,
           w.starts + interval '2 hours', 'catalogueTraining', '{jobSeeker}', '{4}', 'labelled',
           least(plateau.clock(), w.starts - interval '14 days'), @key
    from wanted w
), wanted_line as (
    select w.centre_id, w.id, w.starts, 1 as number, w.resource_id, w.seats, w.is_unit from wanted w
    union all
    select w.centre_id, w.id, w.starts, 2, w.asset_id, 1, true from wanted w where w.asset_id is not null
), line as (
    insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive)
    select w.centre_id, w.id, w.number, w.resource_id, w.starts, w.starts + interval '2 hours', w.seats, false from wanted_line w
), transition as (
    insert into bookings.transition (centre_id, booking_id, version, to_state, at, key_id, organisation_id)
    select w.centre_id, w.id, 1, 'confirmed', least(plateau.clock(), w.starts - interval '14 days'), @key, @organisation from wanted w
), marked as (
    insert into utilisation.pending (centre_id, booking_id) select w.centre_id, w.id from wanted w where @is_counted
)
insert into platforms.occupancy (
    centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id)
select w.centre_id, w.resource_id, w.starts - interval '15 minutes', w.starts + interval '2 hours 15 minutes', w.starts,
       w.starts + interval '2 hours', w.seats, w.is_unit, w.id, w.number, @organisation
from wanted_line w;

-- name: FoldSeed :one
-- Adds what is marked to the totals of one centre, many bookings at a time; 0: nothing to do, or another session is at it.
-- column folded int4 not null
select utilisation.fold(4000) as folded;

-- name: CountMarks :one
-- What the totals do not hold yet.
-- column marks int8 not null
select count(*) as marks from utilisation.pending;

-- name: SeedAnswers :exec
-- Answers kept for retries, as many as a day leaves: PostgreSQL reads a table that it knows to be empty from end to end.
-- param organisation uuid as OrganisationID not null
insert into access.idempotency (organisation_id, key, request_hash, subject_id, created_at)
select @organisation, 'seed-' || n, sha256(n::text::bytea), gen_random_uuid(), plateau.clock() from generate_series(1, 5000) as n;

-- name: SettleSeed :exec
-- Statistics and visibility, before the first measurement.
vacuum (analyze);

-- name: CountBookings :one
-- So that acknowledged bookings can be compared with those that are there.
-- column bookings int8 not null
select count(*) as bookings from bookings.booking;

-- name: DatabaseSize :one
-- column bytes int8 not null
select pg_database_size(current_database()) as bytes;
