-- Reports: figures of any period from totals and what is still to be added to them, or from the rows as known at a moment; demand that
-- was turned away; the network's median.
-- lock class: none (new tables and functions)

-- MARK: Pieces of a period

create function utilisation.pieces(p_cuts date[]) returns table (piece integer, first date, after date)
    language sql immutable
as $$
    select c.number::integer, c.day, c.next
    from (select x.day, x.number, lead(x.day) over (order by x.number) as next
          from unnest(p_cuts) with ordinality as x (day, number)) c
    where c.next is not null
$$;
comment on function utilisation.pieces(date[]) is 'The periods between the cuts, which ascend; half-open.';

create function utilisation.months(p_from date, p_to date) returns table (grain text, first date, after date)
    language sql immutable
as $$
    select g.grain, g.first, g.after
    from (select date_trunc('month', p_from + interval '1 month' - interval '1 day')::date as first, date_trunc('month', p_to)::date as after) m
    cross join lateral (
        select 'month', m.first, m.after where m.first < m.after
        union all select 'day', p_from, m.first where m.first < m.after
        union all select 'day', m.after, p_to where m.first < m.after
        union all select 'day', p_from, p_to where m.first >= m.after) as g (grain, first, after)
    where g.first < g.after
$$;
comment on function utilisation.months(date, date) is 'A period as whole months and the days before and after them.';

create function utilisation.cover(p_from date, p_to date) returns table (grain text, first date, after date)
    language plpgsql immutable
as $$
declare
    v_first date := date_trunc('year', p_from + interval '1 year' - interval '1 day')::date;
    v_after date := date_trunc('year', p_to)::date;
begin
    if v_first < v_after then
        return query select 'year', v_first, v_after
                     union all select * from utilisation.months(p_from, v_first) union all select * from utilisation.months(v_after, p_to);
    else
        return query select * from utilisation.months(p_from, p_to);
    end if;
end
$$;
comment on function utilisation.cover(date, date) is 'A period as whole years, and the months and days before and after them.';

create function utilisation.within(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz) returns setof utilisation.fact
    language plpgsql stable
as $$
declare
    -- A day of a zone begins or ends up to 14 hours away from the UTC day, and a booking lasts at most 31 days.
    v_from timestamptz := (p_from - 33)::timestamp at time zone 'UTC';
    v_to timestamptz := (p_to + 2)::timestamp at time zone 'UTC';
begin
    return query
    select f.*
    from utilisation.facts_of(p_centre_id, array(
        select b.id from bookings.booking b
        where b.centre_id = p_centre_id and b.centres @> array[p_centre_id] and b.starts >= v_from and b.starts < v_to
        union
        select b.id from bookings.booking b
        where cardinality(b.centres) > 1 and b.centres @> array[p_centre_id] and b.starts >= v_from and b.starts < v_to
        union
        -- What a change took away from this period, or from this centre.
        select r.booking_id from utilisation.former r where r.centre_id = p_centre_id and r.until > p_known_at), p_known_at) f
    where f.day >= p_from and f.day < p_to;
end
$$;
comment on function utilisation.within(smallint, date, date, timestamptz) is 'The facts of a period, from the rows, as known at a moment.';

create function utilisation.unfolded(p_centre_id smallint) returns table (sign integer, fact utilisation.fact)
    language plpgsql stable
as $$
declare
    v_bookings uuid[] := array(select distinct p.booking_id from utilisation.pending p where p.centre_id = p_centre_id);
begin
    if cardinality(v_bookings) = 0 then
        return;
    end if;
    return query select 1, f from utilisation.facts_of(p_centre_id, v_bookings, null) f;
    return query select -1, f from utilisation.fact f where f.centre_id = p_centre_id and f.booking_id = any (v_bookings);
end
$$;
comment on function utilisation.unfolded(smallint) is
    'What the totals of a centre still lack: what changed bookings come to now, less what they came to before.';

create function utilisation.use_of(p_centre_id smallint, p_cuts date[], p_known_at timestamptz, p_whole boolean)
    returns table (
        piece integer, resource_id uuid, is_own boolean, organisation_kind text, activity text, booked bigint, outside bigint, used bigint,
        used_outside bigint, overhead bigint, lost_late bigint, lost_closed bigint, lost_no_show bigint, lines bigint, bookings bigint,
        lead bigint, checked_in bigint, cancelled_by_user bigint, cancelled_by_centre bigint, cancelled_late bigint, no_shows bigint)
    language plpgsql stable
as $$
declare
    v_span record;
