-- name: Calendar :maybe
-- A resource over some local days of its site: what is taken, buffers included, and when the site is open. No personal data.
-- One row, so that one round trip does. starts … outages are parallel, one element for each piece that is taken; so are opens
-- and closes, clipped to the days. No row: there is no such resource.
-- param resource uuid as ResourceID not null
-- param from_day date
-- param at timestamptz not null
-- param days int4 not null
-- column centre_number int2 not null
-- column zone text not null
-- column capacity int4 not null
-- column first_day date not null
-- column starts timestamptz[] not null
-- column ends timestamptz[] not null
-- column use_starts timestamptz[] not null
-- column use_ends timestamptz[] not null
-- column seats int4[] not null
-- column bookings uuid[] as BookingID not null
-- column organisations uuid[] as OrganisationID not null
-- column outages bool[] not null
-- column opens timestamptz[] not null
-- column closes timestamptz[] not null
select r.centre_id as centre_number, s.zone, r.capacity, w.first_day, coalesce(o.starts, '{}') as starts,
       coalesce(o.ends, '{}') as ends, coalesce(o.use_starts, '{}') as use_starts, coalesce(o.use_ends, '{}') as use_ends,
       coalesce(o.seats, '{}') as seats, coalesce(o.bookings, '{}') as bookings, coalesce(o.organisations, '{}') as organisations,
       coalesce(o.outages, '{}') as outages,
       coalesce(h.opens, '{}') as opens, coalesce(h.closes, '{}') as closes
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
-- Without a day: from the Monday of the week. Offset 0 keeps the window from being computed anew for each row.
cross join lateral (
    select d.first_day, plateau.instant_of(d.first_day::timestamp, s.zone) as starts,
           plateau.instant_of((d.first_day + @days)::timestamp, s.zone) as ends
    from (select coalesce(@from_day, date_trunc('week', @at at time zone s.zone)::date) as first_day offset 0) d
    offset 0) w
cross join lateral (
    select array_agg(e.starts) as starts, array_agg(e.ends) as ends, array_agg(e.use_starts) as use_starts,
           array_agg(e.use_ends) as use_ends, array_agg(e.seats) as seats, array_agg(e.holder_id) as bookings,
           array_agg(e.organisation_id) as organisations, array_agg(e.line_number = 0) as outages
    from (
        select c.starts, c.ends, c.use_starts, c.use_ends, c.seats, c.holder_id, c.organisation_id, c.line_number
        from platforms.occupancy c
        where c.centre_id = r.centre_id and c.resource_id = r.id and c.holder_id <> all ((select bookings.lapsed_holders())::uuid[])
          and c.ends > w.starts and c.ends <= w.ends + interval '25 hours' and c.starts < w.ends
        union all
        -- Who has the whole of what it stands in has it too.
        select c.starts, c.ends, c.use_starts, c.use_ends, r.capacity, c.holder_id, c.organisation_id, c.line_number
        from platforms.occupancy c
        where r.parent_id is not null and c.centre_id = r.centre_id and c.resource_id = any (r.ancestors) and c.is_exclusive
          and c.holder_id <> all ((select bookings.lapsed_holders())::uuid[])
          and c.ends > w.starts and c.ends <= w.ends + interval '25 hours' and c.starts < w.ends
        order by 2, 1) e) o
cross join lateral (
    select array_agg(greatest(lower(i.during), w.starts)) as opens, array_agg(least(upper(i.during), w.ends)) as closes
    from (
        select p.during
        from centres.open_hours p
        -- By day, which the primary key has first; a day's hours end with it.
        where p.centre_id = r.centre_id and p.calendar_id = coalesce(r.calendar_id, r.site_id) and p.day between w.first_day - 1 and w.first_day + @days
          and p.during && tstzrange(w.starts, w.ends)
        order by p.day, p.during) i) h
where r.centre_id = plateau.centre_of(@resource) and r.id = @resource;

-- name: Availability :maybe
-- What is left of a resource over a window. starts, ends and taken are parallel steps that cover the window without a gap; opens and
-- closes are when the site is open, clipped to it. For one resource: a list of them would be planned anew for each length.
-- param resource uuid as ResourceID not null
-- param from_instant timestamptz not null
-- param to_instant timestamptz not null
-- column id uuid as ResourceID not null
-- column zone text not null
-- column capacity int4 not null
-- column starts timestamptz[] not null
-- column ends timestamptz[] not null
-- column taken int4[] not null
-- column opens timestamptz[] not null
-- column closes timestamptz[] not null
select r.id, s.zone, r.capacity, u.starts, u.ends, u.taken, coalesce(h.opens, '{}') as opens, coalesce(h.closes, '{}') as closes
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
cross join lateral bookings.lapsed_room(r.centre_id, r.id || r.ancestors, @from_instant, @to_instant) as lapsed
cross join lateral (
    select array_agg(t.starts) as starts, array_agg(t.ends) as ends, array_agg(t.taken) as taken
    from (select x.starts, x.ends, x.taken
          from platforms.usage_steps(
              r.centre_id, r.id, @from_instant, @to_instant, lapsed.starts, lapsed.ends, lapsed.seats) as x
          where r.parent_id is null
          union all
          select x.starts, x.ends, x.taken
          from platforms.path_steps(
              r, @from_instant, @to_instant, lapsed.resources, lapsed.starts, lapsed.ends, lapsed.seats) as x
          where r.parent_id is not null
          order by 1) t) u
cross join lateral (
    select array_agg(greatest(lower(i.during), @from_instant)) as opens, array_agg(least(upper(i.during), @to_instant)) as closes
    from (
        select o.during
        from centres.open_hours o
        where o.centre_id = r.centre_id and o.calendar_id = coalesce(r.calendar_id, r.site_id)
          and o.day between (@from_instant at time zone s.zone)::date - 1 and (@to_instant at time zone s.zone)::date
          and o.during && tstzrange(@from_instant, @to_instant)
        order by o.day, o.during) i) h
where r.centre_id = plateau.centre_of(@resource) and r.id = @resource;
