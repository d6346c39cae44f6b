-- Find any: every start at which a need fits, over time, units, sites and centres, ranked, and why the others do not. Refusals take their
-- alternatives from it, and displaced bookings their other places.
-- lock class: none (functions only; two are replaced, one goes)

-- least() passes by what is null: a distance from nowhere was half around the Earth.
create or replace function plateau.kilometres(p_latitude float8, p_longitude float8, p_to_latitude float8, p_to_longitude float8)
    returns float8
    language sql immutable parallel safe
    return case when p_latitude is not null and p_longitude is not null and p_to_latitude is not null and p_to_longitude is not null then
        2 * 6371.0088 * asin(least(1, sqrt(
            power(sin(radians(p_to_latitude - p_latitude) / 2), 2)
            + cos(radians(p_latitude)) * cos(radians(p_to_latitude)) * power(sin(radians(p_to_longitude - p_longitude) / 2), 2)))) end;

-- MARK: The grid

create function platforms.start_after(p_at timestamptz, p_zone text, p_grid_minutes integer) returns timestamptz
    language plpgsql stable strict parallel safe
as $$
declare
    v_local timestamp := p_at at time zone p_zone;
    v_seconds numeric := extract(epoch from v_local::time);
    v_step numeric := p_grid_minutes * 60;
    v_next timestamptz := p_at + make_interval(secs => (least(ceil(v_seconds / v_step) * v_step, 86400) - v_seconds)::float8);
begin
    if (v_next at time zone p_zone) - v_local = v_next - p_at then
        return v_next;
    end if;
    -- The clock is changed in between: minute by minute.
    return (select min(m.at)
            from generate_series(date_trunc('minute', p_at + interval '59.999999 seconds'), p_at + interval '26 hours', '1 minute') as m (at)
            where extract(epoch from (m.at at time zone p_zone)::time)::numeric % v_step = 0);
end
$$;
comment on function platforms.start_after(timestamptz, text, integer) is
    'The first instant from one on that lies on a grid of so many minutes, which begins at each midnight of a zone.';

create function platforms.start_before(p_at timestamptz, p_zone text, p_grid_minutes integer) returns timestamptz
    language plpgsql stable strict parallel safe
as $$
declare
    v_local timestamp := p_at at time zone p_zone;
    v_last timestamptz := p_at - make_interval(secs => (extract(epoch from v_local::time)::numeric % (p_grid_minutes * 60))::float8);
begin
    if v_local - (v_last at time zone p_zone) = p_at - v_last then
        return v_last;
    end if;
    return (select max(m.at)
            from generate_series(date_trunc('minute', p_at), p_at - interval '26 hours', '-1 minute') as m (at)
            where extract(epoch from (m.at at time zone p_zone)::time)::numeric % (p_grid_minutes * 60) = 0);
end
$$;
comment on function platforms.start_before(timestamptz, text, integer) is 'The last instant up to one that lies on a grid, as platforms.start_after has it.';

-- MARK: What is judged beside room

create function bookings.slot_rules(
    p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[],
    p_head_counts integer[], p_persons integer, p_now timestamptz, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[],
    p_holders uuid[], out verdict text, out rules jsonb)
    language plpgsql stable
as $$
declare
    v_gate labels.gate_result;
begin
    v_gate := labels.gate(p_resource.centre_id, p_resource.is_shared, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences,
                          p_head_counts, false, p_resource.id);
    verdict := v_gate.verdict;
    rules := '[]';
    if v_gate.verdict <> 'allow' then
        select coalesce(jsonb_agg(g.rule), '[]') into rules
        from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional');
    end if;
    rules := rules || bookings.time_rules(null, p_resource, p_zone, p_slot, p_now);
    if p_resource.has_priority and p_activity is distinct from 'maintenance' then
        rules := rules || bookings.priority_rules(null, p_resource, p_zone, p_slot, p_audiences, p_now);
    end if;
    -- Whoever only looks has no activity yet.
    if p_activity is not null then
        if p_activity = 'companyProduction' and not access.may_produce(
               p_organisation, array[p_resource.id], array[lower(p_slot)], array[upper(p_slot)], array[p_zone])
            or p_activity = 'maintenance' and not access.has_role(p_key, array['centreStaff', 'centreManager'], p_resource.centre_id) then
            rules := rules || bookings.rule(null, 'activity', 'activityNotAllowed', jsonb_build_object('activity', p_activity));
        end if;
        if p_resource.supervision <> '{}' and coalesce(p_supervision, 'unsupervised') <> all (p_resource.supervision) then
            rules := rules || bookings.rule(null, 'supervision', 'supervisionNotOffered', jsonb_build_object(
                'supervision', coalesce(p_supervision, 'unsupervised'), 'offered', p_resource.supervision));
        end if;
        if (p_resource.has_prerequisites or p_resource.parent_id is not null or p_supervision = 'habilitatedTrainer')
            and p_activity <> 'maintenance' then
            rules := rules || bookings.proof_rules(
                null, p_resource, p_zone, p_slot, p_organisation, p_supervision, p_holder_roles, p_holders,
                least(coalesce((select sum(n) from unnest(p_head_counts) n), 0), p_persons)::integer);
        end if;
    end if;
    if rules <> '[]' then
        verdict := case when rules @> '[{"verdict": "deny"}]' then 'deny' else 'conditional' end;
    end if;
