-- Centres: centres with dated names, sites with zone and weekly opening, public holidays, compiled open hours.
-- lock class: none (new tables)

create schema centres;
comment on schema centres is 'Centres, sites, opening calendars, holidays.';
grant usage on schema centres to plateau_app, plateau_functions, plateau_readonly;

create table centres.centre (
    centre_id smallint not null,
    id uuid not null,
    kind text not null default 'centre',
    carrier text,
    zone text not null default 'Europe/Brussels',
    is_fictional boolean not null default false,
    created_at timestamptz not null,
    version integer not null default 1,
    constraint centre_pkey primary key (centre_id),
    constraint centre_id_once unique (id),
    constraint centre_kind_known check (kind in ('centre', 'network')),
    constraint centre_network_is_zero check ((kind = 'network') = (centre_id = 0)),
    constraint centre_number_range check (centre_id between 0 and 32766),
    constraint centre_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint centre_carrier_known check (carrier in ('asbl', 'forem', 'ifapme'))
);
comment on table centres.centre is 'Stable identity of a centre. centre_id is its number; 0 is the network itself.';

create table centres.centre_name (
    centre_id smallint not null,
    during daterange not null,
    name text not null,
    constraint centre_name_pkey primary key (centre_id, during),
    constraint centre_name_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint centre_name_present check (length(btrim(name)) between 1 and 200),
    constraint centre_name_one_a_day exclude using gist (centre_id with =, during with &&)
);

create table centres.site (
    centre_id smallint not null,
    id uuid not null,
    name text not null,
    kind text not null default 'fixed',
    town text not null,
    zone text not null,
    latitude double precision,
    longitude double precision,
    created_at timestamptz not null,
    version integer not null default 1,
    constraint site_pkey primary key (centre_id, id),
    constraint site_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint site_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint site_kind_known check (kind in ('fixed', 'mobile', 'temporary')),
    constraint site_name_present check (length(btrim(name)) between 1 and 200),
    constraint site_latitude_range check (latitude between -90 and 90),
    constraint site_longitude_range check (longitude between -180 and 180)
);

create table centres.weekly_opening (
    centre_id smallint not null,
    site_id uuid not null,
    during daterange not null,
    weekday smallint not null,
    opens time not null,
    closes time not null,
    recorded_at timestamptz not null,
    constraint weekly_opening_pkey primary key (centre_id, site_id, during, weekday, opens),
    constraint weekly_opening_site foreign key (centre_id, site_id) references centres.site (centre_id, id),
    constraint weekly_opening_weekday check (weekday between 1 and 7),
    constraint weekly_opening_order check (opens < closes),
    constraint weekly_opening_no_overlap exclude using gist (
        centre_id with =, site_id with =, weekday with =, during with &&,
        int4range(extract(hour from opens)::integer * 60 + extract(minute from opens)::integer,
                  extract(hour from closes)::integer * 60 + extract(minute from closes)::integer) with &&)
);
comment on table centres.weekly_opening is
    'The weekly opening that was in force by day (weekday 1 is Monday, closes may be 24:00). A change ends the old rows and adds new ones.';

create table centres.closed_day (
    centre_id smallint not null,
    day date not null,
    reason text not null,
    recorded_at timestamptz not null,
    constraint closed_day_pkey primary key (centre_id, day),
    constraint closed_day_centre foreign key (centre_id) references centres.centre (centre_id)
);
comment on table centres.closed_day is
    'Days on which every site of a centre is closed: the public holidays that apply to it, its replacement days, closures. reason is a text key.';

create table centres.open_hours (
    centre_id smallint not null,
    site_id uuid not null,
    day date not null,
    during tstzrange not null,
    constraint open_hours_pkey primary key (centre_id, site_id, day, during),
    constraint open_hours_site foreign key (centre_id, site_id) references centres.site (centre_id, id),
    constraint open_hours_not_empty check (not isempty(during)),
    constraint open_hours_no_overlap exclude using gist (centre_id with =, site_id with =, during with &&)
);
comment on table centres.open_hours is
    'Compiled in Swift from weekly opening and closed days: when a site is open, by local day. What the guard and the reports test.';

create table centres.open_hours_horizon (
    centre_id smallint not null,
    site_id uuid not null,
    compiled daterange not null,
    compiled_at timestamptz not null,
    constraint open_hours_horizon_pkey primary key (centre_id, site_id),
    constraint open_hours_horizon_site foreign key (centre_id, site_id) references centres.site (centre_id, id)
);

grant select on all tables in schema centres to plateau_app, plateau_functions, plateau_readonly;
grant insert, update, delete on all tables in schema centres to plateau_functions;

create view centres.named_centre with (security_invoker = true) as
select c.centre_id, c.id, c.kind, c.carrier, c.zone, c.is_fictional, c.created_at, c.version, n.name
from centres.centre c
join centres.centre_name n on n.centre_id = c.centre_id and n.during @> plateau.local_day(plateau.clock(), c.zone);
comment on view centres.named_centre is 'Centres under the name they bear today.';
grant select on centres.named_centre to plateau_app, plateau_functions, plateau_readonly;

