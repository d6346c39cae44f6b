-- Hours of weeks: what was booked in each hour of a week is one row a month and a year of a place, with 168 figures, instead of a row an hour
-- and day. A booking wrote 25 of those; a day is read of its facts.
-- lock class: ACCESS EXCLUSIVE until the end on utilisation.hour_total, which goes: its months and years are read once (seconds for ten
-- million bookings), its days are in utilisation.fact.

create table utilisation.week_total (
    centre_id smallint not null,
    grain text not null,
    starts date not null,
    resource_id uuid not null,
    booked bigint[] not null,
    constraint week_total_pkey primary key (centre_id, grain, starts, resource_id),
    constraint week_total_grain check (grain in ('month', 'year')),
    constraint week_total_is_a_week check (cardinality(booked) = 168)
);
comment on table utilisation.week_total is
    'Workstation-seconds booked in each hour of a week, from Monday at 0:00, by local time: of a resource, or of all that count by themselves (utilisation.whole()). An hour that happens twice holds both.';

create function utilisation.slot_of(p_day date, p_hour integer) returns integer
    language sql immutable parallel safe
    return (extract(isodow from p_day)::integer - 1) * 24 + p_hour + 1;
comment on function utilisation.slot_of(date, integer) is 'The place of an hour in a week: 1 is Monday from 0:00 to 1:00.';

insert into utilisation.week_total (centre_id, grain, starts, resource_id, booked)
select p.centre_id, p.grain, p.starts, p.resource_id,
       array(select coalesce(b.booked, 0)::bigint
             from generate_series(1, 168) as w (slot) left join unnest(p.slots, p.booked) as b (slot, booked) using (slot)
             order by w.slot)
from (select s.centre_id, s.grain, s.starts, s.resource_id, array_agg(s.slot) as slots, array_agg(s.booked) as booked
      from (select h.centre_id, h.grain, h.starts, h.resource_id, (h.weekday - 1) * 24 + h.hour + 1 as slot, sum(h.booked) as booked
            from utilisation.hour_total h where h.grain <> 'day' group by 1, 2, 3, 4, 5) s
      group by 1, 2, 3, 4) p;
drop table utilisation.hour_total;

alter table utilisation.week_total enable row level security;
alter table utilisation.week_total force row level security;
create policy week_total_functions on utilisation.week_total to plateau_functions using (true) with check (true);
grant select, insert, update, delete on utilisation.week_total to plateau_functions;
revoke all on function utilisation.slot_of(date, integer) from public;
grant execute on function utilisation.slot_of(date, integer) to plateau_functions;

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
    with slot as (
        select f.centre_id, g.grain, g.starts, n.resource_id, utilisation.slot_of(f.day, h.hour) as slot, p_sign * sum(h.booked) as booked
        from unnest(p_facts) f
        cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
        cross join lateral utilisation.grains(f.day) as g
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        where g.grain <> 'day'
        group by 1, 2, 3, 4, 5
    ), place as (
        select s.centre_id, s.grain, s.starts, s.resource_id, array_agg(s.slot) as slots, array_agg(s.booked) as booked
        from slot s
        group by 1, 2, 3, 4
        order by 1, 2, 3, 4
    )
    insert into utilisation.week_total as t (centre_id, grain, starts, resource_id, booked)
    select p.centre_id, p.grain, p.starts, p.resource_id,
           array(select coalesce(b.booked, 0)::bigint
                 from generate_series(1, 168) as w (slot) left join unnest(p.slots, p.booked) as b (slot, booked) using (slot)
                 order by w.slot)
    from place p
    on conflict on constraint week_total_pkey do update
        set booked = array(select b.former + b.added
                           from unnest(t.booked, excluded.booked) with ordinality as b (former, added, slot) order by b.slot);
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
        select f.centre_id, g.grain, g.starts, n.resource_id, utilisation.slot_of(f.day, h.hour) as slot, sum(h.booked)::bigint as booked
        from utilisation.fact f
        cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
        cross join lateral utilisation.grains(f.day) as g
        cross join lateral utilisation.places(f.resource_id, f.is_own) as n
        where f.centre_id = p_centre_id and g.grain <> 'day'
        group by 1, 2, 3, 4, 5
    ), held as (
        select w.centre_id, w.grain, w.starts, w.resource_id, b.slot::integer as slot, b.booked
        from utilisation.week_total w
        cross join lateral unnest(w.booked) with ordinality as b (booked, slot)
        where w.centre_id = p_centre_id
    )
    select 'utilisation.week_total',
           format('%s %s, resource %s, weekday %s, hour %s', grain, starts, resource_id, (slot - 1) / 24 + 1, (slot - 1) % 24),
           h.booked::text, s.booked::text
    from held h
    full join summed s using (centre_id, grain, starts, resource_id, slot)
    where coalesce(h.booked, 0) <> coalesce(s.booked, 0)
    order by 2 limit p_limit;
end
$$;

create or replace function utilisation.hours_of(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid)
    returns table (weekday smallint, hour smallint, booked bigint)
    language plpgsql stable
as $$
declare
    v_span record;
begin
    for v_span in select c.* from utilisation.cover(p_from, p_to) c loop
        if v_span.grain <> 'day' then
            return query
            select ((b.slot - 1) / 24 + 1)::smallint, ((b.slot - 1) % 24)::smallint, b.booked
            from utilisation.week_total t
            cross join lateral unnest(t.booked) with ordinality as b (booked, slot)
            where t.centre_id = p_centre_id and t.grain = v_span.grain and t.starts >= v_span.first and t.starts < v_span.after
              and t.resource_id = coalesce(p_resource_id, utilisation.whole()) and b.booked <> 0;
        elsif p_resource_id is null then
            return query
            select extract(isodow from f.day)::smallint, h.hour, h.booked::bigint
            from utilisation.fact f
            cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
            where f.centre_id = p_centre_id and f.day >= v_span.first and f.day < v_span.after and f.is_own;
        else
            return query
            select extract(isodow from f.day)::smallint, h.hour, h.booked::bigint
            from utilisation.fact f
            cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
            where f.centre_id = p_centre_id and f.resource_id = p_resource_id and f.day >= v_span.first and f.day < v_span.after;
        end if;
    end loop;
    return query
    select extract(isodow from (d.fact).day)::smallint, h.hour, (d.sign * h.booked)::bigint
    from utilisation.unfolded(p_centre_id) d
    cross join lateral unnest((d.fact).hours, (d.fact).hour_booked) as h (hour, booked)
    where (d.fact).day >= p_from and (d.fact).day < p_to
      and case when p_resource_id is null then (d.fact).is_own else (d.fact).resource_id = p_resource_id end;
end
$$;
