-- Maintenance: outages that take room as bookings do and displace them, faults, plans by calendar and by use, calibrations.
-- lock class: none (new tables)

create schema maintenance;
comment on schema maintenance is 'Outages, faults, maintenance plans and calibrations; what they displace, and where that could go.';
grant usage on schema maintenance to plateau_app, plateau_functions;

-- MARK: Tables

create table maintenance.plan (
    centre_id smallint not null,
    id uuid not null,
    asset_id uuid not null,
    kind text not null,
    name text not null,
    every_months smallint,
    every_use_hours integer,
    duration_minutes integer not null,
    last_done_on date not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    ended_at timestamptz,
    version integer not null default 1,
    constraint plan_pkey primary key (centre_id, id),
    constraint plan_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint plan_kind_known check (kind in ('maintenance', 'calibration')),
    constraint plan_name_present check (length(btrim(name)) between 1 and 200),
    constraint plan_has_interval check (every_months is not null or every_use_hours is not null),
    constraint plan_months_range check (every_months between 1 and 240),
    constraint plan_hours_range check (every_use_hours between 1 and 100000),
    constraint plan_duration_range check (duration_minutes between 15 and 44640)
);
create index plan_by_asset on maintenance.plan (centre_id, asset_id);
comment on table maintenance.plan is
    'What is to be done to an asset again and again: after so many months, or so many hours of use, since it was last done; whichever comes first.';

create table maintenance.fault (
    centre_id smallint not null,
    id uuid not null,
    resource_id uuid not null,
    severity text not null,
    description text not null,
    expected_at timestamptz,
    outage_id uuid,
    reported_at timestamptz not null,
    reported_by uuid not null,
    resolved_at timestamptz,
    resolved_by uuid,
    resolution text,
    version integer not null default 1,
    constraint fault_pkey primary key (centre_id, id),
    constraint fault_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint fault_severity_known check (severity in ('minor', 'limitsUse', 'stopsUse')),
    constraint fault_description_present check (length(btrim(description)) between 1 and 2000),
    constraint fault_that_stops_use_is_an_outage check ((severity = 'stopsUse') = (outage_id is not null)),
    constraint fault_resolved check ((resolved_at is null) = (resolved_by is null) and (resolution is null or resolved_at is not null))
);
create index fault_by_resource on maintenance.fault (centre_id, resource_id, id);
comment on table maintenance.fault is 'What somebody found wrong with a resource, and what became of it.';

create table maintenance.outage (
    centre_id smallint not null,
    id uuid not null,
    resource_id uuid not null,
    cause text not null,
    during tstzrange not null,
    blocked_until timestamptz not null,
    reason text not null,
    plan_id uuid,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    ended_at timestamptz,
    ended_by uuid,
    version integer not null default 1,
    constraint outage_pkey primary key (centre_id, id),
    constraint outage_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint outage_plan foreign key (centre_id, plan_id) references maintenance.plan (centre_id, id),
    constraint outage_cause_known check (cause in ('fault', 'maintenance', 'calibration', 'closure')),
    constraint outage_begins check (not isempty(during) and lower(during) is not null),
    constraint outage_only_a_fault_has_no_end check (upper(during) is not null or cause = 'fault'),
    constraint outage_planned_is_a_year_at_most check (cause = 'fault' or upper(during) - lower(during) <= interval '367 days'),
    constraint outage_reason_present check (length(btrim(reason)) between 1 and 2000),
    constraint outage_ended check ((ended_at is null) = (ended_by is null))
);
create index outage_by_resource on maintenance.outage (centre_id, resource_id, id);
comment on table maintenance.outage is
    'A time in which a resource cannot be used. It has rows in platforms.occupancy as a booking has, under its id, as buffers: no use. blocked_until: how far these go, of a fault no further than anybody can book.';

create table maintenance.former_span (
    centre_id smallint not null,
    outage_id uuid not null,
    until timestamptz not null,
    during tstzrange not null,
    constraint former_span_pkey primary key (centre_id, outage_id, until),
    constraint former_span_outage foreign key (centre_id, outage_id) references maintenance.outage (centre_id, id)
);
comment on table maintenance.former_span is 'How long an outage was said to last, until that was changed: so that past figures can be made again.';
alter table maintenance.former_span enable row level security;
alter table maintenance.former_span force row level security;
create policy former_span_functions on maintenance.former_span to plateau_functions using (true) with check (true);
grant select, insert on maintenance.former_span to plateau_functions;

create function maintenance.keep_span() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into maintenance.former_span (centre_id, outage_id, until, during) values (old.centre_id, old.id, plateau.clock(), old.during);
    return null;
end
$$;
create trigger span_kept after update of during on maintenance.outage
    for each row when (old.during is distinct from new.during) execute function maintenance.keep_span();

create function maintenance.out_of_service(p_centre_id smallint, p_during tstzrange, p_known_at timestamptz)
    returns table (resource_id uuid, during tstzrange)
    language sql stable
as $$
    select o.resource_id, s.during * p_during
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
    'When resources of a centre could not be used, as known at a moment (null: now). What stands in one of them could not either.';

alter table maintenance.fault
    add constraint fault_outage foreign key (centre_id, outage_id) references maintenance.outage (centre_id, id);

create table maintenance.displacement (
    centre_id smallint not null,
    outage_id uuid not null,
    booking_id uuid not null,
    displaced_at timestamptz not null,
    outcome text,
    settled_at timestamptz,
    constraint displacement_pkey primary key (centre_id, outage_id, booking_id),
    constraint displacement_outage foreign key (centre_id, outage_id) references maintenance.outage (centre_id, id),
    constraint displacement_outcome_known check (outcome in ('restored', 'moved', 'left', 'noRoom', 'labelInTheWay')),
    constraint displacement_settled check ((outcome is null) = (settled_at is null))
);
create index displacement_by_booking on maintenance.displacement (booking_id);
comment on table maintenance.displacement is
    'A booking that an outage set aside, and what became of it: its own place again (restored), another (moved), gone by itself (left), or its place taken (noRoom), or a label against it (labelInTheWay), when the outage ended.';

