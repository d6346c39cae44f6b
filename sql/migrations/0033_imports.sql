-- Import of tables: equipment by one statement a table for all lines, platforms line by line; search kept by statement where many come at once.
-- lock class: share row exclusive on platforms.resource and inventory.asset for a moment (triggers), else none (functions, a type)

-- MARK: What many are found by, noted at once

create function platforms.note_entered() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform platforms.note_search(e.centre_id, array_agg(e.id)) from entered e group by e.centre_id;
    return null;
end
$$;
comment on function platforms.note_entered() is
    'platforms.note_searched for all rows of a statement: ten thousand at once cost what they cost, not ten thousand calls.';

create function platforms.note_entered_resources() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    -- Equipment is noted with its asset, which follows and says more.
    perform platforms.note_search(e.centre_id, array_agg(e.id)) from entered e where e.kind <> 'equipment' group by e.centre_id;
    return null;
end
$$;

create function platforms.note_renamed() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform platforms.note_search(e.centre_id, array_agg(e.id))
    from entered e join former f on f.centre_id = e.centre_id and f.id = e.id
    where (e.name, e.site_id, e.kind) is distinct from (f.name, f.site_id, f.kind)
    group by e.centre_id;
    return null;
end
$$;

alter function platforms.note_entered() owner to plateau_functions;
alter function platforms.note_entered_resources() owner to plateau_functions;
alter function platforms.note_renamed() owner to plateau_functions;
revoke all on function platforms.note_entered() from public;
revoke all on function platforms.note_entered_resources() from public;
revoke all on function platforms.note_renamed() from public;

drop trigger resource_is_searched on platforms.resource;
create trigger resource_is_searched after insert on platforms.resource referencing new table as entered
    for each statement execute function platforms.note_entered_resources();
create trigger resource_renamed_is_searched after update on platforms.resource referencing old table as former new table as entered
    for each statement execute function platforms.note_renamed();
drop trigger asset_is_searched on inventory.asset;
create trigger asset_is_searched after insert on inventory.asset referencing new table as entered
    for each statement execute function platforms.note_entered();
create trigger asset_changed_is_searched after update of model_id on inventory.asset
    for each row execute function platforms.note_searched();

-- MARK: Assets

create type inventory.asset_line as (
    line integer, id uuid, model_id uuid, known_id uuid, is_same boolean, faults text[], known_site_id uuid, known_platform_id uuid,
    inventory_number text, name text, category text, manufacturer text, model text, site_id uuid, platform_id uuid, is_mobile boolean,
    is_shared boolean, serial text, condition text, state text, expected_at timestamptz, loaned_until timestamptz, is_advanced boolean,
    reason text, acquired_on date, renewal_expected_on date, owner text, operator text, price_cents bigint, setup_minutes integer,
    cleanup_minutes integer, minimum_minutes integer, maximum_minutes integer, grid_minutes integer, notice_minutes integer,
    horizon_days integer);
comment on type inventory.asset_line is
    'A line of a table of assets as it is to stand, beside what is known of that asset, and what is wrong with it (member.code).';

create function inventory.asset_lines(p_centre_id smallint, p_columns text[], p_lines jsonb, p_now timestamptz)
    returns inventory.asset_line[]
    language plpgsql stable set search_path = pg_catalog, pg_temp
    -- Its plans are made while a new table still looks empty.
    set enable_seqscan = off
