-- Use, attendance, arrivals and downtime as they were: what a line was used is read of its own row, never of transitions of the booking; who
-- came stands beside who was expected; how late people arrive; faults apart from what was planned.
-- lock class: ACCESS EXCLUSIVE until the end on bookings.use, utilisation.fact, total, people_total and sealed_report (columns with constant
-- defaults, no rewrite) and on bookings.transition and bookings.attendance (triggers), SHARE on bookings.booking (an index): each use that
-- has ended is written once and each booking that was used is marked, seconds for a hundred thousand. Until these marks are folded, reports
-- count them one by one.

-- MARK: When a use ends

create index booking_in_use on bookings.booking (ends) where state = 'inUse';
alter table bookings.use add column closed_at timestamptz;
-- What nobody checked out of ended when the sweep said so.
update bookings.use u
set closed_at = coalesce(case when u.checked_out_by is null then (
        select min(t.at) from bookings.transition t
        where t.centre_id = u.centre_id and t.booking_id = u.booking_id and t.reason = 'checkOutForgotten') end, u.checked_out_at)
where u.checked_out_at is not null;
-- Who checked out of everything late, or of one line days after another, closed lines that had long ended at that moment.
update bookings.use u
set checked_out_at = greatest(l.ends, u.checked_in_at), checked_out_by = null
from bookings.line l
cross join bookings.policy p
where l.centre_id = u.centre_id and l.booking_id = u.booking_id and l.number = u.line_number
  and l.ends <= u.checked_out_at - make_interval(mins => p.forgotten_check_out_minutes);
alter table bookings.use add constraint use_closed_is_whole check ((checked_out_at is null) = (closed_at is null));
create trigger use_closed_for_good before update on bookings.use
    for each row when (old.closed_at is not null) execute function plateau.refuse_removal();
comment on table bookings.use is
    'When a line was really used. closed_at: when it was recorded that the use had ended. checked_out_by null with a time: nobody checked out while it was time, the end of the line counts. What is closed never changes.';

create function bookings.close_use(
    p_booking bookings.booking, p_lines smallint[], p_key uuid, p_now timestamptz) returns boolean
    language plpgsql volatile
as $$
begin
    update bookings.use u
    set checked_out_at = case when f.is_forgotten then greatest(l.ends, u.checked_in_at) else p_now end,
        checked_out_by = case when not f.is_forgotten then p_key end, closed_at = p_now
    from bookings.line l
    cross join bookings.policy p
    cross join lateral (
        select p_key is null or l.ends <= p_now - make_interval(mins => p.forgotten_check_out_minutes) as is_forgotten) f
    where u.centre_id = p_booking.centre_id and u.booking_id = p_booking.id and u.line_number = any (p_lines) and u.checked_out_at is null
      and l.centre_id = u.centre_id and l.booking_id = u.booking_id and l.number = u.line_number;
    return found;
end
$$;
comment on function bookings.close_use(bookings.booking, smallint[], uuid, timestamptz) is
    'Ends the use of those of some lines that are in use: now, or, where nobody (key null) or only somebody late checks out, at the end of the line. Whether there was one.';

create function bookings.goes_on(p_booking bookings.booking, p_left smallint[], p_now timestamptz) returns boolean
    language plpgsql stable
as $$
begin
    return exists (
        select from bookings.line l
        left join bookings.use u on u.centre_id = l.centre_id and u.booking_id = l.booking_id and u.line_number = l.number
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and l.number <> all (p_left) and u.checked_out_at is null
          and (l.ends > p_now or u.checked_in_at is not null));
end
$$;
comment on function bookings.goes_on(bookings.booking, smallint[], timestamptz) is
    'Whether a line is in use or still to come, those left out that are being given back.';

create or replace function bookings.check_out(
    p_booking uuid, p_key uuid, p_version integer, p_lines smallint[], p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_incident text) returns table (outcome text, version integer, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_lines smallint[];
    v_state text;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
        return;
    elsif not bookings.may_use(p_key, v_booking, v_now) then
        return query select 'forbidden', v_booking.version, v_booking.state;
        return;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
        return;
    elsif v_booking.state <> 'inUse' then
        return query select 'notInUse', v_booking.version, v_booking.state;
        return;
    end if;
    v_lines := array(
        select l.number from bookings.line l
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and (p_lines is null or l.number = any (p_lines)));
    if not bookings.close_use(v_booking, v_lines, p_key, v_now) then
        return query select 'notInUse', v_booking.version, v_booking.state;
        return;
    end if;
    perform bookings.cut(v_booking, v_lines, v_now);
    v_state := case when bookings.goes_on(v_booking, v_lines, v_now) then 'inUse' else 'completed' end;
    perform bookings.note_use(v_booking, p_key, p_audiences, p_head_counts, p_accompanying, p_incident, v_now);
    perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, 'checkedOut',
                          case v_state when 'completed' then 'booking.completed' else 'booking.checkedOut' end, v_now);
    return query select 'checkedOut', v_booking.version + 1, v_state;
end
$$;