end
$$;
comment on function bookings.slot_rules(
    platforms.resource, text, tstzrange, uuid, smallint, text[], integer[], integer, timestamptz, uuid, text, text, text[], uuid[],
    out text, out jsonb) is
    'What bookings.reserve would say of one line but for its room, from the same functions: gate, rules of use, seasons, activity, supervision, proofs. rules: those that do not simply allow. No activity: what depends on it is not asked.';

drop function bookings.outlook(
    platforms.resource, text, tstzrange, uuid, smallint, text[], integer[], integer, integer, timestamptz);
create function bookings.outlook(
    p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[],
    p_head_counts integer[], p_seats integer, p_persons integer, p_now timestamptz, p_key uuid default null, p_activity text default null,
    p_supervision text default null, p_holder_roles text[] default '{}', p_holders uuid[] default '{}',
    out verdict text, out free integer, out rules jsonb)
    language plpgsql stable
as $$
declare
    v_gate labels.gate_result;
begin
    if p_slot is null then
        v_gate := labels.gate(p_resource.centre_id, p_resource.is_shared, p_zone, tstzrange(p_now, p_now + interval '1 minute'),
                              p_organisation, p_caller_centre, p_audiences, p_head_counts, false, p_resource.id);
        verdict := v_gate.verdict;
        rules := '[]';
        if v_gate.verdict <> 'allow' then
            select coalesce(jsonb_agg(g.rule), '[]') into rules
            from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional');
        end if;
    else
        select s.verdict, s.rules into verdict, rules
        from bookings.slot_rules(p_resource, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences, p_head_counts, p_persons, p_now,
                                 p_key, p_activity, p_supervision, p_holder_roles, p_holders) s;
    end if;
    if p_seats > p_resource.capacity then
        rules := rules || bookings.rule(null, 'capacity', 'quantityTooLarge', jsonb_build_object(
            'seats', p_seats, 'capacity', p_resource.capacity));
    end if;
    if p_slot is not null then
        free := p_resource.capacity - platforms.most_taken(
            p_resource.centre_id, p_resource.id, lower(p_slot) - make_interval(mins => p_resource.setup_minutes),
            upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes), '{}', '{}', '{}');
        if p_seats > free and p_seats <= p_resource.capacity then
            rules := rules || bookings.rule(null, 'capacity',
                case when p_resource.kind in ('equipment', 'workstation') then 'unitTaken' else 'capacityFull' end,
                jsonb_build_object('seats', p_seats, 'free', greatest(free, 0), 'capacity', p_resource.capacity));
        end if;
        if p_resource.parent_id is not null or p_resource.person_limit is not null then
            if p_resource.parent_id is not null then
                select least(free, p_resource.capacity - max(x.taken)) into free
                from platforms.path_steps(
                    p_resource, lower(p_slot) - make_interval(mins => p_resource.setup_minutes),
                    upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes)) x;
            end if;
            rules := rules || (
                select coalesce(jsonb_agg(t.rule - 'line'), '[]')
                from jsonb_array_elements(bookings.tree_rules(
                    1, p_zone, array[p_resource], array[lower(p_slot)], array[upper(p_slot)], array[p_seats], array[p_persons])) as t (rule));
        end if;
        free := greatest(free, 0);
    end if;
    if rules @> '[{"verdict": "deny"}]' then
        verdict := 'deny';
    end if;
end
$$;
comment on function bookings.outlook(
    platforms.resource, text, tstzrange, uuid, smallint, text[], integer[], integer, integer, timestamptz, uuid, text, text, text[], uuid[],
    out text, out integer, out jsonb) is
    'What bookings.reserve would say of one line, without its locks and without promising anything; with no slot only what the gate says today. rules: those that do not simply allow. free: seats over the whole slot.';

-- MARK: What is alike

create function bookings.alike(p_resource platforms.resource, p_most integer)
    returns table (centre_id smallint, id uuid, likeness text, place integer, kilometres float8)
    language plpgsql stable
as $$
declare
    v_tags text[];
    v_model_id uuid;
    v_model text;
    v_latitude float8;
    v_longitude float8;
