-- Platforms as trees (hall, bay, group of one model, workstation), limits in persons, supervision, priority windows, prerequisites.
-- lock class: access exclusive on platforms.resource, platforms.occupancy, bookings.booking and bookings.line while columns with
-- constant defaults are added (no rewrite) and the key of occupancy is built anew, which reads the table once.

-- MARK: The tree

alter table platforms.resource
    add column parent_id uuid,
    add column ancestors uuid[] not null default '{}',
    add column person_limit integer,
    add column supervision text[] not null default '{}',
    add column has_priority boolean not null default false,
    drop constraint resource_kind_known,
    add constraint resource_kind_known check (kind in ('platform', 'equipment', 'workstation', 'workstationGroup')),
    drop constraint resource_unit_has_capacity_one,
    add constraint resource_unit_has_capacity_one check (kind not in ('equipment', 'workstation') or capacity = 1),
    add constraint resource_parent foreign key (centre_id, parent_id) references platforms.resource (centre_id, id),
    add constraint resource_ancestors_begin_with_parent check (parent_id is not distinct from ancestors[1]),
    add constraint resource_depth check (cardinality(ancestors) <= 8),
    add constraint resource_person_limit_range check (person_limit between 1 and 100000),
    add constraint resource_supervision_known check (supervision <@ array['unsupervised', 'centreInstructor', 'habilitatedTrainer']);
comment on table platforms.resource is
    'What can be booked: a platform (capacity = workstations), a piece of equipment or an identified workstation (capacity 1), a group of workstations of one model. ancestors: nearest first, the root last; what is taken of a resource is taken of each of them. Durations in minutes, in force for new bookings.';

alter table platforms.platform
    add column sectors text[] not null default '{}',
    add column skills text[] not null default '{}';

create table platforms.workstation_group (
    centre_id smallint not null,
    id uuid not null,
    platform_id uuid not null,
    model text not null,
    constraint workstation_group_pkey primary key (centre_id, id),
    constraint workstation_group_resource foreign key (centre_id, id) references platforms.resource (centre_id, id),
    constraint workstation_group_platform foreign key (centre_id, platform_id) references platforms.platform (centre_id, id),
    constraint workstation_group_model_once unique (centre_id, platform_id, model),
    constraint workstation_group_model_present check (length(btrim(model)) between 1 and 200)
);
comment on table platforms.workstation_group is
    'The identified workstations of one model on a platform. As a resource its capacity is their number: "any three of that model".';

create table platforms.workstation (
    centre_id smallint not null,
    id uuid not null,
    platform_id uuid not null,
    group_id uuid,
    constraint workstation_pkey primary key (centre_id, id),
    constraint workstation_resource foreign key (centre_id, id) references platforms.resource (centre_id, id),
    constraint workstation_platform foreign key (centre_id, platform_id) references platforms.platform (centre_id, id),
    constraint workstation_in_group foreign key (centre_id, group_id) references platforms.workstation_group (centre_id, id)
);
create index workstation_by_platform on platforms.workstation (centre_id, platform_id);
comment on table platforms.workstation is 'A workstation with an identity: a unit, and one seat of its group, its platform and all above.';

create table platforms.prerequisite (
    centre_id smallint not null,
    resource_id uuid not null,
    number smallint not null,
    holder text not null,
    attestation text not null,
    note text,
    constraint prerequisite_pkey primary key (centre_id, resource_id, number),
    constraint prerequisite_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint prerequisite_holder_known check (holder in ('participant', 'driver', 'trainer', 'company')),
    constraint prerequisite_attestation_is_code check (attestation ~ '^[a-z][A-Za-z0-9]{1,63}$')
);
comment on table platforms.prerequisite is 'What somebody must hold to use a resource: declared here, shown to whoever looks at it.';

create table platforms.priority_window (
    centre_id smallint not null,
    resource_id uuid not null,
    number smallint not null,
    name text not null,
    audiences text[] not null,
    season_from smallint not null,
    season_to smallint not null,
    release_days integer,
    recorded_at timestamptz not null,
    constraint priority_window_pkey primary key (centre_id, resource_id, number),
    constraint priority_window_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint priority_window_name_present check (length(btrim(name)) between 1 and 200),
    constraint priority_window_has_audience check (cardinality(audiences) between 1 and 20),
    constraint priority_window_days check (
        season_from / 100 between 1 and 12 and season_from % 100 between 1 and 31
        and season_to / 100 between 1 and 12 and season_to % 100 between 1 and 31),
    constraint priority_window_release_range check (release_days between 0 and 366)
);
comment on table platforms.priority_window is
    'A season, the same every year (month * 100 + day, both ends included, may run over the new year), in which a resource is kept for some audiences; release_days: how many days ahead what they left is for everybody.';

grant select on platforms.workstation, platforms.workstation_group, platforms.prerequisite, platforms.priority_window
    to plateau_app, plateau_functions, plateau_readonly;
grant insert on platforms.workstation, platforms.workstation_group to plateau_functions;
grant insert, delete on platforms.prerequisite, platforms.priority_window to plateau_functions;

-- MARK: Occupancy

create domain platforms.person_count as integer constraint person_count_not_negative check (value >= 0);
create domain bookings.supervision_mode as text
    constraint supervision_mode_known check (value in ('unsupervised', 'centreInstructor', 'habilitatedTrainer'));

alter table platforms.occupancy
    add column persons platforms.person_count not null default 0,
    add column is_exclusive boolean not null default false,
    drop constraint occupancy_pkey,
    add constraint occupancy_pkey primary key (centre_id, holder_id, line_number, resource_id, starts);
comment on table platforms.occupancy is
    'What is taken, buffers included (starts, ends), and the part of it that is use (use_starts, use_ends): of the resource of a line and of each of its ancestors. A row covers at most one local day, so that a sweep has a bounded window. holder_id: the booking. is_exclusive: the whole resource, whatever its capacity becomes. No personal data.';

alter table bookings.booking add column supervision bookings.supervision_mode;
alter table bookings.line add column persons platforms.person_count;

drop function platforms.occupy(platforms.resource, text, tstzrange, integer, uuid, smallint, uuid);
create function platforms.occupy(
    p_resource platforms.resource, p_zone text, p_slot tstzrange, p_seats integer, p_holder uuid, p_line smallint, p_organisation uuid,
    p_persons integer default 0, p_is_exclusive boolean default false) returns void
    language plpgsql volatile
as $$
declare
    v_starts timestamptz := lower(p_slot) - make_interval(mins => p_resource.setup_minutes);
    v_ends timestamptz := upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes);
    v_day_starts timestamptz := v_starts;
    v_day_ends timestamptz;
    v_use_starts timestamptz;
    v_use_ends timestamptz;
begin
    loop
        v_day_ends := least(v_ends, plateau.instant_of((plateau.local_day(v_day_starts, p_zone) + 1)::timestamp, p_zone));
        v_use_starts := least(greatest(v_day_starts, lower(p_slot)), v_day_ends);
        v_use_ends := greatest(least(v_day_ends, upper(p_slot)), v_day_starts);
        insert into platforms.occupancy (
            centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id, persons,
            is_exclusive)
        values (p_resource.centre_id, p_resource.id, v_day_starts, v_day_ends, v_use_starts, v_use_ends, p_seats,
                p_resource.kind in ('equipment', 'workstation'), p_holder, p_line, p_organisation, p_persons, p_is_exclusive);
        if p_resource.parent_id is not null then
            insert into platforms.occupancy (
                centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id,
                persons)
            select p_resource.centre_id, a.id, v_day_starts, v_day_ends, v_use_starts, v_use_ends, p_seats, false, p_holder, p_line,
                   p_organisation, p_persons
            from unnest(p_resource.ancestors) as a (id);
        end if;
        exit when v_day_ends >= v_ends;
        v_day_starts := v_day_ends;
    end loop;
