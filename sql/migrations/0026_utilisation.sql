-- Utilisation: what each booking comes to by local day, totals of it, and what is still to be added to them.
-- lock class: SHARE ROW EXCLUSIVE on bookings.booking, bookings.line, platforms.resource, platforms.platform and centres.open_hours while
-- triggers are added; the rest is new

create schema utilisation;
comment on schema utilisation is 'What each booking comes to by local day, totals, reports, seals.';
grant usage on schema utilisation to plateau_app, plateau_functions;

-- MARK: What a resource was, and when

create table utilisation.resource_version (
    centre_id smallint not null,
    resource_id uuid not null,
    during tstzrange not null,
    name text not null,
    capacity integer not null,
    setup_minutes integer not null,
    cleanup_minutes integer not null,
    ancestors uuid[] not null,
    sectors text[] not null default '{}',
    changed_in xid8 not null default pg_current_xact_id(),
    constraint resource_version_pkey primary key (centre_id, resource_id, during),
    constraint resource_version_no_overlap exclude using gist (centre_id with =, resource_id with =, during with &&)
);
comment on table utilisation.resource_version is
    'A resource as it was during some time: figures of the past do not move when it grows, is renamed or stands elsewhere later. The first version has no beginning, the last no end.';

create function utilisation.keep_resource_version() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_resource platforms.resource;
    v_sectors text[];
    v_last utilisation.resource_version;
begin
    select * into v_resource from platforms.resource r where r.centre_id = new.centre_id and r.id = new.id;
    select coalesce(p.sectors, '{}') into v_sectors from platforms.platform p where p.centre_id = new.centre_id and p.id = new.id;
    v_sectors := coalesce(v_sectors, '{}');
    select * into v_last from utilisation.resource_version v
    where v.centre_id = new.centre_id and v.resource_id = new.id and upper_inf(v.during);
    if not found then
        insert into utilisation.resource_version (
            centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors, sectors)
        values (v_resource.centre_id, v_resource.id, tstzrange(null, null), v_resource.name, v_resource.capacity,
                v_resource.setup_minutes, v_resource.cleanup_minutes, v_resource.ancestors, v_sectors);
        return null;
    end if;
    if (v_last.name, v_last.capacity, v_last.setup_minutes, v_last.cleanup_minutes, v_last.ancestors, v_last.sectors)
        is not distinct from (v_resource.name, v_resource.capacity, v_resource.setup_minutes, v_resource.cleanup_minutes,
                              v_resource.ancestors, v_sectors) then
        return null;
    end if;
    -- What one transaction does in several steps is one change.
    if v_last.changed_in <> pg_current_xact_id() then
        update utilisation.resource_version v set during = tstzrange(lower(v.during), v_now)
        where v.centre_id = new.centre_id and v.resource_id = new.id and v.during = v_last.during;
        insert into utilisation.resource_version (
            centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors, sectors)
        values (v_resource.centre_id, v_resource.id, tstzrange(v_now, null), v_resource.name, v_resource.capacity,
                v_resource.setup_minutes, v_resource.cleanup_minutes, v_resource.ancestors, v_sectors);
    else
        update utilisation.resource_version v
        set name = v_resource.name, capacity = v_resource.capacity, setup_minutes = v_resource.setup_minutes,
            cleanup_minutes = v_resource.cleanup_minutes, ancestors = v_resource.ancestors, sectors = v_sectors
        where v.centre_id = new.centre_id and v.resource_id = new.id and v.during = v_last.during;
    end if;
    -- Use of the whole takes as many seats as there are.
    if v_last.capacity <> v_resource.capacity then
        insert into utilisation.pending (centre_id, booking_id)
        select distinct o.centre_id, o.holder_id from platforms.occupancy o
        where o.centre_id = new.centre_id and o.resource_id = new.id and o.is_exclusive and o.ends > v_now;
    end if;
    return null;
end
$$;
comment on function utilisation.keep_resource_version() is
    'Ends the version of a resource that a change replaced and begins the next; what was booked as a whole is counted anew.';

-- MARK: What a booking comes to

create table utilisation.pending (
    centre_id smallint not null,
    id bigint generated always as identity,
    booking_id uuid not null,
    constraint pending_pkey primary key (centre_id, id)
);
comment on table utilisation.pending is
    'The delta rows: bookings that changed, written in the transaction of the change, and that the totals of a centre do not hold yet as they are now. A read adds what they come to now and takes off what they came to before.';

create table utilisation.former (
    centre_id smallint not null,
    booking_id uuid not null,
    line_number smallint not null,
    until timestamptz not null,
    image jsonb not null,
    constraint former_pkey primary key (centre_id, booking_id, line_number, until)
);
comment on table utilisation.former is
    'Lines (0: the booking itself) as they were until a change replaced them, so that a report as known at a moment can be made again. Rows are only added.';