create table maintenance.completion (
    centre_id smallint not null,
    id uuid not null,
    plan_id uuid not null,
    done_on date not null,
    certificate text,
    laboratory text,
    expires_on date,
    note text,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    constraint completion_pkey primary key (centre_id, id),
    constraint completion_plan foreign key (centre_id, plan_id) references maintenance.plan (centre_id, id),
    constraint completion_expires_later check (expires_on > done_on),
    constraint completion_certificate_of_laboratory check ((certificate is null) = (laboratory is null))
);
create index completion_by_plan on maintenance.completion (centre_id, plan_id, done_on);
comment on table maintenance.completion is
    'That what a plan asks for was done; of a calibration with its certificate, who made it and the last day on which it holds. Rows are only added.';

do $$
declare
    t text;
begin
    foreach t in array array['plan', 'fault', 'outage', 'displacement', 'completion'] loop
        execute format('alter table maintenance.%I enable row level security', t);
        execute format('alter table maintenance.%I force row level security', t);
        execute format('create policy %I on maintenance.%I to plateau_functions using (true) with check (true)', t || '_functions', t);
        execute format(
            'create policy %I on maintenance.%I for select to plateau_app using (centre_id = any ((select plateau.actor_centres())::smallint[])
             or (select plateau.actor_is_network()))', t || '_actor', t);
        execute format('grant select, insert on maintenance.%I to plateau_functions', t);
        execute format('grant select on maintenance.%I to plateau_app', t);
    end loop;
end
$$;
grant update on maintenance.plan, maintenance.fault, maintenance.outage, maintenance.displacement to plateau_functions;
grant update (resource_id, seats) on bookings.line to plateau_functions;

-- MARK: Room

create function maintenance.block(p_resource platforms.resource, p_outage maintenance.outage, p_from timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_zone text;
    v_organisation uuid;
    v_window tstzrange;
    v_piece tstzrange;
    v_starts timestamptz;
    v_ends timestamptz;
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
                    p_resource.kind = 'equipment', p_outage.id, 0, coalesce(v_organisation, p_outage.id),
                    p_resource.kind <> 'equipment');
            exit when v_ends >= upper(v_piece);
            v_starts := v_ends;
        end loop;
    end loop;
end
$$;
comment on function maintenance.block(platforms.resource, maintenance.outage, timestamptz) is
    'Takes the room of an outage that is still free, one row for each local day.';

create function maintenance.touched(p_centre_id smallint, p_resource_id uuid, p_window tstzrange, p_now timestamptz) returns uuid[]
    language sql stable
as $$
    select coalesce(array_agg(b.id order by b.created_at, b.id), '{}')
    from bookings.booking b
    where (b.centre_id, b.id) in (
              select plateau.centre_of(o.holder_id), o.holder_id from platforms.occupancy o
              where o.centre_id = p_centre_id and o.resource_id = p_resource_id and o.ends > greatest(lower(p_window), p_now)
                and o.starts < coalesce(upper(p_window), 'infinity'))
      and b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse')
$$;
comment on function maintenance.touched(smallint, uuid, tstzrange, timestamptz) is
    'The live bookings, oldest first, that have a resource, a part of it or buffers around it in what is left of a window.';

create function maintenance.in_the_way(p_booking uuid, p_outage maintenance.outage) returns boolean
    language sql stable
as $$
    select exists (
        select from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        where l.centre_id = plateau.centre_of(p_booking) and l.booking_id = p_booking
          and p_outage.resource_id = any (r.id || r.ancestors)
          and p_outage.during && tstzrange(l.starts - make_interval(mins => r.setup_minutes),
                                           l.ends + make_interval(mins => r.cleanup_minutes)))
$$;
comment on function maintenance.in_the_way(uuid, maintenance.outage) is
    'Whether a line of a booking, buffers included, is of a resource, or a part of it, in an outage.';

