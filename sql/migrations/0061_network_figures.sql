-- The network's figures beside those of the period before, by weekday and hour, and what it turned away.
-- lock class: none (functions)

-- MARK: Beside the period before

create function utilisation.figures_of_centres(p_from date, p_to date)
    returns table (centre_id smallint, id uuid, name text, figures utilisation.figures)
    language sql stable
as $$
    select c.centre_id, c.id, n.name, utilisation.sums(c.centre_id, p_from, p_to)
    from centres.centre c
    join centres.named_centre n on n.centre_id = c.centre_id
    where exists (select from platforms.resource r where r.centre_id = c.centre_id)
$$;
comment on function utilisation.figures_of_centres(date, date) is 'The figures of every centre that has resources.';

create function utilisation.together(p_figures utilisation.figures[]) returns utilisation.figures
    language sql immutable
as $$
    select row (sum(f.open), sum(f.maintenance), sum(f.booked), sum(f.outside), sum(f.used), sum(f.used_outside), sum(f.overhead),
                sum(f.lost_late), sum(f.lost_closed), sum(f.lost_no_show), sum(f.bookings), sum(f.by_companies),
                sum(f.fault))::utilisation.figures
    from unnest(p_figures) f
$$;
comment on function utilisation.together(utilisation.figures[]) is 'The figures of several centres as one.';

create function utilisation.medians(p_figures utilisation.figures[]) returns jsonb
    language sql stable
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'availability', utilisation.median(array_agg((j.json ->> 'availability')::numeric)),
        'occupancy', utilisation.median(array_agg((j.json ->> 'occupancy')::numeric)),
        'use', utilisation.median(array_agg((j.json ->> 'use')::numeric))))
    from (select utilisation.figures_json(f) as json from unnest(p_figures) f) j
$$;
comment on function utilisation.medians(utilisation.figures[]) is 'The medians of the shares of several centres.';

create or replace function utilisation.comparison(p_centre_id smallint, p_from date, p_to date) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    -- Its own figures are among those of all.
    with centre as materialized (select * from utilisation.figures_of_centres(p_from, p_to))
    select jsonb_build_object(
        'unit', 'workstationMinutes',
        'period', jsonb_build_object('from', p_from, 'to', p_to - 1)
                  || utilisation.figures_json(coalesce(
                      (select c.figures from centre c where c.centre_id = p_centre_id), utilisation.sums(p_centre_id, p_from, p_to))),
        'before', jsonb_build_object('from', p_from - (p_to - p_from), 'to', p_from - 1)
                  || utilisation.figures_json(utilisation.sums(p_centre_id, p_from - (p_to - p_from), p_from)),
        'medians', utilisation.medians(array(select c.figures from centre c)))
$$;

create or replace function utilisation.network_report(p_from date, p_to date) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with centre as materialized (
        select * from utilisation.figures_of_centres(p_from, p_to)
    ), before as materialized (
        select b.centre_id, b.figures, utilisation.figures_json(b.figures) as json
        from utilisation.figures_of_centres(p_from - (p_to - p_from), p_from) b
    )
    select jsonb_build_object(
        'unit', 'workstationMinutes',
        'centres', coalesce((
            select jsonb_agg(
                       jsonb_build_object('centreId', c.id, 'number', c.centre_id, 'name', c.name) || utilisation.figures_json(c.figures)
                       || jsonb_strip_nulls(jsonb_build_object(
                           'occupancyBefore', b.json -> 'occupancy', 'bookingsBefore', b.json -> 'bookings'))
                       order by c.name, c.centre_id)
            from centre c left join before b using (centre_id)), '[]'),
        'totals', utilisation.figures_json(utilisation.together(array(select c.figures from centre c))),
        'before', jsonb_build_object('from', p_from - (p_to - p_from), 'to', p_from - 1)
                  || utilisation.figures_json(utilisation.together(array(select b.figures from before b))),
        'medians', utilisation.medians(array(select c.figures from centre c)))
$$;
comment on function utilisation.network_report(date, date) is
    'The figures of every centre that has resources, of all together, beside the period of the same length before, and the medians of the shares.';

-- MARK: By weekday and hour

create function utilisation.heat_of(p_centre_id smallint, p_from date, p_to date, p_resource_id uuid)
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
    select weekday, hour, coalesce(o.open, 0)::bigint, coalesce(o.bookable, 0)::bigint, coalesce(b.booked, 0)::bigint
    from opened o full join booked b using (weekday, hour)
    where coalesce(o.open, 0) > 0 or b.booked > 0
$$;
comment on function utilisation.heat_of(smallint, date, date, uuid) is
    'Seconds open, bookable (open less outages, as in reports) and booked by weekday (1: Monday) and local hour; of one resource, or of a centre without its stocks. Open: with the capacity of today.';