create table utilisation.fact (
    centre_id smallint not null,
    booking_id uuid not null,
    line_number smallint not null,
    resource_id uuid not null,
    day date not null,
    is_own boolean not null,
    organisation_id uuid not null,
    organisation_kind text not null,
    activity text not null,
    programme text not null,
    booked bigint not null,
    outside bigint not null,
    used bigint not null,
    used_outside bigint not null,
    overhead bigint not null,
    lost_late bigint not null,
    lost_closed bigint not null,
    lost_no_show bigint not null,
    lines integer not null,
    bookings integer not null,
    lead bigint not null,
    checked_in integer not null,
    cancelled_by_user integer not null,
    cancelled_by_centre integer not null,
    cancelled_late integer not null,
    no_shows integer not null,
    audiences text[] not null,
    heads integer[] not null,
    attended bigint not null,
    participates boolean not null,
    hours smallint[] not null,
    hour_booked integer[] not null,
    constraint fact_pkey primary key (centre_id, booking_id, line_number, resource_id, day)
);
create index fact_by_resource on utilisation.fact (centre_id, resource_id, day);
create index fact_by_day on utilisation.fact (centre_id, day);
comment on table utilisation.fact is
    'What the totals hold of each line of a booking, by local day, at its resource (is_own) and at each of its ancestors. Times are workstation-seconds; attended is seconds for each head, time that several lines of one booking share counted once.';

create table utilisation.total (
    centre_id smallint not null,
    grain text not null,
    starts date not null,
    resource_id uuid not null,
    is_own boolean not null,
    organisation_kind text not null,
    activity text not null,
    booked bigint not null,
    outside bigint not null,
    used bigint not null,
    used_outside bigint not null,
    overhead bigint not null,
    lost_late bigint not null,
    lost_closed bigint not null,
    lost_no_show bigint not null,
    lines bigint not null,
    bookings bigint not null,
    lead bigint not null,
    checked_in bigint not null,
    cancelled_by_user bigint not null,
    cancelled_by_centre bigint not null,
    cancelled_late bigint not null,
    no_shows bigint not null,
    constraint total_pkey primary key (centre_id, grain, starts, resource_id, is_own, organisation_kind, activity),
    constraint total_grain_known check (grain in ('day', 'month', 'year'))
);
comment on table utilisation.total is
    'Sums of utilisation.fact by resource, day, month and year, kind of organisation and activity. is_own: of lines of the resource itself, which add up over resources; otherwise of what stands in it. utilisation.whole() in place of a resource: all of the centre.';

create table utilisation.people_total (
    centre_id smallint not null,
    grain text not null,
    starts date not null,
    resource_id uuid not null,
    audience text not null,
    organisation_kind text not null,
    activity text not null,
    programme text not null,
    attended bigint not null,
    participations bigint not null,
    constraint people_total_pkey primary key (
        centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme)
);
comment on table utilisation.people_total is
    'Trainee-seconds and participations (heads of a booking, not persons) by audience, kind of organisation, activity and programme.';

create table utilisation.hour_total (
    centre_id smallint not null,
    grain text not null,
    starts date not null,
    resource_id uuid not null,
    is_own boolean not null,
    weekday smallint not null,
    hour smallint not null,
    booked bigint not null,
    constraint hour_total_pkey primary key (centre_id, grain, starts, resource_id, is_own, weekday, hour)
);
comment on table utilisation.hour_total is 'Workstation-seconds booked by weekday (1: Monday) and local hour. An hour that happens twice holds both.';

create function utilisation.late_notice() returns integer
    language sql immutable parallel safe
    return 5;
comment on function utilisation.late_notice() is 'Working days: what is given back with less notice counts as lost.';

create function utilisation.working_days(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz) returns integer
    language sql stable
as $$
    select count(*)::integer
    from generate_series(p_from, p_to - 1, interval '1 day') as d (day)
    where extract(isodow from d.day) < 6
      and not exists (select from centres.closed_day c
                      where c.centre_id = p_centre_id and c.day = d.day::date and c.recorded_at <= p_known_at)
$$;
comment on function utilisation.working_days(smallint, date, date, timestamptz) is
    'Working days from a day up to another, which is left out: Monday to Friday, less the days on which a centre is closed as known then.';

create function utilisation.seconds(p_time tstzmultirange) returns bigint
    language sql immutable parallel safe
    return (select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0)::bigint from unnest(p_time) r);

create function utilisation.hours_on(p_centre_id smallint, p_calendar_id uuid, p_day date, p_known_at timestamptz) returns tstzmultirange
    language plpgsql stable
as $$
begin
    if p_known_at is null then
        return (select coalesce(range_agg(h.during), '{}') from centres.open_hours h
                where h.centre_id = p_centre_id and h.calendar_id = p_calendar_id and h.day = p_day);
    end if;
    return (select coalesce(range_agg(h.during), '{}')
            from centres.open_hours_known(p_centre_id, p_calendar_id, daterange(p_day, p_day + 1), p_known_at) h);
