-- Stock-taking: what is expected where, what was seen where, and what came of it.
-- lock class: none (new tables, new functions)

create function inventory.count_result(
    p_is_expected boolean, p_seen_at timestamptz, p_expected_site_id uuid, p_expected_platform_id uuid, p_seen_site_id uuid,
    p_seen_platform_id uuid) returns text
    language sql immutable parallel safe
    return case when p_seen_at is null then 'missing'
                when not p_is_expected or (p_expected_site_id, p_expected_platform_id) is distinct from (p_seen_site_id, p_seen_platform_id)
                    then 'misplaced'
                else 'seen' end;
comment on function inventory.count_result(boolean, timestamptz, uuid, uuid, uuid, uuid) is
    'What came of an asset in a count: missing (nobody saw it), misplaced (seen elsewhere than it stands by the inventory, or not expected at all), seen.';
revoke all on function inventory.count_result(boolean, timestamptz, uuid, uuid, uuid, uuid) from public;
grant execute on function inventory.count_result(boolean, timestamptz, uuid, uuid, uuid, uuid) to plateau_functions;

create table inventory.stocktake (
    centre_id smallint not null,
    id uuid not null,
    site_id uuid,
    opened_at timestamptz not null,
    opened_by uuid not null,
    closed_at timestamptz,
    closed_by uuid,
    constraint stocktake_pkey primary key (centre_id, id),
    constraint stocktake_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint stocktake_site foreign key (centre_id, site_id) references centres.site (centre_id, id),
    constraint stocktake_closed_by_somebody check ((closed_at is null) = (closed_by is null))
);
comment on table inventory.stocktake is 'A count of the assets of a site, or of the whole centre (no site).';

create table inventory.stocktake_line (
    centre_id smallint not null,
    stocktake_id uuid not null,
    asset_id uuid not null,
    is_expected boolean not null,
    expected_site_id uuid not null,
    expected_platform_id uuid,
    seen_at timestamptz,
    seen_by uuid,
    seen_site_id uuid,
    seen_platform_id uuid,
    result text not null generated always as (inventory.count_result(
        is_expected, seen_at, expected_site_id, expected_platform_id, seen_site_id, seen_platform_id)) stored,
    constraint stocktake_line_pkey primary key (centre_id, stocktake_id, asset_id),
    constraint stocktake_line_stocktake foreign key (centre_id, stocktake_id) references inventory.stocktake (centre_id, id),
    constraint stocktake_line_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint stocktake_line_seen_site foreign key (centre_id, seen_site_id) references centres.site (centre_id, id),
    constraint stocktake_line_seen_platform foreign key (centre_id, seen_platform_id) references platforms.platform (centre_id, id),
    constraint stocktake_line_seen_by_somebody check ((seen_at is null) = (seen_by is null) and (seen_at is null) = (seen_site_id is null)),
    constraint stocktake_line_unexpected_was_seen check (is_expected or seen_at is not null)
);
comment on table inventory.stocktake_line is
    'An asset in a count: where it stood by the inventory when the count was opened, or when it turned up, and where it was seen last.';

alter table inventory.stocktake enable row level security;
alter table inventory.stocktake force row level security;
alter table inventory.stocktake_line enable row level security;
alter table inventory.stocktake_line force row level security;
create policy stocktake_functions on inventory.stocktake to plateau_functions using (true) with check (true);
create policy stocktake_actor on inventory.stocktake for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
create policy stocktake_line_functions on inventory.stocktake_line to plateau_functions using (true) with check (true);
create policy stocktake_line_actor on inventory.stocktake_line for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
grant select, insert, update on inventory.stocktake, inventory.stocktake_line to plateau_functions;
grant select on inventory.stocktake, inventory.stocktake_line to plateau_app;

create function inventory.open_stocktake(p_centre_id smallint, p_id uuid, p_key uuid, p_site_id uuid)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif p_site_id is not null and not exists (select from centres.site s where s.centre_id = p_centre_id and s.id = p_site_id) then
        return 'siteUnknown';
    end if;
    insert into inventory.stocktake (centre_id, id, site_id, opened_at, opened_by)
    values (p_centre_id, p_id, p_site_id, plateau.clock(), p_key);
    insert into inventory.stocktake_line (centre_id, stocktake_id, asset_id, is_expected, expected_site_id, expected_platform_id)
    select a.centre_id, p_id, a.id, true, r.site_id, a.platform_id
    from inventory.asset a join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
    where a.centre_id = p_centre_id and a.state not in ('ordered', 'retired') and (p_site_id is null or r.site_id = p_site_id);
    return 'opened';
