-- Models described, assets with owner, operator, condition and purchase, their states with every transition, and where they stood.
-- lock class: access exclusive on inventory.model and inventory.asset, which are small, while columns are added (asset is rewritten
-- once, for a generated column)

-- MARK: Models

alter table inventory.model
    add column specification_names text[] not null default '{}',
    add column specification_values text[] not null default '{}',
    add column expected_life_years smallint,
    add column version integer not null default 1,
    add constraint model_specifications_parallel check (
        cardinality(specification_names) = cardinality(specification_values) and cardinality(specification_names) <= 50),
    add constraint model_expected_life_range check (expected_life_years between 1 and 100);
comment on column inventory.model.specification_names is 'Parallel to specification_values: what a machine of the model can do, as its maker writes it.';

create function inventory.change_model(
    p_id uuid, p_version integer, p_key uuid, p_category text, p_specification_names text[], p_specification_values text[],
    p_expected_life_years smallint) returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_model inventory.model;
begin
    select * into v_model from inventory.model m where m.id = p_id for update;
    if not found then
        return query select 'notFound', null::integer;
        return;
    elsif not access.has_role(p_key, array['networkManager'], 0::smallint)
        -- Whoever has machines of a model may describe it.
        and not exists (select from inventory.asset a
                        where a.model_id = p_id and access.has_role(p_key, array['centreManager'], a.centre_id)) then
        return query select 'forbidden', null::integer;
        return;
    elsif v_model.version <> p_version then
        return query select 'versionMismatch', v_model.version;
        return;
    end if;
    update inventory.model m
    set category = p_category, specification_names = p_specification_names, specification_values = p_specification_values,
        expected_life_years = p_expected_life_years, version = m.version + 1
    where m.id = p_id;
    return query select 'changed', p_version + 1;
end
$$;
comment on function inventory.change_model(uuid, integer, uuid, text, text[], text[], smallint) is
    'Describes a model, by the network or a centre that has one. outcome: changed, notFound, forbidden, versionMismatch.';

-- MARK: Assets

create function inventory.usable_when(p_state text, p_expected_at timestamptz, p_loaned_until timestamptz) returns tstzrange
    language sql immutable parallel safe
    return case
               when p_state in ('inService', 'loanedIn') then tstzrange(null, p_loaned_until)
               when p_state in ('ordered', 'faulty', 'inRepair') and (p_loaned_until is null or p_expected_at < p_loaned_until)
                    and p_expected_at is not null then tstzrange(p_expected_at, p_loaned_until)
               else 'empty'::tstzrange
           end;
comment on function inventory.usable_when(text, timestamptz, timestamptz) is
    'When an asset may be booked, by its state: in service always; ordered, faulty or in repair from the moment on at which it is expected, and not at all where none is; loaned in until it goes back; retired never.';

alter table inventory.asset
    add column owner text,
    add column operator text,
    add column condition text not null default 'good',
    add column advanced_technology_reason text,
    add column state text not null default 'inService',
    add column expected_at timestamptz,
    add column loaned_until timestamptz,
    add column usable tstzrange not null generated always as (inventory.usable_when(state, expected_at, loaned_until)) stored,
    add constraint asset_state_known check (state in ('ordered', 'inService', 'loanedIn', 'faulty', 'inRepair', 'retired')),
    add constraint asset_condition_known check (condition in ('new', 'good', 'worn', 'poor')),
    add constraint asset_loaned_in_has_end check (state <> 'loanedIn' or loaned_until is not null),
    add constraint asset_loaned_is_not_in_service check (state <> 'inService' or loaned_until is null),
    add constraint asset_expected_while_away check (expected_at is null or state in ('ordered', 'faulty', 'inRepair')),
    add constraint asset_reason_of_advanced check (advanced_technology_reason is null or is_advanced_technology);
comment on column inventory.asset.usable is 'When it may be booked: the rule is inventory.usable_when, so that state and rule cannot differ.';
comment on column inventory.asset.expected_at is 'From when on it can be used again, where that is known.';
comment on column inventory.asset.loaned_until is 'It belongs to somebody else, and goes back then.';

create index asset_by_model on inventory.asset (model_id);

create table inventory.purchase (
    centre_id smallint not null,
    asset_id uuid not null,
    price_cents bigint not null,
    constraint purchase_pkey primary key (centre_id, asset_id),
    constraint purchase_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint purchase_price_range check (price_cents between 0 and 100000000000)
);
comment on table inventory.purchase is 'What an asset cost, in euro cents: for its centre and the network.';

create table inventory.transition (
    centre_id smallint not null,
    asset_id uuid not null,
    number integer not null,
    from_state text not null,
    to_state text not null,
    expected_at timestamptz,
    at timestamptz not null,
    key_id uuid not null,
    reason text not null,
    constraint transition_pkey primary key (centre_id, asset_id, number),
    constraint transition_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint transition_reason_present check (length(btrim(reason)) between 1 and 500)
);
comment on table inventory.transition is 'Every change of the state of an asset: who, when, why. Rows are only added.';