end
$$;
comment on function utilisation.hours_on(smallint, uuid, date, timestamptz) is 'When a calendar is open on a day, as known at a moment (null: now).';

create function utilisation.by_hour(p_time tstzmultirange, p_zone text, out hours smallint[], out seconds integer[])
    language sql stable
as $$
    select coalesce(array_agg(s.hour order by s.hour), '{}'), coalesce(array_agg(s.seconds order by s.hour), '{}')
    from (
        select extract(hour from h.at at time zone p_zone)::smallint as hour,
               sum(extract(epoch from least(upper(r), h.at + interval '1 hour') - greatest(lower(r), h.at)))::integer as seconds
        from unnest(p_time) as r
        cross join lateral generate_series(
            lower(r) - ((lower(r) at time zone p_zone) - date_trunc('hour', lower(r) at time zone p_zone)),
            upper(r) - interval '1 microsecond', interval '1 hour') as h (at)
        group by 1) s
$$;
comment on function utilisation.by_hour(tstzmultirange, text) is 'Seconds of some time by local hour of the day.';

create function utilisation.bookings_known(p_bookings uuid[], p_known_at timestamptz) returns setof bookings.booking
    language plpgsql stable
as $$
begin
    if p_known_at is null then
        return query select b.* from unnest(p_bookings) as x (id)
                     join bookings.booking b on b.centre_id = plateau.centre_of(x.id) and b.id = x.id;
        return;
    end if;
    return query
    select (jsonb_populate_record(null::bookings.booking, coalesce(
               (select f.image from utilisation.former f
                where f.centre_id = b.centre_id and f.booking_id = b.id and f.line_number = 0 and f.until > p_known_at
                order by f.until limit 1), to_jsonb(b))
           || jsonb_build_object('state', (
               select t.to_state from bookings.transition t
               where t.centre_id = b.centre_id and t.booking_id = b.id and t.at <= p_known_at
               order by t.version desc limit 1)))).*
    from unnest(p_bookings) as x (id)
    join bookings.booking b on b.centre_id = plateau.centre_of(x.id) and b.id = x.id
    where b.created_at <= p_known_at;
end
$$;
comment on function utilisation.bookings_known(uuid[], timestamptz) is 'Bookings as they were known at a moment; null: as they are.';

create function utilisation.lines_known(p_bookings uuid[], p_known_at timestamptz) returns setof bookings.line
    language plpgsql stable
as $$
begin
    if p_known_at is null then
        return query select l.* from unnest(p_bookings) as x (id)
                     join bookings.line l on l.centre_id = plateau.centre_of(x.id) and l.booking_id = x.id;
        return;
    end if;
    return query
    select l.* from unnest(p_bookings) as x (id)
    join bookings.line l on l.centre_id = plateau.centre_of(x.id) and l.booking_id = x.id
    where not exists (select from utilisation.former f
                      where f.centre_id = l.centre_id and f.booking_id = l.booking_id and f.line_number = l.number and f.until > p_known_at)
    union all
    select (jsonb_populate_record(null::bookings.line, f.image)).*
    from unnest(p_bookings) as x (id)
    cross join lateral (
        select distinct on (o.line_number) o.image from utilisation.former o
        where o.centre_id = plateau.centre_of(x.id) and o.booking_id = x.id and o.line_number > 0 and o.until > p_known_at
        order by o.line_number, o.until) f;
end
$$;
comment on function utilisation.lines_known(uuid[], timestamptz) is 'Lines of bookings as they were known at a moment; null: as they are.';

create function utilisation.facts_of(p_centre_id smallint, p_bookings uuid[], p_known_at timestamptz) returns setof utilisation.fact
    language plpgsql stable