begin
    if p_known_at is null then
        -- Piece by piece: a join over them all reads every row of the centre, because its plan is made for any number of pieces.
        for v_span in
            select p.piece, c.grain, c.first, c.after from utilisation.pieces(p_cuts) p, utilisation.cover(p.first, p.after) c
        loop
            return query
            select v_span.piece, t.resource_id, t.is_own, t.organisation_kind, t.activity, t.booked, t.outside, t.used, t.used_outside,
                   t.overhead, t.lost_late, t.lost_closed, t.lost_no_show, t.lines, t.bookings, t.lead, t.checked_in, t.cancelled_by_user,
                   t.cancelled_by_centre, t.cancelled_late, t.no_shows
            from utilisation.total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and p_whole and t.resource_id = utilisation.whole()
            union all
            select v_span.piece, t.resource_id, t.is_own, t.organisation_kind, t.activity, t.booked, t.outside, t.used, t.used_outside,
                   t.overhead, t.lost_late, t.lost_closed, t.lost_no_show, t.lines, t.bookings, t.lead, t.checked_in, t.cancelled_by_user,
                   t.cancelled_by_centre, t.cancelled_late, t.no_shows
            from utilisation.total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and not p_whole and t.resource_id > utilisation.whole();
        end loop;
    end if;
    return query
    select p.piece, case when p_whole then utilisation.whole() else (d.fact).resource_id end, (d.fact).is_own, (d.fact).organisation_kind, (d.fact).activity, d.sign * (d.fact).booked,
           d.sign * (d.fact).outside, d.sign * (d.fact).used, d.sign * (d.fact).used_outside, d.sign * (d.fact).overhead,
           d.sign * (d.fact).lost_late, d.sign * (d.fact).lost_closed, d.sign * (d.fact).lost_no_show, (d.sign * (d.fact).lines)::bigint,
           (d.sign * (d.fact).bookings)::bigint, d.sign * (d.fact).lead, (d.sign * (d.fact).checked_in)::bigint,
           (d.sign * (d.fact).cancelled_by_user)::bigint, (d.sign * (d.fact).cancelled_by_centre)::bigint,
           (d.sign * (d.fact).cancelled_late)::bigint, (d.sign * (d.fact).no_shows)::bigint
    from (select u.sign, u.fact from utilisation.unfolded(p_centre_id) u where p_known_at is null
          union all
          select 1, f from utilisation.within(p_centre_id, p_cuts[1], p_cuts[cardinality(p_cuts)], p_known_at) f
          where p_known_at is not null) d
    join utilisation.pieces(p_cuts) p on (d.fact).day >= p.first and (d.fact).day < p.after
    where not p_whole or (d.fact).is_own;
end
$$;
comment on function utilisation.use_of(smallint, date[], timestamptz, boolean) is
    'How the resources of a centre (or all of it, as a whole) were used in each piece of a period, to be summed: totals of years, and of months and days at the edges, with what they still lack, in one snapshot; or from the rows, as known at a moment.';

create function utilisation.people_of(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz, p_whole boolean)
    returns table (
        resource_id uuid, audience text, organisation_kind text, activity text, programme text, attended bigint, participations bigint)
    language plpgsql stable
as $$
declare
    v_span record;
begin
    if p_known_at is null then
        for v_span in select c.* from utilisation.cover(p_from, p_to) c loop
            return query
            select t.resource_id, t.audience, t.organisation_kind, t.activity, t.programme, t.attended, t.participations
            from utilisation.people_total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and p_whole and t.resource_id = utilisation.whole()
            union all
            select t.resource_id, t.audience, t.organisation_kind, t.activity, t.programme, t.attended, t.participations
            from utilisation.people_total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and not p_whole and t.resource_id > utilisation.whole();
        end loop;
    end if;
    return query
    select case when p_whole then utilisation.whole() else (d.fact).resource_id end, a.audience, (d.fact).organisation_kind, (d.fact).activity, (d.fact).programme,
           d.sign * (d.fact).attended * a.heads, case when (d.fact).participates then d.sign * a.heads::bigint else 0 end
    from (select u.sign, u.fact from utilisation.unfolded(p_centre_id) u where p_known_at is null
          union all
          select 1, f from utilisation.within(p_centre_id, p_from, p_to, p_known_at) f where p_known_at is not null) d
    cross join lateral unnest((d.fact).audiences, (d.fact).heads) as a (audience, heads)
    where (d.fact).day >= p_from and (d.fact).day < p_to;
end
$$;
comment on function utilisation.people_of(smallint, date, date, timestamptz, boolean) is
    'Trainee-seconds and participations of a period, by resource or of a centre as a whole, to be summed.';

create function utilisation.hours_of(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid)
    returns table (weekday smallint, hour smallint, booked bigint)
    language plpgsql stable
as $$
declare
    v_span record;
begin
    for v_span in select c.* from utilisation.cover(p_from, p_to) c loop
        return query
        select t.weekday, t.hour, t.booked
        from utilisation.hour_total t
        where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
          and t.resource_id = coalesce(p_resource_id, utilisation.whole());
    end loop;
    return query
    select extract(isodow from (d.fact).day)::smallint, h.hour, (d.sign * h.booked)::bigint
    from utilisation.unfolded(p_centre_id) d
    cross join lateral unnest((d.fact).hours, (d.fact).hour_booked) as h (hour, booked)
    where (d.fact).day >= p_from and (d.fact).day < p_to
      and case when p_resource_id is null then (d.fact).is_own else (d.fact).resource_id = p_resource_id end;