create function maintenance.displace(p_outage maintenance.outage, p_bookings uuid[], p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_booking bookings.booking;
    v_flags text[];
begin
    for v_booking in
        select b.* from bookings.booking b
        where (b.centre_id, b.id) in (select plateau.centre_of(w.id), w.id from unnest(p_bookings) as w (id))
          and b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse')
        order by b.centre_id, b.id for update
    loop
        v_flags := array_remove(v_booking.flags, 'displaced') || 'displaced'::text;
        if v_booking.starts > p_now then
            perform bookings.leave(v_booking, 'suspended', p_key, null, p_outage.cause, 'booking.displaced', p_now);
            update bookings.booking b set flags = v_flags where b.centre_id = v_booking.centre_id and b.id = v_booking.id;
        elsif not v_booking.flags @> array['displaced'] then
            -- Under way: it keeps what it has, and is told.
            perform bookings.stay(v_booking, v_booking.state, v_flags, v_booking.at_risk_until, p_key, p_outage.cause,
                                  'booking.displaced', p_now);
        end if;
        insert into maintenance.displacement (centre_id, outage_id, booking_id, displaced_at)
        values (p_outage.centre_id, p_outage.id, v_booking.id, p_now)
        on conflict (centre_id, outage_id, booking_id) do update
            set displaced_at = excluded.displaced_at, outcome = null, settled_at = null;
    end loop;
end
$$;
comment on function maintenance.displace(maintenance.outage, uuid[], uuid, timestamptz) is
    'Sets bookings aside: they keep everything but their room, and come back when the outage ends before them or somebody moves them. One under way keeps its room and is flagged.';

create function maintenance.take_up(p_outage maintenance.outage, p_key uuid, p_now timestamptz) returns uuid[]
    language plpgsql volatile
as $$
declare
    v_resource platforms.resource;
    v_bookings uuid[] := maintenance.touched(p_outage.centre_id, p_outage.resource_id, p_outage.during, p_now);
begin
    select * into v_resource from platforms.resource r where r.centre_id = p_outage.centre_id and r.id = p_outage.resource_id;
    perform maintenance.displace(p_outage, v_bookings, p_key, p_now);
    perform maintenance.block(v_resource, p_outage, '-infinity');
    return v_bookings;
end
$$;
comment on function maintenance.take_up(maintenance.outage, uuid, timestamptz) is
    'Displaces what stands in the way of an outage and takes its room. The bookings displaced. The caller holds the label lock exclusively.';

create function maintenance.settle(p_booking uuid, p_key uuid, p_policy labels.policy, p_now timestamptz)
    returns text
    language plpgsql volatile
as $$
declare
    v_booking bookings.booking;
    v_judged record;
    v_former text;
begin
    select * into v_booking from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    if not v_booking.flags @> array['displaced'] or v_booking.state <> 'suspended' and v_booking.starts > p_now then
        return 'left';
    elsif v_booking.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse') then
        -- It was under way and kept its room.
        perform bookings.stay(v_booking, v_booking.state, array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key,
                              'outageEnded', 'booking.restored', p_now);
        return 'restored';
    elsif v_booking.state <> 'suspended' or v_booking.starts <= p_now then
        return 'left';
    end if;
    v_judged := bookings.judge_label(v_booking, p_policy);
    if v_judged.verdict = 'deny' then
        -- Suspended all the same: its label's return brings it back.
        perform bookings.stay(v_booking, 'suspended', array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key,
                              v_judged.code, 'booking.suspended', p_now);
        return 'labelInTheWay';
    elsif not bookings.restore(v_booking) then
        return 'noRoom';
    end if;
    select t.from_state into v_former from bookings.transition t
    where t.centre_id = v_booking.centre_id and t.booking_id = v_booking.id and t.to_state = 'suspended' and t.from_state <> 'suspended'
    order by t.version desc limit 1;
    perform bookings.stay(
        v_booking,
        case when v_former in ('requested', 'held') then v_former
             when v_judged.verdict = 'conditional' then 'conditional' else 'confirmed' end,
        array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key, 'outageEnded', 'booking.restored', p_now);
    return 'restored';
end
$$;
comment on function maintenance.settle(uuid, uuid, labels.policy, timestamptz) is
    'What becomes of one displaced booking whose outage is over: the label is judged and the guard runs again. The caller holds the locks of its labels and rooms.';

create function maintenance.give_back(p_outage maintenance.outage, p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_resource platforms.resource;
    v_policy labels.policy;
    v_other maintenance.outage;
    v_booking uuid;
    v_outcome text;
begin
    select * into v_resource from platforms.resource r where r.centre_id = p_outage.centre_id and r.id = p_outage.resource_id;
    select * into v_policy from labels.policy;
    delete from platforms.occupancy o
    where o.centre_id = p_outage.centre_id and o.resource_id = p_outage.resource_id and o.holder_id = p_outage.id and o.starts >= p_now;
    update platforms.occupancy o set ends = p_now
    where o.centre_id = p_outage.centre_id and o.resource_id = p_outage.resource_id and o.holder_id = p_outage.id and o.ends > p_now;
    -- What another outage left to this one is its own now.
    for v_other in
        select x.* from maintenance.outage x
        where x.centre_id = p_outage.centre_id and x.resource_id = p_outage.resource_id and x.ended_at is null
          and x.blocked_until > p_now
        order by x.recorded_at, x.id
    loop
        perform maintenance.block(v_resource, v_other, p_now);
    end loop;
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
            select x.centre_id, x.id, v_booking, p_now from maintenance.outage x
            where x.centre_id = p_outage.centre_id and x.resource_id = p_outage.resource_id and x.ended_at is null
              and x.id <> p_outage.id and maintenance.in_the_way(v_booking, x)
            order by x.recorded_at, x.id limit 1
            on conflict (centre_id, outage_id, booking_id) do update set outcome = null, settled_at = null;
        end if;
    end loop;
end
$$;
comment on function maintenance.give_back(maintenance.outage, uuid, timestamptz) is
    'Frees the room that an outage, as it now is, does not take any more, and gives displaced bookings that are not in its way their place again, oldest first, where it is free.';

create function maintenance.lock(p_centre_id smallint, p_outage uuid) returns void
    language plpgsql volatile
as $$
declare
    v_keys bigint[];
    v_rooms bigint[];
    v_bookings uuid[];
begin
    v_bookings := array(select d.booking_id from maintenance.displacement d
                        where d.centre_id = p_centre_id and d.outage_id = p_outage and d.outcome is null);
    -- A booking may touch other centres: their labels stand still too, in the one order of all callers.
    v_keys := array(
        select distinct plateau.label_lock(c.centre_id)
        from (select p_centre_id as centre_id
              union all
              select unnest(b.centres || o.centre_id) from unnest(v_bookings) as w (id)
              join bookings.booking b on b.centre_id = plateau.centre_of(w.id) and b.id = w.id
              join access.organisation o on o.id = b.organisation_id) c
        where c.centre_id is not null
        order by 1);
    perform plateau.take_locks(v_keys, array(select k = plateau.label_lock(p_centre_id) from unnest(v_keys) with ordinality as u (k, n) order by n));
    v_rooms := bookings.room_locks_of(v_bookings);
    perform plateau.take_locks(v_rooms, array_fill(true, array[cardinality(v_rooms)]));
end
$$;
comment on function maintenance.lock(smallint, uuid) is
    'The centre''s label lock exclusively, those of the centres of an outage''s displaced bookings shared, then their rooms.';

-- MARK: Outages

create type maintenance.verdict as (
    outcome text,
    version integer,
    displaced uuid[]
);
comment on type maintenance.verdict is 'What a command did or would do, and which bookings it displaced or would displace, oldest first.';

create function maintenance.resource_fault(p_resource platforms.resource) returns text
    language plpgsql stable
as $$
begin
    return case when p_resource.id is null then 'notFound'
                when p_resource.kind not in ('platform', 'equipment') or p_resource.parent_id is not null then 'partOfPlatform'
                when p_resource.retired_at is not null then 'retired' end;
end
$$;

create function maintenance.plan_outage(
    p_centre_id smallint, p_id uuid, p_resource_id uuid, p_key uuid, p_cause text, p_starts timestamptz, p_ends timestamptz, p_reason text,
    p_plan_id uuid, p_expected uuid[], p_dry_run boolean) returns maintenance.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict maintenance.verdict;
    v_resource platforms.resource;
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_resource_id for update;
    v_verdict.outcome := coalesce(
        maintenance.resource_fault(v_resource),
        case when p_ends <= v_now then 'past'
             when p_plan_id is not null and not exists (
                 select from maintenance.plan p where p.centre_id = p_centre_id and p.id = p_plan_id and p.asset_id = p_resource_id
                   and p.ended_at is null) then 'planUnknown' end);
    if v_verdict.outcome is not null then
        return v_verdict;
    end if;
    v_verdict.displaced := maintenance.touched(p_centre_id, p_resource_id, tstzrange(p_starts, p_ends), v_now);
    if p_expected is not null
        and not (p_expected @> v_verdict.displaced and p_expected <@ v_verdict.displaced) then
        v_verdict.outcome := 'displacedChanged';
        return v_verdict;
    elsif p_dry_run then
        v_verdict.outcome := 'wouldPlan';
        return v_verdict;
    end if;
    insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, plan_id, recorded_at, recorded_by)
    values (p_centre_id, p_id, p_resource_id, p_cause, tstzrange(p_starts, p_ends), p_ends, p_reason, p_plan_id, v_now, p_key)
    returning * into v_outage;
    v_verdict.displaced := maintenance.take_up(v_outage, p_key, v_now);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'outage.planned', p_id, 1, v_now);
    v_verdict.outcome := 'planned';
    v_verdict.version := 1;
    return v_verdict;
