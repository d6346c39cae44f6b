-- Offers in the totals: trainee-hours and participations by the offer that a booking is for.
-- lock class: access exclusive on utilisation.fact and utilisation.people_total while a column with a constant default is added (no
-- rewrite) and the key of utilisation.people_total is built anew: reports wait for as long as that takes; bookings do not.

alter table utilisation.fact add column offer text not null default '';
comment on column utilisation.fact.offer is 'The id of the offer that the booking is for; empty for none.';
alter table utilisation.people_total add column offer text not null default '';
alter table utilisation.people_total drop constraint people_total_pkey;
alter table utilisation.people_total add constraint people_total_pkey primary key (
    centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme, offer);
comment on table utilisation.people_total is
    'Trainee-seconds and participations (heads of a booking, not persons) by audience, kind of organisation, activity, programme and offer.';

create or replace function utilisation.facts_of(p_centre_id smallint, p_bookings uuid[], p_known_at timestamptz) returns setof utilisation.fact
    language plpgsql stable
as $$
begin
    return query
    with booking as materialized (
        select b.centre_id, b.id, b.organisation_id, o.kind as organisation_kind, b.activity, coalesce(b.programme, '') as programme,
               coalesce(b.offer_id::text, '') as offer,
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
        select b.id, b.organisation_id, b.organisation_kind, b.activity, b.programme, b.offer, b.state, b.is_booked, b.audiences,
               b.head_counts,
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
           coalesce(h.hours, '{}'), coalesce(h.booked, '{}'), m.offer
    from measured m
    left join hourly h using (id, number, node_id, day)
    group by m.id, m.number, m.node_id, m.day, m.is_own, m.organisation_id, m.organisation_kind, m.activity, m.programme, m.offer,
             m.audiences, m.head_counts, h.hours, h.booked
    order by m.id, m.number, m.node_id, m.day;
end
$$;

create or replace function utilisation.apply(p_sign integer, p_facts utilisation.fact[]) returns void
    language plpgsql
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
        centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme, offer, attended, participations)
    select f.centre_id, g.grain, g.starts, n.resource_id, a.audience, f.organisation_kind, f.activity, f.programme, f.offer,
           p_sign * sum(f.attended * a.heads), p_sign * sum(case when f.participates then a.heads else 0 end)
    from unnest(p_facts) f
    cross join lateral unnest(f.audiences, f.heads) as a (audience, heads)
    cross join lateral utilisation.places(f.resource_id, f.is_own) as n
    cross join lateral utilisation.grains(f.day) as g
    where f.attended > 0 or f.participates
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    order by 1, 2, 3, 4, 5, 6, 7, 8, 9
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

create or replace function utilisation.differences(p_centre_id smallint, p_limit integer) returns table (place text, row_key text, held text, recomputed text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
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
        select f.centre_id, g.grain, g.starts, n.resource_id, a.audience, f.organisation_kind, f.activity, f.programme, f.offer,
               sum(f.attended * a.heads)::bigint as attended,
               sum(case when f.participates then a.heads else 0 end)::bigint as participations
        from utilisation.fact f
        cross join lateral unnest(f.audiences, f.heads) as a (audience, heads)
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        cross join lateral utilisation.grains(f.day) as g
        where f.centre_id = p_centre_id and (f.attended > 0 or f.participates)
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    )
    select 'utilisation.people_total',
           format('%s %s, resource %s, %s, %s, %s, %s, %s', grain, starts, resource_id, audience, organisation_kind, activity, programme, offer),
           format('%s, %s', t.attended, t.participations), format('%s, %s', s.attended, s.participations)
    from (select p.* from utilisation.people_total p where p.centre_id = p_centre_id) t
    full join summed s using (centre_id, grain, starts, resource_id, audience, organisation_kind, activity, programme, offer)
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

create or replace function utilisation.leaves(p_value jsonb, p_path text) returns table (path text, value jsonb)
    language plpgsql immutable