end
$$;
comment on function utilisation.hours_of(smallint, date, date, uuid) is
    'Workstation-seconds booked by weekday and hour, of a resource or (null) of a centre, to be summed.';

-- MARK: What could be booked

create function utilisation.opened(p_centre_id smallint, p_cuts date[], p_known_at timestamptz)
    returns table (piece integer, resource_id uuid, is_part boolean, open bigint, outage bigint)
    language plpgsql stable
as $$
declare
    v_from date := p_cuts[1];
    v_to date := p_cuts[cardinality(p_cuts)];
begin
    return query
    with resource as materialized (
        select r.id, coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone,
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
        select r.id, r.zone, r.calendar_id, v.capacity, v.ancestors, v.ancestors <> '{}' as is_part,
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
        select z.zone, x.resource_id, x.during
        from (select distinct r.zone from resource r) z
        cross join lateral maintenance.out_of_service(
            p_centre_id, tstzrange(plateau.instant_of(v_from::timestamp, z.zone), plateau.instant_of(v_to::timestamp, z.zone)), p_known_at) x
    ), partly as materialized (
        select s.piece, s.first, s.after, v.id, v.is_part, v.capacity, v.calendar_id, v.life
        from version v join span s on s.zone = v.zone and v.life && s.during and not v.life @> s.during
    )
    select s.piece, v.id, v.is_part, v.capacity * c.seconds, 0::bigint
    from version v
    join span s on s.zone = v.zone and v.life @> s.during
    join calendar c on c.calendar_id = v.calendar_id and c.piece = s.piece
    union all
    -- What began, ended or changed inside the piece, to the second.
    select v.piece, v.id, v.is_part,
           v.capacity * sum(extract(epoch from upper(h.during * v.life) - lower(h.during * v.life)))::bigint, 0::bigint
    from partly v
    join hours h on h.calendar_id = v.calendar_id and h.day >= v.first and h.day < v.after and h.during && v.life
    group by v.piece, v.id, v.is_part, v.capacity, v.life
    union all
    -- Of the open time, what nothing could be done in: two outages at once count once, and a hall takes its bays with it.
    select w.piece, w.id, w.is_part, 0::bigint, sum(w.capacity * utilisation.seconds(multirange(w.during) * w.outage))::bigint
    from (
        select width_bucket(h.day, p_cuts) as piece, v.id, v.is_part, v.capacity, h.during * v.life as during, o.outage
        from version v
        join lateral (
            select range_agg(x.during) as outage from outage x where x.zone = v.zone and x.resource_id = any (v.id || v.ancestors)) o
             on o.outage is not null
        join hours h on h.calendar_id = v.calendar_id and h.during && v.life) w
    group by w.piece, w.id, w.is_part;
end
$$;
comment on function utilisation.opened(smallint, date[], timestamptz) is
    'Opening time of the resources of a centre, and what outages take of it, times their workstations, in seconds, by piece of a period: with the capacity and the place in the tree that they had at the time. is_part: it stands in another, whose time enters totals once.';

-- MARK: Definitions

create function utilisation.minutes(p_seconds numeric) returns bigint
    language sql immutable parallel safe
    return round(coalesce(p_seconds, 0) / 60)::bigint;

create function utilisation.share(p_part numeric, p_whole numeric) returns numeric
    language sql immutable parallel safe
    return case when p_whole > 0 then trim_scale(round(coalesce(p_part, 0) / p_whole, 4)) end;
comment on function utilisation.share(numeric, numeric) is 'A part of a whole, to four decimals; null: of nothing.';

create type utilisation.figures as (
    open numeric, maintenance numeric, booked numeric, outside numeric, used numeric, used_outside numeric, overhead numeric,
    lost_late numeric, lost_closed numeric, lost_no_show numeric, bookings numeric, by_companies numeric
);
comment on type utilisation.figures is 'Workstation-seconds of a resource or of several; bookings: how many began.';

create function utilisation.figures_json(p utilisation.figures) returns jsonb
    language sql immutable
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'openMinutes', utilisation.minutes((p).open),
        'maintenanceMinutes', utilisation.minutes((p).maintenance),
        'bookableMinutes', utilisation.minutes((p).open - coalesce((p).maintenance, 0)),
        'bookedMinutes', utilisation.minutes((p).booked),
        'bookedOutsideMinutes', utilisation.minutes((p).outside),
        'usedMinutes', utilisation.minutes((p).used),
        'usedOutsideMinutes', utilisation.minutes((p).used_outside),
        'overheadMinutes', utilisation.minutes((p).overhead),
        'lateCancelledMinutes', utilisation.minutes((p).lost_late),
        'closedMinutes', utilisation.minutes((p).lost_closed),
        'noShowMinutes', utilisation.minutes((p).lost_no_show),
        'bookings', coalesce((p).bookings, 0),
        'availability', utilisation.share((p).open - coalesce((p).maintenance, 0), (p).open),
        'occupancy', utilisation.share((p).booked, (p).open - coalesce((p).maintenance, 0)),
        'use', utilisation.share((p).used, (p).open - coalesce((p).maintenance, 0)),
        'companyShare', utilisation.share((p).by_companies, (p).booked)))
