-- What a model of the engine found, of units that are chosen and of whoever waits.
-- A unit that is out of service is not named as what is lacking while another is only taken: whoever could wait for that was refused. Whoever waits may change to what is free: it is booked, and waits no more. A change that asks for other
-- resources names them: what was chosen for it before leaves nothing behind for which a named unit could be exchanged. What has lapsed keeps
-- nobody from being chosen another unit.
-- lock class: none (functions)

create or replace function bookings.may_become(p_from text, p_to text) returns boolean
    language plpgsql immutable
as $$
begin
    return case p_from
        when 'draft' then p_to in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'cancelledByUser',
                                   'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'requested' then p_to in ('requested', 'conditional', 'confirmed', 'suspended', 'rejected', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'waitlisted' then p_to in ('waitlisted', 'held', 'requested', 'conditional', 'confirmed', 'cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'held' then p_to in ('held', 'requested', 'conditional', 'confirmed', 'suspended', 'cancelledByUser', 'cancelledByCentre',
                                  'cancelledByNetwork', 'expired')
        when 'conditional' then p_to in ('conditional', 'confirmed', 'requested', 'suspended', 'inUse', 'cancelledByUser',
                                         'cancelledByCentre', 'cancelledByNetwork', 'noShow')
        when 'confirmed' then p_to in ('confirmed', 'conditional', 'requested', 'suspended', 'inUse', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'noShow')
        when 'suspended' then p_to in ('suspended', 'requested', 'held', 'conditional', 'confirmed', 'cancelledByUser',
                                       'cancelledByCentre', 'cancelledByNetwork', 'expired')
        when 'inUse' then p_to in ('inUse', 'completed')
        when 'completed' then p_to = 'completed'
        else false
    end;
end
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
    v_new bookings.booking;
    v_verdict bookings.verdict;
    v_standing text;
    v_has_begun boolean;
    v_had uuid[];
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
    v_had := array(select l.resource_id from bookings.line l where l.centre_id = v_old.centre_id and l.booking_id = p_booking);
    begin
        v_verdict := bookings.reserve(
            p_booking, v_old.reference, p_key, v_old.organisation_id, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
            p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, null, null, false, p_persons,
            p_supervision, case when v_old.state in ('draft', 'held', 'waitlisted') then v_old.state else 'booked' end,
            v_old.expires_at, p_version, p_reason, p_overridden, p_holder_roles, p_holders, p_offer);
        if v_verdict.outcome = 'changed' and not p_dry_run then
            -- As it is now: nothing follows what has yet to be approved.
            select * into v_new from bookings.booking b where b.centre_id = v_old.centre_id and b.id = p_booking;
            perform maintenance.follow_booking(v_new, v_now);
            if v_old.state = 'waitlisted' and v_new.state <> 'waitlisted' then
                delete from bookings.waiting w where w.centre_id = v_old.centre_id and w.booking_id = p_booking;
            end if;
            if exists (select unnest(v_had) except select unnest(p_resources))
                or exists (select unnest(p_resources) except select unnest(v_had)) then
                delete from bookings.assignment w where w.centre_id = v_old.centre_id and w.booking_id = p_booking;
                delete from bookings.kit_line k
                where k.centre_id = v_old.centre_id and k.booking_id = p_booking and k.resource_id <> all (p_resources);
            end if;
        else
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

create or replace function bookings.kit_pieces(
    p_things uuid[], p_are_kits boolean[], p_models uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[],
    p_persons integer[],
    p_organisations uuid[], p_lenders smallint[], p_home smallint, p_among uuid[], p_among_starts timestamptz[],
    p_among_ends timestamptz[], p_spares integer, p_most_locks integer,
    out pieces bookings.kit_piece[], out choices bookings.kit_piece[], out without_room bookings.kit_piece[], out lacking integer[],
    out shortages bookings.shortage[], out locks bigint[], out rules jsonb)
    language plpgsql stable
as $$
declare
    v_kit inventory.kit;
    v_member record;
    v_unit platforms.resource;
    v_piece bookings.kit_piece;
    v_full bookings.kit_piece[];
    v_out bookings.kit_piece[];
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
    v_units integer;
    v_shortage bookings.shortage;
    v_first integer;
    v_model text;