end
$$;
comment on function inventory.open_stocktake(smallint, uuid, uuid, uuid) is
    'Opens a count of what a site, or the centre, should have: all but what is ordered or retired. outcome: opened, siteUnknown, forbidden.';

create function inventory.see_asset(
    p_centre_id smallint, p_stocktake_id uuid, p_key uuid, p_code text, p_site_id uuid, p_platform_id uuid)
    returns table (outcome text, asset_id uuid)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_stocktake inventory.stocktake;
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
    select a.id, a.platform_id, r.site_id into v_asset
    from inventory.asset a join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
    where a.centre_id = p_centre_id and (
        a.inventory_number = p_code or a.id = substring(lower(p_code) from '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$')::uuid)
    order by a.inventory_number = p_code desc
    limit 1;
    if not found then
        return query select 'assetUnknown', null::uuid;
        return;
    end if;
    select l.expected_site_id, l.expected_platform_id into v_expected from inventory.stocktake_line l
    where l.centre_id = p_centre_id and l.stocktake_id = p_stocktake_id and l.asset_id = v_asset.id;
    if not found then
        select v_asset.site_id as expected_site_id, v_asset.platform_id as expected_platform_id into v_expected;
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
    values (p_centre_id, p_stocktake_id, v_asset.id, false, v_expected.expected_site_id, v_expected.expected_platform_id, plateau.clock(),
            p_key, v_site,
            -- Who names no platform saw it where it stands, if that is at the site.
            coalesce(p_platform_id, case v_site when v_expected.expected_site_id then v_expected.expected_platform_id end))
    on conflict on constraint stocktake_line_pkey do update
        set seen_at = excluded.seen_at, seen_by = excluded.seen_by, seen_site_id = excluded.seen_site_id,
            seen_platform_id = excluded.seen_platform_id;
    return query select 'noted', v_asset.id;
end
$$;
comment on function inventory.see_asset(smallint, uuid, uuid, text, uuid, uuid) is
    'Notes that an asset was seen: by its inventory number, its id, or an address that ends in it, as its label has. Seen again, the last time counts. outcome: noted (with the asset), notFound, closed, assetUnknown, placeUnknown, forbidden.';

create function inventory.close_stocktake(p_centre_id smallint, p_id uuid, p_key uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_stocktake inventory.stocktake;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    end if;
    select * into v_stocktake from inventory.stocktake s where s.centre_id = p_centre_id and s.id = p_id for update;
    if v_stocktake.id is null then
        return 'notFound';
    elsif v_stocktake.closed_at is not null then
        return 'closed';
    end if;
    update inventory.stocktake s set closed_at = plateau.clock(), closed_by = p_key where s.centre_id = p_centre_id and s.id = p_id;
    return 'done';
end
$$;
comment on function inventory.close_stocktake(smallint, uuid, uuid) is
    'Ends a count: what nobody saw is missing, for good. outcome: done, notFound, closed, forbidden.';

alter function inventory.open_stocktake(smallint, uuid, uuid, uuid) owner to plateau_functions;
alter function inventory.see_asset(smallint, uuid, uuid, text, uuid, uuid) owner to plateau_functions;
alter function inventory.close_stocktake(smallint, uuid, uuid) owner to plateau_functions;
revoke all on function inventory.open_stocktake(smallint, uuid, uuid, uuid) from public;
revoke all on function inventory.see_asset(smallint, uuid, uuid, text, uuid, uuid) from public;
revoke all on function inventory.close_stocktake(smallint, uuid, uuid) from public;
grant execute on function inventory.open_stocktake(smallint, uuid, uuid, uuid) to plateau_app;
grant execute on function inventory.see_asset(smallint, uuid, uuid, text, uuid, uuid) to plateau_app;
grant execute on function inventory.close_stocktake(smallint, uuid, uuid) to plateau_app;