create or replace function bookings.sweep(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_grace interval := (select make_interval(mins => p.forgotten_check_out_minutes) from bookings.policy p);
    v_booking bookings.booking;
    v_is_closed boolean;
    v_is_over boolean;
    v_count integer := 0;
begin
    for v_booking in
        select b.* from bookings.booking b
        where b.expires_at <= v_now and b.state in ('draft', 'held', 'requested', 'waitlisted', 'suspended')
        order by b.expires_at limit p_limit for update of b skip locked
    loop
        if bookings.lapse(v_booking, v_now) then
            v_count := v_count + 1;
        end if;
    end loop;
    for v_booking in
        -- What is taken now of a self-service resource or of its parts, by somebody who has not come.
        select b.* from bookings.booking b
        where (b.centre_id, b.id) in (
            select plateau.centre_of(o.holder_id), o.holder_id
            from bookings.resource_terms t
            join platforms.occupancy o on o.centre_id = t.centre_id and o.resource_id = t.resource_id
                and o.ends > v_now - interval '1 day' and o.ends <= v_now + interval '1 day'
            where t.is_self_service)
          and b.state in ('conditional', 'confirmed') and b.starts <= v_now
        order by b.centre_id, b.id limit p_limit for update of b skip locked
    loop
        if bookings.lapse(v_booking, v_now) then
            v_count := v_count + 1;
        end if;
    end loop;
    for v_booking in
        -- Somebody left a line without checking out, or nobody came for those that were still to come.
        select b.* from bookings.booking b
        where b.state = 'inUse' and (b.ends <= v_now - v_grace or exists (
            select from bookings.use u
            join bookings.line l on l.centre_id = u.centre_id and l.booking_id = u.booking_id and l.number = u.line_number
            where u.centre_id = b.centre_id and u.booking_id = b.id and u.checked_out_at is null and l.ends <= v_now - v_grace))
        order by b.centre_id, b.id limit p_limit for update of b skip locked
    loop
        v_is_closed := bookings.close_use(v_booking, array(
            select l.number from bookings.line l
            where l.centre_id = v_booking.centre_id and l.booking_id = v_booking.id and l.ends <= v_now - v_grace), null, v_now);
        v_is_over := not bookings.goes_on(v_booking, '{}', v_now);
        if v_is_closed or v_is_over then
            perform bookings.stay(v_booking, case when v_is_over then 'completed' else 'inUse' end, v_booking.flags, v_booking.at_risk_until,
                                  null, case when v_is_closed then 'checkOutForgotten' end,
                                  case when v_is_over then 'booking.completed' else 'booking.checkedOut' end, v_now);
            v_count := v_count + 1;
        end if;
    end loop;
    return v_count;
end
$$;

-- MARK: What was known of a use

create function utilisation.uses_known(p_bookings uuid[], p_known_at timestamptz)
    returns table (booking_id uuid, line_number smallint, checked_in_at timestamptz, during tstzrange)
    language plpgsql stable
as $$
begin
    return query
    select u.booking_id, u.line_number, u.checked_in_at,
           case when u.closed_at <= coalesce(p_known_at, 'infinity') then tstzrange(u.checked_in_at, u.checked_out_at) end
    from unnest(p_bookings) as x (id)
    join bookings.use u on u.centre_id = plateau.centre_of(x.id) and u.booking_id = x.id
    where p_known_at is null or u.checked_in_at <= p_known_at;
end
$$;
comment on function utilisation.uses_known(uuid[], timestamptz) is
    'Lines that were checked into, as known at a moment (null: now). during: null until the use has ended.';

create function utilisation.attendance_known(p_bookings uuid[], p_known_at timestamptz) returns setof bookings.attendance
    language plpgsql stable
as $$
begin
    return query
    select a.* from unnest(p_bookings) as x (id)
    join bookings.attendance a on a.centre_id = plateau.centre_of(x.id) and a.booking_id = x.id
    where p_known_at is null or a.recorded_at <= p_known_at;
    if p_known_at is null then
        return;
    end if;
    return query
    select a.*
    from unnest(p_bookings) as x (id)
    cross join lateral (
        select o.image from utilisation.former o
        where o.centre_id = plateau.centre_of(x.id) and o.booking_id = x.id and o.line_number = -1 and o.until > p_known_at
        order by o.until limit 1) f
    cross join lateral jsonb_populate_record(null::bookings.attendance, f.image) a
    where a.recorded_at <= p_known_at;
end
$$;
comment on function utilisation.attendance_known(uuid[], timestamptz) is 'Who came to bookings, as known at a moment (null: now).';
comment on table utilisation.former is
    'Lines (0: the booking itself, -1: who came to it) as they were until a change replaced them, so that a report as known at a moment can be made again. Rows are only added.';

create function utilisation.minutes_late(p_starts timestamptz, p_checked_in_at timestamptz) returns integer
    language sql immutable strict parallel safe
    return greatest(floor(extract(epoch from p_checked_in_at - p_starts) / 60), 0)::integer;
comment on function utilisation.minutes_late(timestamptz, timestamptz) is
    'The one definition of late: whole minutes from the start of a line until its check-in; 0: in time.';

-- MARK: What bookings come to

alter table utilisation.fact
    add column came_audiences text[] not null default '{}',
    add column came_heads integer[] not null default '{}',
    add column present bigint not null default 0,
    add column told integer not null default 0,
    add column arrivals integer not null default 0,
    add column late_arrivals integer not null default 0,
    add column minutes_late bigint not null default 0;
comment on table utilisation.fact is
    'What the totals hold of each line of a booking, by local day, at its resource (is_own) and at each of its ancestors. Times are workstation-seconds; attended is seconds booked for each head of audiences, present seconds used for each head of came_audiences: time that several lines of one booking share counted once. told: who came is known.';
alter table utilisation.total
    add column told bigint not null default 0,
    add column arrivals bigint not null default 0,
    add column late_arrivals bigint not null default 0,
    add column minutes_late bigint not null default 0;
alter table utilisation.people_total
    add column present bigint not null default 0,
    add column came bigint not null default 0;
comment on table utilisation.people_total is
    'Trainee-seconds and participations (heads of a booking, not persons) by audience, kind of organisation, activity, programme and offer: as booked (attended, participations) and of those who came (present, came).';

create or replace function utilisation.facts_of(p_centre_id smallint, p_bookings uuid[], p_known_at timestamptz) returns setof utilisation.fact
    language plpgsql stable
as $$
begin
    return query
    with booking as materialized (
        select b.centre_id, b.id, b.organisation_id, o.kind as organisation_kind, b.activity, coalesce(b.programme, '') as programme,
               coalesce(b.offer_id::text, '') as offer,
               b.state, b.audiences, b.head_counts, b.created_at, t.left_at, a.recorded_at is not null as is_told,
               coalesce(a.audiences, '{}') as came_audiences, coalesce(a.head_counts, '{}') as came_heads,
               b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse', 'completed') as is_booked
        from utilisation.bookings_known(p_bookings, p_known_at) b
        join access.organisation o on o.id = b.organisation_id
        left join utilisation.attendance_known(p_bookings, p_known_at) a on a.booking_id = b.id
        cross join lateral (
            select max(x.at) filter (where x.to_state = b.state) as left_at
            from bookings.transition x
            where x.centre_id = b.centre_id and x.booking_id = b.id and (p_known_at is null or x.at <= p_known_at)) t
    ), line as materialized (
        select b.id, b.organisation_id, b.organisation_kind, b.activity, b.programme, b.offer, b.state, b.is_booked, b.audiences,
               b.head_counts, b.is_told, b.came_audiences, b.came_heads,
               b.created_at, l.number, l.resource_id, l.starts, l.ends, l.seats, l.is_exclusive, s.zone,
               r.kind = 'stock' as is_stock, row_number() over first = 1 as is_first,
               coalesce(range_agg(tstzrange(l.starts, l.ends)) over (first rows between unbounded preceding and 1 preceding), '{}') as shared,
               u.during as use,
               coalesce(range_agg(u.during) over (first rows between unbounded preceding and 1 preceding), '{}') as shared_use,
               bool_or(u.booking_id is not null) over (first range between unbounded preceding and unbounded following) as is_checked_in,
               -- Whoever comes for several lines that begin together arrives once.
               case when row_number() over (partition by b.id, r.kind = 'stock', l.starts order by u.checked_in_at, l.number) = 1
                    then utilisation.minutes_late(l.starts, u.checked_in_at) end as minutes_late,
               b.state in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork')
               and utilisation.working_days(p_centre_id, plateau.local_day(b.left_at, s.zone), plateau.local_day(l.starts, s.zone), b.left_at)
                   < utilisation.late_notice() as is_late,
               b.left_at
        from booking b
        join utilisation.lines_known(p_bookings, p_known_at) l on l.booking_id = b.id
        left join utilisation.uses_known(p_bookings, p_known_at) u on u.booking_id = b.id and u.line_number = l.number
        join platforms.resource r on r.centre_id = p_centre_id and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        -- Items of a stock are no workstations: their lines stand apart, and hide nothing of the others.
        window first as (partition by b.id, r.kind = 'stock' order by l.number)
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
        select p.*, n.id as node_id, n.id = p.resource_id and not p.is_stock as is_own, coalesce(r.calendar_id, r.site_id) as calendar_id
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
           bool_or(m.is_booked and m.is_checked_in and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state = 'cancelledByUser' and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state in ('cancelledByCentre', 'cancelledByNetwork') and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.is_late and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state = 'noShow' and m.is_own and m.is_first and m.span @> m.starts)::integer,
           case when m.is_own then m.audiences else '{}' end, case when m.is_own then m.head_counts else '{}' end,
           sum(case when m.is_booked and m.is_own and m.activity <> 'maintenance'
                    then utilisation.seconds(multirange(m.taken) - m.shared) else 0 end)::bigint,
           bool_or(m.is_booked and m.is_own and m.is_first and m.span @> m.starts and m.activity <> 'maintenance'),
           coalesce(h.hours, '{}'), coalesce(h.booked, '{}'), m.offer,
           case when m.is_own then m.came_audiences else '{}' end, case when m.is_own then m.came_heads else '{}' end,
           sum(case when m.is_booked and m.is_own and m.activity <> 'maintenance'
                    then utilisation.seconds(multirange(m.present) - m.shared_use) else 0 end)::bigint,
           bool_or(m.is_booked and m.is_told and m.is_own and m.is_first and m.span @> m.starts)::integer,
           coalesce(bool_or(m.is_booked and m.is_own and m.minutes_late is not null and m.span @> m.starts), false)::integer,
           coalesce(bool_or(m.is_booked and m.is_own and m.minutes_late > 0 and m.span @> m.starts), false)::integer,
           coalesce(max(m.minutes_late) filter (where m.is_booked and m.is_own and m.span @> m.starts), 0)::bigint
    from measured m
    left join hourly h using (id, number, node_id, day)
    group by m.id, m.number, m.node_id, m.day, m.is_own, m.organisation_id, m.organisation_kind, m.activity, m.programme, m.offer,
             m.audiences, m.head_counts, m.came_audiences, m.came_heads, h.hours, h.booked
    order by m.id, m.number, m.node_id, m.day;
end
$$;

comment on function utilisation.facts_of(smallint, uuid[], timestamptz) is
    'What bookings come to at a centre, from their rows, as known at a moment (null: now): the one definition of booked, outside, used, overhead, lost, present and late. Booked: lines that take or took room, inside opening hours. Used: each line from its check-in to its check-out, once both are known. Lost: given back with less than utilisation.late_notice() working days, by whom booked (late) or by the centre or the network (closed), or never come for (no-show).';

create function utilisation.people_in(p_fact utilisation.fact)
    returns table (audience text, attended bigint, participations bigint, present bigint, came bigint)
    language sql immutable
as $$
    select a.audience, (p_fact).attended * a.heads, case when (p_fact).participates then a.heads::bigint else 0 end, 0::bigint, 0::bigint
    from unnest((p_fact).audiences, (p_fact).heads) as a (audience, heads)
    where (p_fact).attended > 0 or (p_fact).participates
    union all
    select a.audience, 0::bigint, 0::bigint, (p_fact).present * a.heads, case when (p_fact).participates then a.heads::bigint else 0 end
    from unnest((p_fact).came_audiences, (p_fact).came_heads) as a (audience, heads)
    where (p_fact).present > 0 or (p_fact).participates
$$;
comment on function utilisation.people_in(utilisation.fact) is
    'Trainee-seconds and participations of a fact by audience, to be summed: as booked (attended, participations), of those who came (present, came).';

create or replace function utilisation.apply(p_sign integer, p_facts utilisation.fact[]) returns void
    language plpgsql volatile
as $$
begin
    insert into utilisation.total as t (
        centre_id, grain, starts, resource_id, is_own, organisation_kind, activity, booked, outside, used, used_outside, overhead, lost_late,
        lost_closed, lost_no_show, lines, bookings, lead, checked_in, cancelled_by_user, cancelled_by_centre, cancelled_late, no_shows, told,
        arrivals, late_arrivals, minutes_late)
    select f.centre_id, g.grain, g.starts, n.resource_id, n.is_own, f.organisation_kind, f.activity, p_sign * sum(f.booked),
           p_sign * sum(f.outside), p_sign * sum(f.used), p_sign * sum(f.used_outside), p_sign * sum(f.overhead), p_sign * sum(f.lost_late),
           p_sign * sum(f.lost_closed), p_sign * sum(f.lost_no_show), p_sign * sum(f.lines), p_sign * sum(f.bookings),
           p_sign * sum(f.lead), p_sign * sum(f.checked_in), p_sign * sum(f.cancelled_by_user), p_sign * sum(f.cancelled_by_centre),
           p_sign * sum(f.cancelled_late), p_sign * sum(f.no_shows), p_sign * sum(f.told), p_sign * sum(f.arrivals),
           p_sign * sum(f.late_arrivals), p_sign * sum(f.minutes_late)
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
            cancelled_late = t.cancelled_late + excluded.cancelled_late, no_shows = t.no_shows + excluded.no_shows,
            told = t.told + excluded.told, arrivals = t.arrivals + excluded.arrivals,
            late_arrivals = t.late_arrivals + excluded.late_arrivals, minutes_late = t.minutes_late + excluded.minutes_late;
    insert into utilisation.people_total as t (
        centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme, offer, attended, participations,
        present, came)
    select f.centre_id, g.grain, g.starts, n.resource_id, a.audience, f.organisation_kind, f.activity, f.programme, f.offer,
           p_sign * sum(a.attended), p_sign * sum(a.participations), p_sign * sum(a.present), p_sign * sum(a.came)
    from unnest(p_facts) f
    cross join lateral utilisation.people_in(f) as a
    cross join lateral utilisation.places(f.resource_id, f.is_own) as n
    cross join lateral utilisation.grains(f.day) as g
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    order by 1, 2, 3, 4, 5, 6, 7, 8, 9
    on conflict on constraint people_total_pkey do update
        set attended = t.attended + excluded.attended, participations = t.participations + excluded.participations,
            present = t.present + excluded.present, came = t.came + excluded.came;
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

create or replace function utilisation.differences(p_centre_id smallint, p_limit integer) returns table (place text, row_key text, held text, recomputed text)
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
                     sum(f.cancelled_by_centre), sum(f.cancelled_late), sum(f.no_shows), sum(f.told), sum(f.arrivals), sum(f.late_arrivals),
                     sum(f.minutes_late)]::bigint[] as figures
        from utilisation.fact f
        cross join lateral utilisation.grains(f.day) as g
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        where f.centre_id = p_centre_id
        group by 1, 2, 3, 4, 5, 6, 7
    ), held as (
        select t.centre_id, t.grain, t.starts, t.resource_id, t.is_own, t.organisation_kind, t.activity,
               array[t.booked, t.outside, t.used, t.used_outside, t.overhead, t.lost_late, t.lost_closed, t.lost_no_show, t.lines, t.bookings,
                     t.lead, t.checked_in, t.cancelled_by_user, t.cancelled_by_centre, t.cancelled_late, t.no_shows, t.told, t.arrivals,
                     t.late_arrivals, t.minutes_late] as figures
        from utilisation.total t
        where t.centre_id = p_centre_id
    )
    select 'utilisation.total',
           format('%s %s, resource %s, own %s, %s, %s', d.grain, d.starts, d.resource_id, d.is_own, d.organisation_kind, d.activity),
           h.figures::text, s.figures::text
    from held h
    full join summed s using (centre_id, grain, starts, resource_id, is_own, organisation_kind, activity)
    cross join lateral (select coalesce(h.centre_id, s.centre_id) as centre_id, grain, starts, resource_id, is_own, organisation_kind, activity) d
    where coalesce(h.figures, array_fill(0::bigint, array[20])) <> coalesce(s.figures, array_fill(0::bigint, array[20]))
    order by 2 limit p_limit;
    return query
    with summed as (
        select f.centre_id, g.grain, g.starts, n.resource_id, a.audience, f.organisation_kind, f.activity, f.programme, f.offer,
               array[sum(a.attended), sum(a.participations), sum(a.present), sum(a.came)]::bigint[] as figures
        from utilisation.fact f
        cross join lateral utilisation.people_in(f) as a
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        cross join lateral utilisation.grains(f.day) as g
        where f.centre_id = p_centre_id
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    )
    select 'utilisation.people_total',
           format('%s %s, resource %s, %s, %s, %s, %s, %s', grain, starts, resource_id, audience, organisation_kind, activity, programme, offer),
           t.figures::text, s.figures::text
    from (select p.*, array[p.attended, p.participations, p.present, p.came] as figures
          from utilisation.people_total p where p.centre_id = p_centre_id) t
    full join summed s using (centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme, offer)
    where coalesce(t.figures, array_fill(0::bigint, array[4])) <> coalesce(s.figures, array_fill(0::bigint, array[4]))
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