begin
    select array(select t from unnest(e.tags) t where t not like 'kind:%'), a.model_id, g.model, s.latitude, s.longitude
    into v_tags, v_model_id, v_model, v_latitude, v_longitude
    from centres.site s
    left join platforms.search_entry e on e.centre_id = s.centre_id and e.id = p_resource.id
    left join inventory.asset a on a.centre_id = s.centre_id and a.id = p_resource.id
    left join platforms.workstation w on w.centre_id = s.centre_id and w.id = p_resource.id
    left join platforms.workstation_group g on g.centre_id = s.centre_id and g.id = coalesce(w.group_id, p_resource.id)
    where s.centre_id = p_resource.centre_id and s.id = p_resource.site_id;
    return query
    select f.centre_id, f.id, f.likeness, array_position(array['sameModel', 'sameCategory', 'sameSkills'], f.likeness),
           plateau.kilometres(v_latitude, v_longitude, f.latitude, f.longitude)
    from (
        select r.centre_id, r.id, s.latitude, s.longitude,
               case when a.model_id = v_model_id then 'sameModel' when a.model_id is not null then 'sameCategory'
                    else 'sameSkills' end as likeness
        from platforms.search_entry e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        left join inventory.asset a on a.centre_id = e.centre_id and a.id = e.id
        where v_tags <> '{}' and e.tags && v_tags and e.tags @> array['kind:' || plateau.plain(p_resource.kind)]
        union all
        select r.centre_id, r.id, s.latitude, s.longitude, 'sameModel'
        from platforms.workstation_group g
        join platforms.workstation w on w.centre_id = g.centre_id and w.group_id = g.id
        join platforms.resource r on r.centre_id = w.centre_id and r.id = w.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where p_resource.kind = 'workstation' and g.model = v_model
        union all
        select r.centre_id, r.id, s.latitude, s.longitude, 'sameModel'
        from platforms.workstation_group g
        join platforms.resource r on r.centre_id = g.centre_id and r.id = g.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where p_resource.kind = 'workstationGroup' and g.model = v_model) f
    where f.id <> p_resource.id
    order by f.centre_id <> p_resource.centre_id, 4, 5 nulls last, f.id
    limit p_most;
end
$$;
comment on function bookings.alike(platforms.resource, integer) is
    'Other resources of the kind of one that may stand in for it, best first: of its centre, then by likeness (model, category, skills or sectors; place: 1 to 3), then by distance.';

-- MARK: Find any

create type bookings.candidate as (
    resource platforms.resource,
    zone text,
    likeness text,
    place integer,
    kilometres float8
);
create type bookings.run as (
    candidate integer,
    first_start timestamptz,
    last_start timestamptz,
    starts timestamptz
);
create type bookings.pick as (
    candidate integer,
    starts timestamptz,
    first_start timestamptz,
    last_start timestamptz,
    verdict text,
    rules jsonb
);

create function bookings.wanted(
    p_key uuid, p_organisation uuid, p_like uuid, p_seats integer, p_persons integer, p_words text, p_tags text[], p_centre_id smallint,
    p_latitude float8, p_longitude float8, p_kilometres float8, p_beside uuid[], p_now timestamptz, p_most integer)
    returns bookings.candidate[]
    language plpgsql stable
as $$
declare
    v_like platforms.resource;
    v_caller_centre smallint;
    v_least integer := greatest(p_seats, 1);
    v_roots uuid[] := '{}'::uuid[];
    v_is_own boolean := exists (select from access.api_key k where k.id = p_key and k.organisation_id = p_organisation);
    v_candidates bookings.candidate[];
begin
    if p_beside <> '{}' then
        -- What stands in one tree with another line is in its way, or may be.
        v_roots := array(select coalesce(r.ancestors[cardinality(r.ancestors)], r.id) from unnest(p_beside) b
                         join platforms.resource r on r.centre_id = plateau.centre_of(b) and r.id = b);
    end if;
    if p_like is null then
        select array_agg(row(r, s.zone, 'asAsked', 1, f.kilometres)::bookings.candidate) into v_candidates
        from bookings.candidates(p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres, p_most) f
        join platforms.resource r on r.centre_id = f.centre_id and r.id = f.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where (r.retired_at is null or r.retired_at > p_now)
          and coalesce(r.ancestors[cardinality(r.ancestors)], r.id) <> all (v_roots)
          and (v_is_own or access.may_book_for(p_key, p_organisation, array[r.centre_id]));
        return coalesce(v_candidates, '{}');
    end if;
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    select * into v_like from platforms.resource r where r.centre_id = plateau.centre_of(p_like) and r.id = p_like;
    if p_seats = 0 then
        -- The whole of another one: as large, or large enough for those who come.
        v_least := case when p_persons > 0 then least(v_like.capacity, p_persons) else v_like.capacity end;
    end if;
    select array_agg(row(r, s.zone, f.likeness, f.place, f.kilometres)::bookings.candidate) into v_candidates
    from (select v_like.centre_id as centre_id, v_like.id as id, 'sameResource' as likeness, 0 as place, 0::float8 as kilometres
          union all
          select * from bookings.alike(v_like, p_most)) f
    join platforms.resource r on r.centre_id = f.centre_id and r.id = f.id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where (r.retired_at is null or r.retired_at > p_now) and r.capacity >= v_least
      and (r.is_shared or r.centre_id = v_caller_centre or r.id = v_like.id)
      and coalesce(r.ancestors[cardinality(r.ancestors)], r.id) <> all (v_roots)
      and (v_is_own or access.may_book_for(p_key, p_organisation, array[r.centre_id]));
    return coalesce(v_candidates, '{}');