end
$$;
comment on function maintenance.plan_outage(
    smallint, uuid, uuid, uuid, text, timestamptz, timestamptz, text, uuid, uuid[], boolean) is
    'Plans an outage, or only says which bookings it would displace. outcome: planned, wouldPlan, notFound, forbidden, partOfPlatform, retired, past, planUnknown, displacedChanged (others than those expected).';

create function maintenance.end_outage(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    perform maintenance.lock(p_centre_id, p_id);
    v_now := plateau.clock();
    select * into v_outage from maintenance.outage o where o.centre_id = p_centre_id and o.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer;
    elsif v_outage.version <> p_version then
        return query select 'versionMismatch', v_outage.version;
    elsif v_outage.cause = 'fault' then
        return query select 'endsWithFault', v_outage.version;
    elsif v_outage.ended_at is not null or upper(v_outage.during) <= v_now then
        return query select 'over', v_outage.version;
    else
        perform maintenance.stop(v_outage, p_key, v_now);
        return query select 'ended', p_version + 1;
    end if;
end
$$;
comment on function maintenance.end_outage(smallint, uuid, integer, uuid) is
    'Ends an outage now, or takes back one to come. outcome: ended, notFound, forbidden, versionMismatch, endsWithFault, over.';

create function maintenance.stop(p_outage maintenance.outage, p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    update maintenance.outage o set ended_at = p_now, ended_by = p_key, version = o.version + 1
    where o.centre_id = p_outage.centre_id and o.id = p_outage.id
    returning * into p_outage;
    perform maintenance.give_back(p_outage, p_key, p_now);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_outage.centre_id, 'outage.ended', p_outage.id, p_outage.version, p_now);
end
$$;

-- MARK: Faults

create function maintenance.report_fault(
    p_centre_id smallint, p_id uuid, p_outage_id uuid, p_resource_id uuid, p_key uuid, p_severity text, p_description text,
    p_expected_at timestamptz, p_expected uuid[], p_dry_run boolean) returns maintenance.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict maintenance.verdict;
    v_resource platforms.resource;
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_resource_id for update;
    v_verdict.outcome := coalesce(
        maintenance.resource_fault(v_resource), case when p_severity = 'stopsUse' and p_expected_at <= v_now then 'past' end);
    if v_verdict.outcome is not null then
        return v_verdict;
    end if;
    v_verdict.displaced := case p_severity
        when 'stopsUse' then maintenance.touched(p_centre_id, p_resource_id, tstzrange(v_now, p_expected_at), v_now)
        else '{}'::uuid[] end;
    if p_expected is not null
        and not (p_expected @> v_verdict.displaced and p_expected <@ v_verdict.displaced) then
        v_verdict.outcome := 'displacedChanged';
        return v_verdict;
    elsif p_dry_run then
        v_verdict.outcome := 'wouldReport';
        return v_verdict;
    end if;
    if p_severity = 'stopsUse' then
        insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
        values (p_centre_id, p_outage_id, p_resource_id, 'fault', tstzrange(v_now, p_expected_at),
                least(p_expected_at, v_now + make_interval(days => v_resource.horizon_days + 32)), p_description, v_now, p_key)
        returning * into v_outage;
        v_verdict.displaced := maintenance.take_up(v_outage, p_key, v_now);
        perform maintenance.note_state(p_centre_id, p_resource_id, 'faulty', p_expected_at, p_key, p_description, v_now);
    end if;
    insert into maintenance.fault (
        centre_id, id, resource_id, severity, description, expected_at, outage_id, reported_at, reported_by)
    values (p_centre_id, p_id, p_resource_id, p_severity, p_description, p_expected_at, v_outage.id, v_now, p_key);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'fault.reported', p_id, 1, v_now);
    v_verdict.outcome := 'reported';
    v_verdict.version := 1;
    return v_verdict;