$$;
comment on function utilisation.figures_json(utilisation.figures) is
    'The definitions. bookable = open less maintenance, which is outages and bookings for maintenance; availability = bookable / open; occupancy = booked / bookable; use = used / bookable; companyShare = booked by companies, or for production, / booked. All in workstation-minutes.';

create function utilisation.cuts(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz) returns date[]
    language sql stable
as $$
    select array_agg(distinct d.day order by d.day)
    from (
        select p_from union all select p_to
        union all
        select m::date from generate_series(date_trunc('month', p_from::timestamp) + interval '1 month', p_to::timestamp, interval '1 month') m
        union all
        select lower(l.during) from labels.label_period l where l.centre_id = p_centre_id and p_known_at is null
        union all
        select upper(l.during) from labels.label_period l where l.centre_id = p_centre_id and p_known_at is null
        union all
        select e.day from labels.periods_known(p_centre_id, p_known_at) l
        cross join lateral (values (lower(l.during)), (upper(l.during))) as e (day) where p_known_at is not null) d (day)
    where d.day between p_from and p_to
$$;
comment on function utilisation.cuts(smallint, date, date, timestamptz) is 'Where a period is cut: at months and where the status of the label changes.';

-- MARK: Demand

create function utilisation.turned_away(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz)
    returns table (resource_id uuid, organisation_id uuid, organisation_kind text, zone text, during tstzrange, seats integer)
    language sql stable
as $$
    select d.resource_id, d.organisation_id, o.kind, s.zone,
           tstzrange(d.starts, d.ends) * tstzrange(plateau.instant_of(p_from::timestamp, s.zone), plateau.instant_of(p_to::timestamp, s.zone)),
           d.seats
    from bookings.unmet_demand d
    join platforms.resource r on r.centre_id = d.centre_id and r.id = d.resource_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    join access.organisation o on o.id = d.organisation_id
    where d.centre_id = p_centre_id and (p_known_at is null or d.at <= p_known_at)
      and d.starts < plateau.instant_of(p_to::timestamp, s.zone) and d.starts > plateau.instant_of((p_from - 32)::timestamp, s.zone)
      and d.ends > plateau.instant_of(p_from::timestamp, s.zone)
      -- Taken back when the organisation was served after all.
      and not exists (
          select from bookings.booking b
          join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id and l.resource_id = d.resource_id
               and l.starts <= d.starts and l.ends >= d.ends
          cross join lateral (
              select case when p_known_at is null then b.state
                          else (select t.to_state from bookings.transition t
                                where t.centre_id = b.centre_id and t.booking_id = b.id and t.at <= p_known_at
                                order by t.version desc limit 1) end as state) x
          where b.organisation_id = d.organisation_id and b.starts < d.ends and b.starts > d.starts - interval '32 days'
            and x.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse', 'completed'))
$$;
comment on function utilisation.turned_away(smallint, date, date, timestamptz) is
    'What a centre turned away in a period for lack of room and did not serve later.';

create function utilisation.demand_report(p_centre_id smallint, p_from date, p_to date) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with away as materialized (
        select * from utilisation.turned_away(p_centre_id, p_from, p_to, null)
    ), by_resource as (
        select a.resource_id, count(*) as requests,
               sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))) as seconds,
               utilisation.seconds(range_agg(a.during)) as one_more
        from away a group by a.resource_id
    )
    select jsonb_build_object(
        'resources', coalesce((
            select jsonb_agg(jsonb_build_object(
                'resourceId', b.resource_id, 'name', r.name, 'requests', b.requests, 'minutes', utilisation.minutes(b.seconds),
                'servedByOneMoreMinutes', utilisation.minutes(b.one_more)) order by b.one_more desc, b.seconds desc, r.name)
            from by_resource b join platforms.resource r on r.centre_id = p_centre_id and r.id = b.resource_id), '[]'),
        'hours', coalesce((
            select jsonb_agg(jsonb_build_object(
                'resourceId', h.resource_id, 'hour', h.hour, 'minutes', utilisation.minutes(h.seconds)) order by h.resource_id, h.hour)
            from (select a.resource_id, e.hour, sum(a.seats * e.seconds) as seconds
                  from away a
                  cross join lateral utilisation.by_hour(tstzmultirange(a.during), a.zone) as b
                  cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
                  group by 1, 2) h), '[]'),
        'actors', coalesce((
            select jsonb_agg(jsonb_build_object(
                'organisationKind', k.kind, 'organisations', k.organisations, 'requests', k.requests,
                'minutes', utilisation.minutes(k.seconds)) order by k.seconds desc, k.kind)
            from (select a.organisation_kind as kind, count(distinct a.organisation_id) as organisations, count(*) as requests,
                         sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))) as seconds
                  from away a group by 1) k), '[]'))
