-- "Any k of this model" as a line of a booking; units that the server chose are exchanged for others to make room.
-- lock class: none (a new table, functions, types)

-- MARK: What was chosen

create table bookings.assignment (
    centre_id smallint not null,
    booking_id uuid not null,
    resource_id uuid not null,
    model_id uuid not null,
    constraint assignment_pkey primary key (centre_id, booking_id, resource_id),
    constraint assignment_booking foreign key (centre_id, booking_id) references bookings.booking (centre_id, id),
    constraint assignment_model foreign key (model_id) references inventory.model (id)
);
comment on table bookings.assignment is
    'Units of a booking that were chosen where it asked for any of a model: bookings.exchange_unit may give it another until the freeze. What is named has no row here. By resource and not by line: a change writes the lines anew.';
alter table bookings.assignment enable row level security;
alter table bookings.assignment force row level security;
create policy assignment_functions on bookings.assignment to plateau_functions using (true) with check (true);
create policy assignment_actor on bookings.assignment for select to plateau_app using (
    exists (select from bookings.booking b where b.centre_id = assignment.centre_id and b.id = assignment.booking_id));
grant select, insert, update, delete on bookings.assignment to plateau_functions;
grant select on bookings.assignment to plateau_app;
-- A kit's unit is exchanged with it.
grant update, delete on bookings.kit_line to plateau_functions;

alter type bookings.kit_piece add attribute model_id uuid;
comment on type bookings.kit_piece is
    'A line that a line asked for (asked: its number) comes to. kit_id: null where no kit was asked for. model_id: where the unit was chosen. seats 0: the whole.';
alter type bookings.kit_verdict add attribute models uuid[], add attribute model_names text[];
comment on type bookings.kit_verdict is
    'bookings.verdict and the lines that it is about, all parallel; kits and models: 0 where a line came from none. Rules carry the number of the line that was asked for.';
create type bookings.shortage as (
    asked integer, member smallint, model_id uuid, model_name text, needed integer, free integer, units integer);
comment on type bookings.shortage is
    'A line or (member not null) a kit''s member that asks for more units of a model than have room: needed, free of others, and how many there are.';

-- MARK: Exchanging units

create function bookings.freeze_lead() returns interval
    language sql immutable
as $$ select interval '24 hours' $$;
comment on function bookings.freeze_lead() is
    'How long before its set-up a unit that was chosen stays what it is: whoever comes has been told which.';

create function bookings.stands_in_for(p_other platforms.resource, p_resource platforms.resource) returns boolean
    language sql stable
as $$
    select (p_other.centre_id, p_other.kind, p_other.site_id, p_other.calendar_id, p_other.parent_id, p_other.is_shared,
            p_other.setup_minutes, p_other.cleanup_minutes, p_other.minimum_minutes, p_other.maximum_minutes, p_other.grid_minutes,
            p_other.notice_minutes, p_other.horizon_days, p_other.person_limit, p_other.supervision)
           is not distinct from
           (p_resource.centre_id, p_resource.kind, p_resource.site_id, p_resource.calendar_id, p_resource.parent_id, p_resource.is_shared,
            p_resource.setup_minutes, p_resource.cleanup_minutes, p_resource.minimum_minutes, p_resource.maximum_minutes,
            p_resource.grid_minutes, p_resource.notice_minutes, p_resource.horizon_days, p_resource.person_limit, p_resource.supervision)
       and (not (p_other.has_terms or p_resource.has_terms)
            or to_jsonb(bookings.terms_of(p_other)) - '{centre_id,resource_id,version}'::text[]
               is not distinct from to_jsonb(bookings.terms_of(p_resource)) - '{centre_id,resource_id,version}'::text[])
       and (not (p_other.has_prerequisites or p_resource.has_prerequisites)
            or array(select (q.holder, q.attestation)::text from platforms.prerequisite q
                     where q.centre_id = p_other.centre_id and q.resource_id = p_other.id order by 1)
               = array(select (q.holder, q.attestation)::text from platforms.prerequisite q
                       where q.centre_id = p_resource.centre_id and q.resource_id = p_resource.id order by 1))
       and (not (p_other.has_priority or p_resource.has_priority)
            or array(select (w.audiences, w.season_from, w.season_to, w.release_days)::text from platforms.priority_window w
                     where w.centre_id = p_other.centre_id and w.resource_id = p_other.id order by 1)
               = array(select (w.audiences, w.season_from, w.season_to, w.release_days)::text from platforms.priority_window w
                       where w.centre_id = p_resource.centre_id and w.resource_id = p_resource.id order by 1))
$$;
comment on function bookings.stands_in_for(platforms.resource, platforms.resource) is
    'Whether a unit has every rule of use of another, so that what was allowed there is allowed here without being judged again: same place, calendar, durations, buffers, supervision, terms, prerequisites and seasons.';

create function bookings.try_locks(p_keys bigint[]) returns boolean
    language plpgsql volatile
as $$
begin
    for i in 1 .. coalesce(cardinality(p_keys), 0) loop
        if not pg_try_advisory_xact_lock(p_keys[i]) then
            return false;
        end if;
    end loop;
    return true;
end
$$;
comment on function bookings.try_locks(bigint[]) is
    'Locks besides those that are held already, out of their order: nobody waits for them, so that no ring of waiting comes about.';

create function bookings.exchange_unit(p_booking uuid, p_line smallint, p_resource platforms.resource, p_avoid uuid[]) returns boolean
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
comment on function bookings.exchange_unit(uuid, smallint, platforms.resource, uuid[]) is
    'Gives a line whose unit was chosen another unit of the model that has every rule of the first and room, not one of avoid. Never one that was named, nor within the freeze, nor what is in use, fetched, or drawn on a quota. The caller holds the locks of the first unit''s room.';

create function bookings.rename_assignment(p_centre_id smallint, p_booking uuid, p_from uuid, p_to uuid) returns void
    language plpgsql volatile
as $$
begin
    -- A row that a change left behind.
    delete from bookings.assignment w where w.centre_id = p_centre_id and w.booking_id = p_booking and w.resource_id = p_to;
    delete from bookings.kit_line w where w.centre_id = p_centre_id and w.booking_id = p_booking and w.resource_id = p_to;
    update bookings.assignment w set resource_id = p_to
    where w.centre_id = p_centre_id and w.booking_id = p_booking and w.resource_id = p_from;
    update bookings.kit_line w set resource_id = p_to
    where w.centre_id = p_centre_id and w.booking_id = p_booking and w.resource_id = p_from;
end
$$;
comment on function bookings.rename_assignment(smallint, uuid, uuid, uuid) is
    'What a line came from goes with it to its new unit, of which the booking has no other line.';

create function bookings.clear_unit(p_resource platforms.resource, p_slot tstzrange, p_avoid uuid[]) returns boolean
    language plpgsql volatile
as $$
declare
    v_holder record;
    v_starts timestamptz := lower(p_slot) - make_interval(mins => p_resource.setup_minutes);
    v_ends timestamptz := upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes);
begin
    select count(*) over () as holders, o.holder_id, o.line_number into v_holder
    from platforms.occupancy o
    where o.centre_id = p_resource.centre_id and o.resource_id = p_resource.id
      and o.ends > v_starts and o.ends <= v_ends + interval '25 hours' and o.starts < v_ends
    group by o.holder_id, o.line_number limit 1;
    return coalesce(v_holder.holders, 0) = 1
        and bookings.exchange_unit(v_holder.holder_id, v_holder.line_number, p_resource, p_avoid);