-- MARK: Marking what changed

drop trigger transition_counted on bookings.transition;
drop function utilisation.mark_transition();

create function utilisation.mark_use() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into utilisation.pending (centre_id, booking_id)
    select c, b.id from bookings.booking b, unnest(b.centres) c where b.centre_id = new.centre_id and b.id = new.booking_id;
    return null;
end
$$;
comment on function utilisation.mark_use() is 'A line that was checked into or out of changes what the booking comes to, whatever else changes with it.';
create trigger use_counted after insert or update on bookings.use
    for each row execute function utilisation.mark_use();

create function utilisation.mark_attendance() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and new.recorded_at > old.recorded_at then
        insert into utilisation.former (centre_id, booking_id, line_number, until, image)
        values (old.centre_id, old.booking_id, -1, new.recorded_at, to_jsonb(old));
    end if;
    insert into utilisation.pending (centre_id, booking_id)
    select c, b.id from bookings.booking b, unnest(b.centres) c where b.centre_id = new.centre_id and b.id = new.booking_id;
    return null;
end
$$;
comment on function utilisation.mark_attendance() is 'The same for who came; keeps what was told before.';
create trigger attendance_counted after insert or update on bookings.attendance
    for each row execute function utilisation.mark_attendance();

-- Once for all the hours of a statement: a site that opens has one row a day for years.
drop trigger hours_counted on centres.open_hours;
create or replace function utilisation.mark_hours() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into utilisation.pending (centre_id, booking_id)
    select distinct f.centre_id, f.booking_id
    from changed h
    join platforms.resource r on r.centre_id = h.centre_id and coalesce(r.calendar_id, r.site_id) = h.calendar_id
    join utilisation.fact f on f.centre_id = r.centre_id and f.resource_id = r.id and f.day = h.day;
    return null;
