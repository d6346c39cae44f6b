-- Small mends: what a change says of a booking that has begun, alternatives of the one centre that will do; counts of assets that keep what
-- they came to and what was seen; what is fixed stands where its platform stands; outages in the heat map; passwords that
-- people change themselves, and after which nobody waits; webhooks of who left.
-- lock class: access exclusive on the type bookings.verdict, on access.person, delivery.webhook and inventory.stocktake for a moment (columns
-- without a value, filled in for counts that are closed; a constraint over few rows); else none (functions)

-- MARK: What has begun, and what may be offered for it

alter type bookings.verdict add attribute has_begun boolean;

create or replace function bookings.verdict_of(p_booking uuid) returns bookings.verdict
    language sql stable
as $$
    select row ('replayed', b.id, b.reference, b.initial_state,
                array(select f from unnest(b.flags) f where f = 'provisional'), b.created_at, b.label_status, b.label_decision_id,
                b.file_number, b.conditional_until,
                (select array_agg(l.seats order by l.number) from bookings.line l where l.centre_id = b.centre_id and l.booking_id = b.id),
                (select array_agg(s.zone order by l.number)
                 from bookings.line l
                 join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
                 join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
                 where l.centre_id = b.centre_id and l.booking_id = b.id),
                null::jsonb, null::timestamptz, null::boolean)::bookings.verdict
    from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking
$$;

create or replace function bookings.change(
    p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[],
    p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[],
    p_dry_run boolean,
    p_holder_roles text[] default null, p_holders uuid[] default null, p_offer uuid default null) returns bookings.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_old bookings.booking;
    v_verdict bookings.verdict;
    v_standing text;
    v_has_begun boolean;
    v_now timestamptz := plateau.clock();
begin
    select * into v_old from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    v_standing := bookings.standing_of(p_key, v_old, v_now);
    v_has_begun := v_old.starts <= v_now or v_old.state = 'inUse';
    v_verdict.has_begun := v_has_begun;
    v_verdict.outcome := case
        when v_old.id is null then 'notFound'
        when v_standing is null or v_standing = 'network' then 'forbidden'
        when v_old.version <> p_version then 'versionMismatch'
        when v_old.expires_at <= v_now then 'notChangeable'
        when v_old.state not in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'inUse') then 'notChangeable'
        -- What has begun only ends at another time: its organisation asks for more, and gives back by checking out.
        when v_has_begun and not bookings.only_ends_differ(
            v_old, p_resources, p_starts, p_ends, p_seats, v_now) then 'alreadyStarted'
        when plateau.centre_of(p_resources[1]) <> v_old.centre_id then 'otherCentre' end;
    if v_verdict.outcome is not null then
        v_verdict.state := v_old.state;
        return v_verdict;
    end if;
    begin
        v_verdict := bookings.reserve(
            p_booking, v_old.reference, p_key, v_old.organisation_id, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
            p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, null, null, false, p_persons,
            p_supervision, case when v_old.state in ('draft', 'held', 'waitlisted') then v_old.state else 'booked' end,
            v_old.expires_at, p_version, p_reason, p_overridden, p_holder_roles, p_holders, p_offer);
        if v_verdict.outcome <> 'changed' or p_dry_run then
            raise exception 'undone' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        if v_verdict.outcome = 'changed' then
            v_verdict.outcome := 'wouldChange';
        end if;
    end;
    -- Whoever is refused is offered other slots only while they could be taken.
    v_verdict.has_begun := v_has_begun;
    return v_verdict;
end
$$;

comment on function bookings.change(
    uuid, uuid, integer, text, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[], integer[],
    text, text[], boolean, text[], uuid[], uuid) is
    'Makes a booking another one at a stroke: its old room counts as free, and it keeps it when the new one is refused. outcome: changed, wouldChange (dry run), refused, notFound, forbidden, versionMismatch, notChangeable, alreadyStarted, otherCentre, overrideForbidden. has_begun: only the ends of its lines may change any more.';

