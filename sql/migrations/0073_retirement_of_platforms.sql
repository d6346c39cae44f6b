-- A platform is closed for good from a day on, its bays and workstations with it: who has booked it beyond that day is displaced, nobody
-- books it beyond that day any more, and its figures stay.
-- lock class: access exclusive on maintenance.outage, which is small, while its list of causes is replaced (checked once, no rewrite);
-- else none (a new table, functions)

alter table maintenance.outage
    drop constraint outage_cause_known,
    add constraint outage_cause_known check (
        cause in ('fault', 'maintenance', 'calibration', 'closure', 'custody', 'transfer', 'loan', 'retirement'));

create table maintenance.retirement (
    centre_id smallint not null,
    platform_id uuid not null,
    from_day date not null,
    retired_at timestamptz not null,
    reason text not null,
    outage_id uuid,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    constraint retirement_pkey primary key (centre_id, platform_id),
    constraint retirement_platform foreign key (centre_id, platform_id) references platforms.platform (centre_id, id),
    constraint retirement_outage foreign key (centre_id, outage_id) references maintenance.outage (centre_id, id),
    constraint retirement_is_to_come check (retired_at >= recorded_at),
    constraint retirement_reason_present check (length(btrim(reason)) between 1 and 500)
);
comment on table maintenance.retirement is
    'A platform that is closed for good: from the beginning of a local day on, or at once where that is the day. outage_id: under which bookings lost their place; null: none did. The time itself stands at the platform and its parts (platforms.resource.retired_at). Rows are only added.';
alter table maintenance.retirement enable row level security;
alter table maintenance.retirement force row level security;
create policy retirement_functions on maintenance.retirement to plateau_functions using (true) with check (true);
create policy retirement_actor on maintenance.retirement for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
create trigger retirement_stays before delete or update or truncate on maintenance.retirement
    for each statement execute function plateau.refuse_removal();
grant select, insert on maintenance.retirement to plateau_functions;
grant select on maintenance.retirement to plateau_app;

create function maintenance.booked_beyond(p_centre_id smallint, p_platform_id uuid, p_from timestamptz) returns uuid[]
    language sql stable
as $$
    -- What is taken of a part is taken of the platform too.
    select coalesce(array_agg(b.id order by b.created_at, b.id), '{}')
    from (select distinct o.holder_id from platforms.occupancy o
          where o.centre_id = p_centre_id and o.resource_id = p_platform_id and o.ends > p_from and o.use_ends > p_from) h
    join bookings.booking b on b.centre_id = plateau.centre_of(h.holder_id) and b.id = h.holder_id
    where b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse')
$$;
comment on function maintenance.booked_beyond(smallint, uuid, timestamptz) is
    'The bookings that use a platform, or a part of it, after a moment.';

create function maintenance.retire_platform(
    p_centre_id smallint, p_id uuid, p_key uuid, p_outage uuid, p_from date, p_reason text, p_expected uuid[], p_dry_run boolean)
    returns maintenance.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict maintenance.verdict;
    v_resource platforms.resource;
    v_outage maintenance.outage;
    v_zone text;
    v_retired_at timestamptz;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    -- Bookings hold this lock shared: whichever commits second sees the first.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r
    where r.centre_id = p_centre_id and r.id = p_id and r.kind = 'platform' for update;
    select s.zone into v_zone from centres.site s where s.centre_id = v_resource.centre_id and s.id = v_resource.site_id;
    v_retired_at := greatest(plateau.instant_of(p_from::timestamp, v_zone), v_now);
    v_verdict.version := v_resource.version;
    v_verdict.outcome := case
        when v_resource.id is null then 'notFound'
        when v_resource.retired_at is not null then 'retired'
        when p_from < plateau.local_day(v_now, v_zone) then 'past'
        when p_from > plateau.local_day(v_now, v_zone) + 3660 then 'tooFar' end;
    if v_verdict.outcome is not null then
        return v_verdict;
    end if;
    v_verdict.displaced := maintenance.booked_beyond(p_centre_id, p_id, v_retired_at);
    if p_expected is not null and not (p_expected @> v_verdict.displaced and p_expected <@ v_verdict.displaced) then
        v_verdict.outcome := 'displacedChanged';
        return v_verdict;
    elsif p_dry_run then
        v_verdict.outcome := 'wouldRetire';
        return v_verdict;
    end if;
    if v_verdict.displaced <> '{}' then
        -- Over at once: it takes no room and nobody comes back when it ends; other places are found as after any outage.
        insert into maintenance.outage (
            centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by, ended_at, ended_by)
        values (p_centre_id, p_outage, p_id, 'retirement', tstzrange(v_retired_at, v_retired_at + interval '366 days'), v_retired_at,
                p_reason, v_now, p_key, v_now, p_key)
        returning * into v_outage;
        perform maintenance.displace(v_outage, v_verdict.displaced, p_key, v_now);
    end if;
    insert into maintenance.retirement (centre_id, platform_id, from_day, retired_at, reason, outage_id, recorded_at, recorded_by)
    values (p_centre_id, p_id, p_from, v_retired_at, p_reason, v_outage.id, v_now, p_key);
    with retired as (
        update platforms.resource r set retired_at = v_retired_at, version = r.version + 1
        where r.centre_id = p_centre_id and (r.id = p_id or r.ancestors @> array[p_id])
          and (r.retired_at is null or r.retired_at > v_retired_at)
        returning r.id, r.version
    )
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    select p_centre_id, 'resource.changed', t.id, t.version, v_now from retired t order by t.id;
    v_verdict.version := v_resource.version + 1;
    insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
    values (p_centre_id, 'platform.retired', p_id, v_verdict.version, jsonb_build_object('retiredAt', plateau.rfc3339(v_retired_at)),
            v_now);
    v_verdict.outcome := 'closed';
    return v_verdict;