as $$
begin
    return (
        with given as materialized (
            select g.*, count(*) over (partition by g."inventoryNumber") as times,
                   count(*) over (partition by g.manufacturer, g.model, g.serial) as serial_times,
                   min(g.category) over (partition by g.manufacturer, g.model) <> max(g.category) over (partition by g.manufacturer, g.model)
                       as has_categories
            from jsonb_to_recordset(p_lines) as g (
                line integer, id uuid, "modelId" uuid, "inventoryNumber" text, name text, category text, manufacturer text, model text,
                site text, platform text, "isMobile" boolean, "isShared" boolean, serial text, condition text, state text,
                "expectedAt" timestamptz, "loanedUntil" timestamptz, "isAdvancedTechnology" boolean, "advancedTechnologyReason" text,
                "acquiredOn" date, "renewalExpectedOn" date, owner text, operator text, "purchasePriceCents" bigint,
                "setupMinutes" integer, "cleanupMinutes" integer, "minimumMinutes" integer, "maximumMinutes" integer,
                "gridMinutes" integer, "noticeMinutes" integer, "horizonDays" integer)
        ), site as (
            select s.id::text as called, s.id, 1::bigint as times from centres.site s where s.centre_id = p_centre_id
            union all
            select s.name, min(s.id::text)::uuid, count(*) from centres.site s
            where s.centre_id = p_centre_id and not exists (
                select from centres.site i where i.centre_id = p_centre_id and i.id::text = s.name) group by s.name
        ), platform as (
            select r.id::text as called, r.id, 1::bigint as times from platforms.resource r
            where r.centre_id = p_centre_id and r.kind = 'platform'
            union all
            select r.name, min(r.id::text)::uuid, count(*) from platforms.resource r
            where r.centre_id = p_centre_id and r.kind = 'platform' and r.retired_at is null and not exists (
                select from platforms.resource i where i.centre_id = p_centre_id and i.kind = 'platform' and i.id::text = r.name)
            group by r.name
        ), wanted as (
            -- A column that is not there, or a cell without a value for what always has one, leaves what is known as it is.
            select g.line, g.id, coalesce(m.id, g."modelId") as model_id, a.id as known_id, g.times, g.serial_times, g.has_categories,
                   r.site_id as known_site_id, a.platform_id as known_platform_id, km.manufacturer as known_manufacturer,
                   km.name as known_model, m.category as known_category, a.state as known_state, a.expected_at as known_expected_at,
                   a.loaned_until as known_loaned_until, g.site, s.times as sites, g.platform, p.times as platforms,
                   g."inventoryNumber" as inventory_number, g.name, g.category, g.manufacturer, g.model, s.id as site_id,
                   case when a.id is null or 'platform' = any (p_columns) then p.id else a.platform_id end as platform_id,
                   g."isMobile" as is_mobile, g."isShared" as is_shared,
                   case when a.id is null or 'serial' = any (p_columns) then g.serial else a.serial end as serial,
                   coalesce(g.condition, a.condition, 'good') as condition, coalesce(g.state, a.state, 'inService') as state,
                   case when a.id is null or 'expectedAt' = any (p_columns) then g."expectedAt" else a.expected_at end as expected_at,
                   case when a.id is null or 'loanedUntil' = any (p_columns) then g."loanedUntil" else a.loaned_until end as loaned_until,
                   coalesce(g."isAdvancedTechnology", a.is_advanced_technology, false) as is_advanced,
                   case when a.id is null or 'advancedTechnologyReason' = any (p_columns) then g."advancedTechnologyReason"
                        else a.advanced_technology_reason end as reason,
                   case when a.id is null or 'acquiredOn' = any (p_columns) then g."acquiredOn" else a.acquired_on end as acquired_on,
                   case when a.id is null or 'renewalExpectedOn' = any (p_columns) then g."renewalExpectedOn"
                        else a.renewal_expected_on end as renewal_expected_on,
                   case when a.id is null or 'owner' = any (p_columns) then g.owner else a.owner end as owner,
                   case when a.id is null or 'operator' = any (p_columns) then g.operator else a.operator end as operator,
                   case when a.id is null or 'purchasePriceCents' = any (p_columns) then g."purchasePriceCents"
                        else u.price_cents end as price_cents,
                   coalesce(g."setupMinutes", r.setup_minutes, 0) as setup_minutes,
                   coalesce(g."cleanupMinutes", r.cleanup_minutes, 0) as cleanup_minutes,
                   coalesce(g."minimumMinutes", r.minimum_minutes, 15) as minimum_minutes,
                   coalesce(g."maximumMinutes", r.maximum_minutes, 1440) as maximum_minutes,
                   coalesce(g."gridMinutes", r.grid_minutes, 15) as grid_minutes,
                   coalesce(g."noticeMinutes", r.notice_minutes, 0) as notice_minutes,
                   coalesce(g."horizonDays", r.horizon_days, 366) as horizon_days,
                   (r.name, r.site_id, r.is_shared, r.setup_minutes, r.cleanup_minutes, r.minimum_minutes, r.maximum_minutes,
                    r.grid_minutes, r.notice_minutes, r.horizon_days, a.platform_id, a.is_mobile, a.serial, a.condition,
                    a.is_advanced_technology, a.advanced_technology_reason, a.acquired_on, a.renewal_expected_on, a.owner, a.operator,
                    u.price_cents) as stands
            from given g
            left join site s on s.called = g.site
            left join platform p on p.called = g.platform
            left join inventory.asset a on a.centre_id = p_centre_id and a.inventory_number = g."inventoryNumber"
            left join platforms.resource r on r.centre_id = p_centre_id and r.id = a.id
            left join inventory.model km on km.id = a.model_id
            left join inventory.purchase u on u.centre_id = p_centre_id and u.asset_id = a.id
            left join inventory.model m on m.manufacturer = g.manufacturer and m.name = g.model
        ), judged as (
            select w.*, w.known_id is not null and w.stands is not distinct from (
                       w.name, w.site_id, w.is_shared, w.setup_minutes, w.cleanup_minutes, w.minimum_minutes, w.maximum_minutes,
                       w.grid_minutes, w.notice_minutes, w.horizon_days, w.platform_id, w.is_mobile, w.serial, w.condition,
                       w.is_advanced, w.reason, w.acquired_on, w.renewal_expected_on, w.owner, w.operator, w.price_cents) as is_same,
                   array_remove(array[
                       case when w.times > 1 then 'inventoryNumber.keyTwice' end,
                       case when w.site_id is null then 'site.nameUnknown' when w.sites > 1 then 'site.nameAmbiguous' end,
                       case when w.platform is not null and w.platforms is null then 'platform.nameUnknown'
                            when w.platform is not null and w.platforms > 1 then 'platform.nameAmbiguous'
                            when w.platform_id is null and not w.is_mobile then 'platform.platformMissing' end,
                       case when w.serial is null then null
                            when w.serial_times > 1 then 'serial.keyTwice'
                            when exists (select from inventory.asset o
                                         where o.centre_id = p_centre_id and o.model_id = w.model_id and o.serial = w.serial
                                           and o.inventory_number <> w.inventory_number) then 'serial.serialTaken' end,
                       case when w.renewal_expected_on < w.acquired_on then 'renewalExpectedOn.renewalBeforePurchase' end,
                       case when w.reason is not null and not w.is_advanced then 'advancedTechnologyReason.reasonWithoutMark' end,
                       case when w.known_id is not null and w.known_manufacturer <> w.manufacturer then 'manufacturer.modelStays'
                            when w.known_id is not null and w.known_model <> w.model then 'model.modelStays' end,
                       case when w.known_category <> w.category or w.known_category is null and w.has_categories
                                then 'category.categoryDiffers' end,
                       case when w.known_id is null and w.state in ('faulty', 'inRepair') then 'state.faultyFromTheStart'
                            when w.known_state <> w.state then 'state.stateStays' end,
                       case when w.known_id is not null and w.known_state = w.state
                                 and w.known_expected_at is distinct from w.expected_at then 'expectedAt.stateStays'
                            when w.known_id is null and w.expected_at is not null and w.state <> 'ordered'
                                then 'expectedAt.expectedWhileHere' end,
                       case when w.known_id is not null and w.known_state = w.state
                                 and w.known_loaned_until is distinct from w.loaned_until then 'loanedUntil.stateStays'
                            when w.known_id is null and w.loaned_until is null and w.state = 'loanedIn' then 'loanedUntil.loanEndMissing'
                            when w.known_id is null and w.loaned_until is not null and w.state = 'inService'
                                then 'loanedUntil.loanEndOfOwn' end,
                       case when w.known_site_id <> w.site_id and exists (
                                select from platforms.occupancy o
                                where o.centre_id = p_centre_id and o.resource_id = w.known_id and o.ends > p_now
                                  and o.use_starts < o.use_ends) then 'site.assetBooked'
                            when w.known_site_id <> w.site_id and exists (
                                select from centres.calendar c where c.centre_id = p_centre_id and c.id = w.known_id)
                                then 'site.ownHours' end,
                       case when w.minimum_minutes > w.maximum_minutes then 'maximumMinutes.durationsCrossed'
                            when w.maximum_minutes - w.maximum_minutes % w.grid_minutes < w.minimum_minutes
                                then 'gridMinutes.noDurationOnGrid' end], null) as faults
            from wanted w
        )
        select array_agg(
            row(j.line, j.id, j.model_id, j.known_id, j.is_same, j.faults, j.known_site_id, j.known_platform_id, j.inventory_number, j.name,
                j.category, j.manufacturer, j.model, j.site_id, j.platform_id, j.is_mobile, j.is_shared, j.serial, j.condition, j.state,
                j.expected_at, j.loaned_until, j.is_advanced, j.reason, j.acquired_on, j.renewal_expected_on, j.owner, j.operator,
                j.price_cents, j.setup_minutes, j.cleanup_minutes, j.minimum_minutes, j.maximum_minutes, j.grid_minutes, j.notice_minutes,
                j.horizon_days)::inventory.asset_line order by j.line)
        from judged j);