as $$
begin
    return query
    with booking as materialized (
        select b.centre_id, b.id, b.organisation_id, o.kind as organisation_kind, b.activity, coalesce(b.programme, '') as programme,
               b.state, b.audiences, b.head_counts, b.created_at, t.left_at, t.in_at, t.out_at,
               b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse', 'completed') as is_booked
        from utilisation.bookings_known(p_bookings, p_known_at) b
        join access.organisation o on o.id = b.organisation_id
        cross join lateral (
            select max(x.at) filter (where x.to_state = b.state) as left_at, min(x.at) filter (where x.to_state = 'inUse') as in_at,
                   max(x.at) filter (where x.to_state = 'completed') as out_at
            from bookings.transition x
            where x.centre_id = b.centre_id and x.booking_id = b.id and (p_known_at is null or x.at <= p_known_at)) t
    ), line as materialized (
        select b.id, b.organisation_id, b.organisation_kind, b.activity, b.programme, b.state, b.is_booked, b.audiences, b.head_counts,
               b.created_at, l.number, l.resource_id, l.starts, l.ends, l.seats, l.is_exclusive, s.zone,
               row_number() over first = 1 as is_first,
               coalesce(range_agg(tstzrange(l.starts, l.ends)) over (first rows between unbounded preceding and 1 preceding), '{}') as shared,
               case when b.out_at > b.in_at then tstzrange(b.in_at, b.out_at) end as use,
               b.state in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork')
               and utilisation.working_days(p_centre_id, plateau.local_day(b.left_at, s.zone), plateau.local_day(l.starts, s.zone), b.left_at)
                   < utilisation.late_notice() as is_late,
               b.left_at
        from booking b
        join utilisation.lines_known(p_bookings, p_known_at) l on l.booking_id = b.id
        join platforms.resource r on r.centre_id = p_centre_id and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        window first as (partition by b.id order by l.number)
    ), version as materialized (
        select l.*, v.during as valid, v.capacity, v.ancestors, c.setup, c.cleanup
        from line l
        join utilisation.resource_version v on v.centre_id = p_centre_id and v.resource_id = l.resource_id
             and (p_known_at is null or lower_inf(v.during) or lower(v.during) <= p_known_at)
        -- Buffers are those of the moment of booking.
        join lateral (select make_interval(mins => w.setup_minutes) as setup, make_interval(mins => w.cleanup_minutes) as cleanup
                      from utilisation.resource_version w
                      where w.centre_id = p_centre_id and w.resource_id = l.resource_id and w.during @> l.created_at) c on true
    ), piece as materialized (
        select v.*, d.day::date as day, p.span,
               tstzrange(v.starts, v.ends) * p.span as taken, v.use * p.span as present,
               tstzrange(v.starts - v.setup, v.ends + v.cleanup) * p.span as kept,
               case when v.is_exclusive then v.capacity else v.seats end as places
        from version v
        cross join lateral generate_series(
            plateau.local_day(least(v.starts - v.setup, lower(v.use)), v.zone),
            plateau.local_day(greatest(v.ends + v.cleanup, upper(v.use)) - interval '1 microsecond', v.zone), interval '1 day') as d (day)
        cross join lateral (
            -- As known then, what is the last version now had no end.
            select tstzrange(plateau.instant_of(d.day::date::timestamp, v.zone), plateau.instant_of((d.day::date + 1)::timestamp, v.zone))
                   * case when upper(v.valid) > p_known_at then tstzrange(lower(v.valid), null) else v.valid end as span) p
        where not isempty(p.span)
    ), node as materialized (
        select p.*, n.id as node_id, n.id = p.resource_id as is_own, coalesce(r.calendar_id, r.site_id) as calendar_id
        from piece p
        cross join lateral unnest(p.resource_id || p.ancestors) as n (id)
        join platforms.resource r on r.centre_id = p_centre_id and r.id = n.id
    ), opening as materialized (
        -- Once for all that fall on a day: they are what costs most.
        select d.calendar_id, d.day, utilisation.hours_on(p_centre_id, d.calendar_id, d.day, p_known_at) as open
        from (select distinct n.calendar_id, n.day from node n) d
    ), measured as materialized (
        select n.*, multirange(n.taken) * n.open as inside,
               n.places * extract(epoch from coalesce(upper(n.taken) - lower(n.taken), interval '0'))::bigint as taken_seconds,
               n.places * extract(epoch from coalesce(upper(n.kept) - lower(n.kept), interval '0'))::bigint as kept_seconds,
               n.places * utilisation.seconds(multirange(n.taken) * n.open) as inside_seconds,
               n.places * coalesce(extract(epoch from upper(n.present) - lower(n.present)), 0)::bigint as used_seconds,
               n.places * utilisation.seconds(multirange(n.present) * n.open) as used_inside
        from (select x.*, o.open from node x join opening o using (calendar_id, day)) n
    ), hourly as (
        select w.id, w.number, w.node_id, w.day, array_agg(w.hour order by w.hour) as hours,
               array_agg(w.booked order by w.hour)::integer[] as booked
        from (
            select m.id, m.number, m.node_id, m.day, e.hour, sum(m.places * e.seconds) as booked
            from measured m
            cross join lateral utilisation.by_hour(m.inside, m.zone) as b
            cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
            where m.is_booked and m.activity <> 'maintenance'
            group by 1, 2, 3, 4, 5) w
        group by 1, 2, 3, 4
    )
    select p_centre_id, m.id, m.number, m.node_id, m.day, m.is_own, m.organisation_id, m.organisation_kind, m.activity, m.programme,
           sum(case when m.is_booked then m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_booked then m.taken_seconds - m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_booked then coalesce(m.used_inside, 0) else 0 end)::bigint,
           sum(case when m.is_booked then coalesce(m.used_seconds - m.used_inside, 0) else 0 end)::bigint,
           sum(case when m.is_booked then m.kept_seconds - m.taken_seconds else 0 end)::bigint,
           sum(case when m.is_late and m.state = 'cancelledByUser' then m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_late and m.state <> 'cancelledByUser' then m.inside_seconds else 0 end)::bigint,
           sum(case when m.state = 'noShow' then m.inside_seconds else 0 end)::bigint,
           bool_or(m.is_booked and m.span @> m.starts)::integer,
           bool_or(m.is_booked and m.is_own and m.is_first and m.span @> m.starts)::integer,
           max(case when m.is_booked and m.is_own and m.is_first and m.span @> m.starts
                    then extract(epoch from m.starts - m.created_at)::bigint else 0 end),
           bool_or(m.is_booked and m.use is not null and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state = 'cancelledByUser' and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state in ('cancelledByCentre', 'cancelledByNetwork') and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.is_late and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state = 'noShow' and m.is_own and m.is_first and m.span @> m.starts)::integer,
           case when m.is_own then m.audiences else '{}' end, case when m.is_own then m.head_counts else '{}' end,
           sum(case when m.is_booked and m.is_own and m.activity <> 'maintenance'
                    then utilisation.seconds(multirange(m.taken) - m.shared) else 0 end)::bigint,
           bool_or(m.is_booked and m.is_own and m.is_first and m.span @> m.starts and m.activity <> 'maintenance'),
           coalesce(h.hours, '{}'), coalesce(h.booked, '{}')
    from measured m
    left join hourly h using (id, number, node_id, day)
    group by m.id, m.number, m.node_id, m.day, m.is_own, m.organisation_id, m.organisation_kind, m.activity, m.programme, m.audiences,
             m.head_counts, h.hours, h.booked
    order by m.id, m.number, m.node_id, m.day;