end
$$;
comment on function maintenance.retire_platform(smallint, uuid, uuid, uuid, date, text, uuid[], boolean) is
    'Closes a platform for good from a local day on (today: at once), with everything that stands in it as a part. outcome: closed, wouldRetire (of a dry run), notFound, forbidden, retired (it is already), past, tooFar (more than ten years), displacedChanged; with the bookings that lose their place.';

create or replace function maintenance.resource_fault(p_resource platforms.resource) returns text
    language plpgsql stable
as $$
begin
    return case when p_resource.id is null then 'notFound'
                when p_resource.kind = 'stock' then 'countedItems'
                -- Until its day it breaks as anything does.
                when p_resource.retired_at <= plateau.clock() then 'retired' end;
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
        select coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone, r.capacity, r.id || r.ancestors as path, r.retired_at
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = p_centre_id and (r.retired_at is null or r.retired_at > plateau.instant_of(p_from::timestamp, s.zone))
          and case when p_resource_id is null then r.parent_id is null and r.kind <> 'stock' else r.id = p_resource_id end
    ), outage as materialized (
        select o.resource_id, o.during
        from maintenance.out_of_service(
            p_centre_id, tstzrange((p_from - 1)::timestamp at time zone 'UTC', (p_to + 1)::timestamp at time zone 'UTC'), null) o
    ), place as materialized (
        -- What stands in a hall is out of service with it; two outages at once count once.
        select r.calendar_id, r.zone, r.capacity, r.retired_at, true as is_open,
               (select range_agg(o.during) from outage o where o.resource_id = any (r.path)) as out_of_service
        from resource r
        union all
        -- What a part takes of what it stands in, while neither that nor anything between is out of service as a whole.
        select w.calendar_id, w.zone, w.capacity, w.retired_at, false, w.outage
        from (
            select r.calendar_id, r.zone, p.capacity, least(p.retired_at, r.retired_at) as retired_at,
                   (select range_agg(o.during) from outage o where o.resource_id = p.id)
                   - coalesce((select range_agg(o.during) from outage o where o.resource_id = any (p.ancestors)), '{}') as outage
            from (select distinct o.resource_id from outage o) x
            join platforms.resource p on p.centre_id = p_centre_id and p.id = x.resource_id and p.ancestors <> '{}'
                 and (p.retired_at is null or p.retired_at > plateau.instant_of(p_from::timestamp, 'UTC'))
            join resource r on r.path[1] = any (p.ancestors)) w
        where w.outage is not null
    ), calendar as (
        select p.calendar_id, p.zone, p.is_open, p.out_of_service, p.retired_at, sum(p.capacity) as capacity
        from place p group by 1, 2, 3, 4, 5
    ), opened as (
        select extract(isodow from h.day)::smallint as weekday, e.hour,
               coalesce(sum(c.capacity * e.seconds) filter (where not t.is_out), 0) as open,
               coalesce(sum(case when t.is_out then -c.capacity * e.seconds else c.capacity * e.seconds end), 0) as bookable
        from calendar c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= p_from and h.day < p_to
        cross join lateral (
            -- Until it is retired.
            select w.is_out, w.during * tstzmultirange(tstzrange(null, c.retired_at)) as during
            from (select false as is_out, tstzmultirange(h.during) as during where c.is_open
                  union all
                  select true, tstzmultirange(h.during) * c.out_of_service where c.out_of_service is not null) w) t
        cross join lateral utilisation.by_hour(t.during, c.zone) as b
        cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
        group by 1, 2
    )
    select weekday, hour, coalesce(o.open, 0)::bigint, coalesce(o.bookable, 0)::bigint, coalesce(b.booked, 0)::bigint
    from opened o full join booked b using (weekday, hour)
    where coalesce(o.open, 0) > 0 or b.booked > 0
$$;

alter function maintenance.retire_platform(smallint, uuid, uuid, uuid, date, text, uuid[], boolean) owner to plateau_functions;
revoke all on function maintenance.retire_platform(smallint, uuid, uuid, uuid, date, text, uuid[], boolean) from public;
grant execute on function maintenance.retire_platform(smallint, uuid, uuid, uuid, date, text, uuid[], boolean) to plateau_app;
grant execute on function maintenance.booked_beyond(smallint, uuid, timestamptz) to plateau_functions;