begin
    pieces := '{}';
    choices := '{}';
    without_room := '{}';
    lacking := '{}';
    shortages := '{}';
    rules := '[]';
    -- What is asked for by name first: no "any of this model" takes it away.
    for i in 1 .. cardinality(p_things) loop
        continue when p_models[i] is not null;
        if not p_are_kits[i] then
            pieces := pieces || row (
                i, null, null, null, null, null, p_things[i], p_starts[i], p_ends[i], p_seats[i], p_persons[i], null)::bookings.kit_piece;
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
                p_persons[i], null)::bookings.kit_piece;
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
            union all
            -- A line that asks for a model is a kit of that alone.
            select null, null, null, null, p_models[i], p_seats[i] where p_models[i] is not null
            order by number
        loop
            v_chosen := 0;
            v_full := '{}';
            v_out := '{}';
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
                    p_persons[i], v_member.model_id)::bookings.kit_piece;
                if not platforms.has_room(v_unit, v_slot, 1)
                    or (maintenance.lent_to_others(v_unit.centre_id, v_unit.id, v_slot, v_caller_centre)).id is not null then
                    -- Named last: whoever could wait for another is not told of it.
                    if bookings.service_rules(null, v_unit, 'UTC', v_slot) <> '[]' then
                        v_out := v_out || v_piece;
                        continue;
                    end if;
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
            v_full := v_full || v_out;
            v_lacking := greatest(v_member.amount - v_chosen, 0);
            lacking := lacking || v_lacking;
            without_room := without_room || v_full;
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
            continue when v_lacking = 0;
            v_there := v_member.amount - v_lacking + cardinality(v_full);
            select concat_ws(' ', d.manufacturer, d.name) into v_model from inventory.model d where d.id = v_member.model_id;
            select count(*) into v_units
            from bookings.units_of(v_centre, v_member.model_id, v_caller_centre, p_lenders, v_slot);
            v_shortage := row (
                i, v_member.number, v_member.model_id, v_model, v_member.amount, v_member.amount - v_lacking, v_units)::bookings.shortage;
            shortages := shortages || v_shortage;
            -- What was not looked at may do; what is borrowed may be there and not do: a booking lives at the centre of its first line.
            if v_there < v_member.amount and p_among is not null then
                v_there := v_units;
            end if;
            if v_there < v_member.amount then
                rules := rules || case
                    when v_model is null then bookings.rule(i, 'resource', 'modelUnknown', jsonb_build_object('modelId', v_member.model_id))
                    when v_member.kit_id is null then bookings.rule(i, 'capacity', 'quantityTooLarge', jsonb_build_object(
                        'seats', v_member.amount, 'capacity', v_there, 'modelId', v_member.model_id, 'modelName', v_model))
                    else bookings.rule(i, 'kit', 'kitTooFew', jsonb_build_object(
                        'kitId', v_member.kit_id, 'kitName', v_member.name, 'member', v_member.number, 'memberName', v_model,
                        'needed', v_member.amount, 'there', v_there)) end;
            elsif v_lacking > cardinality(v_full) then
                -- There are enough, but others took those that were looked at.
                rules := rules || case when v_member.kit_id is null
                    then bookings.no_free_unit(v_shortage, '{}')
                    else bookings.rule(i, 'capacity', 'unitTaken', jsonb_build_object(
                        'kitId', v_member.kit_id, 'kitName', v_member.name, 'member', v_member.number, 'memberName', v_model,
                        'needed', v_member.amount, 'there', v_there)) end;
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

create or replace function bookings.choose_anew(p_booking bookings.booking) returns void
    language plpgsql volatile
as $$
declare
    v_line record;
    v_other uuid;
    v_units uuid[];
    v_caller_centre smallint;
begin
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_booking.organisation_id;
    for v_line in
        select l.number, w.model_id, r as resource, tstzrange(l.starts, l.ends) as slot
        from bookings.line l
        join bookings.assignment w on w.centre_id = l.centre_id and w.booking_id = l.booking_id and w.resource_id = l.resource_id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
        order by l.number
    loop
        continue when platforms.has_room(v_line.resource, v_line.slot, 1)
            and (maintenance.lent_to_others((v_line.resource).centre_id, (v_line.resource).id, v_line.slot, v_caller_centre)).id is null;
        -- What has lapsed is in nobody's way.
        if bookings.lapsed_holders() <> '{}' then
            v_units := array(
                select u.id from bookings.units_of((v_line.resource).centre_id, v_line.model_id, v_caller_centre, '{}', v_line.slot) u);
            perform bookings.release_lapsed(
                v_units, array_fill(lower(v_line.slot), array[cardinality(v_units)]),
                array_fill(upper(v_line.slot), array[cardinality(v_units)]));
        end if;
        select u.id into v_other
        from bookings.units_of((v_line.resource).centre_id, v_line.model_id, v_caller_centre, '{}', v_line.slot) u
        where platforms.has_room(u, v_line.slot, 1)
          and (maintenance.lent_to_others(u.centre_id, u.id, v_line.slot, v_caller_centre)).id is null
          and not exists (select from bookings.line l
                          where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and l.resource_id = u.id)
        limit 1;
        if found then
            update bookings.line l set resource_id = v_other
            where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and l.number = v_line.number;
            perform bookings.rename_assignment(p_booking.centre_id, p_booking.id, (v_line.resource).id, v_other);
        end if;
    end loop;
