-- name: CountDemo :one
-- How much there is of everything.
-- column centres int8 not null
-- column sites int8 not null
-- column platforms int8 not null
-- column equipment int8 not null
-- column stocks int8 not null
-- column kits int8 not null
-- column organisations int8 not null
-- column decisions int8 not null
-- column bookings int8 not null
-- column lines int8 not null
-- column occupancy int8 not null
select (select count(*) from centres.centre where kind = 'centre') as centres,
       (select count(*) from centres.site) as sites,
       (select count(*) from platforms.platform) as platforms,
       (select count(*) from inventory.asset) as equipment,
       (select count(*) from inventory.stock) as stocks,
       (select count(*) from inventory.kit) as kits,
       (select count(*) from access.organisation) as organisations,
       (select count(*) from labels.label_decision) as decisions,
       (select count(*) from bookings.booking) as bookings,
       (select count(*) from bookings.line) as lines,
       (select count(*) from platforms.occupancy) as occupancy;

-- name: CountStates :many
-- How many bookings there are in each state.
-- column state text not null
-- column bookings int8 not null
select b.state, count(*) as bookings from bookings.booking b group by b.state order by b.state;

-- name: CapacityExceeded :one
-- Moments at which more seats of a resource are taken than there are, by a sweep over all occupancy.
-- column violations int8 not null
-- column example text
with edge as (
    select o.centre_id, o.resource_id, o.starts as at, o.seats from platforms.occupancy o
    union all
    select o.centre_id, o.resource_id, o.ends, -o.seats from platforms.occupancy o
), level as (
    select e.centre_id, e.resource_id, e.at,
           sum(sum(e.seats)) over (partition by e.centre_id, e.resource_id order by e.at) as taken
    from edge e
    group by e.centre_id, e.resource_id, e.at
)
select count(*) as violations, min(format('%s at %s: %s of %s', r.name, l.at, l.taken, r.capacity)) as example
from level l
join platforms.resource r on r.centre_id = l.centre_id and r.id = l.resource_id
where l.taken > r.capacity;

-- name: UnitTakenTwice :one
-- Pieces of equipment that two lines take at one moment.
-- column violations int8 not null
-- column example text
select count(*) as violations, min(format('%s: %s and %s', a.resource_id, a.holder_id, b.holder_id)) as example
from platforms.occupancy a
join platforms.occupancy b on b.centre_id = a.centre_id and b.resource_id = a.resource_id
    and (b.holder_id, b.line_number, b.starts) > (a.holder_id, a.line_number, a.starts)
    and b.starts < a.ends and b.ends > a.starts
where a.is_unit;

-- name: OccupancyDiffers :one
-- Rows of occupancy that differ from what the lines of occupying bookings imply, buffers included, one a local day.
-- column violations int8 not null
-- column example text
with line as (
    select b.id as holder_id, b.organisation_id, l.number, l.starts as use_starts, l.ends as use_ends, l.seats, s.zone,
           r.centre_id, r.id as resource_id, r.ancestors, r.kind in ('equipment', 'workstation') as is_unit,
           tstzrange(l.starts - make_interval(mins => r.setup_minutes), l.ends + make_interval(mins => r.cleanup_minutes)) as taken
    from bookings.booking b
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where b.state in ('held', 'requested', 'conditional', 'confirmed', 'inUse', 'completed')
), implied as (
    select l.centre_id, n.resource_id, lower(p.piece) as starts, upper(p.piece) as ends,
           least(greatest(lower(p.piece), l.use_starts), upper(p.piece)) as use_starts,
           greatest(least(upper(p.piece), l.use_ends), lower(p.piece)) as use_ends,
           l.seats, l.is_unit and n.place = 1 as is_unit, l.holder_id, l.number, l.organisation_id
    from line l
    cross join lateral unnest(l.resource_id || l.ancestors) with ordinality as n (resource_id, place)
    cross join lateral generate_series(
        lower(plateau.local_days(l.taken, l.zone)), upper(plateau.local_days(l.taken, l.zone)) - 1, interval '1 day') as d (day)
    cross join lateral (
        select l.taken * tstzrange(plateau.instant_of(d.day::timestamp, l.zone),
                                   plateau.instant_of(d.day::timestamp + interval '1 day', l.zone)) as piece) as p
), stored as (
    select o.centre_id, o.resource_id, o.starts, o.ends, o.use_starts, o.use_ends, o.seats, o.is_unit, o.holder_id, o.line_number,
           o.organisation_id
    from platforms.occupancy o
), difference as (
    (select * from implied except all select * from stored)
    union all
    (select * from stored except all select * from implied)
)
select count(*) as violations, min(format('booking %s, line %s', d.holder_id, d.number)) as example from difference d;

