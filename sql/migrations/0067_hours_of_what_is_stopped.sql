-- What is out of service is found before the hours are that it takes: each resource was joined with each hour that its centre opens in the
-- period, 18,250 rows for 50 resources and a year, most of a report's time.
-- lock class: none (a function)

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
    ), stopped as materialized (
        -- Found before their hours are looked at: most centres have thousands of those, and few outages.
        select v.id, v.is_part, v.capacity, v.calendar_id, v.life, o.outage, o.fault
        from version v
        cross join lateral (
            select range_agg(x.during) as outage, coalesce(range_agg(x.during) filter (where x.is_fault), '{}') as fault
            from outage x where x.zone = v.zone and x.resource_id = any (v.id || v.ancestors)) o
        where o.outage is not null
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
        select width_bucket(h.day, p_cuts) as piece, v.id, v.is_part, v.capacity, h.during * v.life as during, v.outage, v.fault
        from stopped v
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