create type utilisation.heat_cell as (weekday smallint, hour smallint, open numeric, bookable numeric, booked numeric);
comment on type utilisation.heat_cell is 'An hour of a weekday, in seconds.';

create function utilisation.heat_json(p_cells utilisation.heat_cell[]) returns jsonb
    language sql stable
as $$
    select jsonb_build_object('unit', 'workstationMinutes', 'cells', coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'weekday', c.weekday, 'hour', c.hour, 'openMinutes', utilisation.minutes(c.open), 'bookableMinutes', utilisation.minutes(c.bookable),
        'bookedMinutes', utilisation.minutes(c.booked), 'share', utilisation.share(c.booked, c.bookable))) order by c.weekday, c.hour), '[]'))
    from unnest(p_cells) c
$$;

create or replace function utilisation.heat_map(
    p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select utilisation.heat_json(array(
        select row (h.weekday, h.hour, h.open, h.bookable, h.booked)::utilisation.heat_cell
        from utilisation.heat_of(p_centre_id, p_from, p_to, p_resource_id) h))
$$;

create function utilisation.network_heat_map(p_from date, p_to date) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select utilisation.heat_json(array(
        select row (h.weekday, h.hour, sum(h.open), sum(h.bookable), sum(h.booked))::utilisation.heat_cell
        from centres.centre c
        cross join lateral utilisation.heat_of(c.centre_id, p_from, p_to, null) h
        where exists (select from platforms.resource r where r.centre_id = c.centre_id)
        group by h.weekday, h.hour))
$$;
comment on function utilisation.network_heat_map(date, date) is
    'utilisation.heat_map of every centre together, each by its own local hours.';

-- MARK: What was turned away

create function utilisation.network_demand(p_from date, p_to date) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with away as materialized (
        select c.centre_id, c.id as centre, a.*
        from centres.centre c
        cross join lateral utilisation.turned_away(c.centre_id, p_from, p_to, null) a
    ), by_resource as (
        select a.centre_id, a.centre, a.resource_id, count(*) as requests,
               sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))) as seconds,
               utilisation.seconds(range_agg(a.during)) as one_more
        from away a group by 1, 2, 3
    ), most as (
        select b.*, r.name, n.name as centre_name
        from by_resource b
        join platforms.resource r on r.centre_id = b.centre_id and r.id = b.resource_id
        join centres.named_centre n on n.centre_id = b.centre_id
        order by b.one_more desc, b.seconds desc, r.name, b.resource_id limit 50
    )
    select jsonb_build_object(
        'resources', coalesce((
            select jsonb_agg(jsonb_build_object(
                'resourceId', m.resource_id, 'name', m.name, 'centreId', m.centre, 'centreName', m.centre_name, 'requests', m.requests,
                'minutes', utilisation.minutes(m.seconds), 'servedByOneMoreMinutes', utilisation.minutes(m.one_more))
                order by m.one_more desc, m.seconds desc, m.name, m.resource_id)
            from most m), '[]'),
        'hours', coalesce((
            select jsonb_agg(jsonb_build_object(
                'resourceId', h.resource_id, 'hour', h.hour, 'minutes', utilisation.minutes(h.seconds)) order by h.resource_id, h.hour)
            from (select a.resource_id, e.hour, sum(a.seats * e.seconds) as seconds
                  from away a
                  cross join lateral utilisation.by_hour(tstzmultirange(a.during), a.zone) as b
                  cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
                  where a.resource_id in (select m.resource_id from most m)
                  group by 1, 2) h), '[]'),
        'centres', coalesce((
            select jsonb_agg(jsonb_build_object(
                'centreId', k.centre, 'name', n.name, 'requests', k.requests, 'minutes', utilisation.minutes(k.seconds))
                order by k.seconds desc, n.name)
            from (select a.centre_id, a.centre, count(*) as requests,
                         sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))) as seconds
                  from away a group by 1, 2) k
            join centres.named_centre n on n.centre_id = k.centre_id), '[]'),
        'actors', coalesce((
            select jsonb_agg(jsonb_build_object(
                'organisationKind', k.kind, 'organisations', k.organisations, 'requests', k.requests,
                'minutes', utilisation.minutes(k.seconds)) order by k.seconds desc, k.kind)
            from (select a.organisation_kind as kind, count(distinct a.organisation_id) as organisations, count(*) as requests,
                         sum(a.seats * extract(epoch from upper(a.during) - lower(a.during))) as seconds
                  from away a group by 1) k), '[]'))
$$;
comment on function utilisation.network_demand(date, date) is
    'utilisation.demand_report of the whole network: the 50 resources of which one more would have served most, their hours, and what each centre and each kind of actor was refused.';

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'utilisation'::regnamespace and p.proname in ('network_heat_map', 'network_demand') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where p.pronamespace = 'utilisation'::regnamespace
               and p.proname in ('figures_of_centres', 'together', 'medians', 'heat_of', 'heat_json') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
