-- Versions of resources kept by statement, tables of platforms in time with their length, and what counts make of those that come and go.
-- lock class: SHARE ROW EXCLUSIVE on platforms.resource and platforms.platform for a moment (triggers), SHARE on platforms.resource while
-- its index is built, ACCESS EXCLUSIVE on utilisation.resource_version while a constraint is built again and on inventory.stocktake_line
-- while it is written anew (a computed column); else none (functions)

-- MARK: What a resource was, and when, by statement

-- The ids of a table that came in at once begin alike, and GiST tells apart only by how values begin: the hash spreads them.
alter table utilisation.resource_version drop constraint resource_version_no_overlap;
alter table utilisation.resource_version add constraint resource_version_no_overlap
    exclude using gist (centre_id with =, uuid_hash(resource_id) with =, resource_id with =, during with &&);

create function utilisation.begin_resource_versions() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into utilisation.resource_version (
        centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors)
    select e.centre_id, e.id, tstzrange(null, null), e.name, e.capacity, e.setup_minutes, e.cleanup_minutes, e.ancestors from entered e;
    return null;
end
$$;
comment on function utilisation.begin_resource_versions() is 'The first version of each new resource; its sectors come with its platform.';

create function utilisation.keep_resource_versions() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    -- Compared as sets: however few rows the plan was made for, it holds for ten thousand.
    if not exists (
        select e.centre_id, e.id, e.name, e.capacity, e.setup_minutes, e.cleanup_minutes, e.ancestors from entered e
        except
        select f.centre_id, f.id, f.name, f.capacity, f.setup_minutes, f.cleanup_minutes, f.ancestors from former f) then
        return null;
    end if;
    -- Use of the whole takes as many seats as there are.
    with changed as materialized (
        select e.centre_id, e.id, e.capacity from entered e except select f.centre_id, f.id, f.capacity from former f
    )
    insert into utilisation.pending (centre_id, booking_id)
    select distinct o.centre_id, o.holder_id
    from changed c
    join platforms.occupancy o on o.centre_id = c.centre_id and o.resource_id = c.id and o.is_exclusive and o.ends > v_now;
    -- What one transaction does in several steps is one change.
    with changed as materialized (
        select e.centre_id, e.id, e.name, e.capacity, e.setup_minutes, e.cleanup_minutes, e.ancestors from entered e
        except
        select f.centre_id, f.id, f.name, f.capacity, f.setup_minutes, f.cleanup_minutes, f.ancestors from former f
    )
    update utilisation.resource_version v
    set name = c.name, capacity = c.capacity, setup_minutes = c.setup_minutes, cleanup_minutes = c.cleanup_minutes,
        ancestors = c.ancestors
    from changed c
    where v.centre_id = c.centre_id and v.resource_id = c.id and upper_inf(v.during) and v.changed_in = pg_current_xact_id();
    with changed as materialized (
        select e.centre_id, e.id, e.name, e.capacity, e.setup_minutes, e.cleanup_minutes, e.ancestors from entered e
        except
        select f.centre_id, f.id, f.name, f.capacity, f.setup_minutes, f.cleanup_minutes, f.ancestors from former f
    ), ended as (
        update utilisation.resource_version v set during = tstzrange(lower(v.during), v_now)
        from changed c
        where v.centre_id = c.centre_id and v.resource_id = c.id and upper_inf(v.during) and v.changed_in <> pg_current_xact_id()
        returning c.centre_id, c.id, c.name, c.capacity, c.setup_minutes, c.cleanup_minutes, c.ancestors, v.sectors
    )
    insert into utilisation.resource_version (
        centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors, sectors)
    select e.centre_id, e.id, tstzrange(v_now, null), e.name, e.capacity, e.setup_minutes, e.cleanup_minutes, e.ancestors, e.sectors
    from ended e;
    return null;
end
$$;
comment on function utilisation.keep_resource_versions() is
    'Ends the versions of the resources that a statement changed and begins the next; what was booked as a whole is counted anew.';

create function utilisation.keep_sectors() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    update utilisation.resource_version v set sectors = e.sectors
    from entered e
    where v.centre_id = e.centre_id and v.resource_id = e.id and upper_inf(v.during) and v.changed_in = pg_current_xact_id()
      and v.sectors <> e.sectors;
    with ended as (
        update utilisation.resource_version v set during = tstzrange(lower(v.during), v_now)
        from entered e
        where v.centre_id = e.centre_id and v.resource_id = e.id and upper_inf(v.during) and v.changed_in <> pg_current_xact_id()
          and v.sectors <> e.sectors
        returning v.centre_id, v.resource_id, v.name, v.capacity, v.setup_minutes, v.cleanup_minutes, v.ancestors, e.sectors
    )
    insert into utilisation.resource_version (
        centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors, sectors)
    select e.centre_id, e.resource_id, tstzrange(v_now, null), e.name, e.capacity, e.setup_minutes, e.cleanup_minutes, e.ancestors,
           e.sectors
    from ended e;
    return null;