end
$$;
comment on function platforms.occupy(platforms.resource, text, tstzrange, integer, uuid, smallint, uuid, integer, boolean) is
    'Writes the occupancy of a line, buffers included, one row for each local day, of the resource and of each of its ancestors.';

create or replace function platforms.room_locks(p_resource platforms.resource, p_slot tstzrange) returns bigint[]
    language plpgsql stable
as $$
declare
    v_root uuid := coalesce(p_resource.ancestors[cardinality(p_resource.ancestors)], p_resource.id);
    v_locks bigint[];
begin
    for v_day in plateau.utc_day(lower(p_slot) - make_interval(mins => p_resource.setup_minutes))
              .. plateau.utc_day(upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes) - interval '1 microsecond') loop
        v_locks := v_locks || plateau.room_lock(v_root, v_day);
    end loop;
    return v_locks;
end
$$;
comment on function platforms.room_locks(platforms.resource, tstzrange) is
    'The locks of a line, buffers included: one for each UTC day, of the root of its tree, so that whoever takes a part of a hall waits for whoever takes another.';

-- MARK: Room in a tree

create function platforms.most_persons(
    p_centre_id smallint, p_resource_id uuid, p_starts timestamptz, p_ends timestamptz,
    p_more_starts timestamptz[] default '{}', p_more_ends timestamptz[] default '{}', p_more_persons integer[] default '{}')
    returns integer
    language plpgsql stable
as $$
begin
    return (
        with piece as (
            select greatest(o.starts, p_starts) as starts, least(o.ends, p_ends) as ends, o.persons
            from platforms.occupancy o
            where o.centre_id = p_centre_id and o.resource_id = p_resource_id
              and o.ends > p_starts and o.ends <= p_ends + interval '25 hours' and o.starts < p_ends
            union all
            select greatest(m.starts, p_starts), least(m.ends, p_ends), m.persons
            from unnest(p_more_starts, p_more_ends, p_more_persons) as m (starts, ends, persons)
            where m.ends > p_starts and m.starts < p_ends
        ), edge as (
            select starts as at, persons from piece
            union all select ends, -persons from piece
        ), moment as (
            select sum(sum(e.persons)) over (order by e.at) as present from edge e group by e.at
        )
        select coalesce(max(m.present), 0)::integer from moment m);
end
$$;
comment on function platforms.most_persons(smallint, uuid, timestamptz, timestamptz, timestamptz[], timestamptz[], integer[]) is
    'How many persons are in a resource at once, at most, over a window; more: what the same request brings besides.';

create function platforms.has_room(p_resource platforms.resource, p_slot tstzrange, p_seats integer, p_persons integer default 0)
    returns boolean
    language plpgsql stable
as $$
declare
    v_starts timestamptz := lower(p_slot) - make_interval(mins => p_resource.setup_minutes);
    v_ends timestamptz := upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes);
    v_node platforms.resource;
begin
    for v_node in
        select r.* from platforms.resource r
        where r.centre_id = p_resource.centre_id and r.id = any (p_resource.id || p_resource.ancestors)
    loop
        if p_seats > v_node.capacity - platforms.most_taken(v_node.centre_id, v_node.id, v_starts, v_ends)
            or v_node.retired_at <= upper(p_slot)
            or v_node.person_limit is not null
               and p_persons > v_node.person_limit - platforms.most_persons(v_node.centre_id, v_node.id, v_starts, v_ends) then
            return false;
        end if;
    end loop;
    return true;
end
$$;
comment on function platforms.has_room(platforms.resource, tstzrange, integer, integer) is
    'Whether so many seats and persons more find room during a slot, buffers included, in a resource and in each of its ancestors.';

create function platforms.path_steps(p_resource platforms.resource, p_starts timestamptz, p_ends timestamptz)
    returns table (starts timestamptz, ends timestamptz, taken integer)
    language sql stable
as $$
    with step as (
        select s.starts, s.ends, n.capacity - s.taken as free
        from platforms.resource n
        cross join lateral platforms.usage_steps(n.centre_id, n.id, p_starts, p_ends) s
        where n.centre_id = p_resource.centre_id and n.id = any (p_resource.id || p_resource.ancestors)
    ), edge as (
        select e.at, coalesce(lead(e.at) over (order by e.at), p_ends) as until from (select distinct s.starts as at from step s) e
    )
    select e.at, e.until, p_resource.capacity - (select min(s.free) from step s where s.starts <= e.at and s.ends > e.at)
    from edge e order by e.at
$$;
comment on function platforms.path_steps(platforms.resource, timestamptz, timestamptz) is
    'platforms.usage_steps for a part of a tree: what cannot be had of it counts as taken, be it taken of the part or of what it stands in.';

-- MARK: Making and changing platforms

create function platforms.refuse(p_constraint text) returns void
    language plpgsql
as $$
begin
    raise exception 'a resource cannot stand there: %', p_constraint using errcode = 'check_violation', constraint = p_constraint;
end
$$;

create function platforms.place(p_resource platforms.resource, p_parent uuid) returns void
    language plpgsql volatile
as $$
declare
    v_parent platforms.resource;
    v_ancestors uuid[] := '{}'::uuid[];
    v_depth integer := cardinality(p_resource.ancestors);
begin
    if p_parent is not null then
        select * into v_parent from platforms.resource r where r.centre_id = p_resource.centre_id and r.id = p_parent;
        if not found or v_parent.kind <> 'platform' or v_parent.retired_at is not null then
            perform platforms.refuse('resource_parent');
        elsif v_parent.site_id <> p_resource.site_id then
            perform platforms.refuse('resource_parent_elsewhere');
        elsif v_parent.capacity < p_resource.capacity then
            perform platforms.refuse('resource_parent_smaller');
        elsif v_parent.id = p_resource.id or v_parent.ancestors @> array[p_resource.id] then
            perform platforms.refuse('resource_parent_inside');
        end if;
        v_ancestors := p_parent || v_parent.ancestors;
    end if;
    update platforms.resource r
    set parent_id = case r.id when p_resource.id then p_parent else r.parent_id end,
        ancestors = r.ancestors[: cardinality(r.ancestors) - v_depth] || v_ancestors
    where r.centre_id = p_resource.centre_id and (r.id = p_resource.id or r.ancestors @> array[p_resource.id]);
    perform platforms.note_priority(p_resource.centre_id, p_resource.id);
end
$$;
comment on function platforms.place(platforms.resource, uuid) is
    'Hangs a resource, with all below it, under another platform of its site, or under none. The caller holds the label lock exclusively.';

create function platforms.note_priority(p_centre_id smallint, p_id uuid) returns void
    language sql volatile
as $$
    update platforms.resource r
    set has_priority = exists (select from platforms.priority_window w
                               where w.centre_id = r.centre_id and w.resource_id = any (r.id || r.ancestors))
    where r.centre_id = p_centre_id and (r.id = p_id or r.ancestors @> array[p_id])
$$;
comment on function platforms.note_priority(smallint, uuid) is
    'Notes on a resource and all below it whether a priority window concerns them, so that a booking of any other need not look.';

create function platforms.set_prerequisites(p_centre_id smallint, p_id uuid, p_holders text[], p_attestations text[], p_notes text[])
    returns void
    language sql volatile
as $$
    delete from platforms.prerequisite q where q.centre_id = p_centre_id and q.resource_id = p_id;
    insert into platforms.prerequisite (centre_id, resource_id, number, holder, attestation, note)
    select p_centre_id, p_id, q.number, q.holder, q.attestation, nullif(q.note, '')
    from unnest(p_holders, p_attestations, p_notes) with ordinality as q (holder, attestation, note, number)
$$;

drop function platforms.create_platform(
    smallint, uuid, text, text, uuid, boolean, integer, integer, integer, integer, integer, integer, integer, integer);