end
$$;
comment on function maintenance.report_fault(
    smallint, uuid, uuid, uuid, uuid, text, text, timestamptz, uuid[], boolean) is
    'Notes a fault; one that stops use is an outage from now until the moment at which the resource is expected back, displaces what stands in the way, and makes an asset faulty. outcome: reported, wouldReport, notFound, forbidden, partOfPlatform, retired, past, displacedChanged.';

create function maintenance.note_state(
    p_centre_id smallint, p_resource_id uuid, p_state text, p_expected_at timestamptz, p_key uuid, p_reason text, p_now timestamptz)
    returns void
    language plpgsql volatile
as $$
declare
    v_asset inventory.asset;
begin
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_resource_id for update;
    if not found then
        return;
    elsif p_state = 'inService' and v_asset.loaned_until is not null then
        p_state := 'loanedIn';
    end if;
    if inventory.may_become(v_asset.state, p_state) then
        perform inventory.enter_state(v_asset, p_state, p_expected_at, p_key, left(p_reason, 500), p_now);
    elsif v_asset.state in ('faulty', 'inRepair') and p_state = 'faulty' then
        -- Another fault of a machine that stands still already: it is back when the last one is repaired.
        update inventory.asset a
        set expected_at = case when a.expected_at is null or p_expected_at is null then null else greatest(a.expected_at, p_expected_at) end
        where a.centre_id = p_centre_id and a.id = p_resource_id;
    end if;
end
$$;
comment on function maintenance.note_state(smallint, uuid, text, timestamptz, uuid, text, timestamptz) is
    'Takes an asset to the state that a fault, or its repair, means for it; a platform has none.';

create function maintenance.expect_back(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_expected_at timestamptz) returns maintenance.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict maintenance.verdict;
    v_fault maintenance.fault;
    v_outage maintenance.outage;
    v_resource platforms.resource;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;
    select f.* into v_fault from maintenance.fault f where f.centre_id = p_centre_id and f.id = p_id;
    perform maintenance.lock(p_centre_id, v_fault.outage_id);
    v_now := plateau.clock();
    select f.* into v_fault from maintenance.fault f where f.centre_id = p_centre_id and f.id = p_id for update;
    v_verdict.outcome := case when v_fault.id is null then 'notFound'
                              when v_fault.version <> p_version then 'versionMismatch'
                              when v_fault.resolved_at is not null then 'over'
                              when v_fault.outage_id is null then 'doesNotStopUse'
                              when p_expected_at <= v_now then 'past' end;
    v_verdict.version := v_fault.version;
    if v_verdict.outcome is not null then
        return v_verdict;
    end if;
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = v_fault.resource_id;
    update maintenance.fault f set expected_at = p_expected_at, version = f.version + 1 where f.centre_id = p_centre_id and f.id = p_id;
    update inventory.asset a
    set expected_at = (
        select case when bool_or(f.expected_at is null) then null else max(f.expected_at) end from maintenance.fault f
        where f.centre_id = p_centre_id and f.resource_id = v_fault.resource_id and f.outage_id is not null and f.resolved_at is null)
    where a.centre_id = p_centre_id and a.id = v_fault.resource_id and a.state in ('faulty', 'inRepair');
    update maintenance.outage o
    set during = tstzrange(lower(o.during), p_expected_at), version = o.version + 1,
        blocked_until = least(p_expected_at, v_now + make_interval(days => v_resource.horizon_days + 32))
    where o.centre_id = p_centre_id and o.id = v_fault.outage_id
    returning * into v_outage;
    -- What begins before it is back loses its place; what begins later gets its own again.
    v_verdict.displaced := maintenance.touched(p_centre_id, v_outage.resource_id, v_outage.during, v_now);
    perform maintenance.displace(v_outage, v_verdict.displaced, p_key, v_now);
    perform maintenance.give_back(v_outage, p_key, v_now);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'fault.changed', p_id, p_version + 1, v_now);
    v_verdict.outcome := 'changed';
    v_verdict.version := p_version + 1;
    return v_verdict;
end
$$;
comment on function maintenance.expect_back(smallint, uuid, integer, uuid, timestamptz) is
    'When a resource that a fault stopped is expected back, null: not known. Bookings after it get their place again, those before lose it. outcome: changed (displaced: those that lose theirs), notFound, forbidden, versionMismatch, over, doesNotStopUse, past.';

create function maintenance.resolve_fault(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_resolution text)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_fault maintenance.fault;
    v_outage maintenance.outage;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    select f.* into v_fault from maintenance.fault f where f.centre_id = p_centre_id and f.id = p_id;
    perform maintenance.lock(p_centre_id, v_fault.outage_id);
    v_now := plateau.clock();
    select f.* into v_fault from maintenance.fault f where f.centre_id = p_centre_id and f.id = p_id for update;
    if v_fault.id is null then
        return query select 'notFound', null::integer;
        return;
    elsif v_fault.version <> p_version then
        return query select 'versionMismatch', v_fault.version;
        return;
    elsif v_fault.resolved_at is not null then
        return query select 'over', v_fault.version;
        return;
    end if;
    update maintenance.fault f
    set resolved_at = v_now, resolved_by = p_key, resolution = p_resolution, version = f.version + 1
    where f.centre_id = p_centre_id and f.id = p_id;
    if v_fault.outage_id is not null then
        if not exists (select from maintenance.fault f
                       where f.centre_id = p_centre_id and f.resource_id = v_fault.resource_id and f.outage_id is not null
                         and f.resolved_at is null) then
            perform maintenance.note_state(
                p_centre_id, v_fault.resource_id, 'inService', null, p_key, coalesce(p_resolution, v_fault.description), v_now);
        end if;
        select * into v_outage from maintenance.outage o where o.centre_id = p_centre_id and o.id = v_fault.outage_id;
        perform maintenance.stop(v_outage, p_key, v_now);
    end if;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'fault.resolved', p_id, p_version + 1, v_now);
    return query select 'resolved', p_version + 1;