end
$$;
comment on function utilisation.keep_sectors() is 'utilisation.keep_resource_versions for what stands with the platform.';

alter function utilisation.begin_resource_versions() owner to plateau_functions;
alter function utilisation.keep_resource_versions() owner to plateau_functions;
alter function utilisation.keep_sectors() owner to plateau_functions;
revoke all on function utilisation.begin_resource_versions() from public;
revoke all on function utilisation.keep_resource_versions() from public;
revoke all on function utilisation.keep_sectors() from public;

drop trigger resource_version_kept on platforms.resource;
drop trigger platform_version_kept on platforms.platform;
drop function utilisation.keep_resource_version();
create trigger resource_version_begun after insert on platforms.resource referencing new table as entered
    for each statement execute function utilisation.begin_resource_versions();
create trigger resource_version_kept after update on platforms.resource referencing old table as former new table as entered
    for each statement execute function utilisation.keep_resource_versions();
create trigger platform_version_begun after insert on platforms.platform referencing new table as entered
    for each statement execute function utilisation.keep_sectors();
create trigger platform_version_kept after update on platforms.platform referencing new table as entered
    for each statement execute function utilisation.keep_sectors();

-- MARK: What many are found by

create or replace function platforms.note_renamed() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    -- Compared as sets: however few rows the plan was made for, it holds for ten thousand.
    perform platforms.note_search(c.centre_id, array_agg(c.id))
    from (select e.centre_id, e.id, e.name, e.site_id, e.kind from entered e
          except
          select f.centre_id, f.id, f.name, f.site_id, f.kind from former f) c
    group by c.centre_id;
    return null;
end
$$;

-- MARK: Tables of assets

-- A plan that is kept from when the tables were empty, or the table of the caller short, takes minutes for ten thousand lines.
alter function inventory.asset_lines(smallint, text[], jsonb, timestamptz) set plan_cache_mode = force_custom_plan;
alter function inventory.enter_lines(smallint, inventory.asset_line[], timestamptz) set plan_cache_mode = force_custom_plan;
alter function inventory.change_lines(smallint, inventory.asset_line[], uuid, timestamptz) set plan_cache_mode = force_custom_plan;

-- MARK: Tables of platforms

create index resource_platform_by_name on platforms.resource (centre_id, site_id, name) where kind = 'platform' and retired_at is null;

create or replace function platforms.named_platforms(p_centre_id smallint, p_site_id uuid, p_name text) returns uuid[]
    language sql stable set search_path = pg_catalog, pg_temp
as $$
    select coalesce(
        (select array[i.id] from platforms.resource i
         where i.centre_id = p_centre_id and i.kind = 'platform'
           and i.id = substring(p_name from '^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$')::uuid),
        array(select r.id from platforms.resource r
              where r.centre_id = p_centre_id and r.kind = 'platform' and r.retired_at is null and r.site_id = p_site_id
                and r.name = p_name))
$$;