create function platforms.create_platform(
    p_centre_id smallint, p_id uuid, p_name text, p_description text, p_site_id uuid, p_is_shared boolean, p_workstations integer,
    p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer,
    p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid default null, p_person_limit integer default null,
    p_sectors text[] default '{}', p_skills text[] default '{}', p_supervision text[] default '{}', p_holders text[] default '{}',
    p_attestations text[] default '{}', p_notes text[] default '{}') returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
    v_resource platforms.resource;
begin
    v_now := platforms.add_resource(
        p_centre_id, p_id, 'platform', p_name, p_site_id, p_is_shared, p_workstations, p_setup_minutes, p_cleanup_minutes,
        p_minimum_minutes, p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days);
    update platforms.resource r set person_limit = p_person_limit, supervision = p_supervision
    where r.centre_id = p_centre_id and r.id = p_id
    returning * into v_resource;
    insert into platforms.platform (centre_id, id, description, sectors, skills)
    values (p_centre_id, p_id, p_description, p_sectors, p_skills);
    perform platforms.set_prerequisites(p_centre_id, p_id, p_holders, p_attestations, p_notes);
    if p_parent_id is not null then
        perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
        perform platforms.place(v_resource, p_parent_id);
    end if;
    return v_now;
end
$$;

create function platforms.set_capacity(p_resource platforms.resource, p_capacity integer)
    returns table (outcome text, taken integer, taken_at timestamptz)
    language plpgsql volatile
as $$
declare
    v_now timestamptz := plateau.clock();
    v_node platforms.resource;
    v_more record;
begin
    if p_capacity < p_resource.capacity then
        if p_resource.kind = 'platform' then
            select 'baysLarger', max(c.capacity) into outcome, taken from platforms.resource c
            where c.centre_id = p_resource.centre_id and c.parent_id = p_resource.id and c.kind = 'platform' and c.capacity > p_capacity;
            if taken is not null then
                return next;
                return;
            end if;
        end if;
        -- Whoever has it as a whole has it as a whole, however large it is.
        select 'capacityInUse', s.taken, s.starts into outcome, taken, taken_at
        from platforms.usage_steps(p_resource.centre_id, p_resource.id, v_now, 'infinity') s
        where s.taken > p_capacity
          and not exists (select from platforms.occupancy o
                          where o.centre_id = p_resource.centre_id and o.resource_id = p_resource.id and o.is_exclusive
                            and o.starts < s.ends and o.ends > s.starts)
        order by s.taken desc, s.starts limit 1;
        if found then
            return next;
            return;
        end if;
    elsif p_capacity > p_resource.capacity and p_resource.parent_id is not null then
        if p_resource.kind = 'platform' then
            select 'parentSmaller', n.capacity into outcome, taken from platforms.resource n
            where n.centre_id = p_resource.centre_id and n.id = p_resource.parent_id and n.capacity < p_capacity;
            if found then
                return next;
                return;
            end if;
        end if;
        select coalesce(array_agg(o.starts), '{}') as starts, coalesce(array_agg(o.ends), '{}') as ends,
               coalesce(array_agg(p_capacity - p_resource.capacity), '{}') as seats
        into v_more
        from platforms.occupancy o
        where o.centre_id = p_resource.centre_id and o.resource_id = p_resource.id and o.is_exclusive and o.ends > v_now;
        for v_node in
            select n.* from platforms.resource n where n.centre_id = p_resource.centre_id and n.id = any (p_resource.ancestors)
        loop
            select 'capacityInUse', s.taken, s.starts into outcome, taken, taken_at
            from platforms.usage_steps(v_node.centre_id, v_node.id, v_now, 'infinity', v_more.starts, v_more.ends, v_more.seats) s
            where s.taken > v_node.capacity
            order by s.taken desc, s.starts limit 1;
            if found then
                return next;
                return;
            end if;
        end loop;
    end if;
    update platforms.resource r set capacity = p_capacity where r.centre_id = p_resource.centre_id and r.id = p_resource.id;
    update platforms.occupancy o set seats = p_capacity
    from platforms.occupancy e
    where e.centre_id = p_resource.centre_id and e.resource_id = p_resource.id and e.is_exclusive and e.ends > v_now
      and o.centre_id = e.centre_id and o.holder_id = e.holder_id and o.line_number = e.line_number and o.starts = e.starts
      and o.seats <> p_capacity;
    outcome := 'changed';
    taken := null;
    taken_at := null;
    return next;
end
$$;
comment on function platforms.set_capacity(platforms.resource, integer) is
    'Gives a resource another number of seats; a use of the whole resource that is to come takes them all. outcome: changed, capacityInUse (with how much is taken, and when), baysLarger and parentSmaller (with that capacity). The caller holds the label lock exclusively.';

create or replace function platforms.change_resource(
    p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_is_shared boolean, p_capacity integer, p_setup_minutes integer,
    p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer,
    p_horizon_days integer) returns table (outcome text, version integer, taken integer, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
begin
    -- Bookings hold this lock shared while they read the rules of use.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer, null::integer, null::timestamptz;
        return;
    elsif v_resource.version <> p_version then
        return query select 'versionMismatch', v_resource.version, null::integer, null::timestamptz;
        return;
    end if;
    if p_capacity <> v_resource.capacity then
        select s.outcome, s.taken, s.taken_at into outcome, taken, taken_at from platforms.set_capacity(v_resource, p_capacity) s;
        if outcome <> 'changed' then
            version := v_resource.version;
            return next;
            return;
        end if;
    end if;
    update platforms.resource r
    set name = p_name, is_shared = p_is_shared, setup_minutes = p_setup_minutes, cleanup_minutes = p_cleanup_minutes,
        minimum_minutes = p_minimum_minutes, maximum_minutes = p_maximum_minutes, grid_minutes = p_grid_minutes,
        notice_minutes = p_notice_minutes, horizon_days = p_horizon_days, version = r.version + 1
    where r.centre_id = p_centre_id and r.id = p_id;
    -- Identified workstations and their groups are used by the rules of their platform.
    update platforms.resource r
    set is_shared = p_is_shared, setup_minutes = p_setup_minutes, cleanup_minutes = p_cleanup_minutes,
        minimum_minutes = p_minimum_minutes, maximum_minutes = p_maximum_minutes, grid_minutes = p_grid_minutes,
        notice_minutes = p_notice_minutes, horizon_days = p_horizon_days
    where v_resource.kind = 'platform' and r.centre_id = p_centre_id
      and (r.kind = 'workstationGroup' and r.parent_id = p_id
           or r.kind = 'workstation' and exists (select from platforms.workstation w
                                                 where w.centre_id = r.centre_id and w.id = r.id and w.platform_id = p_id));
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'resource.changed', p_id, p_version + 1, plateau.clock());
    return query select 'changed', p_version + 1, null::integer, null::timestamptz;
end
$$;
comment on function platforms.change_resource(
    smallint, uuid, integer, text, boolean, integer, integer, integer, integer, integer, integer, integer, integer) is
    'Changes the rules of use for new bookings, of its identified workstations too. outcome: changed, notFound, versionMismatch, or what platforms.set_capacity says.';

drop function platforms.change_platform(
    smallint, uuid, integer, text, text, boolean, integer, integer, integer, integer, integer, integer, integer, integer);
