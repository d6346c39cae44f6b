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
-- Every site is open from 6 to 22 on each of so many days.
-- param today date not null
-- param days int4 not null
with horizon as (
    insert into centres.open_hours_horizon (centre_id, calendar_id, compiled, compiled_at)
    select s.centre_id, s.id, daterange(@today - 7, @today + @days), plateau.clock() from centres.site s
)
insert into centres.open_hours (centre_id, calendar_id, day, during)
select s.centre_id, s.id, (@today - 7) + d.n,
       tstzrange(((@today - 7) + d.n + time '06:00') at time zone s.zone, ((@today - 7) + d.n + time '22:00') at time zone s.zone)
from centres.site s
cross join generate_series(0, @days + 6) as d (n)
where s.centre_id > 0;

-- name: SeedPlatforms :exec
-- So many platforms in each centre, 12 workstations each. The load generators compute the same identifiers from two small numbers.
-- param platforms int4 not null
with resource as (
    insert into platforms.resource (
        centre_id, id, kind, name, site_id, capacity, setup_minutes, cleanup_minutes, horizon_days, created_at)
    select s.centre_id, ('0190000000007000' || to_hex(128 + 4 * s.centre_id) || lpad(to_hex(n), 14, '0'))::uuid, 'platform',
           'Platform ' || n, s.id, 12, 15, 15, 1100, plateau.clock()
    from centres.site s
    cross join generate_series(1, @platforms) as n
    where s.centre_id > 0
    returning centre_id, id
)
insert into platforms.platform (centre_id, id, description)
select r.centre_id, r.id, 'Welding, cutting and assembly with twelve workstations.' from resource r;

-- name: SeedOrganisation :exec
-- A training organisation with membership and one key that books.
-- param organisation uuid as OrganisationID not null
-- param key uuid as KeyID not null
-- param digest bytea not null
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
select k.id, r.role from key k cross join unnest(array['member', 'booker']) as r (role);

-- name: SeedBookings :exec
-- Bookings of two hours, of units or of one to three seats, evenly over the platforms and the days; only their buffers overlap.
-- param organisation uuid as OrganisationID not null
-- param key uuid as KeyID not null
-- param first_day date not null
-- param bookings int4 not null
-- param days int4 not null
with resource as (
    select r.*, row_number() over (order by r.centre_id, r.id) - 1 as place, count(*) over () as resources
    from platforms.resource r
), wanted as (
    select r.centre_id, r.id as resource_id, n,
           ('0190000000007000' || to_hex(128 + 4 * r.centre_id) || lpad(to_hex(1000000 + n), 14, '0'))::uuid as id,
           (@first_day + p.turn % @days + make_interval(hours => 6 + 2 * ((p.turn % @days + 4 * (p.turn / @days)) % 8)))
               at time zone 'Europe/Brussels' as starts,
           case r.kind when 'equipment' then 1 else 1 + n % 3 end as seats, r.kind = 'equipment' as is_unit
    from generate_series(0, @bookings - 1) as n
    join resource r on r.place = n % r.resources
    cross join lateral (select (n / r.resources)::integer as turn) as p
), booking as (
    insert into bookings.booking (
        centre_id, id, reference, organisation_id, centres, state, initial_state, starts, ends, activity, audiences, head_counts,
        label_status, created_at, created_by)
    select w.centre_id, w.id, 'SEED' || w.n, @organisation, array[w.centre_id], 'confirmed', 'confirmed', w.starts,
           w.starts + interval '2 hours', 'catalogueTraining', '{jobSeeker}', '{4}', 'labelled', plateau.clock(), @key
    from wanted w
), line as (
    insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive)
    select w.centre_id, w.id, 1, w.resource_id, w.starts, w.starts + interval '2 hours', w.seats, false from wanted w
), transition as (
    insert into bookings.transition (centre_id, booking_id, version, to_state, at, key_id, organisation_id)
    select w.centre_id, w.id, 1, 'confirmed', plateau.clock(), @key, @organisation from wanted w
)
insert into platforms.occupancy (
    centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id)
select w.centre_id, w.resource_id, w.starts - interval '15 minutes', w.starts + interval '2 hours 15 minutes', w.starts,
       w.starts + interval '2 hours', w.seats, w.is_unit, w.id, 1, @organisation
from wanted w;

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