as $$
begin
    case jsonb_typeof(p_value)
        when 'object' then
            return query select l.path, l.value from jsonb_each(p_value) e cross join lateral utilisation.leaves(e.value, p_path || '/' || e.key) l;
        when 'array' then
            return query
            select l.path, l.value
            from jsonb_array_elements(p_value) with ordinality as e (value, number)
            cross join lateral utilisation.leaves(e.value, p_path || '/' || coalesce(
                e.value ->> 'resourceId', e.value ->> 'status', e.value ->> 'audience', e.value ->> 'activity', e.value ->> 'organisationKind',
                e.value ->> 'programme', e.value ->> 'offerId', e.value ->> 'sector', e.value ->> 'from', e.number::text)) l;
        else return query select p_path, p_value;
    end case;
end
$$;

create or replace function utilisation.mark_booking() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(new.centres) = 1 and (tg_op = 'INSERT' or old.centres = new.centres) then
        insert into utilisation.pending (centre_id, booking_id) values (new.centres[1], new.id);
    elsif tg_op = 'INSERT' then
        insert into utilisation.pending (centre_id, booking_id) select c, new.id from unnest(new.centres) c;
    else
        insert into utilisation.pending (centre_id, booking_id)
        select c.centre_id, new.id from (select unnest(old.centres) union select unnest(new.centres)) as c (centre_id);
    end if;
    if tg_op = 'UPDATE'
        and (old.organisation_id, old.centres, old.activity, old.audiences, old.head_counts, old.programme, old.offer_id, old.starts,
             old.ends)
            is distinct from
            (new.organisation_id, new.centres, new.activity, new.audiences, new.head_counts, new.programme, new.offer_id, new.starts,
             new.ends) then
        insert into utilisation.former (centre_id, booking_id, line_number, until, image)
        values (old.centre_id, old.id, 0, plateau.clock(), to_jsonb(old));
    end if;
    return null;
end
$$;

drop function utilisation.people_of(smallint, date, date, timestamptz, boolean);
create function utilisation.people_of(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz, p_whole boolean)
    returns table (
        resource_id uuid, audience text, organisation_kind text, activity text, programme text, offer text, attended bigint,
        participations bigint)
    language plpgsql stable
as $$
declare
    v_span record;
begin
    if p_known_at is null then
        for v_span in select c.* from utilisation.cover(p_from, p_to) c loop
            return query
            select t.resource_id, t.audience, t.organisation_kind, t.activity, t.programme, t.offer, t.attended, t.participations
            from utilisation.people_total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and p_whole and t.resource_id = utilisation.whole()
            union all
            select t.resource_id, t.audience, t.organisation_kind, t.activity, t.programme, t.offer, t.attended, t.participations
            from utilisation.people_total t
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and not p_whole and t.resource_id > utilisation.whole();
        end loop;
    end if;
    return query
    select case when p_whole then utilisation.whole() else (d.fact).resource_id end, a.audience, (d.fact).organisation_kind, (d.fact).activity,
           (d.fact).programme, (d.fact).offer,
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
grant execute on function utilisation.people_of(smallint, date, date, timestamptz, boolean) to plateau_functions;

create or replace function utilisation.report(p_centre_id smallint, p_from date, p_to date, p_known_at timestamptz) returns jsonb
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
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
            select p.audience, p.organisation_kind, p.activity, p.programme, p.offer, sum(p.attended) as attended,
                   sum(p.participations) as participations
            from utilisation.people_of(p_centre_id, p_from, p_to, p_known_at, true) p
            group by 1, 2, 3, 4, 5
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
                    join sector s on s.resource_id = p.resource_id), 'sector'))
                -- Only where there are some: what was sealed before there were offers is made again as it was.
                || coalesce((
                    select jsonb_build_object('byOffer', o.found)
                    from (select utilisation.trainees_json(array(
                              select row (p.offer, p.attended, p.participations)::utilisation.trainees from people p where p.offer <> ''),
                              'offerId') as found) o
                    where o.found <> '[]'), '{}'),
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