end
$$;
comment on function maintenance.resolve_fault(smallint, uuid, integer, uuid, text) is
    'Closes a fault; the last one that stopped use puts the asset back into service and gives displaced bookings their place again. outcome: resolved, notFound, forbidden, versionMismatch, over.';

-- MARK: Plans and calibrations

create function maintenance.use_minutes(p_centre_id smallint, p_resource_id uuid, p_from timestamptz, p_to timestamptz) returns bigint
    language sql stable
as $$
    select coalesce(sum(extract(epoch from least(o.use_ends, p_to) - greatest(o.use_starts, p_from)))::bigint / 60, 0)
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = p_resource_id and o.ends > p_from and o.starts < p_to
      and least(o.use_ends, p_to) > greatest(o.use_starts, p_from)
$$;
comment on function maintenance.use_minutes(smallint, uuid, timestamptz, timestamptz) is
    'For how long a resource was in use, buffers left out: as booked.';
grant execute on function maintenance.use_minutes(smallint, uuid, timestamptz, timestamptz) to plateau_app;

create function maintenance.add_plan(
    p_centre_id smallint, p_id uuid, p_asset_id uuid, p_key uuid, p_kind text, p_name text, p_every_months smallint,
    p_every_use_hours integer, p_duration_minutes integer, p_last_done_on date) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif not exists (select from inventory.asset a where a.centre_id = p_centre_id and a.id = p_asset_id and a.state <> 'retired') then
        return 'notFound';
    end if;
    insert into maintenance.plan (
        centre_id, id, asset_id, kind, name, every_months, every_use_hours, duration_minutes, last_done_on, recorded_at, recorded_by)
    values (p_centre_id, p_id, p_asset_id, p_kind, p_name, p_every_months, p_every_use_hours, p_duration_minutes, p_last_done_on,
            plateau.clock(), p_key);
    return 'added';
end
$$;
comment on function maintenance.add_plan(smallint, uuid, uuid, uuid, text, text, smallint, integer, integer, date) is
    'outcome: added, notFound, forbidden.';

create function maintenance.complete_plan(
    p_centre_id smallint, p_id uuid, p_plan_id uuid, p_key uuid, p_version integer, p_done_on date, p_certificate text, p_laboratory text,
    p_expires_on date, p_note text) returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_plan maintenance.plan;
    v_now timestamptz := plateau.clock();
    v_today date;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    select * into v_plan from maintenance.plan p where p.centre_id = p_centre_id and p.id = p_plan_id for update;
    select plateau.local_day(v_now, s.zone) into v_today
    from platforms.resource r join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where r.centre_id = p_centre_id and r.id = v_plan.asset_id;
    if v_plan.id is null then
        return query select 'notFound', null::integer;
    elsif v_plan.version <> p_version then
        return query select 'versionMismatch', v_plan.version;
    elsif v_plan.ended_at is not null then
        return query select 'over', v_plan.version;
    elsif p_done_on > v_today then
        return query select 'future', v_plan.version;
    elsif p_done_on < v_plan.last_done_on then
        return query select 'earlier', v_plan.version;
    elsif (v_plan.kind = 'calibration') <> (p_certificate is not null) then
        return query select 'certificate', v_plan.version;
    else
        insert into maintenance.completion (
            centre_id, id, plan_id, done_on, certificate, laboratory, expires_on, note, recorded_at, recorded_by)
        values (p_centre_id, p_id, p_plan_id, p_done_on, p_certificate, p_laboratory, p_expires_on, p_note, v_now, p_key);
        update maintenance.plan p set last_done_on = p_done_on, version = p.version + 1
        where p.centre_id = p_centre_id and p.id = p_plan_id;
        return query select 'completed', p_version + 1;
    end if;
end
$$;
comment on function maintenance.complete_plan(smallint, uuid, uuid, uuid, integer, date, text, text, date, text) is
    'That what a plan asks for was done: it counts from that day on. outcome: completed, notFound, forbidden, versionMismatch, over, future, earlier (than it was last done), certificate (a calibration has one, maintenance none).';