end
$$;
comment on function bookings.clear_unit(platforms.resource, tstzrange, uuid[]) is
    'Frees a unit for a slot by one exchange, where one line alone stands in the way of it.';

create function bookings.make_room(p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[]) returns boolean
    language plpgsql volatile
as $$
declare
    v_line record;
    v_has_made boolean := false;
begin
    for v_line in
        select r as resource, tstzrange(l.starts, l.ends) as slot
        from unnest(p_resources, p_starts, p_ends) with ordinality as l (resource_id, starts, ends, number)
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        where r.kind = 'equipment'
          and platforms.most_taken(
              r.centre_id, r.id, l.starts - make_interval(mins => r.setup_minutes), l.ends + make_interval(mins => r.cleanup_minutes)) > 0
        order by l.number
    loop
        if not bookings.clear_unit(v_line.resource, v_line.slot, p_resources) then
            return false;
        end if;
        v_has_made := true;
    end loop;
    return v_has_made;
end
$$;
comment on function bookings.make_room(uuid[], timestamptz[], timestamptz[]) is
    'Exchanges at most one chosen unit for each unit that is asked for and taken. false: not all of them are free now; the caller takes back what was done.';

create function bookings.free_units(
    p_shortages bookings.shortage[], p_without_room bookings.kit_piece[], p_pieces bookings.kit_piece[], out units uuid[],
    out starts timestamptz[], out ends timestamptz[])
    returns setof record
    language plpgsql volatile
as $$
declare
    v_shortage bookings.shortage;
    v_missing integer;
    v_unit record;
    v_kept uuid[] := array(
        select p.resource_id from unnest(p_pieces) p
        where not exists (select from unnest(p_without_room) f where f.resource_id = p.resource_id));
begin
    units := '{}';
    starts := '{}';
    ends := '{}';
    foreach v_shortage in array p_shortages loop
        v_missing := v_shortage.needed - v_shortage.free;
        for v_unit in
            select r as resource, f.starts, f.ends
            from unnest(p_without_room) with ordinality as f (
                asked, kit_id, kit_version, kit_name, member, name, resource_id, starts, ends, seats, persons, model_id, number)
            join platforms.resource r on r.centre_id = plateau.centre_of(f.resource_id) and r.id = f.resource_id
            where f.asked = v_shortage.asked and f.member is not distinct from v_shortage.member
            order by f.number
        loop
            exit when v_missing = 0;
            continue when (v_unit.resource).id = any (units)
                or not bookings.try_locks(platforms.room_locks(v_unit.resource, tstzrange(v_unit.starts, v_unit.ends)))
                or not bookings.clear_unit(v_unit.resource, tstzrange(v_unit.starts, v_unit.ends), v_kept || units);
            units := units || (v_unit.resource).id;
            starts := starts || v_unit.starts;
            ends := ends || v_unit.ends;
            v_missing := v_missing - 1;
        end loop;
        if v_missing > 0 then
            return;
        end if;
    end loop;
    return next;
end
$$;
comment on function bookings.free_units(bookings.shortage[], bookings.kit_piece[], bookings.kit_piece[]) is
    'Frees as many units as are lacking by one exchange each; the units that are free now, and when. No row: that is not possible; the caller takes back what was done.';

-- MARK: Units for those who wait

create function bookings.choose_anew(p_booking bookings.booking) returns void
    language plpgsql volatile
as $$
declare
    v_line record;
    v_other uuid;
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
comment on function bookings.choose_anew(bookings.booking) is
    'For each line of a booking that takes no room yet and asked for any of a model: a unit that has room now, where its own has none.';

create or replace function bookings.again(
    p_booking bookings.booking, p_key uuid, p_as text, p_expires_at timestamptz, p_reason text, p_overridden text[])
    returns bookings.verdict
    language plpgsql volatile
as $$
declare
    v_verdict bookings.verdict;
    v_lines record;
begin
    begin
        if p_booking.state in ('draft', 'waitlisted') then
            perform bookings.choose_anew(p_booking);
        end if;
        select array_agg(l.resource_id order by l.number) as resources, array_agg(l.starts order by l.number) as starts,
               array_agg(l.ends order by l.number) as ends,
               array_agg(case when l.is_exclusive then 0 else l.seats end order by l.number) as seats,
               array_agg(coalesce(l.persons::integer, -1) order by l.number) as persons
        into v_lines
        from bookings.line l where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id;
        v_verdict := bookings.reserve(
            p_booking.id, p_booking.reference, p_key, p_booking.organisation_id, p_booking.activity, p_booking.audiences,
            p_booking.head_counts, p_booking.accompanying, p_booking.title, p_booking.contact_name, p_booking.contact_email,
            p_booking.programme, v_lines.resources, v_lines.starts, v_lines.ends, v_lines.seats, null, null, false, v_lines.persons,
            p_booking.supervision, p_as, p_expires_at, p_booking.version, p_reason, p_overridden, p_booking.holder_roles,
            p_booking.holders, p_booking.offer_id);
        if v_verdict.outcome <> 'changed' then
            raise exception 'undone' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        null;
    end;
    return v_verdict;
end
$$;

create or replace function bookings.waits_for(p_resource uuid, p_starts timestamptz, p_ends timestamptz) returns setof bookings.waiting
    language plpgsql stable
as $$
begin
    -- Of the resource, of a part of it, or of what it is a part of: a row of occupancy stands for each of them.
    return query
    select distinct w.*
    from bookings.waiting w
    join bookings.booking b on b.centre_id = w.centre_id and b.id = w.booking_id and b.state = 'waitlisted'
    join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    where (r.id = p_resource or p_resource = any (r.ancestors)
           -- Whoever waits for any of a model waits for each.
           or exists (
               select from bookings.assignment w
               join inventory.asset a on a.model_id = w.model_id and a.centre_id = plateau.centre_of(p_resource) and a.id = p_resource
               where w.centre_id = l.centre_id and w.booking_id = l.booking_id and w.resource_id = l.resource_id))
      and l.starts - make_interval(mins => r.setup_minutes) < p_ends and l.ends + make_interval(mins => r.cleanup_minutes) > p_starts;
end
$$;

-- MARK: Booking any of a model

create function bookings.no_free_unit(p_shortage bookings.shortage, p_taken uuid[]) returns jsonb
    language sql stable
as $$
    select bookings.rule(
        p_shortage.asked, 'capacity', 'noFreeUnit', jsonb_strip_nulls(jsonb_build_object(
            'modelId', p_shortage.model_id, 'modelName', p_shortage.model_name, 'needed', p_shortage.needed, 'free', p_shortage.free,
            'units', p_shortage.units, 'taken', nullif(to_jsonb(p_taken), '[]'))))
$$;
comment on function bookings.no_free_unit(bookings.shortage, uuid[]) is
    'The refusal of a line that asks for more units of a model than are free together; taken: of those that are not, as many as are lacking.';

create function bookings.kit_rules(p_rules jsonb, p_pieces bookings.kit_piece[], p_shortages bookings.shortage[]) returns jsonb
    language sql stable