end
$$;
comment on function bookings.wanted(
    uuid, uuid, uuid, integer, integer, text, text[], smallint, float8, float8, float8, uuid[], timestamptz, integer) is
    'The resources among which any is looked for: one and what is like it, or what words, properties and distance find. Left out: what is retired, what this key may not book for the organisation, and what stands in one tree with a resource that is taken beside.';

create function bookings.runs(
    p_candidates bookings.candidate[], p_from timestamptz, p_to timestamptz, p_minutes integer, p_preferred timestamptz, p_seats integer,
    p_persons integer, p_passed uuid[], p_centre_id smallint, p_elsewhere tstzrange, p_now timestamptz) returns bookings.run[]
    language plpgsql stable
as $$
declare
    v_length interval := make_interval(mins => p_minutes);
    v_tick interval := interval '1 microsecond';
    v_runs bookings.run[];
begin
    with candidate as materialized (
        select c.n, (c.resource).centre_id, (c.resource).id, (c.resource).id || (c.resource).ancestors as path, (c.resource).kind,
               coalesce((c.resource).calendar_id, (c.resource).site_id) as calendar_id, c.zone, c.place, c.kilometres,
               (c.resource).capacity, (c.resource).grid_minutes as grid, make_interval(mins => (c.resource).grid_minutes) as step,
               case p_seats when 0 then (c.resource).capacity else p_seats end as seats,
               make_interval(mins => (c.resource).setup_minutes) as setup, make_interval(mins => (c.resource).cleanup_minutes) as cleanup,
               greatest(p_from, p_now + make_interval(mins => (c.resource).notice_minutes),
                        case when (c.resource).centre_id is distinct from p_centre_id then lower(p_elsewhere) end) as first_start,
               least(p_to - v_length, plateau.instant_of(
                         (plateau.local_day(p_now, c.zone) + (c.resource).horizon_days + 1)::timestamp, c.zone) - v_tick,
                     case when (c.resource).centre_id is distinct from p_centre_id then upper(p_elsewhere) end) as last_start
        from unnest(p_candidates) with ordinality as c (resource, zone, likeness, place, kilometres, n)
        where p_minutes between (c.resource).minimum_minutes and (c.resource).maximum_minutes
          and p_minutes % (c.resource).grid_minutes = 0 and p_seats <= (c.resource).capacity
    ), segment as materialized (
        -- Within each of these a slot begins on one local day and ends on one: what is judged by days is the same for all of its starts.
        select x.zone, x.day, x.starts as day_starts, x.ends - x.starts = interval '24 hours' as is_plain,
               tstzrange(x.at, coalesce(lead(x.at) over (partition by x.zone, x.day order by x.at), x.ends)) as during
        from (select d.zone, d.day, d.starts, d.ends, c.at
              from (select z.zone, z.first_day + n.n as day, plateau.instant_of((z.first_day + n.n)::timestamp, z.zone) as starts,
                           plateau.instant_of((z.first_day + n.n + 1)::timestamp, z.zone) as ends
                    from (select distinct c.zone, (p_from at time zone c.zone)::date as first_day, (p_to at time zone c.zone)::date as last_day
                          from candidate c) z
                    cross join lateral generate_series(0, z.last_day - z.first_day) as n (n)) d
              -- The day begins; a slot ends just after the midnight that ends it, or one of the days before which it is long.
              cross join lateral (
                  select d.starts as at
                  union
                  select m.at - v_length + v_tick
                  from generate_series(0, p_minutes / 1440 + 1) as k (k)
                  cross join lateral (values (plateau.instant_of((d.day + 1 + k.k)::timestamp, d.zone))) as m (at)
                  where m.at - v_length + v_tick > d.starts and m.at - v_length + v_tick < d.ends) c) x
    ), piece as materialized (
        select c.*, unnest(o.starts * tstzmultirange(tstzrange(c.first_start, c.last_start, '[]')) - coalesce(b.starts, '{}')) as starts
        from candidate c
        cross join lateral (
            select range_agg(tstzrange(lower(u.open), upper(u.open) - v_length, '[]')) as starts
            from (select unnest(range_agg(h.during)) as open
                  from centres.open_hours h
                  where h.centre_id = c.centre_id and h.calendar_id = c.calendar_id
                    and h.day between (c.first_start at time zone c.zone)::date and ((c.last_start + v_length) at time zone c.zone)::date) u
            where upper(u.open) - lower(u.open) >= v_length) o
        cross join lateral (
            select range_agg(x.starts) as starts
            from (
                -- When too little is left, of it or of what it stands in.
                select tstzrange(f.at - v_length - c.cleanup, f.until + c.setup, '()') as starts
                from platforms.resource n
                cross join lateral (
                    select e.at, lead(e.at) over (order by e.at) as until, sum(sum(e.seats)::integer) over (order by e.at) as taken,
                           sum(sum(e.persons)::integer) over (order by e.at) as present
                    from platforms.occupancy o
                    cross join lateral (values (o.starts, o.seats, o.persons::integer), (o.ends, -o.seats, -o.persons::integer))
                        as e (at, seats, persons)
                    where o.centre_id = n.centre_id and o.resource_id = n.id and o.ends > c.first_start - c.setup
                      and o.ends <= c.last_start + v_length + c.cleanup + interval '25 hours'
                      and o.starts < c.last_start + v_length + c.cleanup and o.holder_id <> all (p_passed)
                    group by e.at) f
                where n.centre_id = c.centre_id and n.id = any (c.path)
                  and (f.taken + c.seats > n.capacity or p_persons > 0 and f.present + p_persons > n.person_limit)
                union all
                select tstzrange(lower(o.during) - v_length, upper(o.during), '()')
                from maintenance.outage o
                where o.centre_id = c.centre_id and o.resource_id = any (c.path) and o.ended_at is null
                  and o.during && tstzrange(c.first_start, c.last_start + v_length)
                union all
                select unnest('{(,)}'::tstzmultirange - tstzmultirange(
                    case when isempty(a.usable) or upper(a.usable) - v_length < lower(a.usable) then 'empty'::tstzrange
                         else tstzrange(lower(a.usable), upper(a.usable) - v_length, '[]') end))
                from inventory.asset a
                where c.kind = 'equipment' and a.centre_id = c.centre_id and a.id = c.id
                union all
                -- What goes, and what stands in what goes; what is too small for everybody.
                select case when p_persons > n.person_limit then tstzrange(null, null) else tstzrange(n.retired_at - v_length, null, '[)') end
                from platforms.resource n
                where n.centre_id = c.centre_id and n.id = any (c.path) and (n.retired_at is not null or p_persons > n.person_limit)) x) b
        where c.first_start <= c.last_start
    ), run as materialized (
        select p.n, p.centre_id, p.id, p.zone, p.grid, p.step, p.place, p.kilometres, p.capacity, g.day, g.day_starts, g.is_plain,
               case when g.is_plain then g.day_starts + ceil(extract(epoch from i.earliest - g.day_starts) / (60 * p.grid))::float8 * p.step
                    else platforms.start_after(i.earliest, p.zone, p.grid) end as first_start,
               case when g.is_plain then g.day_starts + floor(extract(epoch from i.latest - g.day_starts) / (60 * p.grid))::float8 * p.step
                    else platforms.start_before(i.latest, p.zone, p.grid) end as last_start
        from piece p
        cross join lateral generate_series(
            0, (upper(p.starts) at time zone p.zone)::date - (lower(p.starts) at time zone p.zone)::date) as d (n)
        join segment g on g.zone = p.zone and g.day = (lower(p.starts) at time zone p.zone)::date + d.n and g.during && p.starts
        cross join lateral (
            select lower(g.during * p.starts) as earliest,
                   upper(g.during * p.starts) - case when upper_inc(g.during * p.starts) then interval '0' else v_tick end as latest) i
    ), chosen as materialized (
        -- The start asked for, or on another day its time of day; or as near to it as can be.
        select u.*, case
                   when not u.is_plain then least(u.last_start, platforms.start_after(
                       greatest(u.first_start, plateau.instant_of(u.day + w.time, u.zone)), u.zone, u.grid))
                   else least(u.last_start, greatest(u.first_start, u.day_starts
                       + ceil(extract(epoch from w.time) / (60 * u.grid))::float8 * u.step)) end as starts
        from run u
        cross join lateral (values ((p_preferred at time zone u.zone)::time)) as w (time)
        where u.first_start <= u.last_start
    )
    select array_agg(row(h.n, h.first_start, h.last_start, h.starts)::bookings.run
                     order by h.centre_id is distinct from p_centre_id, greatest(h.starts - p_preferred, p_preferred - h.starts),
                              h.starts < p_preferred, h.kilometres nulls last, h.place, h.capacity, h.id)
    into v_runs
    from chosen h;
    return coalesce(v_runs, '{}');
