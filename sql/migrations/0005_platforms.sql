-- Platforms: everything that can be booked, with its rules of use, and multi-user technical platforms.
-- lock class: none (new tables)

create schema platforms;
comment on schema platforms is 'Bookable resources with their rules of use; multi-user technical platforms.';
grant usage on schema platforms to plateau_app, plateau_functions, plateau_readonly;

create table platforms.resource (
    centre_id smallint not null,
    id uuid not null,
    kind text not null,
    name text not null,
    site_id uuid not null,
    is_shared boolean not null default true,
    capacity integer not null,
    setup_minutes integer not null default 0,
    cleanup_minutes integer not null default 0,
    minimum_minutes integer not null default 15,
    maximum_minutes integer not null default 1440,
    grid_minutes integer not null default 15,
    notice_minutes integer not null default 0,
    horizon_days integer not null default 366,
    created_at timestamptz not null,
    retired_at timestamptz,
    version integer not null default 1,
    constraint resource_pkey primary key (centre_id, id),
    constraint resource_site foreign key (centre_id, site_id) references centres.site (centre_id, id),
    constraint resource_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint resource_kind_known check (kind in ('platform', 'equipment')),
    constraint resource_name_present check (length(btrim(name)) between 1 and 200),
    constraint resource_capacity_range check (capacity between 1 and 10000),
    constraint resource_unit_has_capacity_one check (kind <> 'equipment' or capacity = 1),
    constraint resource_buffers_range check (setup_minutes between 0 and 720 and cleanup_minutes between 0 and 720),
    constraint resource_duration_range check (minimum_minutes >= 1 and maximum_minutes between minimum_minutes and 44640),
    constraint resource_grid_fits_duration check (maximum_minutes - maximum_minutes % nullif(grid_minutes, 0) >= minimum_minutes),
    constraint resource_grid_range check (grid_minutes between 1 and 1440),
    constraint resource_notice_range check (notice_minutes between 0 and 527040),
    constraint resource_horizon_range check (horizon_days between 1 and 1100)
);
create index resource_by_site on platforms.resource (centre_id, site_id);
create trigger resource_stays before delete or truncate or update of centre_id, id on platforms.resource
    for each statement execute function plateau.refuse_removal();
comment on table platforms.resource is
    'What can be booked: a platform (capacity = workstations) or a piece of equipment (capacity 1). Durations in minutes, in force for new bookings.';

create table platforms.platform (
    centre_id smallint not null,
    id uuid not null,
    description text,
    constraint platform_pkey primary key (centre_id, id),
    constraint platform_resource foreign key (centre_id, id) references platforms.resource (centre_id, id)
);

grant select on platforms.resource, platforms.platform to plateau_app, plateau_functions, plateau_readonly;
grant insert, update on platforms.resource, platforms.platform to plateau_functions;

create function platforms.add_resource(
    p_centre_id smallint, p_id uuid, p_kind text, p_name text, p_site_id uuid, p_is_shared boolean, p_capacity integer,
    p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer,
    p_notice_minutes integer, p_horizon_days integer) returns timestamptz
    language sql volatile
as $$
    insert into platforms.resource (
        centre_id, id, kind, name, site_id, is_shared, capacity, setup_minutes, cleanup_minutes, minimum_minutes, maximum_minutes,
        grid_minutes, notice_minutes, horizon_days, created_at)
    values (p_centre_id, p_id, p_kind, p_name, p_site_id, p_is_shared, p_capacity, p_setup_minutes, p_cleanup_minutes,
            p_minimum_minutes, p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days, plateau.clock())
    returning created_at
$$;

create function platforms.create_platform(
    p_centre_id smallint, p_id uuid, p_name text, p_description text, p_site_id uuid, p_is_shared boolean, p_workstations integer,
    p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer,
    p_notice_minutes integer, p_horizon_days integer) returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    v_now := platforms.add_resource(
        p_centre_id, p_id, 'platform', p_name, p_site_id, p_is_shared, p_workstations, p_setup_minutes, p_cleanup_minutes,
        p_minimum_minutes, p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days);
    insert into platforms.platform (centre_id, id, description) values (p_centre_id, p_id, p_description);
    return v_now;
end
$$;

-- MARK: Occupancy

-- One call in place of five expressions, which PostgreSQL would parse and plan anew for each row that is inserted.
create function platforms.is_sound(
    p_starts timestamptz, p_ends timestamptz, p_use_starts timestamptz, p_use_ends timestamptz, p_seats integer, p_is_unit boolean)
    returns boolean
    language plpgsql immutable