as $$
    with told as (
        select e.n, e.rule, p.asked, p.kit_id, p.kit_name, p.member, p.name, p.resource_id, p.model_id, e.rule ->> 'code' as code,
               p.kit_id is null and p.model_id is not null as is_any
        from jsonb_array_elements(p_rules) with ordinality as e (rule, n)
        left join unnest(p_pieces) with ordinality as p (
            asked, kit_id, kit_version, kit_name, member, name, resource_id, starts, ends, seats, persons, model_id, n)
            on p.n = (e.rule ->> 'line')::bigint
    )
    select jsonb_agg(
               case when t.asked is null then t.rule
                    when t.is_any and t.code = 'unitTaken' and s.asked is not null then bookings.no_free_unit(s, array(
                        select u.resource_id from told u where u.asked = t.asked and u.is_any and u.code = 'unitTaken' order by u.n))
                    else t.rule || jsonb_build_object(
                        'line', t.asked,
                        'facts', (t.rule -> 'facts') || case
                            when t.kit_id is not null then jsonb_build_object(
                                'kitId', t.kit_id, 'kitName', t.kit_name, 'member', t.member, 'memberId', t.resource_id, 'memberName', t.name)
                            when t.is_any then jsonb_build_object('memberId', t.resource_id, 'memberName', t.name)
                            else '{}'::jsonb end) end
               order by t.n)
    from told t
    left join unnest(p_shortages) as s on s.asked = t.asked and s.member is null
    -- What stands against each unit of a model in the same way is said once.
    where not t.is_any
       or not exists (select from told u where u.asked = t.asked and u.is_any and u.code = t.code and u.n < t.n)
$$;
comment on function bookings.kit_rules(jsonb, bookings.kit_piece[], bookings.shortage[]) is
    'Rules about the lines that a request came to, as rules about the lines that were asked for. Of a kit they name the member; of a model those that are the same for all its units are one, and units that are taken are noFreeUnit.';

drop function bookings.lock_kit_batch(uuid, uuid, uuid[], uuid[], boolean[], timestamptz[], timestamptz[]);
drop function bookings.reserve_kits(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], boolean[], timestamptz[], timestamptz[],
    integer[], boolean, integer[], text, text, timestamptz, text, text[], text[], uuid[], uuid, uuid[], timestamptz[], timestamptz[]);
drop function bookings.lock_kits(
    uuid[], boolean[], timestamptz[], timestamptz[], integer[], integer[], uuid[], smallint[], smallint, integer);
drop function bookings.kit_pieces(
    uuid[], boolean[], timestamptz[], timestamptz[], integer[], integer[], uuid[], smallint[], smallint, uuid[], timestamptz[],
    timestamptz[], integer, integer);
drop function bookings.lenders_to_kits(uuid, uuid[], boolean[], timestamptz[], timestamptz[], uuid[]);

create function bookings.lenders_to_kits(
    p_key uuid, p_things uuid[], p_are_kits boolean[], p_models uuid[], p_starts timestamptz[], p_ends timestamptz[],
    p_organisations uuid[])
    returns smallint[]
    language sql stable
as $$
    select coalesce(array_agg(distinct w.lender order by w.lender), '{}')
    from (
        select distinct o.id, o.centre_id, l.centre_id as lender
        from unnest(p_things, p_are_kits, p_models, p_starts, p_ends, p_organisations)
             as t (thing, is_kit, model_id, starts, ends, organisation_id)
        join access.organisation o on o.id = t.organisation_id and o.centre_id = plateau.centre_of(t.thing)
        cross join lateral (
            select m.model_id
            from inventory.kit k
            join inventory.kit_member m on m.centre_id = k.centre_id and m.kit_id = k.id and m.version = k.version
            where t.is_kit and k.centre_id = o.centre_id and k.id = t.thing and m.model_id is not null
            union all
            select t.model_id where t.model_id is not null) m
        join maintenance.loan l on l.borrower = o.centre_id and l.state = 'accepted' and l.ended_at is null
             and l.during @> tstzrange(t.starts, t.ends)
        join inventory.asset a on a.centre_id = l.centre_id and a.id = l.asset_id and a.model_id = m.model_id) w
    -- A unit of theirs that is chosen has to be one that the key may book.
    where access.may_book_for(p_key, w.id, array[w.centre_id, w.lender])
$$;
comment on function bookings.lenders_to_kits(uuid, uuid[], boolean[], uuid[], timestamptz[], timestamptz[], uuid[]) is
    'The centres that lend a centre something of a model that a line (thing: a kit of it, or what carries its number where models names one) asks for, for the whole of the line, as far as a key may book there. What is borrowed is for the borrower''s own organisation alone.';

create function bookings.kit_pieces(
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
comment on function bookings.kit_pieces(
    uuid[], boolean[], uuid[], timestamptz[], timestamptz[], integer[], integer[], uuid[], smallint[], smallint, uuid[], timestamptz[],
    timestamptz[], integer, integer) is
    'The lines that a request with kits and models comes to, by the kits as they are now, and the rules against them. Where models has one, the line asks for seats units of it at the centre whose number its thing carries. Of a model those assets are chosen that have room and are lent to nobody else. choices: what was chosen of models, with so many spares more where there are some; without_room: what was looked at besides; lacking: for each line and member of a model how many those with room are too few, shortages: the same of those that lack some. home: the centre of the booking (null: of several bookings), of which something has to be there beside what is borrowed. among and its times: what may be chosen for lines of exactly that time; null: anything. most_locks: with it locks are the rooms'' of it all, unsorted, and as soon as they are more the rest is not looked at. things (a kit where are_kits says so) and the rest are parallel; organisations: whom each line is for.';

create function bookings.lock_kits(
    p_things uuid[], p_are_kits boolean[], p_models uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[],
    p_persons integer[],
    p_organisations uuid[], p_lenders smallint[], p_home smallint, p_most_locks integer,
    out outcome text, out among uuid[], out among_starts timestamptz[], out among_ends timestamptz[], out pieces bookings.kit_piece[],
    out shortages bookings.shortage[], out rules jsonb)
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
            p_things, p_are_kits, p_models, p_starts, p_ends, p_seats, p_persons, p_organisations, p_lenders, p_home, null, null, null,
            -- Of many kits together fewer each.
            greatest(v_try, 4 * v_try / greatest(
                1, cardinality(array_positions(p_are_kits, true)) + cardinality(array_remove(p_models, null)))), p_most_locks);
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
                p_things, p_are_kits, p_models, p_starts, p_ends, p_seats, p_persons, p_organisations, p_lenders, p_home, among,
                among_starts, among_ends, 0, null);
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
    shortages := v_locked.shortages;
    rules := case when v_found.rules <> '[]' then v_found.rules else v_locked.rules end;
end
$$;
comment on function bookings.lock_kits(
    uuid[], boolean[], uuid[], timestamptz[], timestamptz[], integer[], integer[], uuid[], smallint[], smallint, integer) is
    'Looks without locks what the lines come to, locks that with a few spares of each model, and looks again among what was chosen and is locked; five times at most, each with more spares, as long as a member lacks more than it did without locks. outcome: locked (with what it came to; among and its times: what was chosen from), tooManyLines (more than so many locks). The caller holds the locks of labels and organisations.';