create function platforms.change_platform(
    p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_description text, p_is_shared boolean, p_workstations integer,
    p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer,
    p_notice_minutes integer, p_horizon_days integer, p_parent_id uuid, p_person_limit integer, p_sectors text[], p_skills text[],
    p_supervision text[], p_holders text[], p_attestations text[], p_notes text[])
    returns table (outcome text, version integer, taken integer, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    if v_resource.version = p_version and v_resource.parent_id is distinct from p_parent_id then
        -- What is taken would have to be counted elsewhere.
        select 'platformInUse', v_resource.version, null::integer, min(o.starts) into outcome, version, taken, taken_at
        from platforms.occupancy o
        where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > plateau.clock();
        if taken_at is not null then
            return next;
            return;
        end if;
    end if;
    select c.* into outcome, version, taken, taken_at
    from platforms.change_resource(
        p_centre_id, p_id, p_version, p_name, p_is_shared, p_workstations, p_setup_minutes, p_cleanup_minutes, p_minimum_minutes,
        p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days) c;
    if outcome = 'changed' then
        update platforms.platform p set description = p_description, sectors = p_sectors, skills = p_skills
        where p.centre_id = p_centre_id and p.id = p_id;
        update platforms.resource r set supervision = p_supervision
        where r.centre_id = p_centre_id
          and (r.id = p_id or r.kind in ('workstationGroup', 'workstation') and r.parent_id = p_id
               or r.parent_id in (select g.id from platforms.workstation_group g where g.centre_id = p_centre_id and g.platform_id = p_id));
        update platforms.resource r set person_limit = p_person_limit where r.centre_id = p_centre_id and r.id = p_id;
        perform platforms.set_prerequisites(p_centre_id, p_id, p_holders, p_attestations, p_notes);
        if v_resource.parent_id is distinct from p_parent_id then
            select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
            perform platforms.place(v_resource, p_parent_id);
        end if;
    end if;
    return next;
end
$$;
comment on function platforms.change_platform(
    smallint, uuid, integer, text, text, boolean, integer, integer, integer, integer, integer, integer, integer, integer, uuid, integer,
    text[], text[], text[], text[], text[], text[]) is
    'platforms.change_resource and what only a platform has. outcome besides: platformInUse (with when), as its place in the tree cannot change while something of it is booked. Raises what platforms.place refuses.';

-- MARK: Workstations

create function platforms.add_workstation(p_centre_id smallint, p_platform_id uuid, p_id uuid, p_group_id uuid, p_name text, p_model text)
    returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_platform platforms.resource;
    v_group platforms.resource;
    v_group_id uuid;
    v_changed record;
    v_now timestamptz;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_platform from platforms.resource r
    where r.centre_id = p_centre_id and r.id = p_platform_id and r.kind = 'platform' and r.retired_at is null;
    if not found then
        return null;
    end if;
    if p_model is not null then
        select g.id into v_group_id from platforms.workstation_group g
        where g.centre_id = p_centre_id and g.platform_id = p_platform_id and g.model = p_model;
        if not found then
            v_group_id := p_group_id;
            perform platforms.add_part(v_platform, p_group_id, 'workstationGroup', p_model, v_platform.id || v_platform.ancestors);
            insert into platforms.workstation_group (centre_id, id, platform_id, model)
            values (p_centre_id, p_group_id, p_platform_id, p_model);
        else
            select * into v_group from platforms.resource r where r.centre_id = p_centre_id and r.id = v_group_id;
            if v_group.retired_at is not null then
                update platforms.resource r set retired_at = null where r.centre_id = p_centre_id and r.id = v_group_id;
            else
                select * into v_changed from platforms.set_capacity(v_group, v_group.capacity + 1);
                if v_changed.outcome <> 'changed' then
                    perform platforms.refuse('workstation_group_in_use');
                end if;
            end if;
        end if;
    end if;
    v_now := platforms.add_part(
        v_platform, p_id, 'workstation', p_name,
        case when v_group_id is null then '{}'::uuid[] else array[v_group_id] end || v_platform.id || v_platform.ancestors);
    insert into platforms.workstation (centre_id, id, platform_id, group_id) values (p_centre_id, p_id, p_platform_id, v_group_id);
    return v_now;
end
$$;
comment on function platforms.add_workstation(smallint, uuid, uuid, uuid, text, text) is
    'Gives a workstation of a platform an identity; p_group_id becomes the group of its model where that is new. Null: no such platform.';

create function platforms.add_part(p_platform platforms.resource, p_id uuid, p_kind text, p_name text, p_ancestors uuid[])
    returns timestamptz
    language plpgsql volatile
as $$
declare
    v_now timestamptz;
begin
    v_now := platforms.add_resource(
        p_platform.centre_id, p_id, p_kind, p_name, p_platform.site_id, p_platform.is_shared, 1, p_platform.setup_minutes,
        p_platform.cleanup_minutes, p_platform.minimum_minutes, p_platform.maximum_minutes, p_platform.grid_minutes,
        p_platform.notice_minutes, p_platform.horizon_days);
    update platforms.resource r
    set parent_id = p_ancestors[1], ancestors = p_ancestors, supervision = p_platform.supervision, has_priority = p_platform.has_priority
    where r.centre_id = p_platform.centre_id and r.id = p_id;
    return v_now;
end
$$;
comment on function platforms.add_part(platforms.resource, uuid, text, text, uuid[]) is
    'A resource below a platform that is used by the rules of that platform.';

create function platforms.retire_workstation(p_centre_id smallint, p_id uuid, p_version integer)
    returns table (outcome text, version integer, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
    v_group platforms.resource;
    v_now timestamptz;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_resource from platforms.resource r
    where r.centre_id = p_centre_id and r.id = p_id and r.kind = 'workstation' for update;
    if not found then
        return query select 'notFound', null::integer, null::timestamptz;
        return;
    elsif v_resource.version <> p_version then
        return query select 'versionMismatch', v_resource.version, null::timestamptz;
        return;
    elsif v_resource.retired_at is not null then
        return query select 'alreadyRetired', v_resource.version, null::timestamptz;
        return;
    end if;
    select 'workstationInUse', v_resource.version, min(o.starts) into outcome, version, taken_at
    from platforms.occupancy o where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > v_now;
    if taken_at is not null then
        return next;
        return;
    end if;
    select g.* into v_group from platforms.resource g
    where g.centre_id = p_centre_id and g.id = v_resource.parent_id and g.kind = 'workstationGroup';
    if found and v_group.capacity = 1 then
        select 'workstationInUse', v_resource.version, min(o.starts) into outcome, version, taken_at
        from platforms.occupancy o where o.centre_id = p_centre_id and o.resource_id = v_group.id and o.ends > v_now;
        if taken_at is not null then
            return next;
            return;
        end if;
        update platforms.resource r set retired_at = v_now where r.centre_id = p_centre_id and r.id = v_group.id;
    elsif found then
        select case s.outcome when 'changed' then null else 'workstationInUse' end, v_resource.version, s.taken_at
        into outcome, version, taken_at
        from platforms.set_capacity(v_group, v_group.capacity - 1) s;
        if outcome is not null then
            return next;
            return;
        end if;
    end if;
    update platforms.resource r set retired_at = v_now, version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    return query select 'retired', v_resource.version + 1, null::timestamptz;
end
$$;
comment on function platforms.retire_workstation(smallint, uuid, integer) is
    'outcome: retired, notFound, versionMismatch, alreadyRetired, workstationInUse (with when: it, or so many of its model that one less would not do).';

-- MARK: Priority

create function platforms.in_season(p_day date, p_from smallint, p_to smallint) returns boolean
    language sql immutable strict parallel safe
    return case when p_from <= p_to then (extract(month from p_day) * 100 + extract(day from p_day)) between p_from and p_to
                else extract(month from p_day) * 100 + extract(day from p_day) >= p_from
                     or extract(month from p_day) * 100 + extract(day from p_day) <= p_to end;
comment on function platforms.in_season(date, smallint, smallint) is 'Whether a day lies in a season of every year, which may run over the new year.';

create function platforms.set_priority_windows(
    p_centre_id smallint, p_id uuid, p_version integer, p_names text[], p_audiences text[], p_season_from smallint[],
    p_season_to smallint[], p_release_days integer[]) returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
begin
    -- Bookings hold this lock shared while they read the windows.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer;
        return;
    elsif v_resource.version <> p_version then
        return query select 'versionMismatch', v_resource.version;
        return;
    end if;
    delete from platforms.priority_window w where w.centre_id = p_centre_id and w.resource_id = p_id;
    insert into platforms.priority_window (
        centre_id, resource_id, number, name, audiences, season_from, season_to, release_days, recorded_at)
    select p_centre_id, p_id, w.number, w.name, string_to_array(w.audiences, ','),
           w.season_from, w.season_to, nullif(w.release_days, -1), plateau.clock()
    from unnest(p_names, p_audiences, p_season_from, p_season_to, p_release_days) with ordinality
        as w (name, audiences, season_from, season_to, release_days, number);
    perform platforms.note_priority(p_centre_id, p_id);
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'resource.changed', p_id, p_version + 1, plateau.clock());
    return query select 'changed', p_version + 1;
end
$$;
comment on function platforms.set_priority_windows(smallint, uuid, integer, text[], text[], smallint[], smallint[], integer[]) is
    'Replaces the priority windows of a resource, for new bookings. The arrays are parallel; audiences: codes with commas; release_days: -1 for never.';

-- MARK: Agreements

create or replace function access.covers(p_platforms uuid[], p_resource uuid) returns boolean
    language plpgsql stable
as $$
begin
    return p_platforms is null or p_resource = any (p_platforms) or coalesce((
        select a.platform_id = any (p_platforms) or r.ancestors && p_platforms
        from platforms.resource r
        left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
        where r.centre_id = plateau.centre_of(p_resource) and r.id = p_resource), false);
end
$$;
comment on function access.covers(uuid[], uuid) is
    'Whether an agreement about these platforms is about a resource: one of them, a part of one, or equipment on one.';

-- MARK: Rules of a booking

create function bookings.priority_rules(
    p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_audiences text[], p_now timestamptz) returns jsonb
    language plpgsql stable
as $$
declare
    v_today date := plateau.local_day(p_now, p_zone);
    v_days daterange := plateau.local_days(p_slot, p_zone);
    v_refusal record;
begin
    -- The first day that is kept for others: in season for somebody, for nobody here, and not released yet.
    select d.day::date as day, (array_agg(w.name order by w.number))[1] as name,
           array(select distinct a from platforms.priority_window x, unnest(x.audiences) a
                 where x.centre_id = p_resource.centre_id and x.resource_id = any (p_resource.id || p_resource.ancestors)
                   and platforms.in_season(d.day::date, x.season_from, x.season_to) order by a) as audiences,
           d.day::date - max(w.release_days) as released_on
    into v_refusal
    from generate_series(lower(v_days), upper(v_days) - 1, interval '1 day') as d (day)
    join platforms.priority_window w
        on w.centre_id = p_resource.centre_id and w.resource_id = any (p_resource.id || p_resource.ancestors)
       and platforms.in_season(d.day::date, w.season_from, w.season_to)
    group by d.day
    having not bool_or(cardinality(p_audiences) > 0 and p_audiences <@ w.audiences
                       or w.release_days is not null and d.day::date - v_today <= w.release_days)
    order by d.day limit 1;
    if not found then
        return '[]'::jsonb;
    end if;
    return jsonb_build_array(bookings.rule(p_line, 'priority', 'keptForOthers', jsonb_strip_nulls(jsonb_build_object(
        'day', v_refusal.day, 'window', v_refusal.name, 'audiences', v_refusal.audiences, 'releasedOn', v_refusal.released_on))));
end
$$;
comment on function bookings.priority_rules(integer, platforms.resource, text, tstzrange, text[], timestamptz) is
    'The rule that a slot breaks on a day of a season that is kept for other audiences; an empty array when none.';

create function bookings.tree_rules(
    p_line integer, p_zone text, p_resources platforms.resource[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[],
    p_persons integer[]) returns jsonb
    language plpgsql stable
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_resource platforms.resource := p_resources[p_line];
    v_starts timestamptz := p_starts[p_line] - make_interval(mins => v_resource.setup_minutes);
    v_ends timestamptz := p_ends[p_line] + make_interval(mins => v_resource.cleanup_minutes);
    v_node platforms.resource;
    v_more record;
    v_free integer;
    v_present integer;
begin
    for v_node in
        select r.* from platforms.resource r
        where r.centre_id = v_resource.centre_id and r.id = any (v_resource.id || v_resource.ancestors)
        order by cardinality(r.ancestors) desc
    loop
        -- What earlier lines of this request take of it.
        select coalesce(array_agg(p_starts[e.i] - make_interval(mins => (p_resources[e.i]).setup_minutes)), '{}') as starts,
               coalesce(array_agg(p_ends[e.i] + make_interval(mins => (p_resources[e.i]).cleanup_minutes)), '{}') as ends,
               coalesce(array_agg(p_seats[e.i]), '{}') as seats, coalesce(array_agg(p_persons[e.i]), '{}') as persons
        into v_more
        from generate_series(1, p_line - 1) as e (i)
        where (p_resources[e.i]).id = v_node.id or (p_resources[e.i]).ancestors @> array[v_node.id];
        if v_node.id <> v_resource.id then
            if v_node.retired_at <= p_ends[p_line] then
                v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'resourceRetired', jsonb_build_object(
                    'retiredAt', plateau.rfc3339(v_node.retired_at), 'zone', p_zone));
            end if;
            v_free := v_node.capacity - platforms.most_taken(
                v_node.centre_id, v_node.id, v_starts, v_ends, v_more.starts, v_more.ends, v_more.seats);
            if p_seats[p_line] > v_free then
                v_rules := v_rules || bookings.rule(p_line, 'capacity', 'parentFull', jsonb_build_object(
                    'resourceId', v_node.id, 'name', v_node.name, 'seats', p_seats[p_line], 'free', greatest(v_free, 0),
                    'capacity', v_node.capacity));
            end if;
        end if;
        if v_node.person_limit is not null and p_persons[p_line] > 0 then
            v_present := platforms.most_persons(
                v_node.centre_id, v_node.id, v_starts, v_ends, v_more.starts, v_more.ends, v_more.persons);
            if v_present + p_persons[p_line] > v_node.person_limit then
                v_rules := v_rules || bookings.rule(p_line, 'persons', 'tooManyPersons', jsonb_build_object(
                    'resourceId', v_node.id, 'name', v_node.name, 'persons', p_persons[p_line], 'present', v_present,
                    'personLimit', v_node.person_limit));
            end if;
        end if;
    end loop;
    return v_rules;
end
$$;
comment on function bookings.tree_rules(
    integer, text, platforms.resource[], timestamptz[], timestamptz[], integer[], integer[]) is
    'Room for one line in everything that its resource stands in, and for its persons there and in itself: the failed rules, each with its facts.';

-- MARK: Reserve

drop function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[],
    text, bytea, boolean);