as $$
begin
    return p_starts < p_ends
        -- A local day at most: a sweep depends on it.
        and p_ends - p_starts <= interval '25 hours'
        and p_starts <= p_use_starts and p_use_starts <= p_use_ends and p_use_ends <= p_ends
        and p_seats > 0 and (not p_is_unit or p_seats = 1);
end
$$;
comment on function platforms.is_sound(timestamptz, timestamptz, timestamptz, timestamptz, integer, boolean) is
    'What every row of platforms.occupancy keeps to: a day at most, its use inside it, seats, one of a unit.';
grant execute on function platforms.is_sound(timestamptz, timestamptz, timestamptz, timestamptz, integer, boolean) to plateau_functions;

create table platforms.occupancy (
    centre_id smallint not null,
    resource_id uuid not null,
    starts timestamptz not null,
    ends timestamptz not null,
    use_starts timestamptz not null,
    use_ends timestamptz not null,
    seats integer not null,
    is_unit boolean not null,
    holder_id uuid not null,
    line_number smallint not null,
    organisation_id uuid not null,
    constraint occupancy_pkey primary key (centre_id, holder_id, line_number, starts),
    constraint occupancy_is_sound check (platforms.is_sound(starts, ends, use_starts, use_ends, seats, is_unit)),
    constraint occupancy_no_unit_twice exclude using gist (
        centre_id with =, resource_id with =, tstzrange(starts, ends) with &&) where (is_unit)
);
create index occupancy_by_resource on platforms.occupancy (centre_id, resource_id, ends) include (starts, seats);
comment on table platforms.occupancy is
    'What is taken, buffers included (starts, ends), and the part of it that is use (use_starts, use_ends). A row covers at most one local day, so that a sweep has a bounded window. holder_id: the booking. No personal data.';

-- MARK: The sweep

create function platforms.usage_steps(
    p_centre_id smallint, p_resource_id uuid, p_starts timestamptz, p_ends timestamptz,
    p_more_starts timestamptz[] default '{}', p_more_ends timestamptz[] default '{}', p_more_seats integer[] default '{}')
    returns table (starts timestamptz, ends timestamptz, taken integer)
    language sql stable
as $$
    with piece as (
        select greatest(o.starts, p_starts) as starts, least(o.ends, p_ends) as ends, o.seats
        from platforms.occupancy o
        where o.centre_id = p_centre_id and o.resource_id = p_resource_id
          and o.ends > p_starts and o.ends <= p_ends + interval '25 hours' and o.starts < p_ends
        union all
        select greatest(m.starts, p_starts), least(m.ends, p_ends), m.seats
        from unnest(p_more_starts, p_more_ends, p_more_seats) as m (starts, ends, seats)
        where m.ends > p_starts and m.starts < p_ends
    ), edge as (
        select p_starts as at, 0 as seats
        union all select starts, seats from piece
        union all select ends, -seats from piece where ends < p_ends
    ), moment as (
        select e.at, sum(sum(e.seats)) over (order by e.at) as taken from edge e group by e.at
    )
    select m.at, coalesce(lead(m.at) over (order by m.at), p_ends), m.taken::integer from moment m order by m.at
$$;
comment on function platforms.usage_steps(smallint, uuid, timestamptz, timestamptz, timestamptz[], timestamptz[], integer[]) is
    'How many seats of a resource are taken over a window, as steps that cover it without a gap; more: what the same request takes besides. The guard and the availability answer both read it.';

create function platforms.most_taken(
    p_centre_id smallint, p_resource_id uuid, p_starts timestamptz, p_ends timestamptz,
    p_more_starts timestamptz[] default '{}', p_more_ends timestamptz[] default '{}', p_more_seats integer[] default '{}') returns integer
    language plpgsql stable
as $$
begin
    return (select coalesce(max(s.taken), 0)
            from platforms.usage_steps(p_centre_id, p_resource_id, p_starts, p_ends, p_more_starts, p_more_ends, p_more_seats) s);
end
$$;

create function platforms.occupy(
    p_resource platforms.resource, p_zone text, p_slot tstzrange, p_seats integer, p_holder uuid, p_line smallint, p_organisation uuid)
    returns void
    language plpgsql volatile