end
$$;
comment on function bookings.runs(
    bookings.candidate[], timestamptz, timestamptz, integer, timestamptz, integer, integer, uuid[], smallint, tstzrange, timestamptz) is
    'Every start at which candidates are open and have room for a slot, as runs over their grid within one day, the best first: of the centre, nearest to the start that is preferred, nearest by distance, likest, smallest. passed: holders whose room counts as free. elsewhere: when slots of other centres may begin (null: always). What is judged by days is not asked.';

create function bookings.nearest_open(
    p_resource platforms.resource, p_zone text, p_from timestamptz, p_to timestamptz, p_minutes integer, p_preferred timestamptz,
    p_now timestamptz) returns timestamptz
    language sql stable
    return (
        with bound as (
            select greatest(p_from, p_now + make_interval(mins => (p_resource).notice_minutes)) as earliest,
                   p_to - make_interval(mins => p_minutes) as latest
        ), open as (
            select unnest(range_agg(h.during)) as during
            from centres.open_hours h
            where h.centre_id = (p_resource).centre_id and h.calendar_id = coalesce((p_resource).calendar_id, (p_resource).site_id)
              and h.day between (p_from at time zone p_zone)::date and (p_to at time zone p_zone)::date
        ), near as (
            select platforms.start_after(
                       least(greatest(lower(o.during), b.earliest, p_preferred), upper(o.during) - make_interval(mins => p_minutes), b.latest),
                       p_zone, (p_resource).grid_minutes) as at
            from open o, bound b
            where upper(o.during) - lower(o.during) >= make_interval(mins => p_minutes)
              and lower(o.during) <= b.latest and upper(o.during) - make_interval(mins => p_minutes) >= b.earliest
        )
        select n.at from near n order by greatest(n.at - p_preferred, p_preferred - n.at), n.at limit 1);