create function bookings.reserve(
    p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text,
    p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[],
    p_idempotency_key text, p_request_hash bytea, p_dry_run boolean, p_persons integer[] default null, p_supervision text default null)
    returns bookings.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict bookings.verdict;
    v_known access.idempotency;
    v_centre_id smallint := plateau.centre_of(p_booking);
    v_centres smallint[];
    v_caller_organisation uuid;
    v_caller_centre smallint;
    v_now timestamptz;
    v_starts timestamptz;
    v_ends timestamptz;
    v_lines integer := cardinality(p_resources);
    v_resources platforms.resource[];
    v_resource platforms.resource;
    v_zones text[];
    v_found record;
    v_slot tstzrange;
    v_gate labels.gate_result;
    v_rules jsonb := '[]'::jsonb;
    v_refused boolean := false;
    v_free integer;
    v_seats integer;
    v_locks bigint[] := '{}'::bigint[];
    v_setup interval;
    v_cleanup interval;
    v_everybody integer := coalesce((select sum(n) from unnest(p_head_counts) n), 0) + p_accompanying;
    v_persons integer[] := '{}'::integer[];
    v_more_starts timestamptz[] := '{}'::timestamptz[];
    v_more_ends timestamptz[] := '{}'::timestamptz[];
    v_more_seats integer[] := '{}'::integer[];