end
$$;
create trigger opened_hours_counted after insert on centres.open_hours
    referencing new table as changed for each statement execute function utilisation.mark_hours();
create trigger closed_hours_counted after delete on centres.open_hours
    referencing old table as changed for each statement execute function utilisation.mark_hours();

-- MARK: Downtime

drop function maintenance.out_of_service(smallint, tstzrange, timestamptz);

create function maintenance.out_of_service(p_centre_id smallint, p_during tstzrange, p_known_at timestamptz)
    returns table (resource_id uuid, during tstzrange, is_fault boolean)
    language sql stable
as $$
    select o.resource_id, s.during * p_during, o.cause = 'fault'
    from maintenance.outage o
    left join lateral (
        select f.during from maintenance.former_span f
        where f.centre_id = o.centre_id and f.outage_id = o.id and f.until > p_known_at
        order by f.until limit 1) f on true
    cross join lateral (
        select coalesce(f.during, o.during)
               * tstzrange(null, case when o.ended_at > p_known_at then null else o.ended_at end) as during) s
    where o.centre_id = p_centre_id and (p_known_at is null or o.recorded_at <= p_known_at) and s.during && p_during
$$;

comment on function maintenance.out_of_service(smallint, tstzrange, timestamptz) is
    'When resources of a centre could not be used, as known at a moment (null: now), and whether for a fault or for something that was planned. What stands in one of them could not either.';

