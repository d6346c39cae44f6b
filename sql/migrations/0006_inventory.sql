-- Inventory: models and assets, each an exclusive unit, fixed to a platform or mobile.
-- lock class: none (new tables)

create schema inventory;
comment on schema inventory is 'Equipment: models and assets.';
grant usage on schema inventory to plateau_app, plateau_functions, plateau_readonly;

create table inventory.model (
    id uuid not null,
    category text not null,
    manufacturer text not null,
    name text not null,
    created_at timestamptz not null,
    constraint model_pkey primary key (id),
    constraint model_once unique (manufacturer, name),
    constraint model_category_present check (length(btrim(category)) between 1 and 100)
);
comment on table inventory.model is 'Models of equipment, shared by every centre.';

create table inventory.asset (
    centre_id smallint not null,
    id uuid not null,
    model_id uuid not null,
    platform_id uuid,
    inventory_number text not null,
    serial text,
    is_mobile boolean not null default false,
    is_advanced_technology boolean not null default false,
    acquired_on date,
    renewal_expected_on date,
    constraint asset_pkey primary key (centre_id, id),
    constraint asset_resource foreign key (centre_id, id) references platforms.resource (centre_id, id),
    constraint asset_platform foreign key (centre_id, platform_id) references platforms.platform (centre_id, id),
    constraint asset_model foreign key (model_id) references inventory.model (id),
    constraint asset_inventory_number_once unique (centre_id, inventory_number),
    constraint asset_fixed_to_a_platform_or_mobile check (is_mobile or platform_id is not null),
    constraint asset_renewal_after_purchase check (renewal_expected_on >= acquired_on)
);
comment on table inventory.asset is 'A piece of equipment with an identity. What can be booked about it stands in platforms.resource.';
create unique index asset_serial_once on inventory.asset (centre_id, model_id, serial) where serial is not null;
create index asset_by_platform on inventory.asset (centre_id, platform_id);

grant select on inventory.model, inventory.asset to plateau_app, plateau_functions, plateau_readonly;
grant insert, update on inventory.model, inventory.asset to plateau_functions;

create function inventory.create_model(p_id uuid, p_category text, p_manufacturer text, p_name text)
    returns table (id uuid, category text, is_new boolean)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into inventory.model (id, category, manufacturer, name, created_at)
    values (p_id, p_category, p_manufacturer, p_name, plateau.clock())
    on conflict (manufacturer, name) do nothing;
    return query select m.id, m.category, m.id = p_id from inventory.model m where m.manufacturer = p_manufacturer and m.name = p_name;
end
$$;
comment on function inventory.create_model(uuid, text, text, text) is 'The model of that manufacturer and name: a new one, or the one there was.';

create function inventory.create_asset(
    p_centre_id smallint, p_id uuid, p_model_id uuid, p_platform_id uuid, p_name text, p_site_id uuid, p_is_shared boolean,
    p_inventory_number text, p_serial text, p_is_mobile boolean, p_is_advanced_technology boolean, p_acquired_on date,
    p_renewal_expected_on date, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer,
    p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer) returns timestamptz
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
        renewal_expected_on)
    values (p_centre_id, p_id, p_model_id, p_platform_id, p_inventory_number, p_serial, p_is_mobile, p_is_advanced_technology,
            p_acquired_on, p_renewal_expected_on);
    return v_now;
end
$$;

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'inventory'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