$$;
comment on function utilisation.demand_report(smallint, date, date) is
    'Turned-away demand by resource, resource and local hour, and kind of actor. servedByOneMoreMinutes: time in which at least one request waited, which is what one more workstation would have served at most.';

-- MARK: Reports

create type utilisation.trainees as (word text, attended numeric, participations numeric);

create function utilisation.trainee_hours(p_seconds numeric) returns numeric
    language sql immutable parallel safe
    return trim_scale(round(p_seconds / 3600, 2));

create function utilisation.trainees_json(p_people utilisation.trainees[], p_name text) returns jsonb
    language sql immutable
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        p_name, t.word, 'traineeHours', utilisation.trainee_hours(t.attended), 'participations', t.participations) order by t.word), '[]')
    from (select p.word, sum(p.attended) as attended, sum(p.participations) as participations from unnest(p_people) p group by 1) t
    where t.attended > 0 or t.participations > 0
$$;

create function utilisation.report(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz) returns jsonb
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_cuts date[] := utilisation.cuts(p_centre_id, p_from, p_to, p_known_at);
    v_moment timestamptz := coalesce(p_known_at, plateau.clock());
begin
    return (
        with use as materialized (
            select u.resource_id, u.is_own, u.organisation_kind, u.activity, sum(u.booked) as booked, sum(u.outside) as outside,
                   sum(u.used) as used, sum(u.used_outside) as used_outside, sum(u.overhead) as overhead, sum(u.lost_late) as lost_late,
                   sum(u.lost_closed) as lost_closed, sum(u.lost_no_show) as lost_no_show, sum(u.lines) as lines,
                   sum(u.bookings) as bookings, sum(u.lead) as lead, sum(u.checked_in) as checked_in,
                   sum(u.cancelled_by_user) as cancelled_by_user, sum(u.cancelled_by_centre) as cancelled_by_centre,
                   sum(u.cancelled_late) as cancelled_late, sum(u.no_shows) as no_shows
            from utilisation.use_of(p_centre_id, array[p_from, p_to], p_known_at, false) u
            group by 1, 2, 3, 4
        ), whole as materialized (
            select u.piece, u.activity = 'maintenance' as is_maintenance, sum(u.booked) as booked
            from utilisation.use_of(p_centre_id, v_cuts, p_known_at, true) u
            group by 1, 2
        ), opened as materialized (
            select o.piece, o.resource_id, o.is_part, sum(o.open) as open, sum(o.outage) as outage
            from utilisation.opened(p_centre_id, v_cuts, p_known_at) o group by 1, 2, 3
        ), people as materialized (
            select p.audience, p.organisation_kind, p.activity, p.programme, sum(p.attended) as attended,
                   sum(p.participations) as participations
            from utilisation.people_of(p_centre_id, p_from, p_to, p_known_at, true) p
            group by 1, 2, 3, 4
        ), resource as materialized (
            select r.id, r.kind, r.site_id, v.name, v.capacity, v.ancestors, v.sectors
            from platforms.resource r
            join utilisation.resource_version v on v.centre_id = r.centre_id and v.resource_id = r.id
                 and v.during @> v_moment
            where r.centre_id = p_centre_id and (p_known_at is null or r.created_at <= p_known_at)
              and (r.retired_at is null or r.retired_at > plateau.instant_of(p_from::timestamp, 'UTC')
                   or exists (select from use u where u.resource_id = r.id))
        ), sector as materialized (
            -- Of its platform: of what it stands in, or of what it is fixed to.
            select distinct r.id as resource_id, unnest(v.sectors) as sector
            from resource r
            left join inventory.asset a on a.centre_id = p_centre_id and a.id = r.id
            join utilisation.resource_version v on v.centre_id = p_centre_id and v.during @> v_moment
                 and v.resource_id = any (r.id || r.ancestors || a.platform_id)
        ), of_resource as materialized (
            select r.id, u.*, o.open, coalesce(u.worked, 0) + coalesce(o.outage, 0) as maintenance
            from resource r
            left join (
                select u.resource_id, sum(u.booked) filter (where u.activity = 'maintenance') as worked,
                       sum(u.booked) filter (where u.activity <> 'maintenance') as booked,
                       sum(u.outside) filter (where u.activity <> 'maintenance') as outside,
                       sum(u.used) filter (where u.activity <> 'maintenance') as used,
                       sum(u.used_outside) filter (where u.activity <> 'maintenance') as used_outside,
                       sum(u.overhead) filter (where u.activity <> 'maintenance') as overhead,
                       sum(u.lost_late) filter (where u.activity <> 'maintenance') as lost_late,
                       sum(u.lost_closed) filter (where u.activity <> 'maintenance') as lost_closed,
                       sum(u.lost_no_show) filter (where u.activity <> 'maintenance') as lost_no_show,
                       sum(u.lines) filter (where u.activity <> 'maintenance') as lines,
                       sum(u.booked) filter (where u.activity <> 'maintenance'
                                             and (u.organisation_kind = 'company' or u.activity = 'companyProduction')) as by_companies
                from use u group by u.resource_id) u on u.resource_id = r.id
            left join (select o.resource_id, sum(o.open) as open, sum(o.outage) as outage from opened o group by 1) o on o.resource_id = r.id
        ), own as materialized (
            -- A line enters sums once, at its own resource.
            select u.*, r.kind = 'equipment' as is_equipment from use u join platforms.resource r on r.centre_id = p_centre_id and r.id = u.resource_id
            where u.is_own
        ), summed as (
            select k.name, k.is_equipment, k.open, coalesce(sum(u.booked) filter (where u.activity = 'maintenance'), 0) + k.outage as maintenance,
                   sum(u.booked) filter (where u.activity <> 'maintenance') as booked,
                   sum(u.outside) filter (where u.activity <> 'maintenance') as outside,
                   sum(u.used) filter (where u.activity <> 'maintenance') as used,
                   sum(u.used_outside) filter (where u.activity <> 'maintenance') as used_outside,
                   sum(u.overhead) filter (where u.activity <> 'maintenance') as overhead,
                   sum(u.lost_late) filter (where u.activity <> 'maintenance') as lost_late,
                   sum(u.lost_closed) filter (where u.activity <> 'maintenance') as lost_closed,
                   sum(u.lost_no_show) filter (where u.activity <> 'maintenance') as lost_no_show,
                   sum(u.lines) filter (where u.activity <> 'maintenance') as lines,
                   sum(u.booked) filter (where u.activity <> 'maintenance'
                                         and (u.organisation_kind = 'company' or u.activity = 'companyProduction')) as by_companies
            from (
                select e.name, e.is_equipment, sum(o.open) as open, coalesce(sum(o.outage), 0) as outage
                from (values ('platforms', false), ('equipment', true)) as e (name, is_equipment)
                left join (opened o join platforms.resource r on r.centre_id = p_centre_id and r.id = o.resource_id)
                     on not o.is_part and (r.kind = 'equipment') = e.is_equipment
                group by 1, 2) k
            left join own u on u.is_equipment = k.is_equipment
            group by k.name, k.is_equipment, k.open, k.outage
        ), piece as materialized (
            select p.piece, p.first, p.after, coalesce(l.status, case when p_centre_id = 0 then 'notApplicable' else 'none' end) as status,
                   date_trunc('month', p.first)::date as month
            from utilisation.pieces(v_cuts) p
            left join lateral (
                select x.status from labels.label_period x where p_known_at is null and x.centre_id = p_centre_id and x.during @> p.first
                union all
                select x.status from labels.periods_known(p_centre_id, p_known_at) x where p_known_at is not null and x.during @> p.first) l on true
        ), work as (
            select coalesce(sum(u.booked), 0) as booked, coalesce(sum(u.bookings), 0) as bookings, coalesce(sum(u.lead), 0) as lead,
                   coalesce(sum(u.checked_in), 0) as checked_in, coalesce(sum(u.cancelled_by_user), 0) as by_user,
                   coalesce(sum(u.cancelled_by_centre), 0) as by_centre, coalesce(sum(u.cancelled_late), 0) as late,
                   coalesce(sum(u.no_shows), 0) as no_shows
            from own u where u.activity <> 'maintenance'
        )
        select jsonb_strip_nulls(jsonb_build_object(
            'unit', 'workstationMinutes',
            'resources', coalesce((
                select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'resourceId', r.id, 'kind', r.kind, 'name', r.name, 'siteId', r.site_id, 'parentId', r.ancestors[1],
                    'capacity', r.capacity))
                    || utilisation.figures_json(row (
                        f.open, f.maintenance, f.booked, f.outside, f.used, f.used_outside, f.overhead, f.lost_late, f.lost_closed,
                        f.lost_no_show, f.lines, f.by_companies)::utilisation.figures)
                    order by r.kind desc, r.name, r.id)
                from resource r join of_resource f on f.id = r.id), '[]'),
            'totals', (
                select jsonb_object_agg(s.name, utilisation.figures_json(row (
                    s.open, s.maintenance, s.booked, s.outside, s.used, s.used_outside, s.overhead, s.lost_late, s.lost_closed, s.lost_no_show,
                    s.lines, s.by_companies)::utilisation.figures)) from summed s),
            'months', (
                select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'from', m.first, 'to', m.after - 1,
                    'bookableMinutes', utilisation.minutes(m.open - m.maintenance), 'bookedMinutes', utilisation.minutes(m.booked),
                    'occupancy', utilisation.share(m.booked, m.open - m.maintenance))) order by m.first)
                from (
                    select min(p.first) as first, max(p.after) as after,
                           coalesce(sum(o.open), 0) as open, coalesce(sum(u.maintenance), 0) + coalesce(sum(o.outage), 0) as maintenance,
                           coalesce(sum(u.booked), 0) as booked
                    from piece p
                    left join (select x.piece, sum(x.open) as open, sum(x.outage) as outage from opened x where not x.is_part group by 1) o
                         on o.piece = p.piece
                    left join (select x.piece, sum(x.booked) filter (where x.is_maintenance) as maintenance,
                                      sum(x.booked) filter (where not x.is_maintenance) as booked
                               from whole x group by 1) u on u.piece = p.piece
                    group by p.month) m),
            'labels', (
                select jsonb_agg(jsonb_build_object('status', l.status, 'bookedMinutes', utilisation.minutes(l.booked)) order by l.status)
                from (select p.status, coalesce(sum(u.booked), 0) as booked
                      from piece p left join whole u on u.piece = p.piece and not u.is_maintenance group by 1) l),
            'organisationKinds', coalesce((
                select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'organisationKind', k.kind, 'bookedMinutes', utilisation.minutes(k.booked),
                    'share', utilisation.share(k.booked, w.booked))) order by k.kind)
                from (select u.organisation_kind as kind, sum(u.booked) as booked from own u where u.activity <> 'maintenance' group by 1) k, work w
                where k.booked > 0), '[]'),
            'activities', coalesce((
                select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'activity', k.activity, 'bookedMinutes', utilisation.minutes(k.booked))) order by k.activity)
                from (select u.activity, sum(u.booked) as booked from own u group by 1) k where k.booked > 0), '[]'),
            'schoolShare', (select utilisation.share(sum(u.booked) filter (where u.organisation_kind = 'school'), sum(u.booked))
                            from own u where u.activity <> 'maintenance'),
            'trainees', jsonb_build_object(
                'hours', (select utilisation.trainee_hours(coalesce(sum(p.attended), 0)) from people p),
                'participations', (select coalesce(sum(p.participations), 0) from people p),
                'byAudience', utilisation.trainees_json(array(select row (p.audience, p.attended, p.participations)::utilisation.trainees from people p), 'audience'),
                'byActivity', utilisation.trainees_json(array(select row (p.activity, p.attended, p.participations)::utilisation.trainees from people p), 'activity'),
                'byProgramme', utilisation.trainees_json(
                    array(select row (p.programme, p.attended, p.participations)::utilisation.trainees from people p where p.programme <> ''), 'programme'),
                'byOrganisationKind', utilisation.trainees_json(
                    array(select row (p.organisation_kind, p.attended, p.participations)::utilisation.trainees from people p), 'organisationKind'),
                'bySector', utilisation.trainees_json(array(
                    select row (s.sector, p.attended, p.participations)::utilisation.trainees
                    from (select o.resource_id, sum(o.attended) as attended, sum(o.participations) as participations
                          from utilisation.people_of(p_centre_id, p_from, p_to, p_known_at, false) o group by 1) p
                    join sector s on s.resource_id = p.resource_id), 'sector')),
            'leadTime', (select jsonb_strip_nulls(jsonb_build_object(
                'bookings', w.bookings, 'meanHours', case when w.bookings > 0 then trim_scale(round(w.lead / w.bookings / 3600, 2)) end)) from work w),
            'cancellations', (
                select jsonb_strip_nulls(jsonb_build_object(
                    'bookings', w.bookings + w.by_user + w.by_centre + w.no_shows, 'byUser', w.by_user, 'byCentre', w.by_centre, 'late', w.late,
                    'noShows', w.no_shows, 'checkedIn', w.checked_in,
                    'rate', utilisation.share(w.by_user + w.by_centre, w.bookings + w.by_user + w.by_centre + w.no_shows))) from work w),
            'turnedAway', (
                select jsonb_build_object(
                    'requests', count(*),
                    'minutes', utilisation.minutes(coalesce(sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))), 0)))
                from utilisation.turned_away(p_centre_id, p_from, p_to, p_known_at) a))));