create or replace function platforms.import_platforms(p_centre_id smallint, p_key uuid, p_columns text[], p_lines jsonb)
    returns table (line integer, outcome text, member text, taken integer, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
    -- Its plans may be made while the tables still look empty.
    set enable_seqscan = off
as $$
declare
    v_line jsonb;
    v_sites uuid[];
    v_known uuid[];
    v_parents uuid[];
    v_seen uuid[] := '{}'::uuid[];
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select null::integer, 'forbidden', null::text, null::integer, null::timestamptz;
        return;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    for v_line in select l from jsonb_array_elements(p_lines) with ordinality as e (l, number) order by e.number loop
        line := (v_line ->> 'line')::integer;
        member := null;
        taken := null;
        taken_at := null;
        v_sites := array(select s.id from centres.site s where s.centre_id = p_centre_id and s.id::text = v_line ->> 'site');
        if v_sites = '{}' then
            v_sites := array(select s.id from centres.site s where s.centre_id = p_centre_id and s.name = v_line ->> 'site');
        end if;
        v_known := case when v_line ? 'platform' then array(
                            select r.id from platforms.resource r
                            where r.centre_id = p_centre_id and r.kind = 'platform' and r.retired_at is null
                              and r.id = (v_line ->> 'platform')::uuid)
                        else array(select r.id from platforms.resource r
                                   where r.centre_id = p_centre_id and r.kind = 'platform' and r.retired_at is null
                                     and r.site_id = v_sites[1] and r.name = v_line ->> 'name') end;
        v_parents := platforms.named_platforms(p_centre_id, v_sites[1], v_line ->> 'parent');
        outcome := case
            when v_sites = '{}' or v_line ? 'platform' and v_known = '{}' or v_line ? 'parent' and v_parents = '{}' then 'nameUnknown'
            when cardinality(v_sites) > 1 or cardinality(v_known) > 1 or v_line ? 'parent' and cardinality(v_parents) > 1
                then 'nameAmbiguous'
            when v_known[1] = any (v_seen) then 'keyTwice' end;
        if outcome is not null then
            member := case when outcome = 'keyTwice' or cardinality(v_known) > 1 then 'name' when cardinality(v_sites) <> 1 then 'site'
                           when v_line ? 'platform' and v_known = '{}' then 'platform' else 'parent' end;
            return next;
            continue;
        end if;
        begin
            select i.outcome, i.taken, i.taken_at into outcome, taken, taken_at
            from platforms.import_line(p_centre_id, v_line, p_columns, v_sites[1], v_known[1], v_parents[1]) i;
            v_seen := v_seen || coalesce(v_known[1], (v_line ->> 'id')::uuid);
        exception when check_violation or foreign_key_violation then
            outcome := 'constraint';
            get stacked diagnostics member = constraint_name;
        end;
        return next;
    end loop;
end
$$;
comment on function platforms.import_platforms(smallint, uuid, text[], jsonb) is
    'Enters platforms, in the order of the lines, so that what another stands in comes first: by the id in platform, else by their name at a site; new ones under the id that the line brings along. A row for each line. outcome: created, updated, unchanged; nameUnknown, nameAmbiguous or keyTwice (member: which cell); constraint (member: its name); else what platforms.import_line says; or forbidden alone. Lines that are right are entered whatever others are: the caller rolls back.';

-- MARK: Stock-taking

alter table inventory.stocktake_line drop column result;
drop function inventory.count_result(boolean, timestamptz, uuid, uuid, uuid, uuid);

create function inventory.count_result(
    p_is_expected boolean, p_retired_at timestamptz, p_seen_at timestamptz, p_expected_site_id uuid, p_expected_platform_id uuid,
    p_seen_site_id uuid, p_seen_platform_id uuid) returns text
    language sql immutable parallel safe
    return case when p_seen_at is null and p_retired_at is null then 'missing'
                when p_seen_at is null then 'retired'
                when not p_is_expected or p_retired_at < p_seen_at
                     or (p_expected_site_id, p_expected_platform_id) is distinct from (p_seen_site_id, p_seen_platform_id)
                    then 'misplaced'
                else 'seen' end;
comment on function inventory.count_result(boolean, timestamptz, timestamptz, uuid, uuid, uuid, uuid) is
    'What came of an asset in a count: missing (nobody saw it), retired (before anybody saw it), misplaced (seen elsewhere than it stands by the inventory, or not expected at all, or not any more), seen.';
revoke all on function inventory.count_result(boolean, timestamptz, timestamptz, uuid, uuid, uuid, uuid) from public;
grant execute on function inventory.count_result(boolean, timestamptz, timestamptz, uuid, uuid, uuid, uuid) to plateau_functions;

alter table inventory.stocktake_line add column retired_at timestamptz;
alter table inventory.stocktake_line add column result text not null generated always as (inventory.count_result(
    is_expected, retired_at, seen_at, expected_site_id, expected_platform_id, seen_site_id, seen_platform_id)) stored;
comment on table inventory.stocktake_line is
    'An asset in a count: where it stood by the inventory when the count was opened, or when it turned up, where it was seen last, and when it was retired, if that was while the count was open.';
create index stocktake_open on inventory.stocktake (centre_id) where closed_at is null;

create or replace function inventory.enter_state(
    p_asset inventory.asset, p_state text, p_expected_at timestamptz, p_key uuid, p_reason text, p_now timestamptz) returns integer
    language plpgsql volatile
as $$
declare
    v_version integer;
begin
    update inventory.asset a
    set state = p_state, expected_at = p_expected_at, loaned_until = case p_state when 'inService' then null else a.loaned_until end
    where a.centre_id = p_asset.centre_id and a.id = p_asset.id;
    update platforms.resource r
    set retired_at = case p_state when 'retired' then p_now end, version = r.version + 1
    where r.centre_id = p_asset.centre_id and r.id = p_asset.id
    returning r.version into v_version;
    if 'retired' in (p_state, p_asset.state) then
        -- Counts under way do not miss what is gone; closing them waits.
        with under_way as (
            select s.id from inventory.stocktake s where s.centre_id = p_asset.centre_id and s.closed_at is null for share
        )
        update inventory.stocktake_line l set retired_at = case p_state when 'retired' then p_now end
        from under_way u
        where l.centre_id = p_asset.centre_id and l.stocktake_id = u.id and l.asset_id = p_asset.id;
    end if;
    insert into inventory.transition (centre_id, asset_id, number, from_state, to_state, expected_at, at, key_id, reason)
    values (p_asset.centre_id, p_asset.id,
            1 + (select count(*) from inventory.transition t
                 where t.centre_id = p_asset.centre_id and t.asset_id = p_asset.id)::integer,
            p_asset.state, p_state, p_expected_at, p_now, p_key, p_reason);
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_asset.centre_id, 'equipment.' || p_state, p_asset.id, v_version, p_now);
    return v_version;