drop function utilisation.opened(smallint, date[], timestamptz);

create function utilisation.opened(p_centre_id smallint, p_cuts date[], p_known_at timestamptz)
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
            p_centre_id, tstzrange(plateau.instant_of(v_from::timestamp, z.zone), plateau.instant_of(v_to::timestamp, z.zone)), p_known_at) x
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
    group by w.piece, w.id, w.is_part;
end
$$;

comment on function utilisation.opened(smallint, date[], timestamptz) is
    'Opening time of the resources of a centre, what outages take of it and how much of that are faults, times their workstations, in seconds, by piece of a period: with the capacity and the place in the tree that they had at the time. is_part: it stands in another, whose time enters totals once, or is a stock.';

-- MARK: Figures

alter type utilisation.figures add attribute fault numeric;
alter type utilisation.trainees add attribute present numeric, add attribute came numeric;

create or replace function utilisation.figures_json(p utilisation.figures) returns jsonb
    language sql immutable
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'openMinutes', utilisation.minutes((p).open),
        'maintenanceMinutes', utilisation.minutes((p).maintenance),
        'faultMinutes', utilisation.minutes((p).fault),
        'plannedDowntimeMinutes', utilisation.minutes((p).maintenance) - utilisation.minutes((p).fault),
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
    'The definitions. bookable = open less maintenance, which is outages and bookings for maintenance, for faults or planned; availability = bookable / open; occupancy = booked / bookable; use = used / bookable; companyShare = booked by companies, or for production, / booked. All in workstation-minutes.';

create function utilisation.taught_json(p_attended numeric, p_participations numeric, p_present numeric, p_came numeric, p_hours text)
    returns jsonb
    language sql immutable
as $$
    select jsonb_build_object(
        p_hours, utilisation.trainee_hours(coalesce(p_attended, 0)), 'participations', coalesce(p_participations, 0),
        'attendedHours', utilisation.trainee_hours(coalesce(p_present, 0)), 'attendedParticipations', coalesce(p_came, 0))
$$;
comment on function utilisation.taught_json(numeric, numeric, numeric, numeric, text) is
    'Trainee-hours (under the name given) and participations as booked, beside those of who came.';

create or replace function utilisation.trainees_json(p_people utilisation.trainees[], p_name text) returns jsonb
    language sql immutable
as $$
    select coalesce(jsonb_agg(
        jsonb_build_object(p_name, t.word)
        || utilisation.taught_json(t.attended, t.participations, t.present, t.came, 'traineeHours') order by t.word), '[]')
    from (select p.word, sum(p.attended) as attended, sum(p.participations) as participations, sum(p.present) as present,
                 sum(p.came) as came
          from unnest(p_people) p group by 1) t
    where t.attended > 0 or t.participations > 0 or t.present > 0 or t.came > 0
$$;

drop function utilisation.use_of(smallint, date[], timestamptz, boolean);

create function utilisation.use_of(p_centre_id smallint, p_cuts date[], p_known_at timestamptz, p_whole boolean)
    returns table (
        piece integer, resource_id uuid, is_own boolean, organisation_kind text, activity text, booked bigint, outside bigint, used bigint,
        used_outside bigint, overhead bigint, lost_late bigint, lost_closed bigint, lost_no_show bigint, lines bigint, bookings bigint,
        lead bigint, checked_in bigint, cancelled_by_user bigint, cancelled_by_centre bigint, cancelled_late bigint, no_shows bigint,
        told bigint, arrivals bigint, late_arrivals bigint, minutes_late bigint)
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
                   t.cancelled_by_centre, t.cancelled_late, t.no_shows, t.told, t.arrivals, t.late_arrivals, t.minutes_late
            from utilisation.total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and p_whole and t.resource_id = utilisation.whole()
            union all
            select v_span.piece, t.resource_id, t.is_own, t.organisation_kind, t.activity, t.booked, t.outside, t.used, t.used_outside,
                   t.overhead, t.lost_late, t.lost_closed, t.lost_no_show, t.lines, t.bookings, t.lead, t.checked_in, t.cancelled_by_user,
                   t.cancelled_by_centre, t.cancelled_late, t.no_shows, t.told, t.arrivals, t.late_arrivals, t.minutes_late
            from utilisation.total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and not p_whole and t.resource_id > utilisation.whole();
        end loop;
    end if;
    return query
    select p.piece, case when p_whole then utilisation.whole() else (d.fact).resource_id end, (d.fact).is_own,
           (d.fact).organisation_kind, (d.fact).activity, d.sign * (d.fact).booked,
           d.sign * (d.fact).outside, d.sign * (d.fact).used, d.sign * (d.fact).used_outside, d.sign * (d.fact).overhead,
           d.sign * (d.fact).lost_late, d.sign * (d.fact).lost_closed, d.sign * (d.fact).lost_no_show, (d.sign * (d.fact).lines)::bigint,
           (d.sign * (d.fact).bookings)::bigint, d.sign * (d.fact).lead, (d.sign * (d.fact).checked_in)::bigint,
           (d.sign * (d.fact).cancelled_by_user)::bigint, (d.sign * (d.fact).cancelled_by_centre)::bigint,
           (d.sign * (d.fact).cancelled_late)::bigint, (d.sign * (d.fact).no_shows)::bigint, (d.sign * (d.fact).told)::bigint,
           (d.sign * (d.fact).arrivals)::bigint, (d.sign * (d.fact).late_arrivals)::bigint, d.sign * (d.fact).minutes_late
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