end
$$;
comment on function utilisation.report(smallint, date, date, timestamptz) is
    'The figures of a centre from a day up to another, which is left out: as they are (null: from totals) or as known at a moment (from the rows). Both ways give the same figures.';

create function utilisation.sums(p_centre_id smallint, p_from date, p_to date) returns utilisation.figures
    language plpgsql stable
as $$
declare
    v_cuts date[] := array[p_from, p_to];
    v_sums utilisation.figures;
begin
    select max(o.open), coalesce(sum(u.booked) filter (where u.activity = 'maintenance'), 0) + coalesce(max(o.outage), 0),
           sum(u.booked) filter (where u.activity <> 'maintenance'), sum(u.outside) filter (where u.activity <> 'maintenance'),
           sum(u.used) filter (where u.activity <> 'maintenance'), sum(u.used_outside) filter (where u.activity <> 'maintenance'),
           sum(u.overhead) filter (where u.activity <> 'maintenance'), sum(u.lost_late) filter (where u.activity <> 'maintenance'),
           sum(u.lost_closed) filter (where u.activity <> 'maintenance'), sum(u.lost_no_show) filter (where u.activity <> 'maintenance'),
           sum(u.bookings) filter (where u.activity <> 'maintenance'),
           sum(u.booked) filter (where u.activity <> 'maintenance'
                                 and (u.organisation_kind = 'company' or u.activity = 'companyProduction'))
    into v_sums
    from (select sum(x.open) as open, sum(x.outage) as outage from utilisation.opened(p_centre_id, v_cuts, null) x where not x.is_part) o
    left join utilisation.use_of(p_centre_id, v_cuts, null, true) u on true;
    return v_sums;