end
$$;

create or replace function inventory.see_asset(
    p_centre_id smallint, p_stocktake_id uuid, p_key uuid, p_code text, p_site_id uuid, p_platform_id uuid)
    returns table (outcome text, asset_id uuid)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_stocktake inventory.stocktake;
    v_code text := btrim(p_code, E' \t\r\n\u00a0');
    v_asset record;
    v_expected record;
    v_site uuid;
begin
    if not access.has_role(p_key, array['instructor', 'centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::uuid;
        return;
    end if;
    -- Shared with others who count; closing waits for them.
    select * into v_stocktake from inventory.stocktake s where s.centre_id = p_centre_id and s.id = p_stocktake_id for share;
    if not found or v_stocktake.closed_at is not null then
        return query select case when v_stocktake.id is null then 'notFound' else 'closed' end, null::uuid;
        return;
    end if;
    select a.id, a.platform_id, a.state, r.site_id into v_asset
    from inventory.asset a join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
    where a.centre_id = p_centre_id and (
        a.inventory_number in (p_code, v_code)
        or a.id = substring(lower(v_code) from '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?(?:[?#].*)?$')::uuid)
    order by a.inventory_number = p_code desc, a.inventory_number = v_code desc
    limit 1;
    if not found then
        return query select 'assetUnknown', null::uuid;
        return;
    end if;
    select l.is_expected, l.expected_site_id, l.expected_platform_id into v_expected from inventory.stocktake_line l
    where l.centre_id = p_centre_id and l.stocktake_id = p_stocktake_id and l.asset_id = v_asset.id;
    if not found then
        -- What came since the count was opened is expected where the inventory says, as if it had been there.
        select v_asset.state not in ('ordered', 'retired') and (v_stocktake.site_id is null or v_stocktake.site_id = v_asset.site_id)
                   as is_expected,
               v_asset.site_id as expected_site_id, v_asset.platform_id as expected_platform_id
        into v_expected;
    end if;
    v_site := coalesce(
        p_site_id, (select r.site_id from platforms.resource r where r.centre_id = p_centre_id and r.id = p_platform_id),
        v_stocktake.site_id, v_expected.expected_site_id);
    if not exists (select from centres.site s where s.centre_id = p_centre_id and s.id = v_site)
        or p_platform_id is not null and not exists (
            select from platforms.resource r
            where r.centre_id = p_centre_id and r.id = p_platform_id and r.kind = 'platform' and r.site_id = v_site) then
        return query select 'placeUnknown', null::uuid;
        return;
    end if;
    insert into inventory.stocktake_line as l (
        centre_id, stocktake_id, asset_id, is_expected, expected_site_id, expected_platform_id, seen_at, seen_by, seen_site_id,
        seen_platform_id)
    values (p_centre_id, p_stocktake_id, v_asset.id, v_expected.is_expected, v_expected.expected_site_id,
            v_expected.expected_platform_id, plateau.clock(), p_key, v_site,
            -- Who names no platform saw it where it stands, if that is at the site.
            coalesce(p_platform_id, case v_site when v_expected.expected_site_id then v_expected.expected_platform_id end))
    on conflict on constraint stocktake_line_pkey do update
        set seen_at = excluded.seen_at, seen_by = excluded.seen_by, seen_site_id = excluded.seen_site_id,
            seen_platform_id = excluded.seen_platform_id;
    return query select 'noted', v_asset.id;
end
$$;
comment on function inventory.see_asset(smallint, uuid, uuid, text, uuid, uuid) is
    'Notes that an asset was seen: by its inventory number, its id, or an address that ends in it, as its label has, whatever blanks, slash, query or fragment stand around it. Seen again, the last time counts. outcome: noted (with the asset), notFound, closed, assetUnknown, placeUnknown, forbidden.';