-- The best of those that can be had are looked for, not those of the best that can be had.
create or replace function bookings.wanted(
    p_key uuid, p_organisation uuid, p_like uuid, p_seats integer, p_persons integer, p_words text, p_tags text[],
    p_centre_id smallint, p_latitude float8, p_longitude float8, p_kilometres float8, p_beside uuid[],
    p_now timestamptz, p_most integer)
    returns bookings.candidate[]
    language plpgsql stable
as $$
declare
    v_like platforms.resource;
    v_caller_centre smallint;
    v_least integer := greatest(p_seats, 1);
    v_roots uuid[] := '{}'::uuid[];
    -- Null: anywhere.
    v_centres smallint[];
    v_candidates bookings.candidate[];
begin
    if not exists (select from access.api_key k where k.id = p_key and k.organisation_id = p_organisation) then
        v_centres := array(select c.centre_id from centres.centre c
                           where access.may_book_for(p_key, p_organisation, array[c.centre_id]));
    end if;
    if p_beside <> '{}' then
        -- What stands in one tree with another line is in its way, or may be.
        v_roots := array(select coalesce(r.ancestors[cardinality(r.ancestors)], r.id) from unnest(p_beside) b
                         join platforms.resource r on r.centre_id = plateau.centre_of(b) and r.id = b);
    end if;
    if p_like is null then
        select array_agg(row(r, s.zone, 'asAsked', 1, f.kilometres)::bookings.candidate) into v_candidates
        from bookings.candidates(p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres, p_most, v_centres, p_now) f
        join platforms.resource r on r.centre_id = f.centre_id and r.id = f.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where coalesce(r.ancestors[cardinality(r.ancestors)], r.id) <> all (v_roots);
        return coalesce(v_candidates, '{}');
    end if;
    if p_centre_id is not null then
        v_centres := case when p_centre_id = any (v_centres) is false then '{}'::smallint[] else array[p_centre_id] end;
    end if;
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    select * into v_like from platforms.resource r where r.centre_id = plateau.centre_of(p_like) and r.id = p_like;
    if p_seats = 0 then
        -- The whole of another one: as large, or large enough for those who come.
        v_least := case when p_persons > 0 then least(v_like.capacity, p_persons) else v_like.capacity end;
    end if;
    select array_agg(row(r, s.zone, f.likeness, f.place, f.kilometres)::bookings.candidate) into v_candidates
    from (select v_like.centre_id as centre_id, v_like.id as id, 'sameResource' as likeness, 0 as place, 0::float8 as kilometres
          union all
          select * from bookings.alike(v_like, p_most, v_least, v_caller_centre, v_centres, p_now)) f
    join platforms.resource r on r.centre_id = f.centre_id and r.id = f.id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    where (r.retired_at is null or r.retired_at > p_now) and r.capacity >= v_least
      and (v_centres is null or r.centre_id = any (v_centres))
      and coalesce(r.ancestors[cardinality(r.ancestors)], r.id) <> all (v_roots);
    return coalesce(v_candidates, '{}');
end
$$;
comment on function bookings.wanted(
    uuid, uuid, uuid, integer, integer, text, text[], smallint, float8, float8, float8, uuid[], timestamptz, integer) is
    'The resources among which any is looked for: one and what is like it, or what words, properties and distance find; of one centre alone where it is given. Left out: what is retired, what this key may not book for the organisation, and what stands in one tree with a resource that is taken beside.';

-- MARK: Counts of assets

alter table inventory.stocktake add column expected integer, add column seen integer, add column missing integer, add column retired integer,
    add column misplaced integer;
comment on column inventory.stocktake.expected is 'How its lines came out, kept when it was closed, like the four others; null while it is open: then they are counted.';
update inventory.stocktake s set (expected, seen, missing, retired, misplaced) = (
    select count(*) filter (where l.is_expected), count(*) filter (where l.result = 'seen'), count(*) filter (where l.result = 'missing'),
           count(*) filter (where l.result = 'retired'), count(*) filter (where l.result = 'misplaced')
    from inventory.stocktake_line l where l.centre_id = s.centre_id and l.stocktake_id = s.id)
where s.closed_at is not null;
alter table inventory.stocktake add constraint stocktake_closed_is_counted check (
    num_nulls(expected, seen, missing, retired, misplaced) = case when closed_at is null then 5 else 0 end);