end
$$;
comment on function utilisation.sums(smallint, date, date) is 'The figures of all resources of a centre together.';

create function utilisation.median(p_values numeric[]) returns numeric
    language sql immutable
    return (select trim_scale(round((percentile_cont(0.5) within group (order by v))::numeric, 4)) from unnest(p_values) v);

create function utilisation.network_report(p_from date, p_to date) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with centre as materialized (
        select c.centre_id, c.id, n.name, utilisation.sums(c.centre_id, p_from, p_to) as figures
        from centres.centre c
        join centres.named_centre n on n.centre_id = c.centre_id
        where exists (select from platforms.resource r where r.centre_id = c.centre_id)
    ), figure as (
        select c.*, utilisation.figures_json(c.figures) as json from centre c
    )
    select jsonb_build_object(
        'unit', 'workstationMinutes',
        'centres', coalesce(jsonb_agg(jsonb_build_object('centreId', f.id, 'number', f.centre_id, 'name', f.name) || f.json
                                      order by f.name, f.centre_id), '[]'),
        'totals', utilisation.figures_json(row (
            sum((f.figures).open), sum((f.figures).maintenance), sum((f.figures).booked), sum((f.figures).outside), sum((f.figures).used),
            sum((f.figures).used_outside), sum((f.figures).overhead), sum((f.figures).lost_late), sum((f.figures).lost_closed),
            sum((f.figures).lost_no_show), sum((f.figures).bookings), sum((f.figures).by_companies))::utilisation.figures),
        'medians', jsonb_strip_nulls(jsonb_build_object(
            'availability', utilisation.median(array_agg((f.json ->> 'availability')::numeric)),
            'occupancy', utilisation.median(array_agg((f.json ->> 'occupancy')::numeric)),
            'use', utilisation.median(array_agg((f.json ->> 'use')::numeric)))))
    from figure f