drop function utilisation.people_of(smallint, date, date, timestamptz, boolean);

create function utilisation.people_of(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz, p_whole boolean)
    returns table (
        resource_id uuid, audience text, organisation_kind text, activity text, programme text, offer text, attended bigint,
        participations bigint, present bigint, came bigint)
    language plpgsql stable
as $$
declare
    v_span record;
begin
    if p_known_at is null then
        for v_span in select c.* from utilisation.cover(p_from, p_to) c loop
            return query
            select t.resource_id, t.audience, t.organisation_kind, t.activity, t.programme, t.offer, t.attended, t.participations, t.present,
                   t.came
            from utilisation.people_total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and p_whole and t.resource_id = utilisation.whole()
            union all
            select t.resource_id, t.audience, t.organisation_kind, t.activity, t.programme, t.offer, t.attended, t.participations, t.present,
                   t.came
            from utilisation.people_total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and not p_whole and t.resource_id > utilisation.whole();
        end loop;
    end if;
    return query
    select case when p_whole then utilisation.whole() else (d.fact).resource_id end, a.audience, (d.fact).organisation_kind, (d.fact).activity,
           (d.fact).programme, (d.fact).offer,
           d.sign * a.attended, d.sign * a.participations, d.sign * a.present, d.sign * a.came
    from (select u.sign, u.fact from utilisation.unfolded(p_centre_id) u where p_known_at is null
          union all
          select 1, f from utilisation.within(p_centre_id, p_from, p_to, p_known_at) f where p_known_at is not null) d
    cross join lateral utilisation.people_in(d.fact) as a
    where (d.fact).day >= p_from and (d.fact).day < p_to;
end
$$;

comment on function utilisation.people_of(smallint, date, date, timestamptz, boolean) is
    'Trainee-seconds and participations of a period, as booked and of those who came, by resource or of a centre as a whole, to be summed.';

create or replace function utilisation.report(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz) returns jsonb
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
                   sum(u.cancelled_late) as cancelled_late, sum(u.no_shows) as no_shows, sum(u.told) as told, sum(u.arrivals) as arrivals,
                   sum(u.late_arrivals) as late_arrivals, sum(u.minutes_late) as minutes_late
            from utilisation.use_of(p_centre_id, array[p_from, p_to], p_known_at, false) u
            group by 1, 2, 3, 4
        ), whole as materialized (
            select u.piece, u.activity = 'maintenance' as is_maintenance, sum(u.booked) as booked
            from utilisation.use_of(p_centre_id, v_cuts, p_known_at, true) u
            group by 1, 2
        ), opened as materialized (
            select o.piece, o.resource_id, o.is_part, sum(o.open) as open, sum(o.outage) as outage, sum(o.fault) as fault
            from utilisation.opened(p_centre_id, v_cuts, p_known_at) o group by 1, 2, 3
        ), people as materialized (
            select p.audience, p.organisation_kind, p.activity, p.programme, p.offer, sum(p.attended) as attended,
                   sum(p.participations) as participations, sum(p.present) as present, sum(p.came) as came
            from utilisation.people_of(p_centre_id, p_from, p_to, p_known_at, true) p
            group by 1, 2, 3, 4, 5
        ), taught as materialized (
            select p.resource_id, sum(p.attended) as attended, sum(p.participations) as participations, sum(p.present) as present,
                   sum(p.came) as came
            from utilisation.people_of(p_centre_id, p_from, p_to, p_known_at, false) p
            group by 1
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
            select r.id, u.*, o.open, coalesce(u.worked, 0) + coalesce(o.outage, 0) as maintenance, o.fault
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
            left join (select o.resource_id, sum(o.open) as open, sum(o.outage) as outage, sum(o.fault) as fault from opened o group by 1) o
                 on o.resource_id = r.id
        ), own as materialized (
            -- A line enters sums once, at its own resource.
            select u.*, r.kind = 'equipment' as is_equipment from use u join platforms.resource r on r.centre_id = p_centre_id and r.id = u.resource_id
            where u.is_own
        ), summed as (
            select k.name, k.is_equipment, k.open, coalesce(sum(u.booked) filter (where u.activity = 'maintenance'), 0) + k.outage as maintenance,
                   k.fault,
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
                select e.name, e.is_equipment, sum(o.open) as open, coalesce(sum(o.outage), 0) as outage, coalesce(sum(o.fault), 0) as fault
                from (values ('platforms', false), ('equipment', true)) as e (name, is_equipment)
                left join (opened o join platforms.resource r on r.centre_id = p_centre_id and r.id = o.resource_id)
                     on not o.is_part and (r.kind = 'equipment') = e.is_equipment
                group by 1, 2) k
            left join own u on u.is_equipment = k.is_equipment
            group by k.name, k.is_equipment, k.open, k.outage, k.fault
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
                   coalesce(sum(u.no_shows), 0) as no_shows, coalesce(sum(u.told), 0) as told,
                   coalesce(sum(u.arrivals), 0) as arrivals, coalesce(sum(u.late_arrivals), 0) as late_arrivals,
                   coalesce(sum(u.minutes_late), 0) as minutes_late
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
                        f.lost_no_show, f.lines, f.by_companies, f.fault)::utilisation.figures)
                    || utilisation.taught_json(t.attended, t.participations, t.present, t.came, 'traineeHours')
                    order by r.kind desc, r.name, r.id)
                from resource r join of_resource f on f.id = r.id left join taught t on t.resource_id = r.id), '[]'),
            'totals', (
                select jsonb_object_agg(s.name, utilisation.figures_json(row (
                    s.open, s.maintenance, s.booked, s.outside, s.used, s.used_outside, s.overhead, s.lost_late, s.lost_closed, s.lost_no_show,
                    s.lines, s.by_companies, s.fault)::utilisation.figures)) from summed s),
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
            'trainees', (
                select utilisation.taught_json(sum(p.attended), sum(p.participations), sum(p.present), sum(p.came), 'hours') from people p)
                || jsonb_build_object(
                'attendanceBookings', (select w.told from work w),
                'byAudience', utilisation.trainees_json(
                    array(select row (p.audience, p.attended, p.participations, p.present, p.came)::utilisation.trainees from people p), 'audience'),
                'byActivity', utilisation.trainees_json(
                    array(select row (p.activity, p.attended, p.participations, p.present, p.came)::utilisation.trainees from people p), 'activity'),
                'byProgramme', utilisation.trainees_json(
                    array(select row (p.programme, p.attended, p.participations, p.present, p.came)::utilisation.trainees
                          from people p where p.programme <> ''), 'programme'),
                'byOrganisationKind', utilisation.trainees_json(
                    array(select row (p.organisation_kind, p.attended, p.participations, p.present, p.came)::utilisation.trainees from people p),
                    'organisationKind'),
                'bySector', utilisation.trainees_json(array(
                    select row (s.sector, p.attended, p.participations, p.present, p.came)::utilisation.trainees
                    from taught p join sector s on s.resource_id = p.resource_id), 'sector'))
                -- Only where there are some: what was sealed before there were offers is made again as it was.
                || coalesce((
                    select jsonb_build_object('byOffer', o.found)
                    from (select utilisation.trainees_json(array(
                              select row (p.offer, p.attended, p.participations, p.present, p.came)::utilisation.trainees
                              from people p where p.offer <> ''), 'offerId') as found) o
                    where o.found <> '[]'), '{}'),
            'leadTime', (select jsonb_strip_nulls(jsonb_build_object(
                'bookings', w.bookings, 'meanHours', case when w.bookings > 0 then trim_scale(round(w.lead / w.bookings / 3600, 2)) end)) from work w),
            'arrivals', (select jsonb_strip_nulls(jsonb_build_object(
                'count', w.arrivals, 'late', w.late_arrivals,
                'meanLateMinutes', case when w.late_arrivals > 0 then trim_scale(round(w.minutes_late / w.late_arrivals, 1)) end)) from work w),
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