begin
    -- Before anything is told of what was done under a key: a replay is for those who may book.
    select array_agg(distinct plateau.centre_of(r)) into v_centres from unnest(p_resources) r;
    if not access.may_book_for(p_key, p_organisation, v_centres) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;

    -- One key, one effect. A duplicate in flight is told so and never waits. The key is the caller's, whomever it books for.
    if p_idempotency_key is not null then
        select k.organisation_id into v_caller_organisation from access.api_key k where k.id = p_key;
        if not pg_try_advisory_xact_lock(hashtextextended(v_caller_organisation::text || p_idempotency_key, 77)) then
            v_verdict.outcome := 'inFlight';
            return v_verdict;
        end if;
        select * into v_known from access.idempotency k
        where k.organisation_id = v_caller_organisation and k.key = p_idempotency_key
          and k.created_at > plateau.clock() - interval '7 days';
        if found then
            if v_known.request_hash <> p_request_hash or v_known.subject_id is null then
                v_verdict.outcome := 'keyReused';
                return v_verdict;
            end if;
            return bookings.verdict_of(v_known.subject_id);
        end if;
    end if;

    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    if not found then
        v_verdict.outcome := 'organisationUnknown';
        return v_verdict;
    end if;

    -- Labels and rules of use stand still while this lock is held; a decision takes it exclusively.
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key from unnest(v_centres || v_caller_centre) c where c is not null order by 1) k;
    v_now := plateau.clock();

    -- Row by row: a join over the whole request reads every resource, because its plan is made for any number of lines.
    for i in 1 .. v_lines loop
        select r as resource, s.zone into v_found
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = plateau.centre_of(p_resources[i]) and r.id = p_resources[i];
        v_zones[i] := v_found.zone;
        v_starts := least(v_starts, p_starts[i]);
        v_ends := greatest(v_ends, p_ends[i]);
        if found then
            v_resource := v_found.resource;
            v_resources[i] := v_resource;
            v_locks := v_locks || platforms.room_locks(v_resource, tstzrange(p_starts[i], p_ends[i]));
        end if;
    end loop;

    -- Room: every day of every line, buffers included, in one ascending order for all callers.
    if cardinality(v_locks) > 1 then
        v_locks := array(select distinct k from unnest(v_locks) as k order by k);
    end if;
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));

    v_verdict.flags := '{}';
    v_verdict.state := 'confirmed';
    if p_activity in ('catalogueTraining', 'bespokeTraining', 'awareness') and cardinality(p_audiences) = 0 then
        v_rules := v_rules || bookings.rule(null, 'participants', 'participantsRequired', jsonb_build_object('activity', p_activity));
        v_refused := true;
    end if;
    if p_activity = 'companyProduction' and not access.may_produce(p_organisation, p_resources, p_starts, p_ends, v_zones)
        or p_activity = 'maintenance' and not access.has_role(
        p_key, array['centreStaff', 'centreManager'], v_centre_id) then
        v_rules := v_rules || bookings.rule(null, 'activity', 'activityNotAllowed', jsonb_build_object('activity', p_activity));
        v_refused := true;
    end if;

    for i in 1 .. v_lines loop
        if v_zones[i] is null then
            v_rules := v_rules || bookings.rule(i, 'resource', 'resourceUnknown', jsonb_build_object('resourceId', p_resources[i]));
            v_refused := true;
            v_verdict.seats := v_verdict.seats || 0;
            v_persons := v_persons || 0;
            continue;
        end if;
        v_resource := v_resources[i];
        v_slot := tstzrange(p_starts[i], p_ends[i]);
        v_setup := make_interval(mins => v_resource.setup_minutes);
        v_cleanup := make_interval(mins => v_resource.cleanup_minutes);

        v_gate := labels.gate(v_resource.centre_id, v_resource.is_shared, v_zones[i], v_slot, p_organisation, v_caller_centre,
                              p_audiences, p_head_counts, false, v_resource.id);
        if v_gate.verdict <> 'allow' then
            v_refused := v_refused or v_gate.verdict = 'deny';
            v_rules := v_rules || (
                select jsonb_agg(jsonb_build_object('line', i) || g.rule)
                from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional'));
            v_verdict.state := 'conditional';
            v_verdict.conditional_until := least(v_verdict.conditional_until, v_gate.conditional_until);
        end if;
        if v_gate.label_status = 'provisional' and not v_verdict.flags @> array['provisional'] then
            v_verdict.flags := v_verdict.flags || 'provisional'::text;
        end if;
        if i = 1 then
            v_verdict.label_status := v_gate.label_status;
            v_verdict.label_decision_id := v_gate.label_decision_id;
            v_verdict.file_number := v_gate.file_number;
        end if;

        v_rules := v_rules || bookings.time_rules(i, v_resource, v_zones[i], v_slot, v_now);
        if v_resource.has_priority and p_activity <> 'maintenance' then
            v_rules := v_rules || bookings.priority_rules(i, v_resource, v_zones[i], v_slot, p_audiences, v_now);
        end if;
        if v_resource.supervision <> '{}' and coalesce(p_supervision, 'unsupervised') <> all (v_resource.supervision) then
            v_rules := v_rules || bookings.rule(i, 'supervision', 'supervisionNotOffered', jsonb_build_object(
                'supervision', coalesce(p_supervision, 'unsupervised'), 'offered', v_resource.supervision));
        end if;

        -- 0 asks for the whole platform.
        v_seats := case p_seats[i] when 0 then v_resource.capacity else p_seats[i] end;
        v_verdict.seats := v_verdict.seats || v_seats;
        -- Everybody comes to every line, unless it says how many.
        v_persons := v_persons || coalesce(nullif(p_persons[i], -1), v_everybody);
        if v_seats > v_resource.capacity then
            v_rules := v_rules || bookings.rule(i, 'capacity', 'quantityTooLarge', jsonb_build_object(
                'seats', v_seats, 'capacity', v_resource.capacity));
        else
            -- What earlier lines of this request take of the same resource.
            if i > 1 then
                select coalesce(array_agg(e.starts - v_setup), '{}'), coalesce(array_agg(e.ends + v_cleanup), '{}'),
                       coalesce(array_agg(e.seats), '{}')
                into v_more_starts, v_more_ends, v_more_seats
                from unnest(p_resources[:i - 1], p_starts[:i - 1], p_ends[:i - 1], v_verdict.seats[:i - 1]) as e (resource_id, starts, ends, seats)
                where e.resource_id = v_resource.id;
            end if;
            v_free := v_resource.capacity - platforms.most_taken(
                v_resource.centre_id, v_resource.id, p_starts[i] - v_setup, p_ends[i] + v_cleanup,
                v_more_starts, v_more_ends, v_more_seats);
            if v_seats > v_free then
                v_rules := v_rules || bookings.rule(i, 'capacity',
                    case when v_resource.kind in ('equipment', 'workstation') then 'unitTaken' else 'capacityFull' end,
                    jsonb_build_object('seats', v_seats, 'free', greatest(v_free, 0), 'capacity', v_resource.capacity));
            end if;
            if v_resource.parent_id is not null or v_resource.person_limit is not null then
                v_rules := v_rules || bookings.tree_rules(
                    i, v_zones[i], v_resources, p_starts, p_ends, v_verdict.seats, v_persons);
            end if;
        end if;
    end loop;

    if v_rules <> '[]'::jsonb then
        v_refused := v_refused or exists (select from jsonb_array_elements(v_rules) as r (rule) where r.rule ->> 'verdict' = 'deny');
        v_verdict.rules := v_rules;
    end if;
    if v_refused then
        v_verdict.outcome := 'refused';
        return v_verdict;
    end if;
    v_verdict.zones := v_zones;
    v_verdict.booking_id := p_booking;
    v_verdict.reference := p_reference;
    v_verdict.recorded_at := v_now;
    if p_dry_run then
        v_verdict.outcome := 'wouldCreate';
        return v_verdict;
    end if;

    insert into bookings.booking (
        centre_id, id, reference, organisation_id, centres, state, initial_state, flags, starts, ends, activity, audiences, head_counts,
        accompanying, title, contact_name, contact_email, programme, label_status, label_decision_id, file_number, conditional_until,
        created_at, created_by, supervision)
    values (v_centre_id, p_booking, p_reference, p_organisation, v_centres, v_verdict.state, v_verdict.state, v_verdict.flags,
            v_starts, v_ends, p_activity, p_audiences, p_head_counts,
            p_accompanying, p_title, p_contact_name, p_contact_email, p_programme, v_verdict.label_status,
            v_verdict.label_decision_id, v_verdict.file_number, v_verdict.conditional_until, v_now, p_key, p_supervision);
    for i in 1 .. v_lines loop
        v_resource := v_resources[i];
        insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive, persons)
        values (v_centre_id, p_booking, i, p_resources[i], p_starts[i], p_ends[i], v_verdict.seats[i], p_seats[i] = 0,
                nullif(p_persons[i], -1));
        perform platforms.occupy(v_resource, v_zones[i], tstzrange(p_starts[i], p_ends[i]), v_verdict.seats[i], p_booking, i::smallint,
                                p_organisation, v_persons[i], p_seats[i] = 0);
    end loop;
    insert into bookings.transition (centre_id, booking_id, version, to_state, at, key_id, organisation_id)
    values (v_centre_id, p_booking, 1, v_verdict.state, v_now, p_key, p_organisation);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (v_centre_id, 'booking.created', p_booking, p_organisation, 1, v_now);
    if p_idempotency_key is not null then
        insert into access.idempotency as k (organisation_id, key, request_hash, subject_id, created_at)
        values (v_caller_organisation, p_idempotency_key, p_request_hash, p_booking, v_now)
        on conflict (organisation_id, key) do update
            set request_hash = excluded.request_hash, subject_id = excluded.subject_id, status = null, body = null, etag = null,
                location = null, created_at = excluded.created_at;
    end if;
    v_verdict.outcome := 'created';
    return v_verdict;