as $$
declare
    v_starts timestamptz := lower(p_slot) - make_interval(mins => p_resource.setup_minutes);
    v_ends timestamptz := upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes);
    v_day_starts timestamptz := v_starts;
    v_day_ends timestamptz;
begin
    loop
        v_day_ends := least(v_ends, plateau.instant_of((plateau.local_day(v_day_starts, p_zone) + 1)::timestamp, p_zone));
        insert into platforms.occupancy (
            centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id)
        values (p_resource.centre_id, p_resource.id, v_day_starts, v_day_ends,
                least(greatest(v_day_starts, lower(p_slot)), v_day_ends), greatest(least(v_day_ends, upper(p_slot)), v_day_starts),
                p_seats, p_resource.kind = 'equipment', p_holder, p_line, p_organisation);
        exit when v_day_ends >= v_ends;
        v_day_starts := v_day_ends;
    end loop;
end
$$;
comment on function platforms.occupy(platforms.resource, text, tstzrange, integer, uuid, smallint, uuid) is
    'Writes the occupancy of a line, buffers included, one row for each local day.';

create function platforms.room_locks(p_resource platforms.resource, p_slot tstzrange) returns bigint[]
    language plpgsql stable
as $$
declare
    v_locks bigint[];
begin
    for v_day in plateau.utc_day(lower(p_slot) - make_interval(mins => p_resource.setup_minutes))
              .. plateau.utc_day(upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes) - interval '1 microsecond') loop
        v_locks := v_locks || plateau.room_lock(p_resource.id, v_day);
    end loop;
    return v_locks;
end
$$;

grant select, insert, delete on platforms.occupancy to plateau_functions;
grant select on platforms.occupancy to plateau_app;

-- MARK: Change

create function platforms.change_resource(
    p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_is_shared boolean, p_capacity integer, p_setup_minutes integer,
    p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer,
    p_horizon_days integer) returns table (outcome text, version integer, taken integer, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
    v_taken integer;
    v_taken_at timestamptz;
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
    if p_capacity < v_resource.capacity then
        select s.taken, s.starts into v_taken, v_taken_at
        from platforms.usage_steps(p_centre_id, p_id, plateau.clock(), 'infinity') s
        order by s.taken desc, s.starts limit 1;
        if v_taken > p_capacity then
            return query select 'capacityInUse', v_resource.version, v_taken, v_taken_at;
            return;
        end if;
    end if;
    update platforms.resource r
    set name = p_name, is_shared = p_is_shared, capacity = p_capacity, setup_minutes = p_setup_minutes,
        cleanup_minutes = p_cleanup_minutes, minimum_minutes = p_minimum_minutes, maximum_minutes = p_maximum_minutes,
        grid_minutes = p_grid_minutes, notice_minutes = p_notice_minutes, horizon_days = p_horizon_days, version = r.version + 1
    where r.centre_id = p_centre_id and r.id = p_id;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'resource.changed', p_id, p_version + 1, plateau.clock());
    return query select 'changed', p_version + 1, null::integer, null::timestamptz;
end
$$;
comment on function platforms.change_resource(
    smallint, uuid, integer, text, boolean, integer, integer, integer, integer, integer, integer, integer, integer) is
    'Changes the rules of use for new bookings. outcome: changed, notFound, versionMismatch, capacityInUse (with how much is taken, and when).';

create function platforms.change_platform(
    p_centre_id smallint, p_id uuid, p_version integer, p_name text, p_description text, p_is_shared boolean, p_workstations integer,
    p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer,
    p_notice_minutes integer, p_horizon_days integer) returns table (outcome text, version integer, taken integer, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    select c.* into outcome, version, taken, taken_at
    from platforms.change_resource(
        p_centre_id, p_id, p_version, p_name, p_is_shared, p_workstations, p_setup_minutes, p_cleanup_minutes, p_minimum_minutes,
        p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days) c;
    if outcome = 'changed' then
        update platforms.platform p set description = p_description where p.centre_id = p_centre_id and p.id = p_id;
    end if;
    return next;
end
$$;
comment on function platforms.change_platform(
    smallint, uuid, integer, text, text, boolean, integer, integer, integer, integer, integer, integer, integer, integer) is
    'platforms.change_resource and the description of a platform.';

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'platforms'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'platforms'::regnamespace and not p.prosecdef loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
grant execute on function platforms.usage_steps(smallint, uuid, timestamptz, timestamptz, timestamptz[], timestamptz[], integer[]) to plateau_app;
