-- Plans that bind: what is not calibrated or maintained in time is not booked beyond its day; and word of it beforehand.
-- lock class: access exclusive on maintenance.plan for a moment (columns with a constant default, an index of few rows)

alter table maintenance.plan add column binds boolean not null default false, add column told_due_on date;
comment on column maintenance.plan.binds is 'Whether the asset is not booked beyond the day on which it is due, until it is done.';
comment on column maintenance.plan.told_due_on is 'The day of which somebody was told that it comes.';
create index plan_binding on maintenance.plan (centre_id, asset_id) where binds and ended_at is null;

create function maintenance.due_on(p_plan maintenance.plan) returns date
    language sql stable
as $$
    select least(
        (p_plan.last_done_on + make_interval(months => p_plan.every_months))::date,
        (select x.expires_on from maintenance.completion x
         where x.centre_id = p_plan.centre_id and x.plan_id = p_plan.id order by x.done_on desc, x.id desc limit 1))
$$;
comment on function maintenance.due_on(maintenance.plan) is
    'The day by which a plan is to be done again: by its months, or the last day of its certificate where that is earlier; null: by its hours of use alone.';

drop function maintenance.add_plan(smallint, uuid, uuid, uuid, text, text, smallint, integer, integer, date);
create function maintenance.add_plan(
    p_centre_id smallint, p_id uuid, p_asset_id uuid, p_key uuid, p_kind text, p_name text, p_every_months smallint,
    p_every_use_hours integer, p_duration_minutes integer, p_last_done_on date, p_binds boolean)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif not exists (select from inventory.asset a where a.centre_id = p_centre_id and a.id = p_asset_id and a.state <> 'retired') then
        return 'notFound';
    end if;
    -- Bookings under way are judged by the plans that they saw.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    insert into maintenance.plan (
        centre_id, id, asset_id, kind, name, every_months, every_use_hours, duration_minutes, last_done_on, recorded_at, recorded_by, binds)
    values (p_centre_id, p_id, p_asset_id, p_kind, p_name, p_every_months, p_every_use_hours, p_duration_minutes, p_last_done_on,
            plateau.clock(), p_key, p_binds);
    return 'added';
end
$$;
comment on function maintenance.add_plan(
    smallint, uuid, uuid, uuid, text, text, smallint, integer, integer, date, boolean) is 'outcome: added, notFound, forbidden.';

create or replace function bookings.service_rules(p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange)
    returns jsonb
    language plpgsql stable
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_outage maintenance.outage;
    v_asset inventory.asset;
    v_plan record;
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
    if p_resource.kind = 'equipment' then
        select p.name, maintenance.due_on(p) as last_day into v_plan
        from maintenance.plan p
        where p.centre_id = p_resource.centre_id and p.asset_id = p_resource.id and p.binds and p.ended_at is null
          and maintenance.due_on(p) < plateau.local_day(upper(p_slot) - interval '1 microsecond', p_zone)
        order by 2 limit 1;
        if found then
            v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'maintenanceOverdue', jsonb_build_object(
                'planName', v_plan.name, 'validUntil', v_plan.last_day));
        end if;
    end if;
    if p_resource.capacity = 0 then
        -- A stock of which nothing is left: who asks for all there is gets nothing either.
        v_rules := v_rules || bookings.rule(p_line, 'capacity', 'capacityFull', jsonb_build_object('seats', 1, 'free', 0, 'capacity', 0));
    end if;
    return v_rules;
end
$$;

create function maintenance.warn_of_plans(p_lead_days integer, p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_plan record;
    v_count integer := 0;
begin
    for v_plan in
        select p.centre_id, p.id, p.version, d.due_on
        from maintenance.plan p
        cross join lateral (select maintenance.due_on(p) as due_on) d
        where p.ended_at is null and d.due_on <= plateau.local_day(v_now, 'UTC') + p_lead_days
          and p.told_due_on is distinct from d.due_on
        order by d.due_on limit p_limit for update of p skip locked
    loop
        update maintenance.plan p set told_due_on = v_plan.due_on where p.centre_id = v_plan.centre_id and p.id = v_plan.id;
        insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
        values (v_plan.centre_id, 'maintenancePlan.dueSoon', v_plan.id, v_plan.version, v_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function maintenance.warn_of_plans(integer, integer) is
    'Tells, once for each day on which one is due, of plans that come within so many days. How many.';

alter function maintenance.add_plan(smallint, uuid, uuid, uuid, text, text, smallint, integer, integer, date, boolean)
    owner to plateau_functions;
alter function maintenance.warn_of_plans(integer, integer) owner to plateau_functions;
revoke all on function maintenance.add_plan(smallint, uuid, uuid, uuid, text, text, smallint, integer, integer, date, boolean),
    maintenance.warn_of_plans(integer, integer) from public;
grant execute on function maintenance.add_plan(smallint, uuid, uuid, uuid, text, text, smallint, integer, integer, date, boolean),
    maintenance.warn_of_plans(integer, integer) to plateau_app;
grant execute on function maintenance.due_on(maintenance.plan) to plateau_functions, plateau_app;