comment on function bookings.nearest_open(platforms.resource, text, timestamptz, timestamptz, integer, timestamptz, timestamptz) is
    'When a resource is open for a slot, nearest to the start that is preferred, taken or not: where one asks why there is none. Null: never.';

create function bookings.suggestion_rules(
    p_candidate bookings.candidate, p_starts timestamptz, p_ends timestamptz, p_seats integer, p_organisation access.organisation,
    p_key uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text,
    p_holder_roles text[], p_holders uuid[], p_booking uuid, p_now timestamptz, out verdict text, out rules jsonb)
    language plpgsql stable
as $$
begin
    if p_seats is null then
        select s.verdict, s.rules into verdict, rules
        from bookings.slot_rules(
            p_candidate.resource, p_candidate.zone, tstzrange(p_starts, p_ends), p_organisation.id, p_organisation.centre_id, p_audiences,
            p_head_counts, p_persons, p_now, p_key, p_activity, p_supervision, p_holder_roles, p_holders) s;
    else
        select s.verdict, s.rules into verdict, rules
        from bookings.outlook(
            p_candidate.resource, p_candidate.zone, tstzrange(p_starts, p_ends), p_organisation.id, p_organisation.centre_id, p_audiences,
            p_head_counts, p_seats, p_persons, p_now, p_key, p_activity, p_supervision, p_holder_roles, p_holders) s;
    end if;
    if p_organisation.has_quota then
        rules := rules || bookings.quota_rules(
            p_organisation.id, coalesce(p_booking, '00000000-0000-0000-0000-000000000000'), array[p_candidate.resource],
            array[p_candidate.zone], array[p_starts], array[p_ends]);
        if rules @> '[{"verdict": "deny"}]' then
            verdict := 'deny';
        end if;
    end if;
end
$$;
comment on function bookings.suggestion_rules(
    bookings.candidate, timestamptz, timestamptz, integer, access.organisation, uuid, text, text[], integer[], integer, text, text[],
    uuid[], uuid, timestamptz, out text, out jsonb) is
    'What stands against a slot of a candidate, quotas included; its room too where seats are given.';

create function bookings.suggest(
    p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text,
    p_holder_roles text[], p_holders uuid[], p_seats integer, p_from timestamptz, p_to timestamptz, p_minutes integer,
    p_preferred timestamptz, p_like uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude float8, p_longitude float8,
    p_kilometres float8, p_booking uuid, p_beside uuid[], p_explains boolean, p_most integer, p_most_judged integer, p_limit integer)
    returns table (
        centre_id smallint, id uuid, zone text, is_same_centre boolean, likeness text, kilometres float8, starts timestamptz,
        ends timestamptz, first_start timestamptz, last_start timestamptz, verdict text, rules jsonb)
    language plpgsql stable security definer rows 20 set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
    set jit = off
as $$
declare
    v_now timestamptz := plateau.clock();
    v_length interval := make_interval(mins => p_minutes);
    -- Other slots for what was to begin before now are looked for as long from now.
    v_late interval := case when p_explains then interval '0'
                            else make_interval(days => greatest(ceil(extract(epoch from v_now - p_preferred) / 86400), 0)::integer) end;
    v_from timestamptz := p_from + v_late;
    v_to timestamptz := p_to + v_late;
    v_preferred timestamptz := greatest(v_from, least(p_preferred + v_late, v_to - make_interval(mins => p_minutes)));
    v_organisation access.organisation;
    v_centre_id smallint;
    v_passed uuid[];
    v_candidates bookings.candidate[];
    v_candidate bookings.candidate;
    v_day tstzrange;
    v_runs bookings.run[];
    v_run bookings.run;
    v_picked bookings.pick[];
    -- Of each candidate: how many slots are told, where it was first refused, whether it has runs nobody looked at. Of each run: whether
    -- it is dealt with.
    v_told integer[];
    v_refused_at timestamptz[];
    v_has_more boolean[];
    v_done boolean[];
    v_index integer;
    v_judged integer;
    v_farthest interval;