create or replace function utilisation.sums(p_centre_id smallint, p_from date, p_to date) returns utilisation.figures
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
                                 and (u.organisation_kind = 'company' or u.activity = 'companyProduction')),
           max(o.fault)
    into v_sums
    from (select sum(x.open) as open, sum(x.outage) as outage, sum(x.fault) as fault
          from utilisation.opened(p_centre_id, v_cuts, null) x where not x.is_part) o
    left join utilisation.use_of(p_centre_id, v_cuts, null, true) u on true;
    return v_sums;
end
$$;

create or replace function utilisation.network_report(p_from date, p_to date) returns jsonb
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
            sum((f.figures).lost_no_show), sum((f.figures).bookings), sum((f.figures).by_companies),
            sum((f.figures).fault))::utilisation.figures),
        'medians', jsonb_strip_nulls(jsonb_build_object(
            'availability', utilisation.median(array_agg((f.json ->> 'availability')::numeric)),
            'occupancy', utilisation.median(array_agg((f.json ->> 'occupancy')::numeric)),
            'use', utilisation.median(array_agg((f.json ->> 'use')::numeric)))))
    from figure f
$$;

-- MARK: Hours

create or replace function utilisation.heat_map(
    p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
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
        select r.calendar_id, r.zone, r.capacity,
               (select range_agg(o.during) from outage o where o.resource_id = any (r.path)) as out_of_service
        from resource r
    ), calendar as (
        select p.calendar_id, p.zone, p.out_of_service, sum(p.capacity) as capacity from place p group by 1, 2, 3
    ), opened as (
        select extract(isodow from h.day)::smallint as weekday, e.hour,
               coalesce(sum(c.capacity * e.seconds) filter (where not t.is_out), 0) as open,
               coalesce(sum(case when t.is_out then -c.capacity * e.seconds else c.capacity * e.seconds end), 0) as bookable
        from calendar c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= p_from and h.day < p_to
        cross join lateral (
            select false as is_out, tstzmultirange(h.during) as during
            union all
            select true, tstzmultirange(h.during) * c.out_of_service where c.out_of_service is not null) t
        cross join lateral utilisation.by_hour(t.during, c.zone) as b
        cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
        group by 1, 2
    )
    select jsonb_build_object('unit', 'workstationMinutes', 'cells', coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'weekday', weekday, 'hour', hour, 'openMinutes', utilisation.minutes(o.open), 'bookableMinutes', utilisation.minutes(o.bookable),
        'bookedMinutes', utilisation.minutes(b.booked), 'share', utilisation.share(b.booked, o.bookable))) order by weekday, hour), '[]'))
    from opened o full join booked b using (weekday, hour)
    where coalesce(o.open, 0) > 0 or b.booked > 0
$$;
comment on function utilisation.heat_map(smallint, date, date, uuid) is
    'Open, bookable (open less outages, as in reports) and booked time by weekday (1: Monday) and local hour; of one resource, or of a centre without its stocks. Open: with the capacity of today.';

-- MARK: Seals

alter table utilisation.sealed_report add column edition smallint not null default 1;
comment on column utilisation.sealed_report.edition is
    'Which members it has: 1, those before faults, attendance and arrivals stood in reports; 2, these too. It is made again with its own.';

create function utilisation.in_edition(p_document jsonb, p_edition smallint) returns jsonb
    language sql immutable
