-- Stocks: so many identical items of a centre, booked by their number. A stock is a resource whose capacity is the amount, so that rooms,
-- locks, sweep, waiting list, calendars and totals are those of a platform's seats. Kits: named, dated sets of a centre's resources that are
-- booked as one line, which the server makes into the lines of the members.
-- lock class: access exclusive on platforms.resource and bookings.line for a moment (checks, read through once); else none (new tables,
-- functions, a view)

-- MARK: A stock is a resource

alter table platforms.resource
    drop constraint resource_kind_known,
    add constraint resource_kind_known check (kind in ('platform', 'equipment', 'workstation', 'workstationGroup', 'stock')),
    drop constraint resource_capacity_range,
    -- What is used up is a stock of nothing.
    add constraint resource_capacity_range check (capacity between case kind when 'stock' then 0 else 1 end and 10000);
comment on table platforms.resource is
    'What can be booked: a platform (capacity = workstations), a piece of equipment or an identified workstation (capacity 1), a group of workstations of one model, a stock of identical items (capacity = how many there are). ancestors: nearest first, the root last; what is taken of a resource is taken of each of them. Durations in minutes, in force for new bookings.';

alter table bookings.line
    drop constraint line_is_sound,
    -- Who waits for the whole of a stock of nothing asks for nothing yet.
    add constraint line_is_sound check (starts < ends and (seats > 0 or seats = 0 and is_exclusive));

create table inventory.stock (
    centre_id smallint not null,
    id uuid not null,
    model_id uuid,
    is_consumable boolean not null,
    minimum integer,
    constraint stock_pkey primary key (centre_id, id),
    constraint stock_resource foreign key (centre_id, id) references platforms.resource (centre_id, id),
    constraint stock_model foreign key (model_id) references inventory.model (id),
    constraint stock_minimum_range check (minimum between 1 and 10000)
);
comment on table inventory.stock is
    'So many identical items; how many is the capacity of its resource. is_consumable: use makes them fewer. minimum: below it somebody is told.';
create index stock_by_model on inventory.stock (model_id) where model_id is not null;
create trigger stock_is_searched after insert or update of model_id on inventory.stock
    for each row execute function platforms.note_searched();
create trigger stock_stays before delete or update of centre_id, id or truncate on inventory.stock
    for each statement execute function plateau.refuse_removal();
grant select on inventory.stock to plateau_app, plateau_readonly;
grant select, insert, update on inventory.stock to plateau_functions;