-- name: GateDisagrees :one
-- Lines of live bookings whose gate verdict does not fit the booking's state.
-- A conditional booking whose verdict is now allow is right only where a provisional label's horizon has come nearer since.
-- column violations int8 not null
-- column example text
with line as (
    select b.id, b.state, b.label_status, b.conditional_until, l.number,
           labels.gate(r.centre_id, r.is_shared, s.zone, tstzrange(l.starts, l.ends), b.organisation_id, o.centre_id, b.audiences,
                       b.head_counts, false, r.id) as gate
    from bookings.booking b
    join access.organisation o on o.id = b.organisation_id
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where b.state in ('conditional', 'confirmed', 'completed')
    offset 0
), booking as (
    select l.id, l.state, bool_or((l.gate).verdict = 'deny') as is_denied, bool_or((l.gate).verdict = 'conditional') as is_conditional,
           bool_or(l.label_status = 'provisional' and l.conditional_until is not null) as is_beyond_horizon,
           min((l.gate).label_status) as label_status
    from line l
    group by l.id, l.state
)
select count(*) as violations,
       min(format('booking %s is %s, denied %s, conditional %s, label %s', b.id, b.state, b.is_denied, b.is_conditional, b.label_status))
           as example
from booking b
where b.is_denied
   or b.state = 'confirmed' and b.is_conditional
   or b.state = 'conditional' and not b.is_conditional and not b.is_beyond_horizon;

-- name: OutsideOpenHours :one
-- Lines outside the open hours of their site.
-- column violations int8 not null
-- column example text
select count(*) as violations, min(format('booking %s, line %s', l.booking_id, l.number)) as example
from bookings.line l
join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where not coalesce((
    select range_agg(h.during) @> tstzrange(l.starts, l.ends)
    from centres.open_hours h
    where h.centre_id = r.centre_id and h.calendar_id = coalesce(r.calendar_id, r.site_id)
      and h.day between plateau.local_day(l.starts, s.zone) and plateau.local_day(l.ends, s.zone)), false);

-- name: RulesOfUseBroken :one
-- Lines that are too short, too long, off the grid, or booked too late or too early.
-- column violations int8 not null
-- column example text
select count(*) as violations, min(format('booking %s, line %s', l.booking_id, l.number)) as example
from bookings.line l
join bookings.booking b on b.centre_id = l.centre_id and b.id = l.booking_id
join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where l.ends - l.starts not between make_interval(mins => r.minimum_minutes) and make_interval(mins => r.maximum_minutes)
   or extract(epoch from (l.starts at time zone s.zone)::time)::integer % (r.grid_minutes * 60) <> 0
   or extract(epoch from l.ends - l.starts)::integer % (r.grid_minutes * 60) <> 0
   or l.starts < b.created_at + make_interval(mins => r.notice_minutes)
   or plateau.local_day(l.starts, s.zone) > plateau.local_day(b.created_at, s.zone) + r.horizon_days
   or l.seats > r.capacity
   or l.is_exclusive and l.seats <> r.capacity;

-- name: WrongCentreNumbers :one
-- Ids that carry another number than their centre's, bookings whose list of centres is not that of their lines, files and applications that
-- lack something.
-- column violations int8 not null
-- column example text
with wrong as (
    select format('booking %s', b.id) as what
    from bookings.booking b
    where plateau.centre_of(b.id) <> b.centre_id
       or b.centre_id <> (select plateau.centre_of(l.resource_id) from bookings.line l
                          where l.centre_id = b.centre_id and l.booking_id = b.id order by l.number limit 1)
       or b.centres <> (select array_agg(distinct plateau.centre_of(l.resource_id) order by plateau.centre_of(l.resource_id))
                        from bookings.line l where l.centre_id = b.centre_id and l.booking_id = b.id)
    union all
    select format('resource %s', r.id) from platforms.resource r where plateau.centre_of(r.id) <> r.centre_id
    union all
    select format('site %s', s.id) from centres.site s where plateau.centre_of(s.id) <> s.centre_id
    union all
    select format('decision %s', d.id) from labels.label_decision d where plateau.centre_of(d.id) <> d.centre_id
    union all
    select format('file %s', f.id) from labels.recognition_file f where plateau.centre_of(f.id) <> f.centre_id
    union all
    select format('evidence %s', e.id) from labels.evidence e where plateau.centre_of(e.id) <> e.centre_id
    union all
    select format('file %s lacks %s', d.id, g.code)
    from labels.file_draft d cross join lateral labels.file_gaps(d.centre_id, d.id) g where d.state <> 'draft'
    union all
    select format('application of centre %s lacks %s', l.centre_id, g.code)
    from labels.application_file l cross join lateral labels.application_gaps(l.centre_id, l.application_id) g
    union all
    select format('organisation %s', o.id) from access.organisation o where plateau.centre_of(o.id) <> 0
)
select count(*) as violations, min(w.what) as example from wrong w;

