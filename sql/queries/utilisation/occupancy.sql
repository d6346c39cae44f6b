-- name: OccupancyOfCentre :many
-- Booked and bookable workstation-minutes of every resource of a centre over local days, last day included; idle ones with 0. What is
-- booked of a part is booked of what it is a part of too, so that totals leave parts out.
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- column resource_id uuid as ResourceID not null
-- column kind text not null
-- column name text not null
-- column site_id uuid as SiteID not null
-- column capacity int4 not null
-- column bookable_minutes int8 not null
-- column booked_minutes int8 not null
-- column booked_outside_minutes int8 not null
-- column bookings int8 not null
-- column is_part bool not null
with resource as (
    select r.id, r.kind, r.name, r.site_id, coalesce(r.calendar_id, r.site_id) as calendar_id, r.capacity, r.parent_id is not null as is_part,
           tstzrange(plateau.instant_of(@first_day::timestamp, s.zone), plateau.instant_of((@last_day + 1)::timestamp, s.zone)) as period
    from platforms.resource r
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where r.centre_id = @centre_number
), open as (
    select h.calendar_id, range_agg(h.during) as hours
    from centres.open_hours h
    where h.centre_id = @centre_number and h.day between @first_day and @last_day
    group by h.calendar_id
), bookable as (
    select r.id, sum(extract(epoch from upper(h.during) - lower(h.during)))::bigint / 60 as minutes
    from resource r
    join open o on o.calendar_id = r.calendar_id
    cross join lateral unnest(o.hours) as h (during)
    group by r.id
), booked as (
    select r.id, count(distinct c.holder_id) as bookings,
           coalesce(sum(c.seats * extract(epoch from upper(u.during) - lower(u.during)))::bigint / 60, 0) as minutes,
           coalesce(sum(c.seats * (
               select sum(extract(epoch from upper(i) - lower(i))) from unnest(o.hours * multirange(u.during)) as i))::bigint / 60, 0)
               as inside
    from resource r
    join platforms.occupancy c on c.centre_id = @centre_number and c.resource_id = r.id
         and c.ends > lower(r.period) and c.starts < upper(r.period)
    cross join lateral (select tstzrange(c.use_starts, c.use_ends) * r.period as during) as u
    left join open o on o.calendar_id = r.calendar_id
    where not isempty(u.during)
    group by r.id
)
select r.id as resource_id, r.kind, r.name, r.site_id, r.capacity, coalesce(e.minutes, 0) * r.capacity as bookable_minutes,
       coalesce(b.inside, 0) as booked_minutes, coalesce(b.minutes - b.inside, 0) as booked_outside_minutes,
       coalesce(b.bookings, 0) as bookings, r.is_part
from resource r
left join bookable e on e.id = r.id
left join booked b on b.id = r.id
order by r.kind desc, r.name, r.id;

-- name: CentreReported :maybe
-- The centre of a report, with the moment at which its figures are known.
-- param id uuid as CentreID not null
-- column zone text not null
-- column now timestamptz not null
select c.zone, plateau.clock() as now
from centres.centre c
where c.centre_id = plateau.centre_of(@id) and c.id = @id;