create function maintenance.end_plan(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_plan maintenance.plan;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    select * into v_plan from maintenance.plan p where p.centre_id = p_centre_id and p.id = p_id for update;
    if v_plan.id is null then
        return query select 'notFound', null::integer;
    elsif v_plan.version <> p_version then
        return query select 'versionMismatch', v_plan.version;
    elsif v_plan.ended_at is not null then
        return query select 'over', v_plan.version;
    else
        update maintenance.plan p set ended_at = plateau.clock(), version = p.version + 1 where p.centre_id = p_centre_id and p.id = p_id;
        return query select 'ended', p_version + 1;
    end if;
end
$$;
comment on function maintenance.end_plan(smallint, uuid, integer, uuid) is 'outcome: ended, notFound, forbidden, versionMismatch, over.';

-- MARK: Where displaced bookings could go

create function maintenance.other_places(p_booking uuid, p_limit integer, p_without uuid default null)
    returns table (
        line smallint, resource_id uuid, name text, centre_id uuid, centre_name text, site_name text, reason text, distance_km integer,
        verdict text)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with wanted as (
        select b as booking, l.number, l.starts, l.ends, l.seats, l.is_exclusive, l.persons, r as resource, a.model_id, m.category, p.skills,
               p.sectors, s.latitude, s.longitude, o.centre_id as caller_centre
        from bookings.booking b
        join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        join access.organisation o on o.id = b.organisation_id
        left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
        left join inventory.model m on m.id = a.model_id
        left join platforms.platform p on p.centre_id = r.centre_id and p.id = r.id
        where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking
          and (p_without = any (r.id || r.ancestors)
               or b.state = 'suspended'
                  and not platforms.has_room(
                      r, tstzrange(l.starts, l.ends), case when l.is_exclusive then r.capacity else l.seats end,
                      coalesce(l.persons, b.accompanying + coalesce((select sum(n) from unnest(b.head_counts) n), 0))::integer))
    ), candidate as (
        select w.number, r as resource, s.name as site_name, s.zone,
               case when a.model_id = w.model_id then 'sameModel'
                    when m.category = w.category then 'sameCategory'
                    else 'sameSkills' end
               || case when r.centre_id = (w.resource).centre_id then 'SameCentre' else 'OtherCentre' end as reason,
               case when a.model_id = w.model_id then 0 else 1 end
               + case when r.centre_id = (w.resource).centre_id then 0 else 2 end as place,
               round(6371 * 2 * asin(sqrt(
                   sin(radians(s.latitude - w.latitude) / 2) ^ 2
                   + cos(radians(w.latitude)) * cos(radians(s.latitude)) * sin(radians(s.longitude - w.longitude) / 2) ^ 2)))::integer as km
        from wanted w
        join platforms.resource r on r.kind = (w.resource).kind and r.retired_at is null and r.id <> (w.resource).id
             and r.capacity >= w.seats and (r.is_shared or r.centre_id = w.caller_centre)
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
        left join inventory.model m on m.id = a.model_id
        left join platforms.platform p on p.centre_id = r.centre_id and p.id = r.id
        where a.model_id = w.model_id or m.category = w.category or p.skills && w.skills or p.sectors && w.sectors
    ), checked as (
        select c.number, (c.resource).id, (c.resource).name, (c.resource).centre_id, c.site_name, c.reason, c.place, c.km, g.verdict
        from candidate c
        join wanted w on w.number = c.number
        cross join lateral labels.gate(
            (c.resource).centre_id, (c.resource).is_shared, c.zone, tstzrange(w.starts, w.ends), (w.booking).organisation_id,
            w.caller_centre, (w.booking).audiences, (w.booking).head_counts, false, (c.resource).id) g
        where g.verdict <> 'deny'
          and platforms.has_room(
              c.resource, tstzrange(w.starts, w.ends), case when w.is_exclusive then (c.resource).capacity else w.seats end,
              coalesce(w.persons, (w.booking).accompanying + coalesce((select sum(n) from unnest((w.booking).head_counts) n), 0))::integer)
          and bookings.time_rules(1, c.resource, c.zone, tstzrange(w.starts, w.ends), plateau.clock()) = '[]'::jsonb
    ), ranked as (
        select c.*, row_number() over (partition by c.number order by c.place, c.km nulls last, c.name, c.id) as rank from checked c
    )
    select r.number, r.id, r.name, x.id, n.name, r.site_name, r.reason, r.km, r.verdict
    from ranked r
    join centres.centre x on x.centre_id = r.centre_id
    join lateral (select n.name from centres.centre_name n where n.centre_id = r.centre_id order by lower(n.during) desc limit 1) n on true
    where r.rank <= p_limit
    order by r.number, r.rank
$$;
comment on function maintenance.other_places(uuid, integer, uuid) is
    'Where each line of a booking without room, or of a resource that it may have to do without, could go instead, best first: the same model at its centre, its like there, the same model elsewhere by distance, its like elsewhere; platforms by skills and sectors. Only what is open, free and allowed to its organisation.';

create type maintenance.moved as (
    outcome text,
    version integer,
    rules jsonb
);

create function maintenance.move_booking(p_booking uuid, p_version integer, p_key uuid, p_lines smallint[], p_resources uuid[])
    returns maintenance.moved
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_moved maintenance.moved;
    v_booking bookings.booking;
    v_caller smallint;
    v_centres smallint[];
    v_keys bigint[];
    v_line record;
    v_gate labels.gate_result;
    v_rules jsonb := '[]'::jsonb;
    v_is_conditional boolean := false;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    v_centres := array(select distinct plateau.centre_of(r) from unnest(p_resources) r);
    if not found then
        v_moved.outcome := 'notFound';
        return v_moved;
    elsif not access.may_book_for(p_key, v_booking.organisation_id, v_centres) then
        v_moved.outcome := 'forbidden';
        return v_moved;
    end if;
    select o.centre_id into v_caller from access.organisation o where o.id = v_booking.organisation_id;
    -- The locks of whoever books: labels shared, then rooms, each in one ascending order.
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key from unnest(v_booking.centres || v_centres || v_caller) c
          where c is not null order by 1) k;
    v_keys := array(
        select distinct k.key
        from (select coalesce(m.resource_id, l.resource_id) as resource_id, l.starts, l.ends
              from bookings.line l
              left join unnest(p_lines, p_resources) as m (number, resource_id) on m.number = l.number
              where l.centre_id = v_booking.centre_id and l.booking_id = p_booking) l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        cross join lateral unnest(platforms.room_locks(r, tstzrange(l.starts, l.ends))) as k (key)
        order by k.key);
    perform plateau.take_locks(v_keys, array_fill(true, array[cardinality(v_keys)]));
    v_now := plateau.clock();
    select * into v_booking from bookings.booking b
    where b.centre_id = v_booking.centre_id and b.id = p_booking for update;
    v_moved.version := v_booking.version;
    v_moved.outcome := case when v_booking.version <> p_version then 'versionMismatch'
                            when v_booking.state <> 'suspended' or not v_booking.flags @> array['displaced'] then 'notDisplaced'
                            when v_booking.starts <= v_now then 'alreadyStarted'
                            when not p_lines <@ array(select l.number from bookings.line l
                                                      where l.centre_id = v_booking.centre_id and l.booking_id = p_booking)
                                then 'lineUnknown' end;
    if v_moved.outcome is not null then
        return v_moved;
    end if;
    for v_line in
        select m.number, m.resource_id, l.starts, l.ends, l.seats, l.is_exclusive, r as resource, s.zone
        from unnest(p_lines, p_resources) as m (number, resource_id)
        join bookings.line l on l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number = m.number
        left join platforms.resource r on r.centre_id = plateau.centre_of(m.resource_id) and r.id = m.resource_id
        left join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        order by m.number
    loop
        if v_line.zone is null then
            v_rules := v_rules || bookings.rule(
                v_line.number, 'resource', 'resourceUnknown', jsonb_build_object('resourceId', v_line.resource_id));
            continue;
        end if;
        v_gate := labels.gate(
            (v_line.resource).centre_id, (v_line.resource).is_shared, v_line.zone, tstzrange(v_line.starts, v_line.ends),
            v_booking.organisation_id, v_caller, v_booking.audiences, v_booking.head_counts, false, v_line.resource_id);
        v_is_conditional := v_is_conditional or v_gate.verdict = 'conditional';
        v_rules := v_rules || coalesce((
            select jsonb_agg(jsonb_build_object('line', v_line.number) || g.rule)
            from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' = 'deny'), '[]')
            || bookings.time_rules(
                v_line.number, v_line.resource, v_line.zone, tstzrange(v_line.starts, v_line.ends), v_now);
        if not platforms.has_room(v_line.resource, tstzrange(v_line.starts, v_line.ends),
                                  case when v_line.is_exclusive then (v_line.resource).capacity else v_line.seats end) then
            v_rules := v_rules || bookings.rule(
                v_line.number, 'capacity', case (v_line.resource).kind when 'platform' then 'capacityFull' else 'unitTaken' end,
                jsonb_build_object('seats', v_line.seats, 'free', 0, 'capacity', (v_line.resource).capacity));
        end if;
    end loop;
    if v_rules <> '[]'::jsonb then
        v_moved.outcome := 'refused';
        v_moved.rules := v_rules;
        return v_moved;
    end if;
    begin
        update bookings.line l
        set resource_id = m.resource_id, seats = case when l.is_exclusive then r.capacity else l.seats end
        from unnest(p_lines, p_resources) as m (number, resource_id)
        join platforms.resource r on r.centre_id = plateau.centre_of(m.resource_id) and r.id = m.resource_id
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number = m.number;
        if not bookings.restore(v_booking) then
            raise exception 'no room' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        -- Every line or none: another one's place is still taken.
        v_moved.outcome := 'noRoom';
        return v_moved;
    end;
    update bookings.booking b
    set centres = array(select distinct plateau.centre_of(l.resource_id) from bookings.line l
                        where l.centre_id = b.centre_id and l.booking_id = b.id)
    where b.centre_id = v_booking.centre_id and b.id = p_booking;
    perform bookings.stay(v_booking, case when v_is_conditional then 'conditional' else 'confirmed' end,
                          array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key, 'moved', 'booking.moved', v_now);
    update maintenance.displacement d set outcome = 'moved', settled_at = v_now where d.booking_id = p_booking and d.outcome is null;
    v_moved.outcome := 'moved';
    v_moved.version := p_version + 1;
    return v_moved;
end
$$;
comment on function maintenance.move_booking(uuid, integer, uuid, smallint[], uuid[]) is
    'Gives lines of a displaced booking other resources, every line or none, under the rules of any booking. outcome: moved, notFound, forbidden, versionMismatch, notDisplaced, alreadyStarted, lineUnknown, refused (with the rules), noRoom (for a line that was not moved).';

-- MARK: What states and outages mean for bookings

create function bookings.service_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange) returns jsonb
    language plpgsql stable
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_outage maintenance.outage;
    v_asset inventory.asset;
begin
    select * into v_outage from maintenance.outage o
    where o.centre_id = p_resource.centre_id and o.resource_id = any (p_resource.id || p_resource.ancestors) and o.ended_at is null
      and o.during && p_slot
    order by lower(o.during) limit 1;
    if found then
        v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'maintenance', jsonb_strip_nulls(jsonb_build_object(
            'cause', v_outage.cause, 'start', plateau.rfc3339(lower(v_outage.during)), 'end', plateau.rfc3339(upper(v_outage.during)),
            'zone', p_zone)));
    end if;
    if p_resource.kind = 'equipment' then
        select * into v_asset from inventory.asset a where a.centre_id = p_resource.centre_id and a.id = p_resource.id;
        if not v_asset.usable @> p_slot and not (v_asset.state = 'retired' and coalesce(p_resource.retired_at <= upper(p_slot), false)) then
            v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'notInService', jsonb_strip_nulls(jsonb_build_object(
                'state', v_asset.state, 'usableFrom', plateau.rfc3339(lower(v_asset.usable)),
                'usableUntil', plateau.rfc3339(upper(v_asset.usable)), 'zone', p_zone)));
        end if;
    end if;
    return v_rules;
end
$$;
comment on function bookings.service_rules(integer, platforms.resource, text, tstzrange) is
    'The rules that a slot breaks in which a resource has an outage, or equipment is not in service, with when that is; an empty array when none. A retired one is told of by its day.';

-- MARK: Rights

grant execute on function bookings.service_rules(integer, platforms.resource, text, tstzrange) to plateau_functions;
do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'maintenance'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'maintenance'::regnamespace and not p.prosecdef loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