create or replace function inventory.close_stocktake(
    p_centre_id smallint, p_id uuid, p_key uuid) returns text
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
    -- Counted once, since nothing changes any more.
    update inventory.stocktake s
    set closed_at = plateau.clock(), closed_by = p_key, expected = c.expected, seen = c.seen, missing = c.missing, retired = c.retired,
        misplaced = c.misplaced
    from (select (count(*) filter (where l.is_expected))::integer as expected,
                 (count(*) filter (where l.result = 'seen'))::integer as seen,
                 (count(*) filter (where l.result = 'missing'))::integer as missing,
                 (count(*) filter (where l.result = 'retired'))::integer as retired,
                 (count(*) filter (where l.result = 'misplaced'))::integer as misplaced
          from inventory.stocktake_line l where l.centre_id = p_centre_id and l.stocktake_id = p_id) c
    where s.centre_id = p_centre_id and s.id = p_id;
    return 'done';
end
$$;

create or replace function inventory.see_asset(
    p_centre_id smallint, p_stocktake_id uuid, p_key uuid, p_code text, p_site_id uuid, p_platform_id uuid)
    returns table(outcome text, asset_id uuid)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $_$
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
        set seen_at = excluded.seen_at, seen_by = excluded.seen_by,
            -- Who names no place, or no platform of the site, takes nothing back of what somebody saw there before.
            seen_site_id = case when p_site_id is null and p_platform_id is null then coalesce(l.seen_site_id, excluded.seen_site_id)
                                else excluded.seen_site_id end,
            seen_platform_id = case
                when l.seen_at is not null and p_platform_id is null and coalesce(p_site_id, l.seen_site_id) = l.seen_site_id
                    then l.seen_platform_id
                else excluded.seen_platform_id end;
    return query select 'noted', v_asset.id;
end
$_$;
comment on function inventory.see_asset(smallint, uuid, uuid, text, uuid, uuid) is
    'Notes that an asset was seen: by its inventory number, its id, or an address that ends in it, as its label has, whatever blanks, slash, query or fragment stand around it. Seen again, the last time counts; where no place, or no platform of the site, is named, the one that was noted before stays. outcome: noted (with the asset), notFound, closed, assetUnknown, placeUnknown, forbidden.';

-- MARK: What is fixed stands where its platform stands

create function inventory.check_place(p_centre_id smallint, p_site_id uuid, p_platform_id uuid, p_is_mobile boolean) returns void
    language plpgsql stable
as $$
begin
    if not p_is_mobile and exists (
        select from platforms.resource r
        where r.centre_id = p_centre_id and r.id = p_platform_id and r.kind = 'platform' and r.site_id <> p_site_id) then
        perform platforms.refuse('asset_fixed_where_its_platform_is');
    end if;
end
$$;
comment on function inventory.check_place(smallint, uuid, uuid, boolean) is
    'Raises asset_fixed_where_its_platform_is for what is fixed to a platform of another site. What is mobile may stand elsewhere than the platform that it belongs to.';
alter function inventory.check_place(smallint, uuid, uuid, boolean) owner to plateau_functions;
revoke all on function inventory.check_place(smallint, uuid, uuid, boolean) from public;

create or replace function inventory.create_asset(
    p_centre_id smallint, p_id uuid, p_model_id uuid, p_platform_id uuid, p_name text, p_site_id uuid, p_is_shared boolean,
    p_inventory_number text, p_serial text, p_is_mobile boolean, p_is_advanced_technology boolean, p_acquired_on date,
    p_renewal_expected_on date, p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer,
    p_grid_minutes integer, p_notice_minutes integer, p_horizon_days integer, p_owner text default NULL::text,
    p_operator text default NULL::text, p_condition text default 'good'::text, p_advanced_technology_reason text default NULL::text,
    p_price_cents bigint default NULL::bigint, p_state text default 'inService'::text,
    p_expected_at timestamptz default NULL::timestamptz, p_loaned_until timestamptz default NULL::timestamptz) returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    perform inventory.check_place(p_centre_id, p_site_id, p_platform_id, p_is_mobile);
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