end
$$;
comment on function inventory.asset_lines(smallint, text[], jsonb, timestamptz) is
    'What lines of a table of assets want, and what is wrong with each. columns: those that the table has. lines: objects with the names of the columns (isMobile and isShared for mobility and visibility), and for new ones id and modelId.';
revoke all on function inventory.asset_lines(smallint, text[], jsonb, timestamptz) from public;
grant execute on function inventory.asset_lines(smallint, text[], jsonb, timestamptz) to plateau_functions;

create function inventory.enter_lines(p_centre_id smallint, p_lines inventory.asset_line[], p_now timestamptz) returns void
    language plpgsql volatile set search_path = pg_catalog, pg_temp
    set enable_seqscan = off
as $$
begin
    insert into inventory.model (id, category, manufacturer, name, created_at)
    select distinct on (l.manufacturer, l.model) l.model_id, l.category, l.manufacturer, l.model, p_now
    from unnest(p_lines) l
    order by l.manufacturer, l.model, l.line
    on conflict (manufacturer, name) do nothing;
    insert into platforms.resource (
        centre_id, id, kind, name, site_id, is_shared, capacity, setup_minutes, cleanup_minutes, minimum_minutes, maximum_minutes,
        grid_minutes, notice_minutes, horizon_days, created_at, retired_at)
    select p_centre_id, l.id, 'equipment', l.name, l.site_id, l.is_shared, 1, l.setup_minutes, l.cleanup_minutes, l.minimum_minutes,
           l.maximum_minutes, l.grid_minutes, l.notice_minutes, l.horizon_days, p_now, case l.state when 'retired' then p_now end
    from unnest(p_lines) l order by l.line;
    insert into inventory.asset (
        centre_id, id, model_id, platform_id, inventory_number, serial, is_mobile, is_advanced_technology, acquired_on,
        renewal_expected_on, owner, operator, condition, advanced_technology_reason, state, expected_at, loaned_until)
    select p_centre_id, l.id, m.id, l.platform_id, l.inventory_number, l.serial, l.is_mobile, l.is_advanced, l.acquired_on,
           l.renewal_expected_on, l.owner, l.operator, l.condition, l.reason, l.state, l.expected_at, l.loaned_until
    from unnest(p_lines) l join inventory.model m on m.manufacturer = l.manufacturer and m.name = l.model
    order by l.line;
    insert into inventory.purchase (centre_id, asset_id, price_cents)
    select p_centre_id, l.id, l.price_cents from unnest(p_lines) l where l.price_cents is not null;