create function bookings.reserve_kits(
    p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_things uuid[],
    p_are_kits boolean[], p_models uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_dry_run boolean,
    p_persons integer[],
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
    v_shortages bookings.shortage[];
    v_freed record;
    v_among uuid[] := p_among;
    v_among_starts timestamptz[] := p_among_starts;
    v_among_ends timestamptz[] := p_among_ends;
begin
    if not access.may_book_for(
           p_key, p_organisation, array(select distinct plateau.centre_of(t) from unnest(p_things) t)) then
        v_answer.outcome := 'forbidden';
        return v_answer;
    end if;
    v_lenders := bookings.lenders_to_kits(p_key, p_things, p_are_kits, p_models, p_starts, p_ends, v_organisations);
    if p_among is not null then
        select null as outcome, p.pieces, p.shortages, p.rules into v_found
        from bookings.kit_pieces(
            p_things, p_are_kits, p_models, p_starts, p_ends, p_seats, p_persons, v_organisations, v_lenders, v_home, p_among,
            p_among_starts, p_among_ends, 0, null) p;
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
        select l.outcome, l.pieces, l.shortages, l.rules, l.among, l.among_starts, l.among_ends into v_found
        from bookings.lock_kits(
            p_things, p_are_kits, p_models, p_starts, p_ends, p_seats, p_persons, v_organisations, v_lenders, v_home,
            -- Without the turn of those who take more.
            500) l;
        v_among := v_found.among;
        v_among_starts := v_found.among_starts;
        v_among_ends := v_found.among_ends;
    end if;
    v_shortages := v_found.shortages;
    if v_found.outcome = 'tooManyLines' then
        v_answer.outcome := 'tooManyLines';
        return v_answer;
    elsif v_found.rules <> '[]' then
        v_answer.outcome := 'refused';
        v_answer.rules := v_found.rules;
        return v_answer;
    elsif cardinality(v_found.pieces) > 100 then
        v_answer.outcome := 'tooManyLines';
        return v_answer;
    end if;
    -- Where units with room are too few, first with others exchanged to make room, then as it is.
    for v_attempt in case when v_shortages = '{}' or p_as = 'draft' then 2 else 1 end .. 2 loop
        v_verdict := null;
        begin
            v_pieces := v_found.pieces;
            if v_attempt = 1 then
                -- Any unit may be freed, not only those that were locked.
                select f.* into v_freed
                from bookings.kit_pieces(
                    p_things, p_are_kits, p_models, p_starts, p_ends, p_seats, p_persons, v_organisations, v_lenders, v_home, null, null,
                    null, 0, null) a
                cross join lateral bookings.free_units(v_shortages, a.without_room, v_found.pieces) f;
                if found then
                    -- A statement of its own, which sees what was done.
                    select p.pieces into v_pieces
                    from bookings.kit_pieces(
                        p_things, p_are_kits, p_models, p_starts, p_ends, p_seats, p_persons, v_organisations, v_lenders, v_home,
                        v_among || v_freed.units, v_among_starts || v_freed.starts, v_among_ends || v_freed.ends, 0, null) p
                    where p.shortages = '{}';
                end if;
                if not found then
                    raise exception 'undone' using errcode = 'PL001';
                end if;
            end if;
            v_answer.resources := array(select (v_pieces[n]).resource_id from generate_subscripts(v_pieces, 1) n order by n);
            v_answer.starts := array(select (v_pieces[n]).starts from generate_subscripts(v_pieces, 1) n order by n);
            v_answer.ends := array(select (v_pieces[n]).ends from generate_subscripts(v_pieces, 1) n order by n);
            v_answer.asked_seats := array(select (v_pieces[n]).seats from generate_subscripts(v_pieces, 1) n order by n);
            v_answer.persons := array(select (v_pieces[n]).persons from generate_subscripts(v_pieces, 1) n order by n);
            v_verdict := bookings.reserve(
                p_booking, p_reference, p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, v_answer.resources, v_answer.starts, v_answer.ends, v_answer.asked_seats,
                null, null, p_dry_run, v_answer.persons, p_supervision, p_as, p_expires_at, null, p_reason, p_overridden, p_holder_roles,
                p_holders, p_offer);
            exit when v_attempt = 2 or v_verdict.outcome = 'created' and v_verdict.state <> 'waitlisted';
            raise exception 'undone' using errcode = 'PL001';
        exception when sqlstate 'PL001' then
            -- What it said stands, though nobody's unit is exchanged for it.
            exit when v_verdict.outcome is not null and v_verdict.state is distinct from 'waitlisted';
        end;
    end loop;
    v_answer.kits := array(
        select coalesce((v_pieces[n]).kit_id, '00000000-0000-0000-0000-000000000000') from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.kit_names := array(select coalesce((v_pieces[n]).kit_name, '') from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.models := array(
        select coalesce((v_pieces[n]).model_id, '00000000-0000-0000-0000-000000000000') from generate_subscripts(v_pieces, 1) n order by n);
    v_answer.model_names := array(
        select coalesce(concat_ws(' ', d.manufacturer, d.name), '')
        from generate_subscripts(v_pieces, 1) n left join inventory.model d on d.id = (v_pieces[n]).model_id order by n);
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
    v_answer.rules := bookings.kit_rules(v_verdict.rules, v_pieces, v_shortages);
    if v_verdict.outcome = 'created' then
        insert into bookings.kit_line (centre_id, booking_id, resource_id, kit_id, kit_version)
        select distinct plateau.centre_of(p_booking), p_booking, p.resource_id, p.kit_id, p.kit_version
        from unnest(v_pieces) p where p.kit_id is not null;
        insert into bookings.assignment (centre_id, booking_id, resource_id, model_id)
        select distinct plateau.centre_of(p_booking), p_booking, p.resource_id, p.model_id
        from unnest(v_pieces) p where p.model_id is not null;
    end if;
    return v_answer;
end
$$;
comment on function bookings.reserve_kits(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], boolean[], uuid[], timestamptz[],
    timestamptz[], integer[], boolean, integer[], text, text, timestamptz, text, text[], text[], uuid[], uuid, uuid[], timestamptz[],
    timestamptz[]) is
    'bookings.reserve for a request in which some lines ask for a kit or for any of a model: each comes to the lines of its members or units, all or none. Where units with room are too few, others'' chosen units are exchanged to make room, at most one for each. among and its times: what bookings.lock_kit_batch has locked, where it did; null: the locks are taken here. outcome besides: tooManyLines (of a hundred, or five hundred locks). A rule names the member that it is about (kitId, kitName, member, memberId, memberName).';

create function bookings.lock_kit_batch(
    p_batch uuid, p_key uuid, p_organisations uuid[], p_things uuid[], p_are_kits boolean[], p_models uuid[], p_seats integer[],
    p_starts timestamptz[], p_ends timestamptz[],
    out outcome text, out among uuid[], out among_starts timestamptz[], out among_ends timestamptz[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_lines integer[];
    v_organisations uuid[];
    v_things uuid[];
    v_are_kits boolean[];
    v_models uuid[];
    v_seats integer[];
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
    v_models := array(select p_models[n] from unnest(v_lines) n);
    v_seats := array(select p_seats[n] from unnest(v_lines) n);
    v_starts := array(select p_starts[n] from unnest(v_lines) n);
    v_ends := array(select p_ends[n] from unnest(v_lines) n);
    v_lenders := bookings.lenders_to_kits(p_key, v_things, v_are_kits, v_models, v_starts, v_ends, v_organisations);
    v_centres := v_lenders || array(select plateau.centre_of(t) from unnest(v_things) t);
    -- The turn, labels and organisations: the id of a centre names no room.
    perform bookings.lock_lines(
        p_batch, array(select distinct o from unnest(v_organisations) o),
        array(select c.id from centres.centre c where c.centre_id = any (v_centres)), '{}', '{}');
    select l.outcome, l.among, l.among_starts, l.among_ends into outcome, among, among_starts, among_ends
    from bookings.lock_kits(
        v_things, v_are_kits, v_models, v_starts, v_ends, v_seats,
        array_fill(-1, array[cardinality(v_lines)]), v_organisations, v_lenders, null, 1000) l;
end
$$;
comment on function bookings.lock_kit_batch(uuid, uuid, uuid[], uuid[], boolean[], uuid[], integer[], timestamptz[], timestamptz[]) is
    'bookings.lock_batch for a batch in which some lines ask for a kit or for seats units of a model: they are looked at together, so that none is to have what another takes. outcome: locked (among and its times: what they may choose from, each for lines of that time), tooManyLines (more than a thousand locks).';

-- MARK: What may be had instead

create function bookings.other_moments(p_starts timestamptz, p_zone text) returns table (at timestamptz)
    language sql stable
as $$
    select plateau.instant_of((p_starts at time zone p_zone) + make_interval(days => d.days), p_zone)
    from generate_series(-7, 28) as d (days) where d.days <> 0
    union
    select p_starts + make_interval(mins => 30 * s.half) from generate_series(-24, 24) as s (half)
    where s.half <> 0 and plateau.local_day(p_starts + make_interval(mins => 30 * s.half), p_zone) = plateau.local_day(p_starts, p_zone)
$$;
comment on function bookings.other_moments(timestamptz, text) is
    'When something might begin instead: the same hour from a week before to four after, and every half hour of the same day.';

create function bookings.pieces_fit(
    p_pieces bookings.kit_piece[], p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[],
    p_persons integer, p_now timestamptz, p_key uuid, p_activity text, p_supervision text, p_holder_roles text[], p_holders uuid[])
    returns boolean
    language plpgsql stable
as $$
declare
    v_piece bookings.kit_piece;
    v_resource platforms.resource;
    v_zone text;
    v_verdict text;
begin
    foreach v_piece in array p_pieces loop
        select r.* into v_resource from platforms.resource r
        where r.centre_id = plateau.centre_of(v_piece.resource_id) and r.id = v_piece.resource_id;
        select s.zone into v_zone from centres.site s where s.centre_id = v_resource.centre_id and s.id = v_resource.site_id;
        select o.verdict into v_verdict
        from bookings.outlook(
            v_resource, v_zone, tstzrange(v_piece.starts, v_piece.ends), p_organisation, p_caller_centre, p_audiences, p_head_counts,
            case v_piece.seats when 0 then v_resource.capacity else v_piece.seats end, p_persons, p_now, p_key, p_activity,
            p_supervision, p_holder_roles, p_holders) o;
        if v_verdict = 'deny' then
            return false;
        end if;
    end loop;
    return true;
end
$$;
comment on function bookings.pieces_fit(
    bookings.kit_piece[], uuid, smallint, text[], integer[], integer, timestamptz, uuid, text, text, text[], uuid[]) is
    'Whether nothing that is known now stands against any of some lines.';

create or replace function bookings.kit_alternatives(
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
        )
        select l.id, l.name, w.at, w.at + (p_ends - p_starts) as until
        from likely l
        cross join lateral (
            select p_starts as at where not l.is_itself
            union all
            select m.at from bookings.other_moments(p_starts, v_zone) m where l.is_itself) w
        where w.at >= v_now
        -- The same time with another kit, then the nearest times of this one.
        order by l.is_itself, l.shared desc, abs(extract(epoch from w.at - p_starts)), w.at
        limit p_most_judged
    loop
        select p.pieces, p.rules into v_pieces
        from bookings.kit_pieces(
            array[v_case.id], array[true], array[null::uuid], array[v_case.at], array[v_case.until], array[0], array[-1],
            array[p_organisation],
            bookings.lenders_to_kits(
                p_key, array[v_case.id], array[true], array[null::uuid], array[v_case.at], array[v_case.until], array[p_organisation]),
            v_centre, null, null, null, 0, null) p;
        if v_pieces.rules = '[]' and bookings.pieces_fit(
               v_pieces.pieces, p_organisation, v_caller_centre, p_audiences, p_head_counts, p_persons, v_now, p_key, p_activity,
               p_supervision, p_holder_roles, p_holders) then
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

create function bookings.model_alternatives(
    p_model uuid, p_centre uuid, p_amount integer, p_starts timestamptz, p_ends timestamptz, p_key uuid, p_organisation uuid,
    p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text, p_holder_roles text[],
    p_holders uuid[], p_limit integer, p_most_judged integer)
    returns table (centre_id uuid, name text, starts timestamptz, ends timestamptz)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre smallint := plateau.centre_of(p_centre);
    v_now timestamptz := plateau.clock();
    v_caller_centre smallint;
    v_zone text;
    v_found integer := 0;
    v_case record;
    v_pieces record;
begin
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    select c.zone into v_zone from centres.centre c where c.centre_id = v_centre;
    for v_case in
        with place as (
            -- Where there are as many of the model: itself, and the nearest.
            select c.centre_id, c.id, n.name, c.centre_id = v_centre as is_itself,
                   min(plateau.kilometres(h.latitude, h.longitude, s.latitude, s.longitude)) as kilometres
            from inventory.asset a
            join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id and r.retired_at is null
            join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
            join centres.centre c on c.centre_id = a.centre_id
            join centres.centre_name n on n.centre_id = c.centre_id and n.during @> plateau.local_day(v_now, c.zone)
            left join centres.site h on h.centre_id = v_centre
            where a.model_id = p_model and access.may_book_for(p_key, p_organisation, array[c.centre_id])
            group by c.centre_id, c.id, n.name
            having count(distinct a.id) >= p_amount or c.centre_id = v_centre
            order by c.centre_id <> v_centre, 5 nulls last, c.centre_id limit 6
        )
        select l.id, l.name, w.at, w.at + (p_ends - p_starts) as until
        from place l
        cross join lateral (
            select p_starts as at where not l.is_itself
            union all
            select m.at from bookings.other_moments(p_starts, v_zone) m where l.is_itself) w
        where w.at >= v_now
        -- The same day here, the same time elsewhere, then other days here.
        order by case when not l.is_itself then 1
                      when plateau.local_day(w.at, v_zone) = plateau.local_day(p_starts, v_zone) then 0 else 2 end,
                 l.kilometres nulls last, abs(extract(epoch from w.at - p_starts)), w.at, l.centre_id
        limit p_most_judged
    loop
        select p.pieces, p.rules, p.shortages into v_pieces
        from bookings.kit_pieces(
            array[v_case.id], array[false], array[p_model], array[v_case.at], array[v_case.until], array[p_amount], array[-1],
            array[p_organisation],
            bookings.lenders_to_kits(
                p_key, array[v_case.id], array[false], array[p_model], array[v_case.at], array[v_case.until], array[p_organisation]),
            plateau.centre_of(v_case.id), null, null, null, 0, null) p;
        if v_pieces.rules = '[]' and v_pieces.shortages = '{}' and bookings.pieces_fit(
               v_pieces.pieces, p_organisation, v_caller_centre, p_audiences, p_head_counts, p_persons, v_now, p_key, p_activity,
               p_supervision, p_holder_roles, p_holders) then
            centre_id := v_case.id;
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
comment on function bookings.model_alternatives(
    uuid, uuid, integer, timestamptz, timestamptz, uuid, uuid, text, text[], integer[], integer, text, text[], uuid[], integer, integer) is
    'Where and when so many units of a model could be had instead, best first: the same day at the centre asked for, the same time at others that have as many (nearest first), other days at that centre. No exchange is counted on.';

-- MARK: Booking by name

create or replace function bookings.reserve(
    p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts
    timestamptz[], p_ends timestamptz[], p_seats integer[], p_idempotency_key text, p_request_hash bytea, p_dry_run boolean,
    p_persons integer[] default null::integer[], p_supervision text default null::text, p_as text default 'booked'::text,
    p_expires_at timestamptz default null::timestamptz, p_version integer default null::integer, p_reason text default null::text,
    p_overridden text[] default null::text[], p_holder_roles text[] default null::text[], p_holders uuid[] default null::uuid[],
    p_offer uuid default null::uuid)
    returns bookings.verdict
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict bookings.verdict;
    v_other bookings.verdict;
    v_known access.idempotency;
    v_centre_id smallint := plateau.centre_of(p_booking);
    v_centres smallint[];
    v_caller_organisation uuid;
    v_caller_centre smallint;
    v_now timestamptz;
    v_starts timestamptz;
    v_ends timestamptz;
    v_lines integer := cardinality(p_resources);
    v_resources platforms.resource[];
    v_resource platforms.resource;
    v_zones text[];
    v_found record;
    v_slot tstzrange;
    v_gate labels.gate_result;
    v_rules jsonb := '[]'::jsonb;
    v_refused boolean := false;
    v_free integer;
    v_seats integer;
    v_locks bigint[] := '{}'::bigint[];
    v_setup interval;
    v_cleanup interval;
    v_participants integer := coalesce((select sum(n) from unnest(p_head_counts) n), 0);
    v_everybody integer := v_participants + p_accompanying;
    v_persons integer[] := '{}'::integer[];
    v_more_starts timestamptz[] := '{}'::timestamptz[];
    v_more_ends timestamptz[] := '{}'::timestamptz[];
    v_more_seats integer[] := '{}'::integer[];
    v_old bookings.booking;
    v_kind text;
    v_has_quota boolean;
    v_terms bookings.resource_terms;
    v_all_terms bookings.resource_terms[];
    v_approving smallint[] := '{}'::smallint[];
    v_set_aside jsonb := '[]'::jsonb;
    v_is_settled boolean;
begin
    -- Before anything is told of what was done under a key: a replay is for those who may book.
    select array_agg(distinct plateau.centre_of(r)) into v_centres from unnest(p_resources) r;
    if not access.may_book_for(p_key, p_organisation, v_centres) then
        v_verdict.outcome := 'forbidden';
        return v_verdict;
    end if;

    -- One key, one effect. A duplicate in flight is told so and never waits. The key is the caller's, whomever it books for.
    if p_idempotency_key is not null then
        select k.organisation_id into v_caller_organisation from access.api_key k where k.id = p_key;
        if not pg_try_advisory_xact_lock(hashtextextended(v_caller_organisation::text || p_idempotency_key, 77)) then
            v_verdict.outcome := 'inFlight';
            return v_verdict;
        end if;
        select * into v_known from access.idempotency k
        where k.organisation_id = v_caller_organisation and k.key = p_idempotency_key
          and k.created_at > plateau.clock() - interval '7 days';
        if found then
            if v_known.request_hash <> p_request_hash or v_known.subject_id is null then
                v_verdict.outcome := 'keyReused';
                return v_verdict;
            end if;
            return bookings.verdict_of(v_known.subject_id);
        end if;
    end if;

    select o.centre_id, o.kind, o.has_quota into v_caller_centre, v_kind, v_has_quota
    from access.organisation o where o.id = p_organisation;
    if not found then
        v_verdict.outcome := 'organisationUnknown';
        return v_verdict;
    end if;

    -- Labels and rules of use stand still while this lock is held; a decision takes it exclusively.
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key from unnest(v_centres || v_caller_centre) c where c is not null order by 1) k;
    v_now := plateau.clock();
    -- What an organisation may have at a time is counted by one booking after the other.
    if v_has_quota or p_as = 'held' then
        perform pg_advisory_xact_lock(bookings.organisation_lock(p_organisation));
    end if;

    -- Row by row: a join over the whole request reads every resource, because its plan is made for any number of lines.
    for i in 1 .. v_lines loop
        select r as resource, s.zone into v_found
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = plateau.centre_of(p_resources[i]) and r.id = p_resources[i];
        v_zones[i] := v_found.zone;
        v_starts := least(v_starts, p_starts[i]);
        v_ends := greatest(v_ends, p_ends[i]);
        if found then
            v_resource := v_found.resource;
            v_resources[i] := v_resource;
            v_locks := v_locks || platforms.room_locks(v_resource, tstzrange(p_starts[i], p_ends[i]));
        end if;
    end loop;

    -- Room: every day of every line, buffers included, in one ascending order for all callers.
    if cardinality(v_locks) > 1 then
        v_locks := array(select distinct k from unnest(v_locks) as k order by k);
    end if;
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));

    if p_version is not null then
        select * into v_old from bookings.booking b where b.centre_id = v_centre_id and b.id = p_booking for update;
        if v_old.version is distinct from p_version then
            v_verdict.outcome := 'versionMismatch';
            return v_verdict;
        end if;
        -- Its own room is free to itself; the caller takes this back when it is refused.
        delete from platforms.occupancy o where o.centre_id = any (v_old.centres) and o.holder_id = p_booking;
    end if;

    v_verdict.flags := '{}';
    v_verdict.state := 'confirmed';
    if cardinality(p_audiences) = 0 or p_holders <> '{}' then
        v_rules := bookings.request_rules(p_activity, p_audiences, p_holders);
    end if;
    if p_activity = 'companyProduction' and not access.may_produce(p_organisation, p_resources, p_starts, p_ends, v_zones)
        or p_activity = 'maintenance' and not access.has_role(
        p_key, array['centreStaff', 'centreManager'], v_centre_id) then
        v_rules := v_rules || bookings.rule(null, 'activity', 'activityNotAllowed', jsonb_build_object('activity', p_activity));
        v_refused := true;
    end if;
    if p_offer is not null then
        v_rules := v_rules || bookings.offer_rules(p_offer, p_organisation, v_caller_centre, p_resources, p_starts, v_zones, v_old);
    end if;

    for i in 1 .. v_lines loop
        if v_zones[i] is null then
            v_rules := v_rules || bookings.rule(i, 'resource', 'resourceUnknown', jsonb_build_object('resourceId', p_resources[i]));
            v_refused := true;
            v_verdict.seats := v_verdict.seats || 0;
            v_persons := v_persons || 0;
            continue;
        end if;
        v_resource := v_resources[i];
        v_slot := tstzrange(p_starts[i], p_ends[i]);
        v_setup := make_interval(mins => v_resource.setup_minutes);
        v_cleanup := make_interval(mins => v_resource.cleanup_minutes);

        v_gate := labels.gate(v_resource.centre_id, v_resource.is_shared, v_zones[i], v_slot, p_organisation, v_caller_centre,
                              p_audiences, p_head_counts, false, v_resource.id);
        if v_gate.verdict <> 'allow' then
            v_refused := v_refused or v_gate.verdict = 'deny';
            v_rules := v_rules || (
                select jsonb_agg(jsonb_build_object('line', i) || g.rule)
                from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional'));
            v_verdict.state := 'conditional';
            v_verdict.conditional_until := least(v_verdict.conditional_until, v_gate.conditional_until);
        end if;
        if v_resource.has_terms or v_resource.parent_id is not null then
            v_terms := bookings.terms_of(v_resource);
            v_all_terms[i] := v_terms;
            if v_terms.approval_for <> '{}' and v_caller_centre is distinct from v_resource.centre_id
                and v_resource.centre_id <> all (v_approving)
                and ('always' = any (v_terms.approval_for)
                     or 'exclusiveUse' = any (v_terms.approval_for) and p_seats[i] = 0
                     or 'company' = any (v_terms.approval_for) and v_kind = 'company'
                     or 'companyProduction' = any (v_terms.approval_for) and p_activity = 'companyProduction'
                     or 'conditionalLabel' = any (v_terms.approval_for) and v_gate.verdict = 'conditional')
                -- Its own staff books for others: that is the approval.
                and not access.has_role(p_key, array['centreStaff', 'centreManager'], v_resource.centre_id) then
                v_approving := v_approving || v_resource.centre_id;
            end if;
        end if;
        if v_gate.label_status = 'provisional' and not v_verdict.flags @> array['provisional'] then
            v_verdict.flags := v_verdict.flags || 'provisional'::text;
        end if;
        if i = 1 then
            v_verdict.label_status := v_gate.label_status;
            v_verdict.label_decision_id := v_gate.label_decision_id;
            v_verdict.file_number := v_gate.file_number;
        end if;

        v_rules := v_rules || bookings.time_rules(i, v_resource, v_zones[i], v_slot, v_now);
        if v_resource.has_priority and p_activity <> 'maintenance' then
            v_rules := v_rules || bookings.priority_rules(i, v_resource, v_zones[i], v_slot, p_audiences, v_now);
        end if;
        if v_resource.supervision <> '{}' and coalesce(p_supervision, 'unsupervised') <> all (v_resource.supervision) then
            v_rules := v_rules || bookings.rule(i, 'supervision', 'supervisionNotOffered', jsonb_build_object(
                'supervision', coalesce(p_supervision, 'unsupervised'), 'offered', v_resource.supervision));
        end if;

        -- 0 asks for the whole platform.
        v_seats := case p_seats[i] when 0 then v_resource.capacity else p_seats[i] end;
        v_verdict.seats := v_verdict.seats || v_seats;
        -- Everybody comes to every line, unless it says how many.
        v_persons := v_persons || coalesce(nullif(p_persons[i], -1), v_everybody);
        if (v_resource.has_prerequisites or v_resource.parent_id is not null or p_supervision = 'habilitatedTrainer')
            and p_activity <> 'maintenance' then
            v_rules := v_rules || bookings.proof_rules(
                i, v_resource, v_zones[i], v_slot, p_organisation, p_supervision, p_holder_roles, p_holders,
                least(v_participants, v_persons[i]));
        end if;
        if v_seats > v_resource.capacity then
            v_rules := v_rules || bookings.rule(i, 'capacity', 'quantityTooLarge', jsonb_build_object(
                'seats', v_seats, 'capacity', v_resource.capacity));
        else
            -- What earlier lines of this request take of it, or of what stands in it.
            if i > 1 then
                select coalesce(array_agg(p_starts[e.n] - make_interval(mins => (v_resources[e.n]).setup_minutes)), '{}'),
                       coalesce(array_agg(p_ends[e.n] + make_interval(mins => (v_resources[e.n]).cleanup_minutes)), '{}'),
                       coalesce(array_agg(v_verdict.seats[e.n]), '{}')
                into v_more_starts, v_more_ends, v_more_seats
                from generate_series(1, i - 1) as e (n)
                where (v_resources[e.n]).id = v_resource.id or (v_resources[e.n]).ancestors @> array[v_resource.id];
            end if;
            v_free := v_resource.capacity - platforms.most_taken(
                v_resource.centre_id, v_resource.id, p_starts[i] - v_setup, p_ends[i] + v_cleanup,
                v_more_starts, v_more_ends, v_more_seats);
            if v_seats > v_free then
                v_rules := v_rules || bookings.rule(i, 'capacity',
                    case when v_resource.kind in ('equipment', 'workstation') then 'unitTaken' else 'capacityFull' end,
                    jsonb_build_object('seats', v_seats, 'free', greatest(v_free, 0), 'capacity', v_resource.capacity));
            end if;
            if v_resource.parent_id is not null or v_resource.person_limit is not null then
                v_rules := v_rules || bookings.tree_rules(
                    i, v_zones[i], v_resources, p_starts, p_ends, v_verdict.seats, v_persons);
            end if;
        end if;
    end loop;

    if v_has_quota then
        v_rules := v_rules || bookings.quota_rules(p_organisation, p_booking, v_resources, v_zones, p_starts, p_ends);
    end if;
    if p_as = 'held' and p_version is null then
        v_rules := v_rules || bookings.hold_rules(p_organisation, v_now);
    end if;
    if v_old.starts = v_starts and v_rules <> '[]'::jsonb then
        -- What begins when it was to begin needs no notice again.
        v_rules := coalesce((select jsonb_agg(r.rule) from jsonb_array_elements(v_rules) as r (rule)
                             where r.rule ->> 'code' not in ('inThePast', 'noticeTooShort')), '[]');
    end if;
    if p_overridden <> '{}' and v_rules <> '[]'::jsonb then
        select coalesce(jsonb_agg(r.rule) filter (where r.is_set_aside), '[]'),
               coalesce(jsonb_agg(r.rule) filter (where not r.is_set_aside), '[]')
        into v_set_aside, v_rules
        from (select e.rule, e.rule ->> 'verdict' = 'deny' and e.rule ->> 'code' = any (p_overridden)
                     and bookings.is_overridable(e.rule ->> 'code') as is_set_aside
              from jsonb_array_elements(v_rules) as e (rule)) r;
        if v_set_aside <> '[]'::jsonb and exists (
            select from unnest(v_centres) c where not access.has_role(p_key, array['centreStaff', 'centreManager'], c)) then
            v_verdict.outcome := 'overrideForbidden';
            return v_verdict;
        end if;
        v_refused := false;
    end if;

    if v_rules <> '[]'::jsonb then
        v_refused := v_refused or exists (select from jsonb_array_elements(v_rules) as r (rule) where r.rule ->> 'verdict' = 'deny');
        v_verdict.rules := v_rules;
        if exists (select from jsonb_array_elements(v_rules) as r (rule)
                   where r.rule ->> 'verdict' = 'conditional' and r.rule ->> 'rule' = 'prerequisite') then
            v_verdict.flags := v_verdict.flags || 'needsProof'::text;
        end if;
    end if;
    if v_refused and p_as = 'draft' then
        v_refused := array_position(v_zones, null) is not null or v_zones is null or v_rules @> '[{"rule": "offer"}]';
    elsif v_refused and bookings.lacks_room_alone(v_rules) then
        -- What has lapsed is in nobody's way; then everything is judged anew.
        if bookings.release_lapsed(p_resources, p_starts, p_ends) > 0 then
            return bookings.reserve(
                p_booking, p_reference, p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, p_idempotency_key, p_request_hash,
                p_dry_run, p_persons, p_supervision, p_as, p_expires_at, p_version, p_reason, p_overridden,
                p_holder_roles, p_holders, p_offer);
        end if;
        -- Before it is refused, whoever was given a unit that is asked for is given another of its model.
        if p_as <> 'draft' and v_rules @> '[{"code": "unitTaken"}]' then
            begin
                if bookings.make_room(p_resources, p_starts, p_ends) then
                    v_other := bookings.reserve(
                        p_booking, p_reference, p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                        p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, p_idempotency_key,
                        p_request_hash, p_dry_run, p_persons, p_supervision, p_as, p_expires_at, p_version, p_reason, p_overridden,
                        p_holder_roles, p_holders, p_offer);
                    if v_other.outcome in ('created', 'changed') and v_other.state <> 'waitlisted' then
                        return v_other;
                    end if;
                end if;
                -- Nobody is moved for less than all of it.
                raise exception 'undone' using errcode = 'PL001';
            exception when sqlstate 'PL001' then
                if v_other.outcome = 'wouldCreate' and v_other.state <> 'waitlisted' then
                    return v_other;
                end if;
            end;
        end if;
        if not p_dry_run and p_version is null then
            perform bookings.note_unmet(v_rules, p_resources, p_starts, p_ends, v_verdict.seats, p_organisation,
                                        case p_as when 'waitlisted' then 'waitlisted' else 'refused' end, v_now);
        end if;
        if p_as = 'waitlisted' then
            v_verdict.state := 'waitlisted';
            v_refused := false;
        end if;
    end if;
    if v_refused then
        v_verdict.outcome := 'refused';
        return v_verdict;
    end if;
    if p_as = 'draft' then
        v_verdict.state := 'draft';
        v_verdict.expires_at := v_starts;
    elsif v_verdict.state = 'waitlisted' then
        v_verdict.expires_at := v_starts;
    elsif p_as = 'held' then
        v_verdict.state := 'held';
        v_verdict.expires_at := p_expires_at;
    elsif v_old.state = 'inUse' then
        v_verdict.state := 'inUse';
    elsif v_approving <> '{}' and not bookings.is_approved(v_old, p_activity, p_audiences, p_head_counts, p_resources, p_starts, p_ends, p_seats) then
        v_verdict.state := 'requested';
        v_verdict.expires_at := bookings.approval_deadline(v_starts, v_now);
    end if;
    v_verdict.zones := v_zones;
    v_verdict.booking_id := p_booking;
    v_verdict.reference := p_reference;
    v_verdict.recorded_at := v_now;
    if p_dry_run then
        v_verdict.outcome := 'wouldCreate';
        return v_verdict;
    end if;

    if p_version is null then
        insert into bookings.booking (
            centre_id, id, reference, organisation_id, centres, state, initial_state, flags, starts, ends, activity, audiences, head_counts,
            accompanying, title, contact_name, contact_email, programme, label_status, label_decision_id, file_number, conditional_until,
            created_at, created_by, supervision, expires_at, holder_roles, holders, offer_id)
        values (v_centre_id, p_booking, p_reference, p_organisation, v_centres, v_verdict.state, v_verdict.state, v_verdict.flags,
                v_starts, v_ends, p_activity, p_audiences, p_head_counts,
                p_accompanying, p_title, p_contact_name, p_contact_email, p_programme, v_verdict.label_status,
                v_verdict.label_decision_id, v_verdict.file_number, v_verdict.conditional_until, v_now, p_key, p_supervision,
                v_verdict.expires_at, coalesce(p_holder_roles, '{}'), coalesce(p_holders, '{}'), p_offer);
    else
        update bookings.booking b
        set centres = v_centres, state = v_verdict.state,
            flags = v_verdict.flags || array(
                select f from unnest(v_old.flags) f
                where f = 'atRisk' and v_verdict.state = 'conditional' and f <> all (v_verdict.flags)),
            at_risk_until = case when v_verdict.state = 'conditional' then b.at_risk_until end,
            starts = v_starts, ends = v_ends, activity = p_activity, audiences = p_audiences, head_counts = p_head_counts,
            accompanying = p_accompanying, title = p_title, contact_name = p_contact_name, contact_email = p_contact_email,
            programme = p_programme, offer_id = p_offer, supervision = p_supervision,
            holder_roles = coalesce(p_holder_roles, '{}'), holders = coalesce(p_holders, '{}'), label_status = v_verdict.label_status,
            label_decision_id = v_verdict.label_decision_id, file_number = v_verdict.file_number,
            conditional_until = v_verdict.conditional_until, expires_at = v_verdict.expires_at, version = b.version + 1
        where b.centre_id = v_centre_id and b.id = p_booking;
        perform bookings.refuse_transition(v_old, v_verdict.state);
        delete from bookings.line l where l.centre_id = v_centre_id and l.booking_id = p_booking;
        delete from bookings.booking_terms x where x.centre_id = v_centre_id and x.booking_id = p_booking;
        delete from bookings.approval x where x.centre_id = v_centre_id and x.booking_id = p_booking and x.decided_at is null;
    end if;
    v_is_settled := v_verdict.state not in ('draft', 'waitlisted');
    for i in 1 .. v_lines loop
        v_resource := v_resources[i];
        insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive, persons)
        values (v_centre_id, p_booking, i, p_resources[i], p_starts[i], p_ends[i], v_verdict.seats[i], p_seats[i] = 0,
                nullif(p_persons[i], -1));
        continue when not v_is_settled;
        perform platforms.occupy(v_resource, v_zones[i], tstzrange(p_starts[i], p_ends[i]), v_verdict.seats[i], p_booking, i::smallint,
                                p_organisation, v_persons[i], p_seats[i] = 0);
        if v_all_terms[i] is not null then
            v_terms := v_all_terms[i];
            insert into bookings.booking_terms (
                centre_id, booking_id, line_number, terms_version, free_working_days, late_fee_percent, no_show_fee_percent)
            values (v_centre_id, p_booking, i, v_terms.version, v_terms.free_working_days, v_terms.late_fee_percent,
                    v_terms.no_show_fee_percent);
        end if;
    end loop;
    if v_has_quota and v_is_settled then
        perform bookings.draw_quotas(p_organisation, p_booking, v_resources, v_zones, p_starts, p_ends);
    end if;
    if v_approving <> '{}' and v_verdict.state in ('held', 'requested') then
        insert into bookings.approval (centre_id, booking_id, approving_centre, version, asked_at)
        select v_centre_id, p_booking, c, coalesce(p_version, 0) + 1, v_now from unnest(v_approving) c;
    end if;
    if v_set_aside <> '[]'::jsonb then
        insert into bookings.override (centre_id, booking_id, version, number, rule, reason, key_id, at)
        select v_centre_id, p_booking, coalesce(p_version, 0) + 1, r.number, r.rule, p_reason, p_key, v_now
        from jsonb_array_elements(v_set_aside) with ordinality as r (rule, number);
    end if;
    if v_verdict.state = 'waitlisted' then
        insert into bookings.waiting (centre_id, booking_id, priority, joined_at)
        values (v_centre_id, p_booking, 0, v_now)
        on conflict on constraint waiting_pkey do nothing;
    end if;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, organisation_id, reason)
    values (v_centre_id, p_booking, coalesce(p_version, 0) + 1, v_old.state, v_verdict.state, v_now, p_key, p_organisation, p_reason);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (v_centre_id, case when p_version is null then 'booking.created' else 'booking.changed' end, p_booking, p_organisation,
            coalesce(p_version, 0) + 1, v_now);
    if p_idempotency_key is not null then
        insert into access.idempotency as k (organisation_id, key, request_hash, subject_id, created_at)
        values (v_caller_organisation, p_idempotency_key, p_request_hash, p_booking, v_now)
        on conflict (organisation_id, key) do update
            set request_hash = excluded.request_hash, subject_id = excluded.subject_id, status = null, body = null, etag = null,
                location = null, created_at = excluded.created_at;
    end if;
    v_verdict.outcome := case when p_version is null then 'created' else 'changed' end;
    return v_verdict;
end
$$;

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef and p.pronamespace = 'bookings'::regnamespace
               and p.proname in ('reserve_kits', 'lock_kit_batch', 'model_alternatives') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('revoke all on function %s from public', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where not p.prosecdef and p.pronamespace = 'bookings'::regnamespace
               and p.proname in (
                   'freeze_lead', 'stands_in_for', 'try_locks', 'exchange_unit', 'rename_assignment', 'clear_unit', 'make_room', 'free_units',
                   'choose_anew', 'no_free_unit', 'kit_rules', 'lenders_to_kits', 'kit_pieces', 'lock_kits', 'other_moments', 'pieces_fit') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