create table inventory.move (
    centre_id smallint not null,
    asset_id uuid not null,
    number integer not null,
    from_site_id uuid not null,
    from_platform_id uuid,
    to_site_id uuid not null,
    to_platform_id uuid,
    at timestamptz not null,
    key_id uuid not null,
    constraint move_pkey primary key (centre_id, asset_id, number),
    constraint move_asset foreign key (centre_id, asset_id) references inventory.asset (centre_id, id),
    constraint move_goes_somewhere check ((from_site_id, from_platform_id) is distinct from (to_site_id, to_platform_id))
);
comment on table inventory.move is 'Where an asset stood before and after a change of place. Rows are only added.';

alter table inventory.purchase enable row level security;
alter table inventory.purchase force row level security;
alter table inventory.transition enable row level security;
alter table inventory.transition force row level security;
alter table inventory.move enable row level security;
alter table inventory.move force row level security;
create policy purchase_functions on inventory.purchase to plateau_functions using (true) with check (true);
create policy purchase_actor on inventory.purchase for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
create policy transition_functions on inventory.transition to plateau_functions using (true) with check (true);
create policy transition_actor on inventory.transition for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
create policy move_functions on inventory.move to plateau_functions using (true) with check (true);
create policy move_actor on inventory.move for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
grant select, insert, update, delete on inventory.purchase to plateau_functions;
grant select, insert on inventory.transition, inventory.move to plateau_functions;
grant select on inventory.purchase, inventory.transition, inventory.move to plateau_app;

-- MARK: Making and changing assets

drop function inventory.create_asset(
    smallint, uuid, uuid, uuid, text, uuid, boolean, text, text, boolean, boolean, date, date, integer, integer, integer, integer,
    integer, integer, integer);
create function inventory.create_asset(
    p_centre_id smallint, p_id uuid, p_model_id uuid, p_platform_id uuid, p_name text, p_site_id uuid, p_is_shared boolean,
    p_inventory_number text, p_serial text, p_is_mobile boolean, p_is_advanced_technology boolean, p_acquired_on date,
    p_renewal_expected_on date, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer,
    p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_owner text default null,
    p_operator text default null, p_condition text default 'good', p_advanced_technology_reason text default null,
    p_price_cents bigint default null, p_state text default 'inService', p_expected_at timestamptz default null,
    p_loaned_until timestamptz default null) returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    v_now := platforms.add_resource(
        p_centre_id, p_id, 'equipment', p_name, p_site_id, p_is_shared, 1, p_setup_minutes, p_cleanup_minutes,
        p_minimum_minutes, p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days);
    insert into inventory.asset (
        centre_id, id, model_id, platform_id, inventory_number, serial, is_mobile, is_advanced_technology, acquired_on,
        renewal_expected_on, owner, operator, condition, advanced_technology_reason, state, expected_at, loaned_until)
    values (p_centre_id, p_id, p_model_id, p_platform_id, p_inventory_number, p_serial, p_is_mobile, p_is_advanced_technology,
            p_acquired_on, p_renewal_expected_on, p_owner, p_operator, p_condition, p_advanced_technology_reason, p_state,
            p_expected_at, p_loaned_until);
    if p_state = 'retired' then
        update platforms.resource r set retired_at = v_now where r.centre_id = p_centre_id and r.id = p_id;
    end if;
    perform inventory.note_price(p_centre_id, p_id, p_price_cents);
    return v_now;
end
$$;

create function inventory.note_price(p_centre_id smallint, p_asset_id uuid, p_price_cents bigint) returns void
    language plpgsql volatile
as $$
begin
    if p_price_cents is null then
        delete from inventory.purchase p where p.centre_id = p_centre_id and p.asset_id = p_asset_id;
    else
        insert into inventory.purchase (centre_id, asset_id, price_cents) values (p_centre_id, p_asset_id, p_price_cents)
        on conflict (centre_id, asset_id) do update set price_cents = excluded.price_cents;
    end if;
end
$$;