end
$$;
comment on function inventory.enter_lines(smallint, inventory.asset_line[], timestamptz) is 'Enters new assets, and the models that nobody entered before.';
revoke all on function inventory.enter_lines(smallint, inventory.asset_line[], timestamptz) from public;
grant execute on function inventory.enter_lines(smallint, inventory.asset_line[], timestamptz) to plateau_functions;

create function inventory.change_lines(p_centre_id smallint, p_lines inventory.asset_line[], p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile set search_path = pg_catalog, pg_temp
    set enable_seqscan = off
as $$
begin
    with changed as (
        update platforms.resource r
        set name = l.name, site_id = l.site_id, is_shared = l.is_shared, setup_minutes = l.setup_minutes,
            cleanup_minutes = l.cleanup_minutes, minimum_minutes = l.minimum_minutes, maximum_minutes = l.maximum_minutes,
            grid_minutes = l.grid_minutes, notice_minutes = l.notice_minutes, horizon_days = l.horizon_days, version = r.version + 1
        from unnest(p_lines) l
        where r.centre_id = p_centre_id and r.id = l.known_id
        returning r.id, r.version
    )
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    select p_centre_id, 'resource.changed', c.id, c.version, p_now from changed c;
    update inventory.asset a
    set platform_id = l.platform_id, is_mobile = l.is_mobile, serial = l.serial, is_advanced_technology = l.is_advanced,
        advanced_technology_reason = l.reason, acquired_on = l.acquired_on, renewal_expected_on = l.renewal_expected_on,
        owner = l.owner, operator = l.operator, condition = l.condition
    from unnest(p_lines) l
    where a.centre_id = p_centre_id and a.id = l.known_id;
    delete from inventory.purchase p using unnest(p_lines) l
    where p.centre_id = p_centre_id and p.asset_id = l.known_id and l.price_cents is null;
    insert into inventory.purchase (centre_id, asset_id, price_cents)
    select p_centre_id, l.known_id, l.price_cents from unnest(p_lines) l where l.price_cents is not null
    on conflict (centre_id, asset_id) do update set price_cents = excluded.price_cents;
    insert into inventory.move (centre_id, asset_id, number, from_site_id, from_platform_id, to_site_id, to_platform_id, at, key_id)
    select p_centre_id, l.known_id,
           1 + (select count(*) from inventory.move m where m.centre_id = p_centre_id and m.asset_id = l.known_id)::integer,
           l.known_site_id, l.known_platform_id, l.site_id, l.platform_id, p_now, p_key
    from unnest(p_lines) l
    where (l.known_site_id, l.known_platform_id) is distinct from (l.site_id, l.platform_id);
end
$$;
comment on function inventory.change_lines(smallint, inventory.asset_line[], uuid, timestamptz) is
    'Changes known assets as inventory.change_asset does. The caller holds the label lock exclusively.';
revoke all on function inventory.change_lines(smallint, inventory.asset_line[], uuid, timestamptz) from public;
grant execute on function inventory.change_lines(smallint, inventory.asset_line[], uuid, timestamptz) to plateau_functions;

create function inventory.import_assets(p_centre_id smallint, p_key uuid, p_columns text[], p_lines jsonb, p_takes text)
    returns table (line integer, outcome text, member text, code text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_lines inventory.asset_line[];
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select null::integer, 'forbidden', null::text, null::text;
        return;
    end if;
    if p_takes <> 'nothing' then
        -- Bookings hold this lock shared: what was found right stays right.
        perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    end if;
    v_now := plateau.clock();
    v_lines := coalesce(inventory.asset_lines(p_centre_id, p_columns, p_lines, v_now), '{}');
    if p_takes = 'accepted' or p_takes = 'all' and not exists (select from unnest(v_lines) l where l.faults <> '{}') then
        perform inventory.enter_lines(
            p_centre_id, array(select l from unnest(v_lines) l where l.faults = '{}' and l.known_id is null), v_now);
        perform inventory.change_lines(
            p_centre_id, array(select l from unnest(v_lines) l where l.faults = '{}' and not l.is_same and l.known_id is not null), p_key,
            v_now);
    end if;
    return query
        select l.line, 'fault', split_part(f.fault, '.', 1), split_part(f.fault, '.', 2)
        from unnest(v_lines) l cross join unnest(l.faults) as f (fault)
        union all
        select l.line, case when l.faults <> '{}' then 'refused' when l.known_id is null then 'created' when l.is_same then 'unchanged'
                            else 'updated' end, null, null
        from unnest(v_lines) l;
end
$$;
comment on function inventory.import_assets(smallint, uuid, text[], jsonb, text) is
    'Enters assets by their inventory numbers: new ones, changes of known ones, nothing for those that are the same. takes: nothing (a dry run), all (only if no line is at fault), accepted (the lines that are not). Columns and lines as of inventory.asset_lines. A row for each fault (member, code), and one for each line: created, updated, unchanged or refused. outcome: forbidden alone.';
alter function inventory.import_assets(smallint, uuid, text[], jsonb, text) owner to plateau_functions;
revoke all on function inventory.import_assets(smallint, uuid, text[], jsonb, text) from public;
grant execute on function inventory.import_assets(smallint, uuid, text[], jsonb, text) to plateau_app;