end
$$;
comment on function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[],
    text, bytea, boolean, integer[], text) is
    'Reserves every line or none. Takes the locks, asks the gate, tests rules of use and room, writes, and answers with a row: a refusal is data. persons: of each line, -1 (or no list) for everybody.';

drop function bookings.next_free(uuid, integer, integer, timestamptz, integer, integer);
create function bookings.next_free(
    p_resource_id uuid, p_seats integer, p_minutes integer, p_from timestamptz, p_days integer, p_count integer,
    p_audiences text[] default null, p_persons integer default 0)
    returns table (starts timestamptz, ends timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with resource as (
        select r as o, r.*, s.zone, coalesce(p_seats, r.capacity) as seats, plateau.clock() as now,
               greatest(p_from, plateau.clock() + make_interval(mins => r.notice_minutes)) as earliest
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = plateau.centre_of(p_resource_id) and r.id = p_resource_id and r.retired_at is null
    ), open as (
        select r.centre_id, unnest(range_agg(h.during)) as during
        from resource r
        join centres.open_hours h on h.centre_id = r.centre_id and h.site_id = r.site_id
             and h.day >= plateau.local_day(r.earliest, r.zone) and h.day < plateau.local_day(r.earliest, r.zone) + p_days
        group by r.centre_id
    ), candidate as (
        -- A slot can only become free when the site opens, when something ends, or at once.
        select greatest(lower(o.during), r.earliest) as at from open o, resource r
        union
        select c.ends + make_interval(mins => r.setup_minutes)
        from resource r
        join platforms.occupancy c on c.centre_id = r.centre_id and c.resource_id = any (r.id || r.ancestors)
             and c.ends > r.earliest and c.ends < r.earliest + make_interval(days => p_days)
        union
        -- A season ends with a day.
        select plateau.instant_of((plateau.local_day(r.earliest, r.zone) + n)::timestamp, r.zone)
        from resource r, generate_series(1, p_days - 1) as n
        where r.has_priority
    ), aligned as (
        select distinct plateau.instant_of(
                   date_trunc('day', c.at at time zone r.zone)
                   + make_interval(mins => (ceil(extract(epoch from (c.at at time zone r.zone)::time) / (60 * r.grid_minutes))
                                            * r.grid_minutes)::integer), r.zone) as at
        from candidate c, resource r
    ), slot as (
        select tstzrange(a.at, a.at + make_interval(mins => p_minutes)) as during from aligned a
    )
    select lower(s.during), upper(s.during)
    from slot s, resource r
    where lower(s.during) >= r.earliest
      and plateau.local_day(lower(s.during), r.zone) <= plateau.local_day(r.now, r.zone) + r.horizon_days
      and exists (select from open o where o.during @> s.during)
      and platforms.has_room(r.o, s.during, r.seats, p_persons)
      and (not r.has_priority or p_audiences is null
           or bookings.priority_rules(0, r.o, r.zone, s.during, p_audiences, r.now) = '[]'::jsonb)
    order by lower(s.during)
    limit p_count
$$;
comment on function bookings.next_free(uuid, integer, integer, timestamptz, integer, integer, text[], integer) is
    'The next slots of that length in which so many seats (null: all) of a resource are free with room for so many persons, its site is open, and, where audiences are given, no season is kept for others.';

-- MARK: Restoring

create or replace function bookings.restore(p_booking bookings.booking) returns boolean
    language plpgsql volatile
as $$
declare
    v_line record;
begin
    for v_line in
        select r, s.zone, l.number, l.starts, l.ends, case when l.is_exclusive then r.capacity else l.seats end as seats, l.is_exclusive,
               coalesce(l.persons, p_booking.accompanying + coalesce((select sum(n) from unnest(p_booking.head_counts) n), 0))::integer
                   as persons
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
        order by l.number
    loop
        if not platforms.has_room(v_line.r, tstzrange(v_line.starts, v_line.ends), v_line.seats, v_line.persons) then
            -- All or nothing.
            delete from platforms.occupancy o where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id;
            return false;
        end if;
        perform platforms.occupy(v_line.r, v_line.zone, tstzrange(v_line.starts, v_line.ends), v_line.seats, p_booking.id, v_line.number,
                                 p_booking.organisation_id, v_line.persons, v_line.is_exclusive);
    end loop;
    return true;
end
$$;
comment on function bookings.restore(bookings.booking) is
    'Takes the room of a booking again, every line or none; whether there was room. The caller holds the room locks.';

-- MARK: Series

drop function bookings.reserve_series(
    uuid, text, text[], text[], text, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], integer[],
    uuid[], text[], timestamptz[], timestamptz[], timestamptz[], boolean);
create function bookings.reserve_series(
    p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid,
    p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text,
    p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[],
    p_occurrences timestamptz[], p_starts timestamptz[], p_ends timestamptz[], p_dry_run boolean,
    p_persons integer[] default null, p_supervision text default null) returns setof bookings.occurrence_verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre_id smallint := plateau.centre_of(p_series);
    v_lines integer := cardinality(p_resources);
    v_verdict bookings.verdict;
    v_verdicts bookings.occurrence_verdict[] := '{}'::bookings.occurrence_verdict[];
    v_booked integer := 0;
    v_undone boolean := false;
    v_now timestamptz;