create function inventory.change_asset(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_site_id uuid, p_platform_id uuid,
    p_is_mobile boolean, p_inventory_number text, p_serial text, p_is_advanced_technology boolean, p_advanced_technology_reason text,
    p_acquired_on date, p_renewal_expected_on date, p_owner text, p_operator text, p_condition text, p_price_cents bigint,
    p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer,
    p_notice_minutes integer, p_horizon_days integer) returns table (outcome text, version integer, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_asset inventory.asset;
    v_site uuid;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer, null::timestamptz;
        return;
    end if;
    -- Bookings hold this lock shared while they read the rules of use.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_id for update;
    select r.site_id into v_site from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    if v_site is distinct from p_site_id then
        -- Whoever booked it expects it where it was.
        select min(o.starts) into taken_at from platforms.occupancy o
        where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > v_now and o.use_starts < o.use_ends;
        if taken_at is not null then
            outcome := 'booked';
            return next;
            return;
        elsif exists (select from centres.calendar c where c.centre_id = p_centre_id and c.id = p_id) then
            perform platforms.refuse('resource_parent_hours');
        end if;
    end if;
    select c.outcome, c.version into outcome, version
    from platforms.change_resource(
        p_centre_id, p_id, p_version, p_name, p_is_shared, 1, p_setup_minutes, p_cleanup_minutes, p_minimum_minutes,
        p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days) c;
    if outcome <> 'changed' then
        return next;
        return;
    end if;
    update platforms.resource r set site_id = p_site_id where r.centre_id = p_centre_id and r.id = p_id;
    update inventory.asset a
    set platform_id = p_platform_id, is_mobile = p_is_mobile, inventory_number = p_inventory_number, serial = p_serial,
        is_advanced_technology = p_is_advanced_technology, advanced_technology_reason = p_advanced_technology_reason,
        acquired_on = p_acquired_on, renewal_expected_on = p_renewal_expected_on, owner = p_owner, operator = p_operator,
        condition = p_condition
    where a.centre_id = p_centre_id and a.id = p_id;
    perform inventory.note_price(p_centre_id, p_id, p_price_cents);
    if (v_site, v_asset.platform_id) is distinct from (p_site_id, p_platform_id) then
        insert into inventory.move (
            centre_id, asset_id, number, from_site_id, from_platform_id, to_site_id, to_platform_id, at, key_id)
        values (p_centre_id, p_id,
                1 + (select count(*) from inventory.move m where m.centre_id = p_centre_id and m.asset_id = p_id)::integer,
                v_site, v_asset.platform_id, p_site_id, p_platform_id, v_now, p_key);
    end if;
    return next;
end
$$;
comment on function inventory.change_asset(
    smallint, uuid, integer, uuid, text, boolean, uuid, uuid, boolean, text, text, boolean, text, date, date, text, text, text, bigint,
    integer, integer, integer, integer, integer, integer, integer) is
    'Changes an asset, and records a change of place. outcome: changed, notFound, forbidden, versionMismatch, booked (with when: it cannot go to another site while somebody expects it here). Raises the constraints of the tables.';

-- MARK: States

create function inventory.may_become(p_from text, p_to text) returns boolean
    language sql immutable strict parallel safe
    return case p_from
               when 'ordered' then p_to in ('inService', 'retired')
               when 'inService' then p_to in ('faulty', 'inRepair', 'retired')
               when 'loanedIn' then p_to in ('faulty', 'inRepair', 'retired')
               when 'faulty' then p_to in ('inRepair', 'inService', 'loanedIn', 'retired')
               when 'inRepair' then p_to in ('faulty', 'inService', 'loanedIn', 'retired')
               else p_to = 'inService'
           end;
comment on function inventory.may_become(text, text) is 'The states that an asset may go to from one; one that was retired comes back into service.';

create function inventory.enter_state(
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
comment on function inventory.enter_state(inventory.asset, text, timestamptz, uuid, text, timestamptz) is
    'Takes an asset to a state and records it. The caller holds the label lock exclusively and has looked at the bookings to come. The new version.';

create function inventory.change_state(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_state text, p_expected_at timestamptz, p_reason text)
    returns table (outcome text, version integer, state text, taken_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_asset inventory.asset;
    v_version integer;
    v_usable tstzrange;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer, null::text, null::timestamptz;
        return;
    end if;
    -- Bookings hold this lock shared: whichever commits second sees the first.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_id for update;
    select r.version into v_version from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    if v_asset.id is null then
        return query select 'notFound', null::integer, null::text, null::timestamptz;
        return;
    elsif v_version <> p_version then
        return query select 'versionMismatch', v_version, v_asset.state, null::timestamptz;
        return;
    elsif not inventory.may_become(v_asset.state, p_state)
        or p_state = 'loanedIn' and v_asset.loaned_until is null or p_state = 'inService' and v_asset.loaned_until is not null
        and v_asset.state <> 'retired' then
        return query select 'notAllowed', v_version, v_asset.state, null::timestamptz;
        return;
    end if;
    v_usable := inventory.usable_when(p_state, p_expected_at, v_asset.loaned_until);
    select 'booked', v_version, v_asset.state, min(o.use_starts) into outcome, version, state, taken_at
    from platforms.occupancy o
    where o.centre_id = p_centre_id and o.resource_id = p_id and o.ends > v_now and o.use_starts < o.use_ends
      and not v_usable @> tstzrange(o.use_starts, o.use_ends);
    if taken_at is not null then
        return next;
        return;
    end if;
    return query select 'changed', inventory.enter_state(v_asset, p_state, p_expected_at, p_key, p_reason, v_now), p_state, null::timestamptz;
end
$$;
comment on function inventory.change_state(smallint, uuid, integer, uuid, text, timestamptz, text) is
    'Takes an asset to another state. outcome: changed, notFound, forbidden, versionMismatch, notAllowed (from the state that it has), booked (with when: somebody has it at a time at which it could not be used any more).';

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef and p.pronamespace = 'inventory'::regnamespace
               and p.proname in ('change_model', 'create_asset', 'change_asset', 'change_state') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where not p.prosecdef and p.pronamespace = 'inventory'::regnamespace
               and p.proname in ('usable_when', 'note_price', 'may_become', 'enter_state') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