create or replace function inventory.change_asset(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_name text, p_is_shared boolean, p_site_id uuid, p_platform_id uuid,
    p_is_mobile boolean, p_inventory_number text, p_serial text, p_is_advanced_technology boolean, p_advanced_technology_reason text,
    p_acquired_on date, p_renewal_expected_on date, p_owner text, p_operator text, p_condition text, p_price_cents bigint,
    p_setup_minutes integer, p_cleanup_minutes integer, p_minimum_minutes integer, p_maximum_minutes integer, p_grid_minutes integer,
    p_notice_minutes integer, p_horizon_days integer, p_override_reason text default null)
    returns table (outcome text, version integer, taken_at timestamptz, line_id uuid, durable_until date, funder text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_asset inventory.asset;
    v_resource platforms.resource;
    v_line inventory.funding_line;
    v_bound text[] := '{}'::text[];
    v_site uuid;
    v_now timestamptz;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
        return next;
        return;
    end if;
    -- Bookings hold this lock shared while they read the rules of use.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    select * into v_asset from inventory.asset a where a.centre_id = p_centre_id and a.id = p_id for update;
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id;
    v_site := v_resource.site_id;
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
    v_bound := case when v_asset.owner is distinct from p_owner then array['owner'] else '{}' end
        || case when v_resource.is_shared and not p_is_shared then array['visibility'] else '{}' end;
    if v_bound <> '{}' and v_resource.version = p_version then
        v_line := inventory.durable_line(p_centre_id, p_id, v_now);
        if v_line.id is not null and p_override_reason is null then
            outcome := 'durable';
            line_id := v_line.id;
            durable_until := v_line.durable_until;
            funder := inventory.name_funder(v_line);
            return next;
            return;
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
    -- Only when its place changes: what stood otherwise before can still be described.
    if (v_site, v_asset.platform_id, v_asset.is_mobile) is distinct from (p_site_id, p_platform_id, p_is_mobile) then
        perform inventory.check_place(p_centre_id, p_site_id, p_platform_id, p_is_mobile);
    end if;
    update platforms.resource r set site_id = p_site_id where r.centre_id = p_centre_id and r.id = p_id;
    update inventory.asset a
    set platform_id = p_platform_id, is_mobile = p_is_mobile, inventory_number = p_inventory_number, serial = p_serial,
        is_advanced_technology = p_is_advanced_technology, advanced_technology_reason = p_advanced_technology_reason,
        acquired_on = p_acquired_on, renewal_expected_on = p_renewal_expected_on, owner = p_owner, operator = p_operator,
        condition = p_condition
    where a.centre_id = p_centre_id and a.id = p_id;
    perform inventory.note_price(p_centre_id, p_id, p_price_cents);
    if v_line.id is not null then
        perform inventory.override_durability(v_line, v_bound, p_override_reason, p_key, v_now);
    end if;
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

create or replace function inventory.asset_lines(
    p_centre_id smallint, p_columns text[], p_lines jsonb, p_now timestamptz) returns inventory.asset_line[]
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    set enable_seqscan = off
    set plan_cache_mode = force_custom_plan
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
                   r.site_id as known_site_id, a.platform_id as known_platform_id, a.is_mobile as known_is_mobile,
                   km.manufacturer as known_manufacturer,
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
                            when w.platform_id is null and not w.is_mobile then 'platform.platformMissing'
                            when w.sites = 1 and not w.is_mobile
                                 and (w.known_site_id, w.known_platform_id, w.known_is_mobile)
                                     is distinct from (w.site_id, w.platform_id, false)
                                 and exists (select from platforms.resource o
                                             where o.centre_id = p_centre_id and o.id = w.platform_id and o.site_id <> w.site_id)
                                then 'platform.platformElsewhere' end,
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

-- MARK: Utilisation

create or replace function utilisation.heat_map(
    p_centre_id smallint, p_from date, p_to date, p_resource_id uuid) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with booked as (
        select h.weekday, h.hour, sum(h.booked) as booked from utilisation.hours_of(p_centre_id, p_from, p_to, p_resource_id) h
        group by 1, 2
    ), resource as materialized (
        select coalesce(r.calendar_id, r.site_id) as calendar_id, s.zone, r.capacity, r.id || r.ancestors as path
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = p_centre_id and r.retired_at is null
          and case when p_resource_id is null then r.parent_id is null else r.id = p_resource_id end
    ), outage as materialized (
        select o.resource_id, o.during
        from maintenance.out_of_service(
            p_centre_id, tstzrange((p_from - 1)::timestamp at time zone 'UTC', (p_to + 1)::timestamp at time zone 'UTC'), null) o
    ), place as materialized (
        -- What stands in a hall is out of service with it; two outages at once count once.
        select r.calendar_id, r.zone, r.capacity,
               (select range_agg(o.during) from outage o where o.resource_id = any (r.path)) as out_of_service
        from resource r
    ), calendar as (
        select p.calendar_id, p.zone, p.out_of_service, sum(p.capacity) as capacity from place p group by 1, 2, 3
    ), opened as (
        select extract(isodow from h.day)::smallint as weekday, e.hour,
               coalesce(sum(c.capacity * e.seconds) filter (where not t.is_out), 0) as open,
               coalesce(sum(case when t.is_out then -c.capacity * e.seconds else c.capacity * e.seconds end), 0) as bookable
        from calendar c
        join centres.open_hours h on h.centre_id = p_centre_id and h.calendar_id = c.calendar_id and h.day >= p_from and h.day < p_to
        cross join lateral (
            select false as is_out, tstzmultirange(h.during) as during
            union all
            select true, tstzmultirange(h.during) * c.out_of_service where c.out_of_service is not null) t
        cross join lateral utilisation.by_hour(t.during, c.zone) as b
        cross join lateral unnest(b.hours, b.seconds) as e (hour, seconds)
        group by 1, 2
    )
    select jsonb_build_object('unit', 'workstationMinutes', 'cells', coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'weekday', weekday, 'hour', hour, 'openMinutes', utilisation.minutes(o.open), 'bookableMinutes', utilisation.minutes(o.bookable),
        'bookedMinutes', utilisation.minutes(b.booked), 'share', utilisation.share(b.booked, o.bookable))) order by weekday, hour), '[]'))
    from opened o full join booked b using (weekday, hour)
    where coalesce(o.open, 0) > 0 or b.booked > 0