end
$$;
comment on function utilisation.facts_of(smallint, uuid[], timestamptz) is
    'What bookings come to at a centre, from their rows, as known at a moment (null: now): the one definition of booked, outside, used, overhead and lost. Booked: lines that take or took room, inside opening hours. Used: from check-in to check-out, once both are known. Lost: given back with less than utilisation.late_notice() working days, by whom booked (late) or by the centre or the network (closed), or never come for (no-show).';

-- MARK: Marking what changed

create function utilisation.mark_booking() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        if cardinality(new.centres) = 1 then
            insert into utilisation.pending (centre_id, booking_id) values (new.centres[1], new.id);
        else
            insert into utilisation.pending (centre_id, booking_id) select c, new.id from unnest(new.centres) c;
        end if;
        return null;
    end if;
    insert into utilisation.pending (centre_id, booking_id)
    select c.centre_id, new.id from (select unnest(old.centres) union select unnest(new.centres)) as c (centre_id);
    if (old.organisation_id, old.centres, old.activity, old.audiences, old.head_counts, old.programme, old.starts, old.ends)
        is distinct from
       (new.organisation_id, new.centres, new.activity, new.audiences, new.head_counts, new.programme, new.starts, new.ends) then
        insert into utilisation.former (centre_id, booking_id, line_number, until, image)
        values (old.centre_id, old.id, 0, plateau.clock(), to_jsonb(old));
    end if;
    return null;
end
$$;
comment on function utilisation.mark_booking() is
    'Says in the transaction of a booking that the totals of its centres do not hold it as it is now; keeps what a change replaced.';

create function utilisation.mark_line() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into utilisation.former (centre_id, booking_id, line_number, until, image)
    values (old.centre_id, old.booking_id, old.number, plateau.clock(), to_jsonb(old));
    insert into utilisation.pending (centre_id, booking_id) values (plateau.centre_of(old.resource_id), old.booking_id);
    if tg_op = 'UPDATE' and new.resource_id <> old.resource_id then
        insert into utilisation.pending (centre_id, booking_id) values (plateau.centre_of(new.resource_id), new.booking_id);
    end if;
    return null;
end
$$;
comment on function utilisation.mark_line() is 'The same for a line that changes or goes. A line that is added comes with a change of its booking.';

create function utilisation.mark_hours() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_hours centres.open_hours;
begin
    if tg_op = 'DELETE' then
        v_hours := old;
    else
        v_hours := new;
    end if;
    insert into utilisation.pending (centre_id, booking_id)
    select distinct f.centre_id, f.booking_id
    from platforms.resource r
    join utilisation.fact f on f.centre_id = r.centre_id and f.resource_id = r.id and f.day = v_hours.day
    where r.centre_id = v_hours.centre_id and coalesce(r.calendar_id, r.site_id) = v_hours.calendar_id;
    return null;
end
$$;
comment on function utilisation.mark_hours() is 'Counts anew what was booked on days whose opening hours change: what was inside may be outside.';

create function utilisation.mark_transition() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into utilisation.pending (centre_id, booking_id)
    select c, b.id from bookings.booking b, unnest(b.centres) c where b.centre_id = new.centre_id and b.id = new.booking_id;
    return null;