-- MARK: Functions

create function centres.create_centre(
    p_centre_id smallint, p_id uuid, p_kind text, p_carrier text, p_name text, p_named_from date, p_zone text, p_is_fictional boolean)
    returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    perform now() at time zone p_zone;
    insert into centres.centre (centre_id, id, kind, carrier, zone, is_fictional, created_at)
    values (p_centre_id, p_id, p_kind, p_carrier, p_zone, p_is_fictional, v_now);
    insert into centres.centre_name (centre_id, during, name) values (p_centre_id, daterange(p_named_from, null), p_name);
    return v_now;
end
$$;

create function centres.rename_centre(p_centre_id smallint, p_name text, p_from date, p_version integer) returns setof integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    update centres.centre set version = version + 1 where centre_id = p_centre_id and version = p_version returning version into v_version;
    if not found then
        return;
    end if;
    delete from centres.centre_name where centre_id = p_centre_id and lower(during) >= p_from;
    update centres.centre_name set during = daterange(lower(during), p_from) where centre_id = p_centre_id and during @> p_from;
    insert into centres.centre_name (centre_id, during, name) values (p_centre_id, daterange(p_from, null), p_name);
    return next v_version;
end
$$;
comment on function centres.rename_centre(smallint, text, date, integer) is 'The new version; no row when the version given is not the current one.';

create function centres.create_site(
    p_centre_id smallint, p_id uuid, p_name text, p_kind text, p_town text, p_zone text, p_latitude double precision,
    p_longitude double precision) returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    perform now() at time zone p_zone;
    insert into centres.site (centre_id, id, name, kind, town, zone, latitude, longitude, created_at)
    values (p_centre_id, p_id, p_name, p_kind, p_town, p_zone, p_latitude, p_longitude, v_now);
    return v_now;
end
$$;

create function centres.set_weekly_opening(
    p_centre_id smallint, p_site_id uuid, p_from date, p_weekdays smallint[], p_opens time[], p_closes time[], p_version integer)
    returns setof integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_version integer;
begin
    -- Bookings read the open hours under the shared form of this lock.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    update centres.site set version = version + 1
    where centre_id = p_centre_id and id = p_site_id and version = p_version
    returning version into v_version;
    if not found then
        return;
    end if;
    delete from centres.weekly_opening where centre_id = p_centre_id and site_id = p_site_id and lower(during) >= p_from;
    update centres.weekly_opening set during = daterange(lower(during), p_from)
    where centre_id = p_centre_id and site_id = p_site_id and during @> p_from;
    insert into centres.weekly_opening (centre_id, site_id, during, weekday, opens, closes, recorded_at)
    select p_centre_id, p_site_id, daterange(p_from, null), o.weekday, o.opens, o.closes, plateau.clock()
    from unnest(p_weekdays, p_opens, p_closes) as o (weekday, opens, closes);
    return next v_version;
end
$$;
comment on function centres.set_weekly_opening(smallint, uuid, date, smallint[], time[], time[], integer) is
    'Replaces the weekly opening from a day on; past days keep theirs. The new version, or no row when the version given is not current.';

create function centres.set_closed_days(p_centre_id smallint, p_days date[], p_reasons text[]) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    insert into centres.closed_day (centre_id, day, reason, recorded_at)
    select p_centre_id, d.day, d.reason, plateau.clock()
    from unnest(p_days, p_reasons) as d (day, reason)
    on conflict (centre_id, day) do nothing;
end
$$;
comment on function centres.set_closed_days(smallint, date[], text[]) is 'Adds closed days; a day that is closed already keeps its reason.';

create function centres.put_open_hours(
    p_centre_id smallint, p_site_id uuid, p_days daterange, p_day date[], p_opens timestamptz[], p_closes timestamptz[]) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    delete from centres.open_hours where centre_id = p_centre_id and site_id = p_site_id and p_days @> day;
    insert into centres.open_hours (centre_id, site_id, day, during)
    select p_centre_id, p_site_id, o.day, tstzrange(o.opens, o.closes)
    from unnest(p_day, p_opens, p_closes) as o (day, opens, closes);
    insert into centres.open_hours_horizon (centre_id, site_id, compiled, compiled_at)
    values (p_centre_id, p_site_id, p_days, plateau.clock())
    on conflict (centre_id, site_id) do update
        set compiled = range_merge(centres.open_hours_horizon.compiled, excluded.compiled), compiled_at = excluded.compiled_at;
end
$$;
comment on function centres.put_open_hours(smallint, uuid, daterange, date[], timestamptz[], timestamptz[]) is
    'Replaces the compiled open hours of a site for a range of local days.';

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'centres'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