create table inventory.stock_change (
    centre_id smallint not null,
    stock_id uuid not null,
    number integer not null,
    cause text not null,
    change integer not null,
    amount integer not null,
    note text,
    at timestamptz not null,
    key_id uuid not null,
    constraint stock_change_pkey primary key (centre_id, stock_id, number),
    constraint stock_change_stock foreign key (centre_id, stock_id) references inventory.stock (centre_id, id),
    constraint stock_change_amount_range check (amount between 0 and 10000),
    constraint stock_change_note_present check (length(btrim(note)) between 1 and 500),
    constraint stock_change_goes_one_way check (
        case when cause in ('entered', 'bought', 'found', 'returned') then change > 0 or cause = 'entered' and change = 0
             when cause in ('lost', 'broken', 'used', 'givenAway') then change < 0
             when cause = 'counted' then change <> 0
             else false end)
);
comment on table inventory.stock_change is 'Every change of how many items a stock has: by how many, why, who, when. Rows are only added. amount: after it.';
alter table inventory.stock_change enable row level security;
alter table inventory.stock_change force row level security;
create policy stock_change_functions on inventory.stock_change to plateau_functions using (true) with check (true);
create policy stock_change_actor on inventory.stock_change for select to plateau_app
    using (centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
create trigger stock_change_stays before delete or update or truncate on inventory.stock_change
    for each statement execute function plateau.refuse_removal();
grant select, insert on inventory.stock_change to plateau_functions;
grant select on inventory.stock_change to plateau_app;

create function inventory.create_stock(
    p_centre_id smallint, p_id uuid, p_key uuid, p_name text, p_site_id uuid, p_is_shared boolean, p_amount integer, p_model_id uuid,
    p_is_consumable boolean, p_minimum integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer,
    p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    end if;
    v_now := platforms.add_resource(
        p_centre_id, p_id, 'stock', p_name, p_site_id, p_is_shared, p_amount, p_setup_minutes, p_cleanup_minutes, p_minimum_minutes,
        p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days);
    insert into inventory.stock (centre_id, id, model_id, is_consumable, minimum)
    values (p_centre_id, p_id, p_model_id, p_is_consumable, p_minimum);
    insert into inventory.stock_change (centre_id, stock_id, number, cause, change, amount, at, key_id)
    values (p_centre_id, p_id, 1, 'entered', p_amount, p_amount, v_now, p_key);
    return 'created';
end
$$;
comment on function inventory.create_stock(
    smallint, uuid, uuid, text, uuid, boolean, integer, uuid, boolean, integer, integer, integer, integer, integer, integer, integer, integer) is
    'outcome: created, forbidden. Raises resource_site, stock_model and the checks of a resource.';

create function inventory.change_stock(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_model_id uuid,
    p_is_consumable boolean, p_minimum integer, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer,
    p_maximum_minutes integer, p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_amount integer;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Before the amount is read: it changes under this lock alone.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select r.capacity into v_amount
    from inventory.stock k join platforms.resource r on r.centre_id = k.centre_id and r.id = k.id
    where k.centre_id = p_centre_id and k.id = p_id;
    if not found then
        outcome := 'notFound';
        return next;
        return;
    end if;
    select c.outcome, c.version into outcome, version
    from platforms.change_resource(
        p_centre_id, p_id, p_version, p_name, p_is_shared, v_amount, p_setup_minutes, p_cleanup_minutes, p_minimum_minutes,
        p_maximum_minutes, p_grid_minutes, p_notice_minutes, p_horizon_days) c;
    if outcome = 'changed' then
        update inventory.stock k set model_id = p_model_id, is_consumable = p_is_consumable, minimum = p_minimum
        where k.centre_id = p_centre_id and k.id = p_id;
    end if;
    return next;
end
$$;
comment on function inventory.change_stock(
    smallint, uuid, integer, uuid, text, boolean, uuid, boolean, integer, integer, integer, integer, integer, integer, integer, integer) is
    'Everything of a stock but how many items it has. outcome: changed, forbidden, notFound, versionMismatch. Raises stock_model and the checks of a resource.';

create function inventory.change_amount(
    p_centre_id smallint, p_id uuid, p_key uuid, p_cause text, p_change integer, p_note text)
    returns table (outcome text, amount integer, taken integer, taken_at timestamptz, bookings uuid[], booking_references text[],
                   starts timestamptz[], ends timestamptz[], amounts integer[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
    v_stock inventory.stock;
    v_now timestamptz;
    v_after integer;
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Bookings hold this lock shared: whichever commits second sees the first.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select k.* into v_stock from inventory.stock k where k.centre_id = p_centre_id and k.id = p_id;
    select r.* into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    amount := v_resource.capacity;
    v_after := v_resource.capacity + p_change;
    if v_stock.id is null then
        outcome := 'notFound';
    elsif p_cause = 'used' and not v_stock.is_consumable then
        outcome := 'notConsumable';
    elsif v_after not between 0 and 10000 then
        outcome := 'outOfRange';
    elsif v_after = 0 then
        -- Who has all that there is has something.
        select 'inUse', u.taken, u.starts into outcome, taken, taken_at
        from platforms.usage_steps(p_centre_id, p_id, v_now, 'infinity') u
        where u.taken > 0 order by u.taken desc, u.starts limit 1;
    end if;
    if outcome is null then
        select case s.outcome when 'capacityInUse' then 'inUse' else s.outcome end, s.taken, s.taken_at into outcome, taken, taken_at
        from platforms.set_capacity(v_resource, v_after) s;
    end if;
    if outcome = 'inUse' then
        -- Of every moment at which more would be taken than there is.
        select array_agg(b.id order by b.starts, b.id), array_agg(b.reference order by b.starts, b.id),
               array_agg(b.starts order by b.starts, b.id), array_agg(b.ends order by b.starts, b.id),
               array_agg(b.seats order by b.starts, b.id)
        into bookings, booking_references, starts, ends, amounts
        from (
            select k.id, k.reference, l.starts, l.ends, l.seats
            from bookings.line l
            join bookings.booking k on k.centre_id = l.centre_id and k.id = l.booking_id
            where (l.centre_id, l.booking_id, l.number) in (
                select plateau.centre_of(o.holder_id), o.holder_id, o.line_number
                from (select range_agg(tstzrange(u.starts, u.ends)) as during
                      from platforms.usage_steps(p_centre_id, p_id, v_now, 'infinity') u where u.taken > v_after) short
                join platforms.occupancy o on o.centre_id = p_centre_id and o.resource_id = p_id
                     and o.ends > v_now and tstzrange(o.starts, o.ends) && short.during)
            order by l.starts, k.id limit 50) b;
    elsif outcome = 'changed' then
        amount := v_after;
        update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
        insert into inventory.stock_change (centre_id, stock_id, number, cause, change, amount, note, at, key_id)
        values (p_centre_id, p_id,
                1 + (select max(c.number) from inventory.stock_change c where c.centre_id = p_centre_id and c.stock_id = p_id),
                p_cause, p_change, v_after, p_note, v_now, p_key);
        insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
        values (p_centre_id, 'resource.changed', p_id, v_resource.version + 1, v_now);
        if v_after < v_stock.minimum and v_resource.capacity >= v_stock.minimum then
            insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
            values (p_centre_id, 'stock.low', p_id, v_resource.version + 1,
                    jsonb_build_object('amount', v_after, 'minimum', v_stock.minimum), v_now);
        end if;
    end if;
    return next;
end
$$;
comment on function inventory.change_amount(smallint, uuid, uuid, text, integer, text) is
    'More or fewer items, with the cause. outcome: changed (with the amount then), forbidden, notFound, notConsumable, outOfRange, inUse (with how many are taken at most, when, and the first fifty lines of bookings that take more than would be left).';

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
    elsif v_resource.kind = 'stock' and p_capacity <> v_resource.capacity then
        return query select 'amountHasCause', v_resource.version, null::integer, null::timestamptz;
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
    'Changes the rules of use for new bookings, of its identified workstations too. outcome: changed, notFound, versionMismatch, amountHasCause (inventory.change_amount says how many items a stock has, and why), or what platforms.set_capacity says.';
-- Functions alone call it, which know who asks.
revoke execute on function platforms.change_resource(
    smallint, uuid, integer, text, boolean, integer, integer, integer, integer, integer, integer, integer, integer) from plateau_app;

-- What a stock is found by: its model too.
create or replace view platforms.searched as
select r.centre_id, r.id,
       plateau.plain(concat_ws(' ', r.name, m.manufacturer, m.name, m.category, g.model, nullif(array_to_string(p.skills, ' '), ''),
                               nullif(array_to_string(p.sectors, ' '), ''), n.name, s.name, s.town)) as words,
       setweight(to_tsvector('simple', plateau.plain(r.name)), 'A')
       || setweight(to_tsvector('simple', plateau.plain(concat_ws(
           ' ', m.manufacturer, m.name, m.category, g.model, nullif(array_to_string(p.skills, ' '), ''), nullif(array_to_string(p.sectors, ' '), '')))), 'B')
       || setweight(to_tsvector('simple', plateau.plain(concat_ws(' ', n.name, s.name, s.town))), 'C')
       || setweight(to_tsvector('simple', plateau.plain(coalesce(p.description, ''))), 'D') as document,
       array_remove(array['kind:' || plateau.plain(r.kind), 'category:' || plateau.plain(m.category)]
           || array(select 'sector:' || plateau.plain(t) from unnest(p.sectors) t)
           || array(select 'skill:' || plateau.plain(t) from unnest(p.skills) t), null) as tags
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
left join centres.centre_name n on n.centre_id = r.centre_id and upper_inf(n.during)
left join platforms.platform p on p.centre_id = r.centre_id and p.id = r.id
left join platforms.workstation_group g on g.centre_id = r.centre_id and g.id = r.id
left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
left join inventory.stock k on k.centre_id = r.centre_id and k.id = r.id
left join inventory.model m on m.id = coalesce(a.model_id, k.model_id);

create or replace function platforms.note_searched() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
as $$
begin
    case tg_table_name
        when 'resource', 'platform', 'workstation_group', 'asset', 'stock' then
            perform platforms.note_search(new.centre_id, array[new.id]);
        when 'model' then
            perform platforms.note_search(a.centre_id, array_agg(a.id)) from inventory.asset a where a.model_id = new.id group by a.centre_id;
            perform platforms.note_search(k.centre_id, array_agg(k.id)) from inventory.stock k where k.model_id = new.id group by k.centre_id;
        when 'site' then
            perform platforms.note_search(new.centre_id, array(
                select r.id from platforms.resource r where r.centre_id = new.centre_id and r.site_id = new.id));
        when 'centre_name' then
            perform platforms.note_search(new.centre_id, array(
                select r.id from platforms.resource r where r.centre_id = new.centre_id));
    end case;
    return null;
end
$$;

create or replace function bookings.service_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange) returns jsonb
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
    if p_resource.capacity = 0 then
        -- A stock of which nothing is left: who asks for all there is gets nothing either.
        v_rules := v_rules || bookings.rule(p_line, 'capacity', 'capacityFull', jsonb_build_object('seats', 1, 'free', 0, 'capacity', 0));
    end if;
    return v_rules;
end
$$;

-- Who is refused the whole of a stock of nothing wanted something.
create or replace function bookings.note_unmet(p_rules jsonb, p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_organisation uuid, p_cause text, p_now timestamptz) returns void
    language plpgsql
as $$
begin
    insert into bookings.unmet_demand as u (centre_id, resource_id, organisation_id, starts, ends, seats, cause, at)
    select distinct on (p_resources[l.i], p_starts[l.i], p_ends[l.i])
           plateau.centre_of(p_resources[l.i]), p_resources[l.i], p_organisation, p_starts[l.i], p_ends[l.i], greatest(p_seats[l.i], 1), p_cause, p_now
    from (select (e.rule ->> 'line')::integer as i from jsonb_array_elements(p_rules) as e (rule) where e.rule ->> 'verdict' = 'deny') l
    where l.i is not null
    order by p_resources[l.i], p_starts[l.i], p_ends[l.i], p_seats[l.i] desc
    on conflict on constraint unmet_demand_pkey do update set seats = greatest(u.seats, excluded.seats);
end
$$;

create or replace function platforms.has_room(p_resource platforms.resource, p_slot tstzrange, p_seats integer, p_persons integer DEFAULT 0) returns boolean
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
            -- All of a stock of nothing is no room.
            or v_node.capacity = 0
            or v_node.retired_at <= upper(p_slot)
            or v_node.kind = 'equipment' and bookings.service_rules(1, v_node, 'UTC', p_slot) <> '[]'::jsonb
            or v_node.person_limit is not null
               and p_persons > v_node.person_limit - platforms.most_persons(v_node.centre_id, v_node.id, v_starts, v_ends) then
            return false;
        end if;
    end loop;
    return true;
end
$$;

-- MARK: Kits

create table inventory.kit (
    centre_id smallint not null,
    id uuid not null,
    name text not null,
    description text,
    during daterange not null,
    created_at timestamptz not null,
    created_by uuid not null,
    version integer not null default 1,
    constraint kit_pkey primary key (centre_id, id),
    constraint kit_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint kit_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint kit_name_present check (length(btrim(name)) between 1 and 200),
    constraint kit_description_length check (length(description) <= 2000),
    constraint kit_days check (not isempty(during) and not lower_inf(during))
);
comment on table inventory.kit is 'A named set of resources of one centre that are booked together. during: the days on which it may be used.';
create trigger kit_stays before delete or update of centre_id, id or truncate on inventory.kit
    for each statement execute function plateau.refuse_removal();
grant select on inventory.kit to plateau_app, plateau_readonly;
grant select, insert, update on inventory.kit to plateau_functions;

create table inventory.kit_member (
    centre_id smallint not null,
    kit_id uuid not null,
    version integer not null,
    number smallint not null,
    resource_id uuid,
    model_id uuid,
    amount integer not null,
    is_exclusive boolean not null,
    constraint kit_member_pkey primary key (centre_id, kit_id, version, number),
    constraint kit_member_kit foreign key (centre_id, kit_id) references inventory.kit (centre_id, id),
    constraint kit_member_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint kit_member_model foreign key (model_id) references inventory.model (id),
    constraint kit_member_one_thing check (num_nonnulls(resource_id, model_id) = 1),
    constraint kit_member_once unique (centre_id, kit_id, version, resource_id),
    constraint kit_member_model_once unique (centre_id, kit_id, version, model_id),
    constraint kit_member_amount_range check (amount between 1 and case when model_id is null then 10000 else 50 end),
    constraint kit_member_whole_is_of_a_resource check (not is_exclusive or resource_id is not null)
);
comment on table inventory.kit_member is
    'What a version of a kit consists of: so many seats, items or the one unit of a resource (the whole of it: is_exclusive), or any so many assets of a model. Rows are only added: a booking keeps the version that it was made of.';
create index kit_member_by_resource on inventory.kit_member (centre_id, resource_id) where resource_id is not null;
create trigger kit_member_stays before delete or update or truncate on inventory.kit_member
    for each statement execute function plateau.refuse_removal();
grant select on inventory.kit_member to plateau_app, plateau_readonly;
grant select, insert on inventory.kit_member to plateau_functions;

create view inventory.kit_content with (security_invoker = true) as
select k.centre_id, k.id as kit_id, m.number, m.resource_id, m.model_id, m.amount, m.is_exclusive, coalesce(r.kind, 'model') as kind,
       coalesce(r.name, concat_ws(' ', d.manufacturer, d.name)) as name, coalesce(u.there, r.capacity)::integer as there,
       case when r.retired_at <= plateau.clock() then 'retired'
            when not a.usable @> plateau.clock() then 'notInService'
            when coalesce(u.there, r.capacity) < m.amount then 'tooFew'
            else 'ready' end as standing
from inventory.kit k
join inventory.kit_member m on m.centre_id = k.centre_id and m.kit_id = k.id and m.version = k.version
left join platforms.resource r on r.centre_id = m.centre_id and r.id = m.resource_id
left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
left join inventory.model d on d.id = m.model_id
left join lateral (
    select count(*) as there
    from inventory.asset e join platforms.resource x on x.centre_id = e.centre_id and x.id = e.id
    where e.centre_id = k.centre_id and e.model_id = m.model_id and x.retired_at is null and e.usable @> plateau.clock()) u
    on m.model_id is not null;
comment on view inventory.kit_content is
    'What a kit consists of now, and how each member stands. there: the seats or items of a resource, the assets of a model that are in service.';
grant select on inventory.kit_content to plateau_app, plateau_functions;

create function inventory.put_members(
    p_centre_id smallint, p_kit uuid, p_version integer, p_things uuid[], p_are_models boolean[], p_amounts integer[], p_exclusive boolean[])
    returns integer
    language plpgsql volatile
as $$
declare
    v_stranger integer;
begin
    select min(m.n)::integer into v_stranger
    from unnest(p_things, p_are_models, p_amounts) with ordinality as m (thing, is_model, amount, n)
    where case when m.is_model then not exists (select from inventory.model d where d.id = m.thing)
               else not exists (select from platforms.resource r where r.centre_id = p_centre_id and r.id = m.thing
                                and (r.kind not in ('equipment', 'workstation') or m.amount = 1)) end;
    if v_stranger is null then
        insert into inventory.kit_member (centre_id, kit_id, version, number, resource_id, model_id, amount, is_exclusive)
        select p_centre_id, p_kit, p_version, m.n, case when not m.is_model then m.thing end, case when m.is_model then m.thing end,
               m.amount, m.is_exclusive
        from unnest(p_things, p_are_models, p_amounts, p_exclusive) with ordinality as m (thing, is_model, amount, is_exclusive, n);
    end if;
    return v_stranger;
end
$$;
comment on function inventory.put_members(smallint, uuid, integer, uuid[], boolean[], integer[], boolean[]) is
    'Writes the members of a version; the number of the first that is no resource of the centre, no model, or several of one unit (nothing is written then).';

create function inventory.create_kit(
    p_centre_id smallint, p_id uuid, p_key uuid, p_name text, p_description text, p_from date, p_to date, p_things uuid[],
    p_are_models boolean[], p_amounts integer[], p_exclusive boolean[])
    returns table (outcome text, member integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    outcome := 'forbidden';
    if access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        insert into inventory.kit (centre_id, id, name, description, during, created_at, created_by)
        values (p_centre_id, p_id, p_name, p_description, daterange(p_from, p_to, '[]'), plateau.clock(), p_key);
        member := inventory.put_members(p_centre_id, p_id, 1, p_things, p_are_models, p_amounts, p_exclusive);
        outcome := case when member is null then 'created' else 'memberUnknown' end;
    end if;
    return next;
end
$$;
comment on function inventory.create_kit(smallint, uuid, uuid, text, text, date, date, uuid[], boolean[], integer[], boolean[]) is
    'outcome: created, forbidden, memberUnknown (with its number; the caller undoes the rest). Raises kit_member_once and kit_member_model_once.';

create function inventory.change_kit(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_description text, p_from date, p_to date,
    p_things uuid[], p_are_models boolean[], p_amounts integer[], p_exclusive boolean[])
    returns table (outcome text, version integer, member integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Bookings hold this lock shared while they read what a kit consists of.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select k.version into version from inventory.kit k where k.centre_id = p_centre_id and k.id = p_id for update;
    outcome := case when version is null then 'notFound' when version <> p_version then 'versionMismatch' end;
    if outcome is null then
        version := p_version + 1;
        member := inventory.put_members(p_centre_id, p_id, version, p_things, p_are_models, p_amounts, p_exclusive);
        update inventory.kit k
        set name = p_name, description = p_description, during = daterange(p_from, p_to, '[]'), version = p_version + 1
        where k.centre_id = p_centre_id and k.id = p_id and member is null;
        outcome := case when member is null then 'changed' else 'memberUnknown' end;
    end if;
    return next;
end
$$;
comment on function inventory.change_kit(
    smallint, uuid, integer, uuid, text, text, date, date, uuid[], boolean[], integer[], boolean[]) is
    'Another version, for bookings from now on; what is booked stays as it was made. outcome: changed, forbidden, notFound, versionMismatch, memberUnknown (with its number).';

-- MARK: Kits that are booked

create table bookings.kit_line (
    centre_id smallint not null,
    booking_id uuid not null,
    resource_id uuid not null,
    kit_id uuid not null,
    kit_version integer not null,
    constraint kit_line_pkey primary key (centre_id, booking_id, resource_id, kit_id),
    constraint kit_line_booking foreign key (centre_id, booking_id) references bookings.booking (centre_id, id)
);
comment on table bookings.kit_line is
    'Which kit, in which version, a resource of a booking came from. By resource and not by line: a change writes the lines anew.';
alter table bookings.kit_line enable row level security;
alter table bookings.kit_line force row level security;
create policy kit_line_functions on bookings.kit_line to plateau_functions using (true) with check (true);
create policy kit_line_actor on bookings.kit_line for select to plateau_app using (
    exists (select from bookings.booking b where b.centre_id = kit_line.centre_id and b.id = kit_line.booking_id));
grant select, insert on bookings.kit_line to plateau_functions;
grant select on bookings.kit_line to plateau_app;

create type bookings.kit_piece as (
    asked integer, kit_id uuid, kit_version integer, kit_name text, member smallint, name text, resource_id uuid,
    starts timestamptz, ends timestamptz, seats integer, persons integer);
comment on type bookings.kit_piece is
    'A line that a line asked for (asked: its number) comes to. kit_id: null where the resource itself was asked for. seats 0: the whole.';

create function bookings.lenders_to_kits(
    p_key uuid, p_things uuid[], p_are_kits boolean[], p_starts timestamptz[], p_ends timestamptz[], p_organisations uuid[])
    returns smallint[]
    language sql stable
as $$
    select coalesce(array_agg(distinct w.lender order by w.lender), '{}')
    from (
        select distinct o.id, o.centre_id, l.centre_id as lender
        from unnest(p_things, p_are_kits, p_starts, p_ends, p_organisations) as t (thing, is_kit, starts, ends, organisation_id)
        join access.organisation o on o.id = t.organisation_id and o.centre_id = plateau.centre_of(t.thing)
        join inventory.kit k on k.centre_id = o.centre_id and k.id = t.thing
        join inventory.kit_member m on m.centre_id = k.centre_id and m.kit_id = k.id and m.version = k.version
        join maintenance.loan l on l.borrower = k.centre_id and l.state = 'accepted' and l.ended_at is null
             and l.during @> tstzrange(t.starts, t.ends)
        join inventory.asset a on a.centre_id = l.centre_id and a.id = l.asset_id and a.model_id = m.model_id
        where t.is_kit) w
    -- A unit of theirs that is chosen has to be one that the key may book.
    where access.may_book_for(p_key, w.id, array[w.centre_id, w.lender])
$$;
comment on function bookings.lenders_to_kits(uuid, uuid[], boolean[], timestamptz[], timestamptz[], uuid[]) is
    'The centres that lend a kit''s centre something of a model of it for the whole of a line, as far as a key may book there. What is borrowed is for the borrower''s own organisation alone.';

create function bookings.units_of(
    p_centre_id smallint, p_model_id uuid, p_caller_centre smallint, p_lenders smallint[], p_slot tstzrange)
    returns setof platforms.resource
    language sql stable
as $$
    select r.*
    from inventory.asset a
    join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
    where (a.centre_id = p_centre_id
           -- As the gate: what is local is its own centre's, and whoever's it is while it is lent.
           and (r.is_shared or p_caller_centre = p_centre_id or maintenance.borrows(a.centre_id, a.id, p_slot, p_caller_centre))
           or p_caller_centre = p_centre_id and a.centre_id = any (p_lenders)
              and maintenance.borrows(a.centre_id, a.id, p_slot, p_centre_id))
      and a.model_id = p_model_id and r.retired_at is null
    order by a.centre_id <> p_centre_id, a.centre_id, a.inventory_number
$$;
comment on function bookings.units_of(smallint, uuid, smallint, smallint[], tstzrange) is
    'The assets that "any of this model" is chosen from for somebody of a centre or (null) of none: those of the kit''s centre that are not local to others, then, for its own, those that lenders lend it for a whole slot.';

create function bookings.kit_pieces(
    p_things uuid[], p_are_kits boolean[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_persons integer[],
    p_organisations uuid[], p_lenders smallint[], p_home smallint, p_among uuid[], p_among_starts timestamptz[],
    p_among_ends timestamptz[], p_spares integer, p_most_locks integer,
    out pieces bookings.kit_piece[], out choices bookings.kit_piece[], out lacking integer[], out locks bigint[], out rules jsonb)
    language plpgsql stable
as $$
declare
    v_kit inventory.kit;
    v_member record;
    v_unit platforms.resource;
    v_piece bookings.kit_piece;
    v_full bookings.kit_piece[];
    v_zone text;
    v_slot tstzrange;
    v_kept tstzrange;
    v_centre smallint;
    v_caller_centre smallint;
    v_lapsed uuid[] := bookings.lapsed_holders();
    v_mine uuid[];
    v_busy uuid[];
    v_is_home boolean;
    v_chosen integer;
    v_lacking integer;
    v_there integer;
    v_first integer;
    v_model text;
begin
    pieces := '{}';
    choices := '{}';
    lacking := '{}';
    rules := '[]';
    -- What is asked for by name first: no "any of this model" takes it away.
    for i in 1 .. cardinality(p_things) loop
        if not p_are_kits[i] then
            pieces := pieces || row (i, null, null, null, null, null, p_things[i], p_starts[i], p_ends[i], p_seats[i], p_persons[i])::bookings.kit_piece;
            continue;
        end if;
        v_centre := plateau.centre_of(p_things[i]);
        select k.* into v_kit from inventory.kit k where k.centre_id = v_centre and k.id = p_things[i];
        if not found then
            rules := rules || bookings.rule(i, 'kit', 'kitUnknown', jsonb_build_object('kitId', p_things[i]));
            continue;
        end if;
        select c.zone into v_zone from centres.centre c where c.centre_id = v_centre;
        if not v_kit.during @> plateau.local_days(tstzrange(p_starts[i], p_ends[i]), v_zone) then
            rules := rules || bookings.rule(i, 'kit', 'kitNotInForce', jsonb_strip_nulls(jsonb_build_object(
                'kitId', v_kit.id, 'kitName', v_kit.name, 'from', lower(v_kit.during), 'to', upper(v_kit.during) - 1)));
            continue;
        end if;
        for v_member in
            select m.number, r.id, r.name, case when not m.is_exclusive then m.amount else 0 end as seats
            from inventory.kit_member m
            join platforms.resource r on r.centre_id = m.centre_id and r.id = m.resource_id
            where m.centre_id = v_centre and m.kit_id = v_kit.id and m.version = v_kit.version
            order by m.number
        loop
            pieces := pieces || row (
                i, v_kit.id, v_kit.version, v_kit.name, v_member.number, v_member.name, v_member.id, p_starts[i], p_ends[i], v_member.seats,
                p_persons[i])::bookings.kit_piece;
        end loop;
    end loop;
    if p_most_locks is not null then
        locks := array(
            select distinct k.key
            from unnest(pieces) as p
            join platforms.resource r on r.centre_id = plateau.centre_of(p.resource_id) and r.id = p.resource_id
            cross join lateral unnest(platforms.room_locks(r, tstzrange(p.starts, p.ends))) as k (key));
    end if;
    v_is_home := p_home is null or exists (select from unnest(pieces) as p where plateau.centre_of(p.resource_id) = p_home);
    for i in 1 .. cardinality(p_things) loop
        v_centre := plateau.centre_of(p_things[i]);
        v_slot := tstzrange(p_starts[i], p_ends[i]);
        select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisations[i];
        v_mine := array(
            select a.resource_id from unnest(p_among, p_among_starts, p_among_ends) as a (resource_id, starts, ends)
            where a.starts = p_starts[i] and a.ends = p_ends[i]);
        for v_member in
            select k.id as kit_id, k.version, k.name, m.number, m.model_id, m.amount
            from inventory.kit k
            join inventory.kit_member m on m.centre_id = k.centre_id and m.kit_id = k.id and m.version = k.version
            where p_are_kits[i] and not rules @> jsonb_build_array(jsonb_build_object('line', i))
              and k.centre_id = v_centre and k.id = p_things[i] and m.model_id is not null
            order by m.number
        loop
            v_chosen := 0;
            v_full := '{}';
            -- What other lines have of the model, with the time around it.
            v_busy := array(
                select r.id
                from unnest(pieces) as p
                join inventory.asset a on a.centre_id = plateau.centre_of(p.resource_id) and a.id = p.resource_id
                     and a.model_id = v_member.model_id
                join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
                where tstzrange(p.starts - make_interval(mins => r.setup_minutes + r.cleanup_minutes),
                                p.ends + make_interval(mins => r.setup_minutes + r.cleanup_minutes)) && v_slot);
            for v_unit in
                select u.* from bookings.units_of(v_centre, v_member.model_id, v_caller_centre, p_lenders, v_slot) u
                where (p_among is null or u.id = any (v_mine)) and u.id <> all (v_busy)
            loop
                exit when v_chosen >= v_member.amount + p_spares;
                -- A booking lives at the centre of its first line.
                continue when v_unit.centre_id <> v_centre and not v_is_home;
                v_piece := row (
                    i, v_member.kit_id, v_member.version, v_member.name, v_member.number, v_unit.name, v_unit.id, p_starts[i], p_ends[i], 1,
                    p_persons[i])::bookings.kit_piece;
                if not platforms.has_room(v_unit, v_slot, 1)
                    or (maintenance.lent_to_others(v_unit.centre_id, v_unit.id, v_slot, v_caller_centre)).id is not null then
                    v_kept := tstzrange(p_starts[i] - make_interval(mins => v_unit.setup_minutes),
                                        p_ends[i] + make_interval(mins => v_unit.cleanup_minutes));
                    -- What only lapsed bookings take comes first: bookings.reserve clears them away.
                    if v_lapsed <> '{}' and (
                        select bool_and(o.holder_id = any (v_lapsed)) from platforms.occupancy o
                        where o.centre_id = v_unit.centre_id and o.resource_id = v_unit.id and o.ends > lower(v_kept)
                          and o.ends <= upper(v_kept) + interval '25 hours' and o.starts < upper(v_kept)) then
                        v_full := v_piece || v_full;
                    else
                        v_full := v_full || v_piece;
                    end if;
                    continue;
                end if;
                v_chosen := v_chosen + 1;
                choices := choices || v_piece;
                if v_chosen <= v_member.amount then
                    pieces := pieces || v_piece;
                    v_is_home := v_is_home or v_unit.centre_id = p_home;
                end if;
                if p_most_locks is not null then
                    locks := array(select unnest(locks) union select unnest(platforms.room_locks(v_unit, v_slot)));
                    if cardinality(locks) > p_most_locks then
                        return;
                    end if;
                end if;
            end loop;
            -- When those with room are too few, some without, so that the refusal can say which and why.
            v_lacking := greatest(v_member.amount - v_chosen, 0);
            lacking := lacking || v_lacking;
            v_full := v_full[:v_lacking];
            pieces := pieces || v_full;
            choices := choices || v_full;
            if p_most_locks is not null and v_full <> '{}' then
                locks := array(
                    select unnest(locks)
                    union
                    select k.key
                    from unnest(v_full) as p
                    join platforms.resource r on r.centre_id = plateau.centre_of(p.resource_id) and r.id = p.resource_id
                    cross join lateral unnest(platforms.room_locks(r, v_slot)) as k (key));
            end if;
            v_there := v_member.amount - v_lacking + cardinality(v_full);
            if v_there < v_member.amount then
                select concat_ws(' ', d.manufacturer, d.name) into v_model from inventory.model d where d.id = v_member.model_id;
                if p_among is not null then
                    select count(*) into v_there
                    from bookings.units_of(v_centre, v_member.model_id, v_caller_centre, p_lenders, v_slot);
                end if;
                -- There are enough, but others took those that were looked at.
                rules := rules || bookings.rule(
                    i, case when v_there < v_member.amount then 'kit' else 'capacity' end,
                    case when v_there < v_member.amount then 'kitTooFew' else 'unitTaken' end, jsonb_build_object(
                        'kitId', v_member.kit_id, 'kitName', v_member.name, 'member', v_member.number, 'memberName', v_model,
                        'needed', v_member.amount, 'there', v_there));
            end if;
        end loop;
    end loop;
    -- Something of the booking's centre first, then what is of a line's own centre, what is borrowed last.
    select n into v_first from generate_subscripts(pieces, 1) as n
    where plateau.centre_of((pieces[n]).resource_id) = p_home
    order by (pieces[n]).asked, (pieces[n]).member, n limit 1;
    pieces := array(
        select pieces[n] from generate_subscripts(pieces, 1) as n
        order by n is distinct from v_first,
                 plateau.centre_of((pieces[n]).resource_id) <> plateau.centre_of(p_things[(pieces[n]).asked]), (pieces[n]).asked,
                 (pieces[n]).member, n);
end
$$;
comment on function bookings.kit_pieces(
    uuid[], boolean[], timestamptz[], timestamptz[], integer[], integer[], uuid[], smallint[], smallint, uuid[], timestamptz[],
    timestamptz[], integer, integer) is
    'The lines that a request with kits comes to, by the kits as they are now, and the rules against kits themselves. Of a model those assets are chosen that have room and are lent to nobody else. choices: what was chosen of models, with so many spares more where there are some; lacking: for each line and member of a model how many those with room are too few. home: the centre of the booking (null: of several bookings), of which something has to be there beside what is borrowed. among and its times: what may be chosen for lines of exactly that time; null: anything. most_locks: with it locks are the rooms'' of it all, unsorted, and as soon as they are more the rest is not looked at. things (a kit where are_kits says so) and the rest are parallel; organisations: whom each line is for.';

create function bookings.lock_kits(
    p_things uuid[], p_are_kits boolean[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_persons integer[],
    p_organisations uuid[], p_lenders smallint[], p_home smallint, p_most_locks integer,
    out outcome text, out among uuid[], out among_starts timestamptz[], out among_ends timestamptz[], out pieces bookings.kit_piece[],
    out rules jsonb)
    language plpgsql volatile
as $$
declare
    v_found record;
    v_locked record;
    v_locks bigint[];
begin
    for v_try in 1 .. 5 loop
        select * into v_found
        from bookings.kit_pieces(
            p_things, p_are_kits, p_starts, p_ends, p_seats, p_persons, p_organisations, p_lenders, p_home, null, null, null,
            -- Of many kits together fewer each.
            greatest(v_try, 4 * v_try / greatest(1, cardinality(array_positions(p_are_kits, true)))), p_most_locks);
        v_locks := array(select k from unnest(v_found.locks) as k order by k);
        if cardinality(v_locks) > p_most_locks then
            outcome := 'tooManyLines';
            return;
        end if;
        select coalesce(array_agg(c.resource_id), '{}'), coalesce(array_agg(c.starts), '{}'), coalesce(array_agg(c.ends), '{}')
        into among, among_starts, among_ends
        from (select distinct p.resource_id, p.starts, p.ends from unnest(v_found.choices) p) c;
        begin
            perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
            select * into v_locked
            from bookings.kit_pieces(
                p_things, p_are_kits, p_starts, p_ends, p_seats, p_persons, p_organisations, p_lenders, p_home, among, among_starts,
                among_ends, 0, null);
            exit when v_try = 5 or not exists (
                select from unnest(v_found.lacking, v_locked.lacking) as l (before, after) where l.after > l.before);
            -- Whoever came first took more than the spares: the locks go back with the attempt, so that each takes all of its own in order.
            raise exception 'undone' using errcode = 'PL001';
        exception when sqlstate 'PL001' then
            null;
        end;
    end loop;
    outcome := 'locked';
    pieces := v_locked.pieces;
    rules := case when v_found.rules <> '[]' then v_found.rules else v_locked.rules end;
end
$$;
comment on function bookings.lock_kits(
    uuid[], boolean[], timestamptz[], timestamptz[], integer[], integer[], uuid[], smallint[], smallint, integer) is
    'Looks without locks what the lines come to, locks that with a few spares of each model, and looks again among what was chosen and is locked; five times at most, each with more spares, as long as a member lacks more than it did without locks. outcome: locked (with what it came to; among and its times: what was chosen from), tooManyLines (more than so many locks). The caller holds the locks of labels and organisations.';

create type bookings.kit_verdict as (
    outcome text, booking_id uuid, reference text, state text, flags text[], recorded_at timestamptz, label_status text,
    label_decision_id uuid, file_number integer, conditional_until date, seats integer[], zones text[], rules jsonb,
    resources uuid[], starts timestamptz[], ends timestamptz[], asked_seats integer[], persons integer[], kits uuid[], kit_names text[]);
comment on type bookings.kit_verdict is
    'bookings.verdict and the lines that it is about, all parallel; kits: 0 where a line came from none. Rules carry the number of the line that was asked for.';

create function bookings.reserve_kits(
    p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_things uuid[],
    p_are_kits boolean[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_dry_run boolean, p_persons integer[],
    p_supervision text, p_as text, p_expires_at timestamptz, p_reason text, p_overridden text[], p_holder_roles text[], p_holders uuid[],
    p_offer uuid, p_among uuid[], p_among_starts timestamptz[], p_among_ends timestamptz[])
    returns bookings.kit_verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer bookings.kit_verdict;
    v_verdict bookings.verdict;
    v_caller_centre smallint;
    v_has_quota boolean;
    v_organisations uuid[] := array_fill(p_organisation, array[cardinality(p_things)]);
    v_home smallint := plateau.centre_of(p_booking);
    v_lenders smallint[];
    v_found record;
    v_pieces bookings.kit_piece[];
begin
    if not access.may_book_for(
           p_key, p_organisation, array(select distinct plateau.centre_of(t) from unnest(p_things) t)) then
        v_answer.outcome := 'forbidden';
        return v_answer;
    end if;
    v_lenders := bookings.lenders_to_kits(p_key, p_things, p_are_kits, p_starts, p_ends, v_organisations);
    if p_among is not null then
        select null as outcome, p.pieces, p.rules into v_found
        from bookings.kit_pieces(
            p_things, p_are_kits, p_starts, p_ends, p_seats, p_persons, v_organisations, v_lenders, v_home, p_among, p_among_starts,
            p_among_ends, 0, null) p;
    else
        -- The locks that bookings.reserve takes, in its order, and those of some assets more: what is chosen stays free.
        select o.centre_id, o.has_quota into v_caller_centre, v_has_quota from access.organisation o where o.id = p_organisation;
        perform pg_advisory_xact_lock_shared(k.key)
        from (select distinct plateau.label_lock(c) as key
              from (select plateau.centre_of(t) as c from unnest(p_things) t union all select v_caller_centre
                    union all select unnest(v_lenders)) x
              where c is not null order by 1) k;
        if v_has_quota or p_as = 'held' then
            perform pg_advisory_xact_lock(bookings.organisation_lock(p_organisation));
        end if;
        select l.outcome, l.pieces, l.rules into v_found
        from bookings.lock_kits(
            p_things, p_are_kits, p_starts, p_ends, p_seats, p_persons, v_organisations, v_lenders, v_home,
            -- Without the turn of those who take more.
            500) l;
    end if;
    v_pieces := v_found.pieces;
    if v_found.outcome = 'tooManyLines' then
        v_answer.outcome := 'tooManyLines';
        return v_answer;
    elsif v_found.rules <> '[]' then
        v_answer.outcome := 'refused';
        v_answer.rules := v_found.rules;
        return v_answer;
    elsif cardinality(v_pieces) > 100 then
        v_answer.outcome := 'tooManyLines';
        return v_answer;
    end if;
    v_answer.resources := array(select (v_pieces[n]).resource_id from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.starts := array(select (v_pieces[n]).starts from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.ends := array(select (v_pieces[n]).ends from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.asked_seats := array(select (v_pieces[n]).seats from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.persons := array(select (v_pieces[n]).persons from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.kits := array(
        select coalesce((v_pieces[n]).kit_id, '00000000-0000-0000-0000-000000000000') from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.kit_names := array(select coalesce((v_pieces[n]).kit_name, '') from generate_subscripts(v_pieces, 1) n order by n);
    v_verdict := bookings.reserve(
        p_booking, p_reference, p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title, p_contact_name,
        p_contact_email, p_programme, v_answer.resources, v_answer.starts, v_answer.ends, v_answer.asked_seats, null, null, p_dry_run,
        v_answer.persons, p_supervision, p_as, p_expires_at, null, p_reason, p_overridden, p_holder_roles, p_holders, p_offer);
    v_answer.outcome := v_verdict.outcome;
    v_answer.booking_id := v_verdict.booking_id;
    v_answer.reference := v_verdict.reference;
    v_answer.state := v_verdict.state;
    v_answer.flags := v_verdict.flags;
    v_answer.recorded_at := v_verdict.recorded_at;
    v_answer.label_status := v_verdict.label_status;
    v_answer.label_decision_id := v_verdict.label_decision_id;
    v_answer.file_number := v_verdict.file_number;
    v_answer.conditional_until := v_verdict.conditional_until;
    v_answer.seats := v_verdict.seats;
    v_answer.zones := v_verdict.zones;
    v_answer.rules := (
        select jsonb_agg(
            case when e.rule -> 'line' is null then e.rule
                 else e.rule || jsonb_build_object(
                     'line', p.asked,
                     'facts', (e.rule -> 'facts') || case when p.kit_id is null then '{}'::jsonb else jsonb_build_object(
                         'kitId', p.kit_id, 'kitName', p.kit_name, 'member', p.member, 'memberId', p.resource_id, 'memberName', p.name) end)
            end order by e.n)
        from jsonb_array_elements(v_verdict.rules) with ordinality as e (rule, n)
        left join unnest(v_pieces) with ordinality as p (
            asked, kit_id, kit_version, kit_name, member, name, resource_id, starts, ends, seats, persons, n)
            on p.n = (e.rule ->> 'line')::bigint);
    if v_verdict.outcome = 'created' then
        insert into bookings.kit_line (centre_id, booking_id, resource_id, kit_id, kit_version)
        select distinct plateau.centre_of(p_booking), p_booking, p.resource_id, p.kit_id, p.kit_version
        from unnest(v_pieces) p where p.kit_id is not null;
    end if;
    return v_answer;
end
$$;
comment on function bookings.reserve_kits(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], boolean[], timestamptz[], timestamptz[],
    integer[], boolean, integer[], text, text, timestamptz, text, text[], text[], uuid[], uuid, uuid[], timestamptz[], timestamptz[]) is
    'bookings.reserve for a request in which some lines ask for a kit: each comes to the lines of its members, all or none. among and its times: what bookings.lock_kit_batch has locked, where it did; null: the locks are taken here. outcome besides: tooManyLines (of a hundred, or five hundred locks). A rule names the member that it is about (kitId, kitName, member, memberId, memberName).';

create function bookings.lock_kit_batch(
    p_batch uuid, p_key uuid, p_organisations uuid[], p_things uuid[], p_are_kits boolean[], p_starts timestamptz[], p_ends timestamptz[],
    out outcome text, out among uuid[], out among_starts timestamptz[], out among_ends timestamptz[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_lines integer[];
    v_organisations uuid[];
    v_things uuid[];
    v_are_kits boolean[];
    v_starts timestamptz[];
    v_ends timestamptz[];
    v_lenders smallint[];
    v_centres smallint[];
begin
    outcome := 'locked';
    among := '{}';
    among_starts := '{}';
    among_ends := '{}';
    -- Nobody waits for what the caller may not book.
    v_lines := array(
        select line.n
        from unnest(p_organisations, p_things) with ordinality as line (organisation_id, thing, n)
        join (select distinct w.organisation_id, plateau.centre_of(w.thing) as centre_id
              from unnest(p_organisations, p_things) as w (organisation_id, thing)) pair
          on pair.organisation_id = line.organisation_id and pair.centre_id = plateau.centre_of(line.thing)
        where access.may_book_for(p_key, pair.organisation_id, array[pair.centre_id])
        order by line.n);
    if v_lines = '{}' then
        return;
    end if;
    v_organisations := array(select p_organisations[n] from unnest(v_lines) n);
    v_things := array(select p_things[n] from unnest(v_lines) n);
    v_are_kits := array(select p_are_kits[n] from unnest(v_lines) n);
    v_starts := array(select p_starts[n] from unnest(v_lines) n);
    v_ends := array(select p_ends[n] from unnest(v_lines) n);
    v_lenders := bookings.lenders_to_kits(p_key, v_things, v_are_kits, v_starts, v_ends, v_organisations);
    v_centres := v_lenders || array(select plateau.centre_of(t) from unnest(v_things) t);
    -- The turn, labels and organisations: the id of a centre names no room.
    perform bookings.lock_lines(
        p_batch, array(select distinct o from unnest(v_organisations) o),
        array(select c.id from centres.centre c where c.centre_id = any (v_centres)), '{}', '{}');
    select l.outcome, l.among, l.among_starts, l.among_ends into outcome, among, among_starts, among_ends
    from bookings.lock_kits(
        v_things, v_are_kits, v_starts, v_ends, array_fill(0, array[cardinality(v_lines)]),
        array_fill(-1, array[cardinality(v_lines)]), v_organisations, v_lenders, null, 1000) l;
end
$$;
comment on function bookings.lock_kit_batch(uuid, uuid, uuid[], uuid[], boolean[], timestamptz[], timestamptz[]) is
    'bookings.lock_batch for a batch in which some lines ask for a kit: they are looked at together, so that none is to have what another takes. outcome: locked (among and its times: what the kits may choose from, each for lines of that time), tooManyLines (more than a thousand locks).';

create function bookings.kit_alternatives(
    p_kit uuid, p_starts timestamptz, p_ends timestamptz, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[],
    p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[], p_holders uuid[], p_limit integer,
    p_most_judged integer)
    returns table (kit_id uuid, name text, starts timestamptz, ends timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre smallint := plateau.centre_of(p_kit);
    v_now timestamptz := plateau.clock();
    v_caller_centre smallint;
    v_zone text;
    v_found integer := 0;
    v_case record;
    v_pieces record;
    v_piece bookings.kit_piece;
    v_resource platforms.resource;
    v_resource_zone text;
    v_fits boolean;
    v_look record;
begin
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    select c.zone into v_zone from centres.centre c where c.centre_id = v_centre;
    for v_case in
        with likely as (
            -- Itself, and what shares most with it.
            select k.id, k.name, k.id = p_kit as is_itself, count(*) as shared
            from inventory.kit k
            join inventory.kit_member m on m.centre_id = k.centre_id and m.kit_id = k.id and m.version = k.version
            join inventory.kit_member w on w.centre_id = k.centre_id and (w.resource_id = m.resource_id or w.model_id = m.model_id)
            join inventory.kit i on i.centre_id = w.centre_id and i.id = w.kit_id and i.version = w.version and i.id = p_kit
            where k.centre_id = v_centre
            group by k.id, k.name
            order by k.id <> p_kit, count(*) desc, k.id limit 5
        ), moment as (
            select plateau.instant_of(
                       (p_starts at time zone v_zone) + make_interval(days => d.days), v_zone) as at
            from generate_series(-7, 28) as d (days) where d.days <> 0
            union
            select p_starts + make_interval(mins => 30 * s.half) from generate_series(-24, 24) as s (half)
            where s.half <> 0 and plateau.local_day(p_starts + make_interval(mins => 30 * s.half), v_zone) = plateau.local_day(p_starts, v_zone)
        )
        select l.id, l.name, w.at, w.at + (p_ends - p_starts) as until
        from likely l
        cross join lateral (select p_starts as at where not l.is_itself union all select m.at from moment m where l.is_itself) w
        where w.at >= v_now
        -- The same time with another kit, then the nearest times of this one.
        order by l.is_itself, l.shared desc, abs(extract(epoch from w.at - p_starts)), w.at
        limit p_most_judged
    loop
        select p.pieces, p.rules into v_pieces
        from bookings.kit_pieces(
            array[v_case.id], array[true], array[v_case.at], array[v_case.until], array[0], array[-1], array[p_organisation],
            bookings.lenders_to_kits(
                p_key, array[v_case.id], array[true], array[v_case.at], array[v_case.until], array[p_organisation]),
            v_centre, null, null, null, 0, null) p;
        v_fits := v_pieces.rules = '[]';
        if v_fits then
            foreach v_piece in array v_pieces.pieces loop
                select r.* into v_resource from platforms.resource r
                where r.centre_id = plateau.centre_of(v_piece.resource_id) and r.id = v_piece.resource_id;
                select s.zone into v_resource_zone from centres.site s
                where s.centre_id = v_resource.centre_id and s.id = v_resource.site_id;
                select o.verdict, o.free into v_look
                from bookings.outlook(
                    v_resource, v_resource_zone, tstzrange(v_piece.starts, v_piece.ends), p_organisation, v_caller_centre, p_audiences,
                    p_head_counts, case v_piece.seats when 0 then v_resource.capacity else v_piece.seats end, p_persons, v_now, p_key,
                    p_activity, p_supervision, p_holder_roles, p_holders) o;
                v_fits := v_look.verdict <> 'deny';
                exit when not v_fits;
            end loop;
        end if;
        if v_fits then
            kit_id := v_case.id;
            name := v_case.name;
            starts := v_case.at;
            ends := v_case.until;
            return next;
            v_found := v_found + 1;
            exit when v_found >= p_limit;
        end if;
    end loop;
end
$$;
comment on function bookings.kit_alternatives(
    uuid, timestamptz, timestamptz, uuid, uuid, text, text[], integer[], integer, text, text[], uuid[], integer, integer) is
    'Other kits of the centre that share something with one and are free at its time, then the nearest other times at which it is free itself: every rule is asked that the guard would ask of each member. persons: who comes.';

create function bookings.kit_steps(p_kit uuid, p_organisation uuid, p_starts timestamptz, p_ends timestamptz)
    returns table (starts timestamptz, ends timestamptz, lacking integer[])
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller_centre smallint := (select o.centre_id from access.organisation o where o.id = p_organisation);
begin
    return query
    with member as materialized (
        select m.number::integer as number, r, case when m.model_id is null then 1 else m.amount end as needed,
               case when m.model_id is not null then 1 when m.is_exclusive then r.capacity else m.amount end as seats, a.usable
        from inventory.kit k
        join inventory.kit_member m on m.centre_id = k.centre_id and m.kit_id = k.id and m.version = k.version
        join lateral (
            select x.* from platforms.resource x where x.centre_id = m.centre_id and x.id = m.resource_id
            union all
            select x.*
            from inventory.asset e
            join platforms.resource x on x.centre_id = e.centre_id and x.id = e.id
            where e.model_id = m.model_id and x.retired_at is null
              and (e.centre_id = m.centre_id
                   -- What it borrows is for itself alone.
                   or v_caller_centre = m.centre_id and exists (
                       select from maintenance.loan l
                       where l.centre_id = e.centre_id and l.asset_id = e.id and l.borrower = m.centre_id and l.state = 'accepted'
                         and l.ended_at is null and l.during && tstzrange(p_starts, p_ends)))) r on true
        left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
        where k.centre_id = plateau.centre_of(p_kit) and k.id = p_kit
    ), needed as materialized (
        select m.number, max(m.needed) as needed
        from (select k.number, k.needed from member k
              union all
              -- A model of which there is no asset at all.
              select c.number, c.amount from inventory.kit_content c where c.centre_id = plateau.centre_of(p_kit) and c.kit_id = p_kit
              and c.model_id is not null) m
        group by m.number
    ), free as (
        -- Of each unit, when it has room and may be used.
        select m.number, unnest(
                   u.free * coalesce(tstzmultirange(m.usable), '{(,)}') * tstzmultirange(tstzrange(null, (m.r).retired_at))
                   -- What is local is its own centre's.
                   * case when (m.r).centre_id = plateau.centre_of(p_kit)
                               and ((m.r).is_shared or (m.r).centre_id = v_caller_centre) then '{(,)}' else t.borrowed end
                   - t.lent) as during
        from member m
        cross join lateral (
            select coalesce(range_agg(l.during) filter (where l.borrower is distinct from v_caller_centre), '{}') as lent,
                   coalesce(range_agg(l.during) filter (where l.borrower = v_caller_centre), '{}') as borrowed
            from maintenance.loan l
            where l.centre_id = (m.r).centre_id and l.asset_id = (m.r).id and l.state = 'accepted' and l.ended_at is null) t
        cross join lateral bookings.lapsed_room((m.r).centre_id, (m.r).id || (m.r).ancestors, p_starts, p_ends) as lapsed
        cross join lateral (
            select range_agg(tstzrange(s.starts, s.ends)) as free
            from platforms.path_steps(
                (select x from platforms.resource x where x.centre_id = (m.r).centre_id and x.id = (m.r).id), p_starts, p_ends,
                lapsed.resources, lapsed.starts, lapsed.ends, lapsed.seats) s
            where (m.r).capacity > 0 and (m.r).capacity - s.taken >= m.seats) u
    ), moment as (
        select e.number, e.at, sum(sum(e.units)) over (partition by e.number order by e.at) as free,
               lead(e.at) over (partition by e.number order by e.at) as until
        from (select f.number, lower(f.during) as at, 1 as units from free f
              union all
              select f.number, upper(f.during), -1 from free f) e
        group by e.number, e.at
    ), lacking as materialized (
        select n.number, tstzmultirange(tstzrange(p_starts, p_ends)) - coalesce((
                   select range_agg(tstzrange(m.at, m.until)) from moment m where m.number = n.number and m.free >= n.needed), '{}') as during
        from needed n
    ), edge as (
        select e.at, coalesce(lead(e.at) over (order by e.at), p_ends) as until
        from (select p_starts as at where exists (select from member)
              union
              select t.at
              from lacking l cross join lateral unnest(l.during) as p (part) cross join lateral (values (lower(p.part)), (upper(p.part))) as t (at)
              where t.at < p_ends and exists (select from member)) e
    )
    select e.at, e.until, array(select l.number from lacking l where l.during @> e.at order by l.number)
    from edge e
    order by e.at;
end
$$;
comment on function bookings.kit_steps(uuid, uuid, timestamptz, timestamptz) is
    'Which members of a kit an organisation finds lacking when: steps that cover a window without a gap. What is lent is its borrower''s, what is local its centre''s. A kit that comes to borrowed things alone lacks nothing here, though it is not booked by itself. Nothing where there is no such kit or it has no member that is there.';

-- MARK: Totals

-- A stock has minutes of its own, by the item; workstations and machines are added up without it.
create or replace function utilisation.opened(p_centre_id smallint, p_cuts date[], p_known_at timestamptz) returns table(piece integer, resource_id uuid, is_part boolean, open bigint, outage bigint)
    language plpgsql stable
as $$
declare
    v_from date := p_cuts[1];
    v_to date := p_cuts[cardinality(p_cuts)];
begin
    return query
    with resource as materialized (
        select r.id, r.kind, coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone,
               -- From the day on which it was registered until it is retired.
               plateau.local_day(r.created_at, s.zone) as first_day,
               case when p_known_at is null or r.retired_at <= p_known_at then r.retired_at end as retired_at
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = p_centre_id and (p_known_at is null or r.created_at <= p_known_at)
    ), hours as materialized (
        select c.calendar_id, h.day, h.during
        from (select distinct r.calendar_id from resource r) c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= v_from and h.day < v_to
        where p_known_at is null
        union all
        select c.calendar_id, h.day, h.during
        from (select distinct r.calendar_id from resource r) c
        cross join lateral centres.open_hours_known(p_centre_id, c.calendar_id, daterange(v_from, v_to), p_known_at) h
        where p_known_at is not null
    ), calendar as materialized (
        select h.calendar_id, width_bucket(h.day, p_cuts) as piece,
               extract(epoch from sum(upper(h.during) - lower(h.during)))::bigint as seconds
        from hours h
        group by 1, 2
    ), version as materialized (
        select r.id, r.zone, r.calendar_id, v.capacity, v.ancestors, v.ancestors <> '{}' or r.kind = 'stock' as is_part,
               case when upper(v.during) > p_known_at then tstzrange(lower(v.during), null) else v.during end
               * tstzrange(plateau.instant_of(r.first_day::timestamp, r.zone), r.retired_at) as life
        from resource r
        join utilisation.resource_version v on v.centre_id = p_centre_id and v.resource_id = r.id
             and (p_known_at is null or lower_inf(v.during) or lower(v.during) <= p_known_at)
        where r.retired_at is null or plateau.instant_of(r.first_day::timestamp, r.zone) < r.retired_at
    ), span as materialized (
        select p.piece, p.first, p.after, z.zone,
               tstzrange(plateau.instant_of(p.first::timestamp, z.zone), plateau.instant_of(p.after::timestamp, z.zone)) as during
        from utilisation.pieces(p_cuts) p cross join (select distinct r.zone from resource r) z
    ), outage as materialized (
        select z.zone, x.resource_id, x.during
        from (select distinct r.zone from resource r) z
        cross join lateral maintenance.out_of_service(
            p_centre_id, tstzrange(plateau.instant_of(v_from::timestamp, z.zone), plateau.instant_of(v_to::timestamp, z.zone)), p_known_at) x
    ), partly as materialized (
        select s.piece, s.first, s.after, v.id, v.is_part, v.capacity, v.calendar_id, v.life
        from version v join span s on s.zone = v.zone and v.life && s.during and not v.life @> s.during
    )
    select s.piece, v.id, v.is_part, v.capacity * c.seconds, 0::bigint
    from version v
    join span s on s.zone = v.zone and v.life @> s.during
    join calendar c on c.calendar_id = v.calendar_id and c.piece = s.piece
    union all
    -- What began, ended or changed inside the piece, to the second.
    select v.piece, v.id, v.is_part,
           v.capacity * sum(extract(epoch from upper(h.during * v.life) - lower(h.during * v.life)))::bigint, 0::bigint
    from partly v
    join hours h on h.calendar_id = v.calendar_id and h.day >= v.first and h.day < v.after and h.during && v.life
    group by v.piece, v.id, v.is_part, v.capacity, v.life
    union all
    -- Of the open time, what nothing could be done in: two outages at once count once, and a hall takes its bays with it.
    select w.piece, w.id, w.is_part, 0::bigint, sum(w.capacity * utilisation.seconds(multirange(w.during) * w.outage))::bigint
    from (
        select width_bucket(h.day, p_cuts) as piece, v.id, v.is_part, v.capacity, h.during * v.life as during, o.outage
        from version v
        join lateral (
            select range_agg(x.during) as outage from outage x where x.zone = v.zone and x.resource_id = any (v.id || v.ancestors)) o
             on o.outage is not null
        join hours h on h.calendar_id = v.calendar_id and h.during && v.life) w
    group by w.piece, w.id, w.is_part;
end
$$;

create or replace function utilisation.facts_of(p_centre_id smallint, p_bookings uuid[], p_known_at timestamptz) returns setof utilisation.fact
    language plpgsql stable
as $$
begin
    return query
    with booking as materialized (
        select b.centre_id, b.id, b.organisation_id, o.kind as organisation_kind, b.activity, coalesce(b.programme, '') as programme,
               coalesce(b.offer_id::text, '') as offer,
               b.state, b.audiences, b.head_counts, b.created_at, t.left_at, t.in_at, t.out_at,
               b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse', 'completed') as is_booked
        from utilisation.bookings_known(p_bookings, p_known_at) b
        join access.organisation o on o.id = b.organisation_id
        cross join lateral (
            select max(x.at) filter (where x.to_state = b.state) as left_at, min(x.at) filter (where x.to_state = 'inUse') as in_at,
                   max(x.at) filter (where x.to_state = 'completed') as out_at
            from bookings.transition x
            where x.centre_id = b.centre_id and x.booking_id = b.id and (p_known_at is null or x.at <= p_known_at)) t
    ), line as materialized (
        select b.id, b.organisation_id, b.organisation_kind, b.activity, b.programme, b.offer, b.state, b.is_booked, b.audiences,
               b.head_counts,
               b.created_at, l.number, l.resource_id, l.starts, l.ends, l.seats, l.is_exclusive, s.zone,
               r.kind = 'stock' as is_stock, row_number() over first = 1 as is_first,
               coalesce(range_agg(tstzrange(l.starts, l.ends)) over (first rows between unbounded preceding and 1 preceding), '{}') as shared,
               case when b.out_at > b.in_at then tstzrange(b.in_at, b.out_at) end as use,
               b.state in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork')
               and utilisation.working_days(p_centre_id, plateau.local_day(b.left_at, s.zone), plateau.local_day(l.starts, s.zone), b.left_at)
                   < utilisation.late_notice() as is_late,
               b.left_at
        from booking b
        join utilisation.lines_known(p_bookings, p_known_at) l on l.booking_id = b.id
        join platforms.resource r on r.centre_id = p_centre_id and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        -- Items of a stock are no workstations: their lines stand apart, and hide nothing of the others.
        window first as (partition by b.id, r.kind = 'stock' order by l.number)
    ), version as materialized (
        select l.*, v.during as valid, v.capacity, v.ancestors, c.setup, c.cleanup
        from line l
        join utilisation.resource_version v on v.centre_id = p_centre_id and v.resource_id = l.resource_id
             and (p_known_at is null or lower_inf(v.during) or lower(v.during) <= p_known_at)
        -- Buffers are those of the moment of booking.
        join lateral (select make_interval(mins => w.setup_minutes) as setup, make_interval(mins => w.cleanup_minutes) as cleanup
                      from utilisation.resource_version w
                      where w.centre_id = p_centre_id and w.resource_id = l.resource_id and w.during @> l.created_at) c on true
    ), piece as materialized (
        select v.*, d.day::date as day, p.span,
               tstzrange(v.starts, v.ends) * p.span as taken, v.use * p.span as present,
               tstzrange(v.starts - v.setup, v.ends + v.cleanup) * p.span as kept,
               case when v.is_exclusive then v.capacity else v.seats end as places
        from version v
        cross join lateral generate_series(
            plateau.local_day(least(v.starts - v.setup, lower(v.use)), v.zone),
            plateau.local_day(greatest(v.ends + v.cleanup, upper(v.use)) - interval '1 microsecond', v.zone), interval '1 day') as d (day)
        cross join lateral (
            -- As known then, what is the last version now had no end.
            select tstzrange(plateau.instant_of(d.day::date::timestamp, v.zone), plateau.instant_of((d.day::date + 1)::timestamp, v.zone))
                   * case when upper(v.valid) > p_known_at then tstzrange(lower(v.valid), null) else v.valid end as span) p
        where not isempty(p.span)
    ), node as materialized (
        select p.*, n.id as node_id, n.id = p.resource_id and not p.is_stock as is_own, coalesce(r.calendar_id, r.site_id) as calendar_id
        from piece p
        cross join lateral unnest(p.resource_id || p.ancestors) as n (id)
        join platforms.resource r on r.centre_id = p_centre_id and r.id = n.id
    ), opening as materialized (
        -- Once for all that fall on a day: they are what costs most.
        select d.calendar_id, d.day, utilisation.hours_on(p_centre_id, d.calendar_id, d.day, p_known_at) as open
        from (select distinct n.calendar_id, n.day from node n) d
    ), measured as materialized (
        select n.*, multirange(n.taken) * n.open as inside,
               n.places * extract(epoch from coalesce(upper(n.taken) - lower(n.taken), interval '0'))::bigint as taken_seconds,
               n.places * extract(epoch from coalesce(upper(n.kept) - lower(n.kept), interval '0'))::bigint as kept_seconds,
               n.places * utilisation.seconds(multirange(n.taken) * n.open) as inside_seconds,
               n.places * coalesce(extract(epoch from upper(n.present) - lower(n.present)), 0)::bigint as used_seconds,
               n.places * utilisation.seconds(multirange(n.present) * n.open) as used_inside
        from (select x.*, o.open from node x join opening o using (calendar_id, day)) n
    ), hourly as (
        select w.id, w.number, w.node_id, w.day, array_agg(w.hour order by w.hour) as hours,
               array_agg(w.booked order by w.hour)::integer[] as booked
        from (
            select m.id, m.number, m.node_id, m.day, e.hour, sum(m.places * e.seconds) as booked
            from measured m
            cross join lateral utilisation.by_hour(m.inside, m.zone) as b
            cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
            where m.is_booked and m.activity <> 'maintenance'
            group by 1, 2, 3, 4, 5) w
        group by 1, 2, 3, 4
    )
    select p_centre_id, m.id, m.number, m.node_id, m.day, m.is_own, m.organisation_id, m.organisation_kind, m.activity, m.programme,
           sum(case when m.is_booked then m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_booked then m.taken_seconds - m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_booked then coalesce(m.used_inside, 0) else 0 end)::bigint,
           sum(case when m.is_booked then coalesce(m.used_seconds - m.used_inside, 0) else 0 end)::bigint,
           sum(case when m.is_booked then m.kept_seconds - m.taken_seconds else 0 end)::bigint,
           sum(case when m.is_late and m.state = 'cancelledByUser' then m.inside_seconds else 0 end)::bigint,
           sum(case when m.is_late and m.state <> 'cancelledByUser' then m.inside_seconds else 0 end)::bigint,
           sum(case when m.state = 'noShow' then m.inside_seconds else 0 end)::bigint,
           bool_or(m.is_booked and m.span @> m.starts)::integer,
           bool_or(m.is_booked and m.is_own and m.is_first and m.span @> m.starts)::integer,
           max(case when m.is_booked and m.is_own and m.is_first and m.span @> m.starts
                    then extract(epoch from m.starts - m.created_at)::bigint else 0 end),
           bool_or(m.is_booked and m.use is not null and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state = 'cancelledByUser' and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state in ('cancelledByCentre', 'cancelledByNetwork') and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.is_late and m.is_own and m.is_first and m.span @> m.starts)::integer,
           bool_or(m.state = 'noShow' and m.is_own and m.is_first and m.span @> m.starts)::integer,
           case when m.is_own then m.audiences else '{}' end, case when m.is_own then m.head_counts else '{}' end,
           sum(case when m.is_booked and m.is_own and m.activity <> 'maintenance'
                    then utilisation.seconds(multirange(m.taken) - m.shared) else 0 end)::bigint,
           bool_or(m.is_booked and m.is_own and m.is_first and m.span @> m.starts and m.activity <> 'maintenance'),
           coalesce(h.hours, '{}'), coalesce(h.booked, '{}'), m.offer
    from measured m
    left join hourly h using (id, number, node_id, day)
    group by m.id, m.number, m.node_id, m.day, m.is_own, m.organisation_id, m.organisation_kind, m.activity, m.programme, m.offer,
             m.audiences, m.head_counts, h.hours, h.booked
    order by m.id, m.number, m.node_id, m.day;
end
$$;

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef
               and (p.pronamespace = 'inventory'::regnamespace
                    and p.proname in ('create_stock', 'change_stock', 'change_amount', 'create_kit', 'change_kit')
                    or p.pronamespace = 'bookings'::regnamespace and p.proname in ('reserve_kits', 'lock_kit_batch', 'kit_alternatives', 'kit_steps')) loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where not p.prosecdef
               and (p.pronamespace = 'inventory'::regnamespace and p.proname = 'put_members'
                    or p.pronamespace = 'bookings'::regnamespace and p.proname in ('lenders_to_kits', 'units_of', 'kit_pieces', 'lock_kits')) loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