end
$$;
comment on function utilisation.mark_transition() is
    'A check-in or check-out is recorded by a transition, maybe without another change of the booking.';

create trigger resource_version_kept after insert or update on platforms.resource
    for each row execute function utilisation.keep_resource_version();
create trigger platform_version_kept after insert or update of sectors on platforms.platform
    for each row execute function utilisation.keep_resource_version();
create trigger booking_counted after insert or update on bookings.booking
    for each row execute function utilisation.mark_booking();
create trigger line_counted after update or delete on bookings.line
    for each row execute function utilisation.mark_line();
create trigger transition_counted after insert on bookings.transition
    for each row when (new.to_state in ('inUse', 'completed')) execute function utilisation.mark_transition();
create trigger hours_counted after insert or delete on centres.open_hours
    for each row execute function utilisation.mark_hours();

-- MARK: Folding

create function utilisation.whole() returns uuid
    language sql immutable parallel safe
    return '00000000-0000-0000-0000-000000000000'::uuid;
comment on function utilisation.whole() is 'Stands in totals for all resources of a centre together.';

create function utilisation.grains(p_day date) returns table (grain text, starts date)
    language sql immutable
as $$
    values ('day', p_day), ('month', date_trunc('month', p_day)::date), ('year', date_trunc('year', p_day)::date)
$$;

create function utilisation.places(p_resource_id uuid, p_is_own boolean) returns table (resource_id uuid, is_own boolean)
    language sql immutable
as $$
    select p_resource_id, p_is_own union all select utilisation.whole(), true where p_is_own
$$;
comment on function utilisation.places(uuid, boolean) is 'Where a fact enters totals: at its resource, and once in those of the centre.';

create function utilisation.apply(p_sign integer, p_facts utilisation.fact[]) returns void
    language plpgsql volatile
as $$
begin
    insert into utilisation.total as t (
        centre_id, grain, starts, resource_id, is_own, organisation_kind, activity, booked, outside, used, used_outside, overhead, lost_late,
        lost_closed, lost_no_show, lines, bookings, lead, checked_in, cancelled_by_user, cancelled_by_centre, cancelled_late, no_shows)
    select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, f.organisation_kind, f.activity, p_sign * sum(f.booked),
           p_sign * sum(f.outside), p_sign * sum(f.used), p_sign * sum(f.used_outside), p_sign * sum(f.overhead), p_sign * sum(f.lost_late),
           p_sign * sum(f.lost_closed), p_sign * sum(f.lost_no_show), p_sign * sum(f.lines), p_sign * sum(f.bookings),
           p_sign * sum(f.lead), p_sign * sum(f.checked_in), p_sign * sum(f.cancelled_by_user), p_sign * sum(f.cancelled_by_centre),
           p_sign * sum(f.cancelled_late), p_sign * sum(f.no_shows)
    from unnest(p_facts) f
    cross join lateral utilisation.grains(f.day) as g
    cross join lateral utilisation.places(f.resource_id, f.is_own) as n
    group by 1, 2, 3, 4, 5, 6, 7
    order by 1, 2, 3, 4, 5, 6, 7
    on conflict on constraint total_pkey do update
        set booked = t.booked + excluded.booked, outside = t.outside + excluded.outside, used = t.used + excluded.used,
            used_outside = t.used_outside + excluded.used_outside, overhead = t.overhead + excluded.overhead,
            lost_late = t.lost_late + excluded.lost_late, lost_closed = t.lost_closed + excluded.lost_closed,
            lost_no_show = t.lost_no_show + excluded.lost_no_show, lines = t.lines + excluded.lines,
            bookings = t.bookings + excluded.bookings, lead = t.lead + excluded.lead, checked_in = t.checked_in + excluded.checked_in,
            cancelled_by_user = t.cancelled_by_user + excluded.cancelled_by_user,
            cancelled_by_centre = t.cancelled_by_centre + excluded.cancelled_by_centre,
            cancelled_late = t.cancelled_late + excluded.cancelled_late, no_shows = t.no_shows + excluded.no_shows;
    insert into utilisation.people_total as t (
        centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme, attended, participations)
    select f.centre_id, g.grain, g.starts, n.resource_id, a.audience, f.organisation_kind, f.activity, f.programme,
           p_sign * sum(f.attended * a.heads), p_sign * sum(case when f.participates then a.heads else 0 end)
    from unnest(p_facts) f
    cross join lateral unnest(f.audiences, f.heads) as a (audience, heads)
    cross join lateral utilisation.places(f.resource_id, f.is_own) as n
    cross join lateral utilisation.grains(f.day) as g
    where f.attended > 0 or f.participates
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict on constraint people_total_pkey do update
        set attended = t.attended + excluded.attended, participations = t.participations + excluded.participations;
    insert into utilisation.hour_total as t (centre_id, grain, starts, resource_id, is_own, weekday, hour, booked)
    select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, extract(isodow from f.day)::smallint, h.hour, p_sign * sum(h.booked)
    from unnest(p_facts) f
    cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
    cross join lateral utilisation.grains(f.day) as g
    cross join lateral utilisation.places(f.resource_id, f.is_own) as n
    group by 1, 2, 3, 4, 5, 6, 7
    order by 1, 2, 3, 4, 5, 6, 7
    on conflict on constraint hour_total_pkey do update set booked = t.booked + excluded.booked;