begin
    select * into v_organisation from access.organisation o where o.id = p_organisation;
    if not found then
        return;
    end if;
    v_centre_id := coalesce(plateau.centre_of(p_like), v_organisation.centre_id);
    v_passed := array_remove(bookings.lapsed_holders() || p_booking, null);
    v_candidates := bookings.wanted(
        p_key, p_organisation, p_like, p_seats, p_persons, p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres,
        coalesce(p_beside, '{}'), v_now, p_most);
    if v_candidates = '{}' then
        return;
    end if;
    -- Where only the best are wanted: first its own centre alone, which comes before all others; then the others on that day alone, as
    -- another day is never nearer than its edges; then all.
    v_day := tstzrange(
        plateau.instant_of((v_preferred at time zone (v_candidates[1]).zone)::date::timestamp, (v_candidates[1]).zone),
        plateau.instant_of(((v_preferred at time zone (v_candidates[1]).zone)::date + 1)::timestamp, (v_candidates[1]).zone)
        - interval '1 microsecond');
    for v_phase in 0 .. 2 loop
        continue when v_phase < 2 and (p_explains or p_limit > 10 or cardinality(v_candidates) < p_limit)
            or v_phase = 0 and (select count(*) from unnest(v_candidates) c where (c.resource).centre_id = v_centre_id) < p_limit
            or v_phase = 1 and v_from >= lower(v_day) and v_to <= upper(v_day) + v_length;
        v_runs := bookings.runs(
            v_candidates, v_from, v_to, p_minutes, v_preferred, p_seats, p_persons, v_passed, v_centre_id,
            case v_phase when 0 then tstzrange('infinity', 'infinity', '[]') when 1 then v_day end, v_now);
        v_told := array_fill(0, array[cardinality(v_candidates)]);
        v_refused_at := array_fill(null::timestamptz, array[cardinality(v_candidates)]);
        v_has_more := array_fill(false, array[cardinality(v_candidates)]);
        v_done := array_fill(false, array[cardinality(v_runs)]);
        v_picked := '{}'::bookings.pick[];
        v_judged := 0;
        v_farthest := '0';
        -- The best of each resource first, then the others, both in order.
        for v_round in 1 .. 2 loop
            exit when v_round = 2 and v_phase < 2;
            v_index := 0;
            foreach v_run in array v_runs loop
                v_index := v_index + 1;
                continue when v_done[v_index] or v_round = 1 and v_told[v_run.candidate] > 0;
                if cardinality(v_picked) >= p_limit or v_judged >= p_most_judged then
                    exit when not p_explains;
                    v_has_more[v_run.candidate] := true;
                    continue;
                end if;
                v_candidate := v_candidates[v_run.candidate];
                v_done[v_index] := true;
                v_judged := v_judged + 1;
                select s.verdict, s.rules into verdict, rules
                from bookings.suggestion_rules(
                    v_candidate, v_run.starts, v_run.starts + v_length, null, v_organisation, p_key, p_activity, p_audiences, p_head_counts,
                    p_persons, p_supervision, p_holder_roles, p_holders, p_booking, v_now) s;
                if verdict = 'deny' then
                    v_refused_at[v_run.candidate] := coalesce(v_refused_at[v_run.candidate], v_run.starts);
                    continue;
                end if;
                v_told[v_run.candidate] := v_told[v_run.candidate] + 1;
                v_picked := v_picked || row(v_run.candidate, v_run.starts, v_run.first_start, v_run.last_start, verdict, rules)::bookings.pick;
                if (v_candidate.resource).centre_id is distinct from v_centre_id then
                    v_farthest := greatest(v_farthest, v_run.starts - v_preferred, v_preferred - v_run.starts);
                end if;
            end loop;
        end loop;
        exit when cardinality(v_picked) >= p_limit
            and v_farthest <= least(v_preferred - lower(v_day), upper(v_day) - v_preferred);
    end loop;

    if p_explains then
        -- Of each resource that has none: what stands against it where it would come nearest.
        for v_index in 1 .. cardinality(v_candidates) loop
            continue when v_told[v_index] > 0;
            if v_has_more[v_index] then
                v_picked := v_picked || row(v_index, v_preferred, null, null, 'unknown', '[]')::bookings.pick;
                continue;
            end if;
            v_candidate := v_candidates[v_index];
            starts := coalesce(
                v_refused_at[v_index],
                bookings.nearest_open(v_candidate.resource, v_candidate.zone, p_from, p_to, p_minutes, v_preferred, v_now), v_preferred);
            select s.rules into rules
            from bookings.suggestion_rules(
                v_candidate, starts, starts + v_length, case p_seats when 0 then (v_candidate.resource).capacity else p_seats end,
                v_organisation, p_key, p_activity, p_audiences, p_head_counts, p_persons, p_supervision, p_holder_roles, p_holders,
                p_booking, v_now) s;
            v_picked := v_picked || row(v_index, starts, null, null, 'deny', rules)::bookings.pick;
        end loop;
    end if;
    return query
    select (c.resource).centre_id, (c.resource).id, c.zone, coalesce((c.resource).centre_id = v_centre_id, false), c.likeness, c.kilometres,
           k.starts, k.starts + v_length, k.first_start, k.last_start, k.verdict, k.rules
    from unnest(v_picked) with ordinality as k (candidate, starts, first_start, last_start, verdict, rules, n)
    cross join lateral (select v_candidates[k.candidate] as found) f
    cross join lateral (select (f.found).resource, (f.found).zone, (f.found).likeness, (f.found).kilometres) c
    order by k.n;