-- name: OfferNotGiven :one
-- Bookings that name an offer which there is not, is of none of their centres, for somebody else, or not in force on their first day.
-- column violations int8 not null
-- column example text
select count(*) as violations, min(format('booking %s', b.id)) as example
from bookings.booking b
left join offers.offer o on o.centre_id = plateau.centre_of(b.offer_id) and o.id = b.offer_id
where b.offer_id is not null
  and (o.id is null or o.centre_id <> all (b.centres) or o.organisation_id <> b.organisation_id or o.withdrawn_at is not null
       or not o.during @> (b.starts at time zone 'UTC')::date);

-- name: HistoryBroken :one
-- Bookings whose transitions do not lead, step by step and in time, to their state and version.
-- column violations int8 not null
-- column example text
with step as (
    select t.centre_id, t.booking_id, t.version, t.from_state, t.to_state, t.at,
           lag(t.to_state) over booking as former, lag(t.at) over booking as former_at,
           row_number() over booking as number, count(*) over (partition by t.centre_id, t.booking_id) as steps
    from bookings.transition t
    window booking as (partition by t.centre_id, t.booking_id order by t.version)
)
select count(*) as violations, min(format('booking %s', b.id)) as example
from bookings.booking b
left join step s on s.centre_id = b.centre_id and s.booking_id = b.id
where s.booking_id is null
   or s.version <> s.number
   or s.from_state is distinct from s.former
   or s.at < s.former_at
   or s.version = 1 and (s.at <> b.created_at or s.to_state <> b.initial_state)
   or s.version = s.steps and (s.to_state <> b.state or s.version <> b.version);

-- name: UseUnfounded :one
-- Lines in use that there are not, of bookings that are not used or over, before the booking was made; more people than were booked for.
-- column violations int8 not null
-- column example text
select count(*) as violations, min(format('booking %s', x.booking_id)) as example
from (
    select u.booking_id from bookings.use u
    left join bookings.booking b on b.centre_id = u.centre_id and b.id = u.booking_id
    left join bookings.line l on l.centre_id = u.centre_id and l.booking_id = u.booking_id and l.number = u.line_number
    where l.number is null or b.state not in ('inUse', 'completed') or u.checked_in_at < b.created_at
       or b.state = 'completed' and u.checked_out_at is null
    union all
    select a.booking_id from bookings.attendance a
    left join bookings.booking b on b.centre_id = a.centre_id and b.id = a.booking_id
    where b.id is null or a.audiences <> b.audiences
       or exists (select from unnest(a.head_counts, b.head_counts) as h (came, booked) where h.came > h.booked)) x;

-- name: StockMiscounted :one
-- Stocks that have another number of items than their changes come to, step by step.
-- column violations int8 not null
-- column example text
with change as (
    select c.centre_id, c.stock_id, c.number, c.amount,
           sum(c.change) over stock as counted, row_number() over stock as place,
           count(*) over (partition by c.centre_id, c.stock_id) as changes
    from inventory.stock_change c
    window stock as (partition by c.centre_id, c.stock_id order by c.number)
)
select count(*) as violations, min(r.name) as example
from inventory.stock k
join platforms.resource r on r.centre_id = k.centre_id and r.id = k.id
left join change c on c.centre_id = k.centre_id and c.stock_id = k.id
where c.number is null or c.number <> c.place or c.amount <> c.counted or c.place = c.changes and c.amount <> r.capacity
   or r.kind <> 'stock';

-- name: KitIncomplete :one
-- Kits without a member, and members that are of another centre or not there.
-- column violations int8 not null
-- column example text
select count(*) as violations, min(format('%s: %s', k.name, m.name)) as example
from inventory.kit k
left join inventory.kit_content m on m.centre_id = k.centre_id and m.kit_id = k.id
where m.number is null or m.standing <> 'ready' or plateau.centre_of(m.resource_id) <> k.centre_id;

-- name: AllowanceOverdrawn :one
-- Allowances of agreements of which more is drawn in a year than they give, or none is drawn by who has bookings under them.
-- column violations int8 not null
-- column example text
select count(*) as violations, min(x.id::text) as example
from (
    select a.id from access.agreement a
    join bookings.allowance_draw d on d.centre_id = a.centre_id and d.agreement_id = a.id
    group by a.id, a.allowance_hours, d.year having sum(d.minutes) > a.allowance_hours * 60
    union all
    select a.id from access.agreement a
    where a.state = 'approved' and a.allowance_hours is not null
      and not exists (select from bookings.allowance_draw d where d.centre_id = a.centre_id and d.agreement_id = a.id)
      and exists (
          select from bookings.booking b
          join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
          where b.organisation_id = a.organisation_id and b.state in ('confirmed', 'completed')
            and plateau.centre_of(l.resource_id) = a.centre_id and access.covers(a.platforms, l.resource_id)
            and a.during @> plateau.local_day(l.starts, 'UTC'))) x;