end
$$;
comment on function utilisation.apply(integer, utilisation.fact[]) is 'Adds facts to the totals, or takes them off (sign -1).';

-- A plan for any number of bookings takes three times as long as one for those there are.
create function utilisation.last_mark() returns bigint
    language sql stable security definer set search_path = pg_catalog, pg_temp
    return (select s.last_value from utilisation.pending_id_seq s);
comment on function utilisation.last_mark() is 'The latest mark: a turn of folding ends there, whatever is marked meanwhile.';

create function utilisation.fold(p_limit integer, p_until bigint default null) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    v_centre_id smallint;
    v_ids bigint[];
    v_bookings uuid[];
    v_facts utilisation.fact[];
begin
    -- One worker a centre, so that nothing is taken off twice; another instance takes the next centre.
    for v_centre_id in
        with recursive waiting as (
            (select p.centre_id from utilisation.pending p order by p.centre_id limit 1)
            union all
            select (select p.centre_id from utilisation.pending p where p.centre_id > w.centre_id order by p.centre_id limit 1)
            from waiting w where w.centre_id is not null)
        select w.centre_id from waiting w where w.centre_id is not null
    loop
        continue when not pg_try_advisory_xact_lock(46, v_centre_id);
        select array_agg(p.id), array_agg(distinct p.booking_id) into v_ids, v_bookings
        from (select x.id, x.booking_id from utilisation.pending x
              where x.centre_id = v_centre_id and (p_until is null or x.id <= p_until) order by x.id limit p_limit) p;
        continue when v_ids is null;
        -- Rows marked after this moment stay marked, whatever of them is read below.
        delete from utilisation.pending p where p.centre_id = v_centre_id and p.id = any (v_ids);
        v_facts := array(select f from utilisation.fact f where f.centre_id = v_centre_id and f.booking_id = any (v_bookings));
        if cardinality(v_facts) > 0 then
            perform utilisation.apply(-1, v_facts);
            delete from utilisation.fact f where f.centre_id = v_centre_id and f.booking_id = any (v_bookings);
        end if;
        v_facts := array(select f from utilisation.facts_of(v_centre_id, v_bookings, null) f);
        insert into utilisation.fact select f.* from unnest(v_facts) f;
        perform utilisation.apply(1, v_facts);
        return cardinality(v_ids);
    end loop;
    return 0;
end
$$;
comment on function utilisation.fold(integer, bigint) is
    'Brings the totals of one centre up to date with at most so many of its changed bookings, marked no later than the given mark (null: any). How many marks it settled; 0: nothing to do, or another is at it.';

-- MARK: Proof