end
$$;
comment on function bookings.suggest(
    uuid, uuid, text, text[], integer[], integer, text, text[], uuid[], integer, timestamptz, timestamptz, integer, timestamptz, uuid, text,
    text[], smallint, float8, float8, float8, uuid, uuid[], boolean, integer, integer, integer) is
    'Find any: slots in which a need fits between from and to, at most p_limit, best first, each with the run of starts that it stands for; the best of each resource come first. Then, where p_explains, each resource that has none (no first_start) with what stands against it where it comes nearest; verdict unknown: not looked at to the end. seats 0: the whole. like: what it is to be like; else words, tags and distance say what is looked for. booking: whose own room is free to it. beside: resources of its other lines. The rules are those of the guard, for this organisation and this key.';

-- MARK: Displaced bookings

create or replace function maintenance.other_places(p_booking uuid, p_limit integer, p_without uuid default null)
    returns table (
        line smallint, resource_id uuid, name text, centre_id uuid, centre_name text, site_name text, reason text, distance_km integer,
        verdict text)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with wanted as (
        select b as booking, l.number, tstzrange(l.starts, l.ends) as slot, l.seats, l.is_exclusive, r as resource, o as organisation,
               coalesce(l.persons, b.accompanying + coalesce((select sum(n) from unnest(b.head_counts) n), 0))::integer as persons
        from bookings.booking b
        join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join access.organisation o on o.id = b.organisation_id
        where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking
    ), lacking as (
        select w.* from wanted w
        where p_without = any ((w.resource).id || (w.resource).ancestors)
           or (w.booking).state = 'suspended' and not platforms.has_room(
               w.resource, w.slot, case when w.is_exclusive then (w.resource).capacity else w.seats end, w.persons)
    ), checked as (
        select w.number, r.id, r.name, r.centre_id, s.name as site_name, a.likeness, a.kilometres, g.verdict,
               row_number() over (partition by w.number order by r.centre_id <> (w.resource).centre_id, a.place, a.kilometres nulls last, r.name, r.id)
                   as rank,
               a.likeness || case when r.centre_id = (w.resource).centre_id then 'SameCentre' else 'OtherCentre' end as reason
        from lacking w
        cross join lateral bookings.alike(w.resource, 500) a
        join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        cross join lateral bookings.slot_rules(
            r, s.zone, w.slot, (w.organisation).id, (w.organisation).centre_id, (w.booking).audiences, (w.booking).head_counts, w.persons,
            plateau.clock(), null, case (w.booking).activity when 'maintenance' then null else (w.booking).activity end,
            (w.booking).supervision, (w.booking).holder_roles, (w.booking).holders) g
        where r.retired_at is null and r.capacity >= w.seats and (r.is_shared or r.centre_id = (w.organisation).centre_id)
          and g.verdict <> 'deny'
          and platforms.has_room(r, w.slot, case when w.is_exclusive then r.capacity else w.seats end, w.persons)
    )
    select c.number, c.id, c.name, x.id, n.name, c.site_name, c.reason, round(c.kilometres)::integer, c.verdict
    from checked c
    join centres.centre x on x.centre_id = c.centre_id
    join lateral (select n.name from centres.centre_name n where n.centre_id = c.centre_id order by lower(n.during) desc limit 1) n on true
    where c.rank <= p_limit
    order by c.number, c.rank
$$;

drop function bookings.next_free(uuid, integer, integer, timestamptz, integer, integer, text[], integer);

alter function bookings.suggest(
    uuid, uuid, text, text[], integer[], integer, text, text[], uuid[], integer, timestamptz, timestamptz, integer, timestamptz, uuid, text,
    text[], smallint, float8, float8, float8, uuid, uuid[], boolean, integer, integer, integer) owner to plateau_functions;
grant execute on function bookings.suggest(
    uuid, uuid, text, text[], integer[], integer, text, text[], uuid[], integer, timestamptz, timestamptz, integer, timestamptz, uuid, text,
    text[], smallint, float8, float8, float8, uuid, uuid[], boolean, integer, integer, integer) to plateau_app;
do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where (p.pronamespace, p.proname) in (
                 ('platforms'::regnamespace, 'start_after'), ('platforms'::regnamespace, 'start_before'),
                 ('bookings'::regnamespace, 'slot_rules'), ('bookings'::regnamespace, 'outlook'), ('bookings'::regnamespace, 'alike'),
                 ('bookings'::regnamespace, 'wanted'), ('bookings'::regnamespace, 'runs'), ('bookings'::regnamespace, 'nearest_open'),
                 ('bookings'::regnamespace, 'suggestion_rules')) loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