$$;
comment on function utilisation.network_report(date, date) is 'The figures of every centre that has resources, of all together, and the medians of the shares.';

create function utilisation.comparison(p_centre_id smallint, p_from date, p_to date) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'unit', 'workstationMinutes',
        'period', jsonb_build_object('from', p_from, 'to', p_to - 1)
                  || utilisation.figures_json(utilisation.sums(p_centre_id, p_from, p_to)),
        'before', jsonb_build_object('from', p_from - (p_to - p_from), 'to', p_from - 1)
                  || utilisation.figures_json(utilisation.sums(p_centre_id, p_from - (p_to - p_from), p_from)),
        'medians', utilisation.network_report(p_from, p_to) -> 'medians')
$$;
comment on function utilisation.comparison(smallint, date, date) is
    'A period beside the one of the same length before it, and beside the network''s medians.';

create function utilisation.heat_map(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with booked as (
        select h.weekday, h.hour, sum(h.booked) as booked from utilisation.hours_of(p_centre_id, p_from, p_to, p_resource_id) h
        group by 1, 2
    ), calendar as (
        select coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone, sum(r.capacity) as capacity
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = p_centre_id and r.retired_at is null
          and case when p_resource_id is null then r.parent_id is null else r.id = p_resource_id end
        group by 1, 2
    ), opened as (
        select extract(isodow from h.day)::smallint as weekday, e.hour, sum(c.capacity * e.seconds) as open
        from calendar c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= p_from and h.day < p_to
        cross join lateral utilisation.by_hour(tstzmultirange(h.during), c.zone) as b
        cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
        group by 1, 2
    )
    select jsonb_build_object('unit', 'workstationMinutes', 'cells', coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'weekday', weekday, 'hour', hour, 'openMinutes', utilisation.minutes(o.open), 'bookedMinutes', utilisation.minutes(b.booked),
        'share', utilisation.share(b.booked, o.open))) order by weekday, hour), '[]'))
    from opened o full join booked b using (weekday, hour)
    where coalesce(o.open, 0) > 0 or b.booked > 0
$$;
comment on function utilisation.heat_map(smallint, date, date, uuid) is
    'Open and booked time by weekday (1: Monday) and local hour; of one resource, or of a centre. Open: with the capacity of today.';

-- MARK: Rights

grant execute on function centres.open_hours_known(smallint, uuid, daterange, timestamptz) to plateau_functions;


do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'utilisation'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'utilisation'::regnamespace and not p.prosecdef loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