create function utilisation.differences(p_centre_id smallint, p_limit integer)
    returns table (place text, row_key text, held text, recomputed text)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    -- Against the rows: every booking that nobody has marked.
    return query
    with recomputed as (
        select f.*
        from utilisation.facts_of(p_centre_id, array(
            select b.id from bookings.booking b
            where (b.centre_id = p_centre_id or cardinality(b.centres) > 1) and b.centres @> array[p_centre_id]
              and not exists (select from utilisation.pending p where p.centre_id = p_centre_id and p.booking_id = b.id)), null) f
    ), held as (
        select f.* from utilisation.fact f
        where f.centre_id = p_centre_id
          and not exists (select from utilisation.pending p where p.centre_id = f.centre_id and p.booking_id = f.booking_id)
    )
    select 'utilisation.fact',
           format('booking %s, line %s, resource %s, day %s', coalesce(h.booking_id, r.booking_id), coalesce(h.line_number, r.line_number),
                  coalesce(h.resource_id, r.resource_id), coalesce(h.day, r.day)),
           h::text, r::text
    from held h
    full join recomputed r on r.booking_id = h.booking_id and r.line_number = h.line_number
         and r.resource_id = h.resource_id and r.day = h.day
    where h is distinct from r
    order by 2 limit p_limit;
    -- Against the facts: every total.
    return query
    with summed as (
        select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, f.organisation_kind, f.activity,
               array[sum(f.booked), sum(f.outside), sum(f.used), sum(f.used_outside), sum(f.overhead), sum(f.lost_late), sum(f.lost_closed),
                     sum(f.lost_no_show), sum(f.lines), sum(f.bookings), sum(f.lead), sum(f.checked_in), sum(f.cancelled_by_user),
                     sum(f.cancelled_by_centre), sum(f.cancelled_late), sum(f.no_shows)]::bigint[] as figures
        from utilisation.fact f
        cross join lateral utilisation.grains(f.day) as g
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        where f.centre_id = p_centre_id
        group by 1, 2, 3, 4, 5, 6, 7
    ), held as (
        select t.centre_id, t.grain, t.starts, t.resource_id, t.is_own, t.organisation_kind, t.activity,
               array[t.booked, t.outside, t.used, t.used_outside, t.overhead, t.lost_late, t.lost_closed, t.lost_no_show, t.lines, t.bookings,
                     t.lead, t.checked_in, t.cancelled_by_user, t.cancelled_by_centre, t.cancelled_late, t.no_shows] as figures
        from utilisation.total t
        where t.centre_id = p_centre_id
    )
    select 'utilisation.total',
           format('%s %s, resource %s, own %s, %s, %s', d.grain, d.starts, d.resource_id, d.is_own, d.organisation_kind, d.activity),
           h.figures::text, s.figures::text
    from held h
    full join summed s using (centre_id, grain, starts, resource_id, is_own, organisation_kind, activity)
    cross join lateral (select coalesce(h.centre_id, s.centre_id) as centre_id, grain, starts, resource_id, is_own, organisation_kind, activity) d
    where coalesce(h.figures, array_fill(0::bigint, array[16])) <> coalesce(s.figures, array_fill(0::bigint, array[16]))
    order by 2 limit p_limit;
    return query
    with summed as (
        select f.centre_id, g.grain, g.starts, n.resource_id, a.audience, f.organisation_kind, f.activity, f.programme,
               sum(f.attended * a.heads)::bigint as attended,
               sum(case when f.participates then a.heads else 0 end)::bigint as participations
        from utilisation.fact f
        cross join lateral unnest(f.audiences, f.heads) as a (audience, heads)
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        cross join lateral utilisation.grains(f.day) as g
        where f.centre_id = p_centre_id and (f.attended > 0 or f.participates)
        group by 1, 2, 3, 4, 5, 6, 7, 8
    )
    select 'utilisation.people_total',
           format('%s %s, resource %s, %s, %s, %s, %s', grain, starts, resource_id, audience, organisation_kind, activity, programme),
           format('%s, %s', t.attended, t.participations), format('%s, %s', s.attended, s.participations)
    from (select p.* from utilisation.people_total p where p.centre_id = p_centre_id) t
    full join summed s using (centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme)
    where (coalesce(t.attended, 0), coalesce(t.participations, 0)) <> (coalesce(s.attended, 0), coalesce(s.participations, 0))
    order by 2 limit p_limit;
    return query
    with summed as (
        select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, extract(isodow from f.day)::smallint as weekday, h.hour,
               sum(h.booked)::bigint as booked
        from utilisation.fact f
        cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
        cross join lateral utilisation.grains(f.day) as g
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        where f.centre_id = p_centre_id
        group by 1, 2, 3, 4, 5, 6, 7
    )
    select 'utilisation.hour_total',
           format('%s %s, resource %s, own %s, weekday %s, hour %s', grain, starts, resource_id, is_own, weekday, hour),
           t.booked::text, s.booked::text
    from (select h.* from utilisation.hour_total h where h.centre_id = p_centre_id) t
    full join summed s using (centre_id, grain, starts, resource_id, is_own, weekday, hour)
    where coalesce(t.booked, 0) <> coalesce(s.booked, 0)
    order by 2 limit p_limit;
end
$$;
comment on function utilisation.differences(smallint, integer) is
    'Rows of a centre in which what is held differs from what the bookings come to, at most so many of each table. Repairs nothing.';

-- MARK: What is there already

insert into utilisation.resource_version (centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors, sectors)
select r.centre_id, r.id, tstzrange(null, null), r.name, r.capacity, r.setup_minutes, r.cleanup_minutes, r.ancestors,
       coalesce(p.sectors, '{}')
from platforms.resource r
left join platforms.platform p on p.centre_id = r.centre_id and p.id = r.id;
insert into utilisation.pending (centre_id, booking_id) select c, b.id from bookings.booking b, unnest(b.centres) c;

-- MARK: Rights

do $$
declare
    t regclass;
    f regprocedure;
begin
    for t in select c.oid::regclass from pg_class c where c.relnamespace = 'utilisation'::regnamespace and c.relkind = 'r' loop
        execute format('alter table %s enable row level security', t);
        execute format('alter table %s force row level security', t);
        execute format('create policy %s on %s to plateau_functions using (true) with check (true)',
                       split_part(t::text, '.', 2) || '_functions', t);
        execute format('grant select, insert, update, delete on %s to plateau_functions', t);
    end loop;
    revoke update, delete on utilisation.former from plateau_functions;
    grant select on sequence utilisation.pending_id_seq to plateau_functions;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'utilisation'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'utilisation'::regnamespace and not p.prosecdef loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