$$;
comment on function utilisation.heat_map(smallint, date, date, uuid) is
    'Open, bookable (open less outages, as in reports) and booked time by weekday (1: Monday) and local hour; of one resource, or of a centre. Open: with the capacity of today.';

-- MARK: Passwords

alter table access.person add column password_set_at timestamptz;
comment on column access.person.password_set_at is 'When the password became what it is: what was tried for the address before is forgotten.';

create or replace function access.set_password(p_email text, p_hash text) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_key uuid;
begin
    update access.person p set password_hash = p_hash, password_set_at = plateau.clock()
    where p.email = p_email
    returning p.key_id into v_key;
    if v_key is null then return false; end if;
    perform access.end_sessions(v_key);
    return true;
end
$$;

drop function access.try_password(bytea[], integer[], text, integer);
create function access.try_password(p_who bytea[], p_most integer[], p_email text, p_minutes integer)
    returns table (is_allowed boolean, password_hash text, wait_seconds integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_start timestamptz := v_now - make_interval(mins => p_minutes);
    v_set_at timestamptz;
    v_allowed boolean;
    v_wait integer;
begin
    delete from access.password_try t
    where t.who in (
        select o.who from access.password_try o where o.since < v_start and o.who <> all (p_who) order by o.since limit 100
        for update skip locked);
    select p.password_set_at into v_set_at from access.person p where p.email = p_email;
    -- Counted before it is looked at: many at once are no way round. In one order, so that no two wait for each other. A new password ends
    -- the wait for its address; the network from which others were tried still waits.
    with counted as (
        insert into access.password_try as t (who, tries, since)
        select w.who, 1, v_now from unnest(p_who) as w (who) order by w.who
        on conflict (who) do update
        set tries = case when t.since < v_start or t.since <= v_set_at and t.who = any (p_who[1:2]) then 1 else t.tries + 1 end,
            since = case when t.since < v_start or t.since <= v_set_at and t.who = any (p_who[1:2]) then excluded.since else t.since end
        returning t.who, t.tries, t.since)
    select bool_and(c.tries <= m.most),
           (max(ceil(extract(epoch from c.since - v_start))) filter (where c.tries > m.most))::integer
    into v_allowed, v_wait
    from counted c join unnest(p_who, p_most) as m (who, most) on m.who = c.who;
    return query
    select v_allowed, (select p.password_hash from access.person p where p.email = p_email and v_allowed), greatest(v_wait, 1);
end
$$;
comment on function access.try_password(bytea[], integer[], text, integer) is
    'Counts one try in each account of who (the first two are the address'' own), and says whether none has more than most (parallel to who), so that it may be looked at, and against what; null: nobody there has a password. wait_seconds: until a try is looked at again, where this one is not.';

create function access.password_of(p_key uuid) returns table (email text, has_password boolean)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select p.email, p.password_hash is not null from access.person p where p.key_id = p_key and p.removed_at is null;
end
$$;
comment on function access.password_of(uuid) is
    'The address of the person who acts as a key, and whether a password goes with it. No row: nobody is.';

create function access.change_password(p_key uuid, p_former_hash text, p_hash text, p_token_digest bytea) returns boolean
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    -- It may have been changed while the former one was looked at.
    update access.person p set password_hash = p_hash, password_set_at = plateau.clock()
    where p.key_id = p_key and p.password_hash = p_former_hash;
    if not found then return false; end if;
    update access.session s set ended_at = plateau.clock()
    where s.key_id = p_key and s.ended_at is null and s.token_digest <> p_token_digest;
    return true;
end
$$;
comment on function access.change_password(uuid, text, text, bytea) is
    'Whether the password was still the former one: then it is the new one, and its holder is signed out everywhere but under the token.';

do $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = 'access'::regnamespace and p.proname in ('try_password', 'password_of', 'change_password')
    loop
        execute format('alter function %s owner to plateau_functions', f.name);
        execute format('revoke all on function %s from public', f.name);
        execute format('grant execute on function %s to plateau_app', f.name);
    end loop;
end
$$;

-- MARK: Webhooks of who left

alter table delivery.webhook drop constraint webhook_disabled_because_known;
alter table delivery.webhook add constraint webhook_disabled_because_known check (
    disabled_because in ('request', 'gone', 'failing', 'makerRemoved'));

create function delivery.stop_webhooks_of(p_key uuid) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    with recursive made (id) as (
        select p_key
        union
        select k.id from made m join access.api_key k on k.created_by = m.id
    ), stopped as (
        update delivery.webhook w
        set state = 'disabled', disabled_because = 'makerRemoved', disabled_at = plateau.clock(), version = w.version + 1
        from made m
        where w.created_by = m.id and w.state = 'enabled'
        returning w.id, w.organisation_id, w.version, w.disabled_at
    )
    -- The notice: its organisation finds it among its events.
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    select plateau.centre_of(s.id), 'webhook.disabled', s.id, s.organisation_id, s.version,
           jsonb_build_object('because', 'makerRemoved'), s.disabled_at
    from stopped s;
end
$$;
comment on function delivery.stop_webhooks_of(uuid) is
    'Where a person who is removed, or a key that goes back to them, sent events, none go until somebody who manages the organisation says so.';
alter function delivery.stop_webhooks_of(uuid) owner to plateau_functions;
revoke all on function delivery.stop_webhooks_of(uuid) from public;

create function delivery.stop_with_maker() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform delivery.stop_webhooks_of(new.key_id);
    return null;
end
$$;
comment on function delivery.stop_with_maker() is 'Stops the webhooks of a person who is removed.';
alter function delivery.stop_with_maker() owner to plateau_functions;
revoke all on function delivery.stop_with_maker() from public;
grant execute on function delivery.stop_webhooks_of(uuid) to plateau_functions;
create trigger person_stops_webhooks after update of removed_at on access.person for each row
    when (old.removed_at is null and new.removed_at is not null) execute function delivery.stop_with_maker();
-- Those who left before.
grant execute on function delivery.stop_webhooks_of(uuid) to current_user;
select delivery.stop_webhooks_of(p.key_id) from access.person p where p.removed_at is not null;
revoke execute on function delivery.stop_webhooks_of(uuid) from current_user;
