-- Faults, outages and maintenance of parts: a bay of a hall, a group of workstations, one workstation. What it stands in has that much
-- less.
-- lock class: none (functions)

create or replace function maintenance.resource_fault(p_resource platforms.resource) returns text
    language plpgsql stable
as $$
begin
    return case when p_resource.id is null then 'notFound'
                when p_resource.kind = 'stock' then 'countedItems'
                when p_resource.retired_at is not null then 'retired' end;
end
$$;

create or replace function maintenance.touched(p_centre_id smallint, p_resource_id uuid, p_window tstzrange, p_now timestamptz)
    returns uuid[]
    language plpgsql stable
as $$
declare
    v_resource platforms.resource;
    v_above platforms.resource;
    v_from timestamptz := greatest(lower(p_window), p_now);
    -- Nobody books further ahead.
    v_until timestamptz := least(upper(p_window), p_now + interval '1100 days');
    v_touched uuid[];
    v_full tstzrange;
    v_next uuid;
begin
    select r.* into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_resource_id;
    v_touched := array(
        select distinct o.holder_id
        from platforms.occupancy o
        join bookings.booking b on b.centre_id = plateau.centre_of(o.holder_id) and b.id = o.holder_id
        where o.centre_id = p_centre_id and o.ends > v_from and o.starts < coalesce(upper(p_window), 'infinity')
          and o.resource_id = p_resource_id
          and b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse'));
    -- Of what it stands in, those that are too many without it, the latest first.
    for v_above in
        select r.* from platforms.resource r
        where r.centre_id = p_centre_id and r.id = any (v_resource.ancestors)
        order by array_position(v_resource.ancestors, r.id)
    loop
        loop
            select tstzrange(s.starts, s.ends) into v_full
            from (select array_agg(o.starts) as starts, array_agg(o.ends) as ends, array_agg(-o.seats) as seats
                  from platforms.occupancy o
                  where o.centre_id = p_centre_id and o.resource_id = v_above.id and o.holder_id = any (v_touched)
                    and o.ends > v_from and o.starts < v_until) t
            cross join lateral platforms.usage_steps(p_centre_id, v_above.id, v_from, v_until, t.starts, t.ends, t.seats) s
            where s.taken > 0 and s.taken + v_resource.capacity > v_above.capacity
              and exists (
                  select from platforms.occupancy o
                  join bookings.booking b on b.centre_id = plateau.centre_of(o.holder_id) and b.id = o.holder_id
                  where o.centre_id = p_centre_id and o.resource_id = v_above.id and o.holder_id <> all (v_touched)
                    and o.ends > s.starts and o.starts < s.ends
                    and b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse'))
            order by s.starts limit 1;
            exit when not found;
            select b.id into v_next
            from platforms.occupancy o
            join bookings.booking b on b.centre_id = plateau.centre_of(o.holder_id) and b.id = o.holder_id
            where o.centre_id = p_centre_id and o.resource_id = v_above.id and o.holder_id <> all (v_touched)
              and o.ends > lower(v_full) and o.starts < upper(v_full)
              and b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse')
            order by b.starts <= p_now or b.state = 'inUse', b.created_at desc, b.id desc limit 1;
            v_touched := v_touched || v_next;
        end loop;
    end loop;
    return coalesce((
        select array_agg(b.id order by b.created_at, b.id)
        from unnest(v_touched) as w (id)
        join bookings.booking b on b.centre_id = plateau.centre_of(w.id) and b.id = w.id), '{}');
end
$$;
comment on function maintenance.touched(smallint, uuid, tstzrange, timestamptz) is
    'Bookings that an outage of a resource in a window leaves without their room, the earliest made first: those that have it or a part of it; where it is a part itself and what it stands in has too little room left without it, of those who have that the latest made.';

create or replace function maintenance.in_the_way(p_booking uuid, p_outage maintenance.outage) returns boolean
    language sql stable
as $$
    select exists (
        select from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        where l.centre_id = plateau.centre_of(p_booking) and l.booking_id = p_booking
          and (p_outage.resource_id = any (r.id || r.ancestors)
               -- What it was a part of, which then has too little left.
               or r.id = any (select unnest(x.ancestors) from platforms.resource x
                              where x.centre_id = p_outage.centre_id and x.id = p_outage.resource_id))
          and p_outage.during && tstzrange(l.starts - make_interval(mins => r.setup_minutes),
                                           l.ends + make_interval(mins => r.cleanup_minutes)))
$$;

create or replace function maintenance.block(p_resource platforms.resource, p_outage maintenance.outage, p_from timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_zone text;
    v_organisation uuid;
    v_window tstzrange;
    v_piece tstzrange;
    v_starts timestamptz;
    v_ends timestamptz;
    v_above record;
begin
    if p_from >= p_outage.blocked_until then
        return;
    end if;
    v_window := tstzrange(greatest(lower(p_outage.during), p_from), p_outage.blocked_until);
    select s.zone into v_zone from centres.site s where s.centre_id = p_resource.centre_id and s.id = p_resource.site_id;
    select o.id into v_organisation from access.organisation o where o.centre_id = p_resource.centre_id order by o.id limit 1;
    -- Use under way ends when it ends; another outage that is there already is enough.
    for v_piece in
        select unnest(tstzmultirange(v_window) - coalesce(range_agg(tstzrange(o.starts, o.ends)), '{}'))
        from platforms.occupancy o
        where o.centre_id = p_resource.centre_id and o.resource_id = p_resource.id
          and o.ends > lower(v_window) and o.starts < upper(v_window)
    loop
        v_starts := lower(v_piece);
        loop
            v_ends := least(upper(v_piece), plateau.instant_of((plateau.local_day(v_starts, v_zone) + 1)::timestamp, v_zone));
            insert into platforms.occupancy (
                centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id,
                is_exclusive)
            values (p_resource.centre_id, p_resource.id, v_starts, v_ends, v_starts, v_starts, p_resource.capacity,
                    p_resource.kind in ('equipment', 'workstation'), p_outage.id, 0, coalesce(v_organisation, p_outage.id),
                    p_resource.kind not in ('equipment', 'workstation'));
            -- Of what it is a part of, as much as use under way leaves.
            for v_above in
                select a.id, s.starts, s.ends, least(p_resource.capacity, r.capacity - s.taken) as seats
                from unnest(p_resource.ancestors) as a (id)
                join platforms.resource r on r.centre_id = p_resource.centre_id and r.id = a.id
                cross join lateral platforms.usage_steps(p_resource.centre_id, a.id, v_starts, v_ends) s
                where r.capacity > s.taken
            loop
                insert into platforms.occupancy (
                    centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id)
                values (p_resource.centre_id, v_above.id, v_above.starts, v_above.ends, v_above.starts, v_above.starts, v_above.seats,
                        false, p_outage.id, 0, coalesce(v_organisation, p_outage.id));
            end loop;
            exit when v_ends >= upper(v_piece);
            v_starts := v_ends;
        end loop;
    end loop;
end
$$;
comment on function maintenance.block(platforms.resource, maintenance.outage, timestamptz) is
    'Takes the room of an outage, from a moment on, wherever it is not taken already: of the resource all of it, of what it is a part of that much, as far as use under way leaves it.';

create or replace function maintenance.give_back(p_outage maintenance.outage, p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_resource platforms.resource;
    v_blocked platforms.resource;
    v_policy labels.policy;
    v_other maintenance.outage;
    v_booking uuid;
    v_outcome text;
begin
    select * into v_resource from platforms.resource r where r.centre_id = p_outage.centre_id and r.id = p_outage.resource_id;
    select * into v_policy from labels.policy;
    delete from platforms.occupancy o
    where o.centre_id = p_outage.centre_id and o.holder_id = p_outage.id and o.starts >= p_now;
    update platforms.occupancy o set ends = p_now
    where o.centre_id = p_outage.centre_id and o.holder_id = p_outage.id and o.ends > p_now;
    -- What another outage left to this one is its own now; of parts, and of what it is a part of, all is taken anew, since they share
    -- places.
    with shared as (
        select x.id
        from maintenance.outage x
        join platforms.resource r on r.centre_id = x.centre_id and r.id = x.resource_id
        where x.centre_id = p_outage.centre_id and x.ended_at is null and x.blocked_until > p_now
          and (x.resource_id = any (v_resource.ancestors) or r.ancestors @> array[v_resource.id])
    ), cut as (
        update platforms.occupancy o set ends = p_now
        where o.centre_id = p_outage.centre_id and o.holder_id in (select s.id from shared s) and o.starts < p_now and o.ends > p_now
    )
    delete from platforms.occupancy o
    where o.centre_id = p_outage.centre_id and o.holder_id in (select s.id from shared s) and o.starts >= p_now;
    for v_other in
        select x.*
        from maintenance.outage x
        join platforms.resource r on r.centre_id = x.centre_id and r.id = x.resource_id
        where x.centre_id = p_outage.centre_id and x.ended_at is null and x.blocked_until > p_now
          and (x.resource_id = any (v_resource.id || v_resource.ancestors) or r.ancestors @> array[v_resource.id])
        order by x.recorded_at, x.id
    loop
        select * into v_blocked from platforms.resource r where r.centre_id = v_other.centre_id and r.id = v_other.resource_id;
        perform maintenance.block(v_blocked, v_other, p_now);
    end loop;
    -- What has lapsed is in nobody's way.
    if bookings.lapsed_holders() <> '{}' then
        perform bookings.release_lapsed(array_agg(l.resource_id), array_agg(l.starts), array_agg(l.ends))
        from maintenance.displacement d
        join bookings.line l on l.centre_id = plateau.centre_of(d.booking_id) and l.booking_id = d.booking_id
        where d.centre_id = p_outage.centre_id and d.outage_id = p_outage.id and d.outcome is null;
    end if;
    for v_booking in
        select d.booking_id
        from maintenance.displacement d
        join bookings.booking b on b.centre_id = plateau.centre_of(d.booking_id) and b.id = d.booking_id
        where d.centre_id = p_outage.centre_id and d.outage_id = p_outage.id and d.outcome is null
        order by b.created_at, b.id
    loop
        continue when p_outage.ended_at is null and maintenance.in_the_way(v_booking, p_outage);
        v_outcome := maintenance.settle(v_booking, p_key, v_policy, p_now);
        update maintenance.displacement d set outcome = v_outcome, settled_at = p_now
        where d.centre_id = p_outage.centre_id and d.outage_id = p_outage.id and d.booking_id = v_booking;
        if v_outcome = 'noRoom' then
            -- Another outage is in its way: it waits for the end of that.
            insert into maintenance.displacement (centre_id, outage_id, booking_id, displaced_at)
            select x.centre_id, x.id, v_booking, p_now
            from maintenance.outage x
            join platforms.resource r on r.centre_id = x.centre_id and r.id = x.resource_id
            where x.centre_id = p_outage.centre_id and x.ended_at is null and x.id <> p_outage.id
              and (v_resource.id || v_resource.ancestors) && (r.id || r.ancestors) and maintenance.in_the_way(v_booking, x)
            order by x.recorded_at, x.id limit 1
            on conflict (centre_id, outage_id, booking_id) do update set outcome = null, settled_at = null;
        end if;
    end loop;
end
$$;

create or replace function utilisation.opened(p_centre_id smallint, p_cuts date[], p_known_at timestamptz)
    returns table (piece integer, resource_id uuid, is_part boolean, open bigint, outage bigint, fault bigint)
    language plpgsql stable
as $$
declare
    v_from date := p_cuts[1];
    v_to date := p_cuts[cardinality(p_cuts)];
begin
    return query
    with resource as materialized (
        select r.id, r.kind, coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone,
               -- From the day on which it was registered until it is retired.
               plateau.local_day(r.created_at, s.zone) as first_day,
               case when p_known_at is null or r.retired_at <= p_known_at then r.retired_at end as retired_at
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = p_centre_id and (p_known_at is null or r.created_at <= p_known_at)
    ), hours as materialized (
        select c.calendar_id, h.day, h.during
        from (select distinct r.calendar_id from resource r) c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= v_from and h.day < v_to
        where p_known_at is null
        union all
        select c.calendar_id, h.day, h.during
        from (select distinct r.calendar_id from resource r) c
        cross join lateral centres.open_hours_known(p_centre_id, c.calendar_id, daterange(v_from, v_to), p_known_at) h
        where p_known_at is not null
    ), calendar as materialized (
        select h.calendar_id, width_bucket(h.day, p_cuts) as piece,
               extract(epoch from sum(upper(h.during) - lower(h.during)))::bigint as seconds
        from hours h
        group by 1, 2
    ), version as materialized (
        select r.id, r.zone, r.calendar_id, v.capacity, v.ancestors, v.ancestors <> '{}' or r.kind = 'stock' as is_part,
               case when upper(v.during) > p_known_at then tstzrange(lower(v.during), null) else v.during end
               * tstzrange(plateau.instant_of(r.first_day::timestamp, r.zone), r.retired_at) as life
        from resource r
        join utilisation.resource_version v on v.centre_id = p_centre_id and v.resource_id = r.id
             and (p_known_at is null or lower_inf(v.during) or lower(v.during) <= p_known_at)
        where r.retired_at is null or plateau.instant_of(r.first_day::timestamp, r.zone) < r.retired_at
    ), span as materialized (
        select p.piece, p.first, p.after, z.zone,
               tstzrange(plateau.instant_of(p.first::timestamp, z.zone), plateau.instant_of(p.after::timestamp, z.zone)) as during
        from utilisation.pieces(p_cuts) p cross join (select distinct r.zone from resource r) z
    ), outage as materialized (
        select z.zone, x.resource_id, x.during, x.is_fault
        from (select distinct r.zone from resource r) z
        cross join lateral maintenance.out_of_service(
            p_centre_id, tstzrange(plateau.instant_of(v_from::timestamp, z.zone), plateau.instant_of(v_to::timestamp, z.zone)),
            p_known_at) x
    ), partly as materialized (
        select s.piece, s.first, s.after, v.id, v.is_part, v.capacity, v.calendar_id, v.life
        from version v join span s on s.zone = v.zone and v.life && s.during and not v.life @> s.during
    )
    select s.piece, v.id, v.is_part, v.capacity * c.seconds, 0::bigint, 0::bigint
    from version v
    join span s on s.zone = v.zone and v.life @> s.during
    join calendar c on c.calendar_id = v.calendar_id and c.piece = s.piece
    union all
    -- What began, ended or changed inside the piece, to the second.
    select v.piece, v.id, v.is_part,
           v.capacity * sum(extract(epoch from upper(h.during * v.life) - lower(h.during * v.life)))::bigint, 0::bigint, 0::bigint
    from partly v
    join hours h on h.calendar_id = v.calendar_id and h.day >= v.first and h.day < v.after and h.during && v.life
    group by v.piece, v.id, v.is_part, v.capacity, v.life
    union all
    -- Of the open time, what nothing could be done in: two outages at once count once, for a fault where one of them is one, and a hall
    -- takes its bays with it.
    select w.piece, w.id, w.is_part, 0::bigint, sum(w.capacity * utilisation.seconds(multirange(w.during) * w.outage))::bigint,
           sum(w.capacity * utilisation.seconds(multirange(w.during) * w.fault))::bigint
    from (
        select width_bucket(h.day, p_cuts) as piece, v.id, v.is_part, v.capacity, h.during * v.life as during, o.outage, o.fault
        from version v
        join lateral (
            select range_agg(x.during) as outage, coalesce(range_agg(x.during) filter (where x.is_fault), '{}') as fault
            from outage x where x.zone = v.zone and x.resource_id = any (v.id || v.ancestors)) o
             on o.outage is not null
        join hours h on h.calendar_id = v.calendar_id and h.during && v.life) w
    group by w.piece, w.id, w.is_part
    union all
    -- What a part takes of what it stands in, while neither that nor anything between is out of service as a whole.
    select w.piece, w.id, w.is_part, 0::bigint, sum(w.capacity * utilisation.seconds(multirange(w.during) * w.outage))::bigint,
           sum(w.capacity * utilisation.seconds(multirange(w.during) * w.fault))::bigint
    from (
        select width_bucket(h.day, p_cuts) as piece, v.id, v.is_part, p.capacity, h.during * v.life * p.life as during,
               o.outage - a.outage as outage, o.fault - a.outage as fault
        -- From the few that are out of service.
        from (select x.zone, x.resource_id, range_agg(x.during) as outage,
                     coalesce(range_agg(x.during) filter (where x.is_fault), '{}') as fault
              from outage x group by 1, 2) o
        join version p on p.zone = o.zone and p.id = o.resource_id and p.ancestors <> '{}'
        cross join lateral unnest(p.ancestors) as up (id)
        join version v on v.id = up.id and v.zone = p.zone and v.life && p.life
        cross join lateral (
            select coalesce(range_agg(x.during), '{}') as outage
            from outage x where x.zone = p.zone and x.resource_id = any (p.ancestors)) a
        join hours h on h.calendar_id = v.calendar_id and h.during && (v.life * p.life)) w
    group by w.piece, w.id, w.is_part;
end
$$;

create or replace function utilisation.heat_of(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid)
    returns table (weekday smallint, hour smallint, open bigint, bookable bigint, booked bigint)
    language sql stable
as $$
    with booked as (
        select h.weekday, h.hour, sum(h.booked) as booked from utilisation.hours_of(p_centre_id, p_from, p_to, p_resource_id) h
        group by 1, 2
    ), resource as materialized (
        -- Items of a stock are no workstations: a whole centre is told without them, as its totals are.
        select coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone, r.capacity, r.id || r.ancestors as path
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = p_centre_id and r.retired_at is null
          and case when p_resource_id is null then r.parent_id is null and r.kind <> 'stock' else r.id = p_resource_id end
    ), outage as materialized (
        select o.resource_id, o.during
        from maintenance.out_of_service(
            p_centre_id, tstzrange((p_from - 1)::timestamp at time zone 'UTC', (p_to + 1)::timestamp at time zone 'UTC'), null) o
    ), place as materialized (
        -- What stands in a hall is out of service with it; two outages at once count once.
        select r.calendar_id, r.zone, r.capacity, true as is_open,
               (select range_agg(o.during) from outage o where o.resource_id = any (r.path)) as out_of_service
        from resource r
        union all
        -- What a part takes of what it stands in, while neither that nor anything between is out of service as a whole.
        select w.calendar_id, w.zone, w.capacity, false, w.outage
        from (
            select r.calendar_id, r.zone, p.capacity,
                   (select range_agg(o.during) from outage o where o.resource_id = p.id)
                   - coalesce((select range_agg(o.during) from outage o where o.resource_id = any (p.ancestors)), '{}') as outage
            from (select distinct o.resource_id from outage o) x
            join platforms.resource p on p.centre_id = p_centre_id and p.id = x.resource_id and p.ancestors <> '{}' and p.retired_at is null
            join resource r on r.path[1] = any (p.ancestors)) w
        where w.outage is not null
    ), calendar as (
        select p.calendar_id, p.zone, p.is_open, p.out_of_service, sum(p.capacity) as capacity from place p group by 1, 2, 3, 4
    ), opened as (
        select extract(isodow from h.day)::smallint as weekday, e.hour,
               coalesce(sum(c.capacity * e.seconds) filter (where not t.is_out), 0) as open,
               coalesce(sum(case when t.is_out then -c.capacity * e.seconds else c.capacity * e.seconds end), 0) as bookable
        from calendar c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= p_from and h.day < p_to
        cross join lateral (
            select false as is_out, tstzmultirange(h.during) as during where c.is_open
            union all
            select true, tstzmultirange(h.during) * c.out_of_service where c.out_of_service is not null) t
        cross join lateral utilisation.by_hour(t.during, c.zone) as b
        cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
        group by 1, 2
    )
    select weekday, hour, coalesce(o.open, 0)::bigint, coalesce(o.bookable, 0)::bigint, coalesce(b.booked, 0)::bigint
    from opened o full join booked b using (weekday, hour)
    where coalesce(o.open, 0) > 0 or b.booked > 0
$$;