begin
    perform bookings.lock_series(p_series, p_organisation, p_resources, p_starts, p_ends);
    v_now := plateau.clock();
    -- One refusal of a whole series undoes the rest of it; the verdicts outlive that.
    begin
        if exists (select from access.organisation o where o.id = p_organisation) then
            insert into bookings.series (
                centre_id, id, organisation_id, centres, rule, excluded, additional, zone, mode, created_at, created_by)
            values (v_centre_id, p_series, p_organisation, array(select distinct plateau.centre_of(r) from unnest(p_resources) r),
                    p_rule, p_excluded, p_additional, p_zone, p_mode, v_now, p_key);
        end if;
        for i in 1 .. cardinality(p_bookings) loop
            v_verdict := bookings.reserve(
                p_bookings[i], p_references[i], p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, p_resources, p_starts[(i - 1) * v_lines + 1 : i * v_lines],
                p_ends[(i - 1) * v_lines + 1 : i * v_lines], p_seats, null, null, false, p_persons,
                p_supervision);
            v_verdicts := v_verdicts || row (
                i, v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                v_booked := v_booked + 1;
                update bookings.booking b set series_id = p_series, occurrence = i, occurrence_starts = p_occurrences[i]
                where b.centre_id = v_centre_id and b.id = p_bookings[i];
            elsif v_verdict.outcome = 'refused' then
                insert into bookings.refused_occurrence (centre_id, series_id, number, starts, rules)
                values (v_centre_id, p_series, i, p_occurrences[i], v_verdict.rules);
            else
                exit;
            end if;
        end loop;
        v_undone := p_dry_run or v_booked = 0 or p_mode = 'atomic' and v_booked < cardinality(p_bookings);
        if v_undone then
            raise exception 'undone' using errcode = 'PL001';
        end if;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_centre_id, 'series.created', p_series, p_organisation, 1, v_now);
    exception when sqlstate 'PL001' then
        null;
    end;
    return query
        select v.number, case when v_undone and v.outcome = 'created' then 'wouldCreate' else v.outcome end, v.booking_id, v.reference,
               v.state, v.flags, v.conditional_until, v.rules
        from unnest(v_verdicts) v order by v.number;
end
$$;
comment on function bookings.reserve_series(
    uuid, text, text[], text[], text, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], integer[],
    uuid[], text[], timestamptz[], timestamptz[], timestamptz[], boolean, integer[], text) is
    'Books every occurrence of a series through bookings.reserve: all or none (atomic), or those that can be had (bestEffort). A row for each occurrence.';

drop function bookings.change_series(
    uuid, uuid, integer, text, uuid[], integer[], integer[], uuid[], text[], timestamptz[], timestamptz[], boolean);
create function bookings.change_series(
    p_series uuid, p_key uuid, p_version integer, p_reason text, p_resources uuid[], p_seats integer[], p_numbers integer[],
    p_bookings uuid[], p_references text[], p_starts timestamptz[], p_ends timestamptz[], p_dry_run boolean,
    p_persons integer[] default null) returns setof bookings.occurrence_verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_series bookings.series;
    v_old bookings.booking;
    v_olds bookings.booking[] := '{}'::bookings.booking[];
    v_lines integer := cardinality(p_resources);
    v_outcome text;
    v_verdict bookings.verdict;
    v_verdicts bookings.occurrence_verdict[] := '{}'::bookings.occurrence_verdict[];
    v_undone boolean := false;
begin
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series;
    perform bookings.lock_series(p_series, v_series.organisation_id, p_resources, p_starts, p_ends);
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series for update;
    if not found or v_series.version <> p_version then
        return query select null::integer, 'versionMismatch', null::uuid, null::text, null::text, null::text[], null::date, null::jsonb;
        return;
    end if;
    begin
        -- All rooms are freed before the first is taken again, so that occurrences may move into each other's place.
        for v_old in
            select b.* from bookings.booking b
            where b.centre_id = v_series.centre_id and b.series_id = p_series and b.occurrence = any (p_numbers)
              and b.state in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended')
            order by b.centre_id, b.id
            for update of b
        loop
            select c.outcome into v_outcome from bookings.cancel(v_old.id, p_key, v_old.version, p_reason) c;
            v_olds[v_old.occurrence] := v_old;
            if v_outcome <> 'cancelled' then
                v_undone := true;
                v_verdicts := array[row (
                    v_old.occurrence::integer, v_outcome, v_old.id, v_old.reference, v_old.state, null, null, null)::bookings.occurrence_verdict];
                raise exception 'undone' using errcode = 'PL001';
            end if;
        end loop;
        for i in 1 .. cardinality(p_numbers) loop
            v_old := v_olds[p_numbers[i]];
            -- Cancelled by itself since the caller read the series: it stays so.
            continue when v_old.id is null;
            v_verdict := bookings.reserve(
                p_bookings[i], p_references[i], p_key, v_old.organisation_id, v_old.activity, v_old.audiences, v_old.head_counts,
                v_old.accompanying, v_old.title, v_old.contact_name, v_old.contact_email, v_old.programme, p_resources,
                p_starts[(i - 1) * v_lines + 1 : i * v_lines], p_ends[(i - 1) * v_lines + 1 : i * v_lines], p_seats, null, null, false,
                p_persons, v_old.supervision);
            v_verdicts := v_verdicts || row (
                p_numbers[i], v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                update bookings.booking b
                set series_id = p_series, occurrence = v_old.occurrence, occurrence_starts = v_old.occurrence_starts
                where b.centre_id = v_series.centre_id and b.id = p_bookings[i];
            end if;
        end loop;
        v_undone := p_dry_run or exists (select from unnest(v_verdicts) v where v.outcome <> 'created');
        if v_undone then
            raise exception 'undone' using errcode = 'PL001';
        end if;
        update bookings.series s
        set version = s.version + 1,
            centres = array(select distinct c from unnest(s.centres || array(select plateau.centre_of(r) from unnest(p_resources) r)) c)
        where s.centre_id = v_series.centre_id and s.id = p_series;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_series.centre_id, 'series.changed', p_series, v_series.organisation_id, v_series.version + 1, plateau.clock());
    exception when sqlstate 'PL001' then
        null;
    end;
    return query
        select v.number, case when v_undone and v.outcome = 'created' then 'wouldCreate' else v.outcome end, v.booking_id, v.reference,
               v.state, v.flags, v.conditional_until, v.rules
        from unnest(v_verdicts) v order by v.number;
end
$$;
comment on function bookings.change_series(
    uuid, uuid, integer, text, uuid[], integer[], integer[], uuid[], text[], timestamptz[], timestamptz[], boolean, integer[]) is
    'Cancels some occurrences of a series and books them again with other lines, all or none. outcome of the whole, in the first row: versionMismatch, or that of bookings.cancel for the occurrence that cannot be cancelled.';

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef and p.pronamespace in ('platforms'::regnamespace, 'bookings'::regnamespace)
               and p.proname in ('create_platform', 'change_platform', 'add_workstation', 'retire_workstation', 'set_priority_windows',
                                 'reserve', 'next_free', 'reserve_series', 'change_series') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where not p.prosecdef and p.pronamespace in ('platforms'::regnamespace, 'bookings'::regnamespace)
               and p.proname in ('occupy', 'most_persons', 'has_room', 'path_steps', 'refuse', 'place', 'note_priority',
                                 'set_prerequisites', 'set_capacity', 'add_part', 'in_season', 'priority_rules', 'tree_rules') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
grant update on platforms.occupancy to plateau_functions;
grant execute on function platforms.path_steps(platforms.resource, timestamptz, timestamptz) to plateau_app;