end
$$;

create or replace function bookings.exchange_unit(p_booking uuid, p_line smallint, p_resource platforms.resource, p_avoid uuid[]) returns boolean
    language plpgsql volatile
as $$
declare
    v_booking bookings.booking;
    v_line bookings.line;
    v_model_id uuid;
    v_other platforms.resource;
    v_slot tstzrange;
    v_caller_centre smallint;
    v_has_quota boolean;
    v_has_lapsed boolean := bookings.lapsed_holders() <> '{}';
    v_setup interval := make_interval(mins => p_resource.setup_minutes);
    v_cleanup interval := make_interval(mins => p_resource.cleanup_minutes);
    v_now timestamptz := plateau.clock();
begin
    -- Whoever is changing it sees to it: nobody waits for a booking while holding a room.
    select b.* into v_booking from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update skip locked;
    if not found or v_booking.state not in ('held', 'requested', 'conditional', 'confirmed') then
        return false;
    end if;
    select w.model_id into v_model_id from bookings.assignment w
    where w.centre_id = v_booking.centre_id and w.booking_id = p_booking and w.resource_id = p_resource.id;
    if not found then
        return false;
    end if;
    select l.* into v_line from bookings.line l
    where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number = p_line and l.resource_id = p_resource.id;
    -- What stands in two lines may be named in one of them.
    if not found or v_line.starts - v_setup <= v_now + bookings.freeze_lead() or exists (
           select from bookings.line l
           where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number <> p_line
             and l.resource_id = p_resource.id) then
        return false;
    end if;
    select o.centre_id, o.has_quota into v_caller_centre, v_has_quota from access.organisation o where o.id = v_booking.organisation_id;
    -- What it draws hangs on the unit; what is fetched is that very one; what is borrowed has a loan of its own.
    if v_has_quota or maintenance.fetched(p_booking) is not null
        or not p_resource.is_shared and v_caller_centre is distinct from p_resource.centre_id then
        return false;
    end if;
    v_slot := tstzrange(v_line.starts, v_line.ends);
    for v_other in
        select r.*
        from inventory.asset a
        join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
        where a.centre_id = p_resource.centre_id and a.model_id = v_model_id and r.id <> all (p_avoid) and r.id <> p_resource.id
          and bookings.stands_in_for(r, p_resource)
        order by a.inventory_number
    loop
        continue when exists (
            select from bookings.line l
            where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.resource_id = v_other.id);
        -- Nor here is what has lapsed in the way.
        if v_has_lapsed then
            perform bookings.release_lapsed(array[v_other.id], array[v_line.starts], array[v_line.ends]);
        end if;
        -- Without the lock to pass over what is taken, and with it to be sure.
        for v_look in 1 .. 2 loop
            exit when v_other.retired_at <= v_line.ends
                or platforms.most_taken(v_other.centre_id, v_other.id, v_line.starts - v_setup, v_line.ends + v_cleanup) > 0
                or bookings.service_rules(null, v_other, 'UTC', v_slot) <> '[]'
                or (maintenance.lent_to_others(v_other.centre_id, v_other.id, v_slot, v_caller_centre)).id is not null
                or maintenance.place_at(v_other, v_line.starts) is distinct from maintenance.place_at(p_resource, v_line.starts);
            if v_look = 1 then
                exit when not bookings.try_locks(platforms.room_locks(v_other, v_slot));
                continue;
            end if;
            update platforms.occupancy o set resource_id = v_other.id
            where o.centre_id = p_resource.centre_id and o.holder_id = p_booking and o.line_number = p_line
              and o.resource_id = p_resource.id;
            update bookings.line l set resource_id = v_other.id
            where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number = p_line;
            perform bookings.rename_assignment(v_booking.centre_id, p_booking, p_resource.id, v_other.id);
            perform bookings.stay(
                v_booking, v_booking.state, v_booking.flags, v_booking.at_risk_until, null, 'exchanged', 'booking.moved', v_now);
            return true;
        end loop;
    end loop;
    return false;
end
$$;