as $$
    select case when p_edition >= 2 then p_document else
        p_document - 'arrivals' || jsonb_build_object(
            'resources', (
                select coalesce(jsonb_agg(r.value - array[
                    'faultMinutes', 'plannedDowntimeMinutes', 'traineeHours', 'participations', 'attendedHours', 'attendedParticipations']
                    order by r.number), '[]')
                from jsonb_array_elements(p_document -> 'resources') with ordinality as r (value, number)),
            'totals', (
                select jsonb_object_agg(t.key, t.value - array['faultMinutes', 'plannedDowntimeMinutes'])
                from jsonb_each(p_document -> 'totals') t),
            'trainees', (
                select jsonb_object_agg(t.key, case when jsonb_typeof(t.value) <> 'array' then t.value else (
                    select coalesce(jsonb_agg(e.value - array['attendedHours', 'attendedParticipations'] order by e.number), '[]')
                    from jsonb_array_elements(t.value) with ordinality as e (value, number)
                    where (e.value ->> 'traineeHours')::numeric > 0 or (e.value ->> 'participations')::numeric > 0) end)
                from jsonb_each(p_document -> 'trainees') t
                where t.key not in ('attendedHours', 'attendedParticipations', 'attendanceBookings')
                  -- It was left out where there was none.
                  and (t.key <> 'byOffer' or exists (
                      select from jsonb_array_elements(t.value) as e (value)
                      where (e.value ->> 'traineeHours')::numeric > 0 or (e.value ->> 'participations')::numeric > 0)))) end
$$;
comment on function utilisation.in_edition(jsonb, smallint) is 'A report of today with the members that reports of an edition have.';

create or replace function utilisation.seal(
    p_centre_id smallint, p_id uuid, p_first date, p_last date, p_known_at timestamptz, p_reason text, p_key uuid)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_known_at timestamptz := date_trunc('second', coalesce(p_known_at, utilisation.settled_moment('1 minute')));
    v_body text;
begin
    if v_known_at > plateau.clock() then
        return query select 'knownAtInFuture', null::integer;
        return;
    end if;
    perform pg_advisory_xact_lock(47, p_centre_id);
    select coalesce(max(s.version), 0) + 1 into version from utilisation.sealed_report s
    where s.centre_id = p_centre_id and s.first_day = p_first and s.last_day = p_last;
    v_body := utilisation.canonical(utilisation.document(p_centre_id, p_first, p_last, v_known_at, null));
    insert into utilisation.sealed_report (
        centre_id, id, first_day, last_day, version, known_at, reason, sealed_at, sealed_by, body, sha256, edition)
    values (p_centre_id, p_id, p_first, p_last, version, v_known_at, p_reason, plateau.clock(), p_key, v_body,
            pg_catalog.sha256(convert_to(v_body, 'UTF8')), 2);
    outcome := 'sealed';
    return next;
end
$$;

create or replace function utilisation.difference(p_id uuid) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'version', s.version, 'knownAt', plateau.rfc3339(s.known_at), 'before', o.version, 'beforeKnownAt', plateau.rfc3339(o.known_at),
        'differences', coalesce((
            select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('path', path, 'before', b.value, 'after', a.value)) order by path)
            from utilisation.leaves(o.body::jsonb - 'knownAt', '') b
            full join utilisation.leaves(utilisation.in_edition(s.body::jsonb, o.edition) - 'knownAt', '') a using (path)
            where a.value is distinct from b.value), '[]'))
    from utilisation.sealed_report s
    join utilisation.sealed_report o on o.centre_id = s.centre_id and o.first_day = s.first_day and o.last_day = s.last_day
         and o.version = s.version - 1
    where s.centre_id = plateau.centre_of(p_id) and s.id = p_id
$$;

create or replace function utilisation.reproduce(p_id uuid) returns table (sealed bytea, reproduced bytea)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select s.sha256, pg_catalog.sha256(convert_to(utilisation.canonical(utilisation.in_edition(
        utilisation.document(s.centre_id, s.first_day, s.last_day, s.known_at, null), s.edition)), 'UTF8'))
    from utilisation.sealed_report s
    where s.centre_id = plateau.centre_of(p_id) and s.id = p_id
$$;

-- MARK: Maintenance by use

create or replace function maintenance.use_minutes(p_centre_id smallint, p_resource_id uuid, p_from timestamptz, p_to timestamptz)
    returns bigint
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with taken as (
        select o.holder_id, o.line_number, o.use_starts, o.use_ends, u.checked_in_at, coalesce(u.checked_out_at, p_to) as checked_out_at
        from platforms.occupancy o
        left join bookings.use u on u.centre_id = plateau.centre_of(o.holder_id) and u.booking_id = o.holder_id
             and u.line_number = o.line_number
        where o.centre_id = p_centre_id and o.resource_id = p_resource_id and o.ends > p_from and o.starts < p_to
    ), used as (
        -- A line has a row a day, and was used once.
        select distinct t.holder_id, t.line_number, t.checked_in_at as starts, t.checked_out_at as ends
        from taken t where t.checked_in_at is not null
        union all
        select t.holder_id, t.line_number, t.use_starts, t.use_ends from taken t where t.checked_in_at is null
    )
    select coalesce(sum(extract(epoch from least(u.ends, p_to) - greatest(u.starts, p_from)))::bigint / 60, 0)
    from used u where least(u.ends, p_to) > greatest(u.starts, p_from)
$$;
comment on function maintenance.use_minutes(smallint, uuid, timestamptz, timestamptz) is
    'For how long a resource was in use: from check-in to check-out, to the last moment asked about where it is still in use, and as booked, buffers left out, where nobody checked in.';
alter function maintenance.use_minutes(smallint, uuid, timestamptz, timestamptz) owner to plateau_functions;

-- MARK: What is there already

insert into utilisation.pending (centre_id, booking_id)
select c, b.id
from (select u.centre_id, u.booking_id from bookings.use u
      union
      select a.centre_id, a.booking_id from bookings.attendance a) x
join bookings.booking b on b.centre_id = x.centre_id and b.id = x.booking_id
cross join unnest(b.centres) c;

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'utilisation'::regnamespace and p.proname in ('mark_use', 'mark_attendance') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('revoke all on function %s from public', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'utilisation'::regnamespace
               and p.proname in ('uses_known', 'attendance_known', 'minutes_late', 'people_in', 'opened', 'taught_json', 'use_of', 'people_of',
                                 'in_edition')
                or p.oid in ('maintenance.out_of_service(smallint, tstzrange, timestamptz)'::regprocedure,
                             'bookings.close_use(bookings.booking, smallint[], uuid, timestamptz)'::regprocedure,
                             'bookings.goes_on(bookings.booking, smallint[], timestamptz)'::regprocedure) loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
