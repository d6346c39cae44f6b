-- A booking that moves to another unit or centre draws on the quotas and allowances of where it is.
-- lock class: none (a function)

create or replace function maintenance.move_booking(p_booking uuid, p_version integer, p_key uuid, p_lines smallint[], p_resources uuid[])
    returns maintenance.moved
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_moved maintenance.moved;
    v_booking bookings.booking;
    v_caller smallint;
    v_has_quota boolean;
    v_centres smallint[];
    v_keys bigint[];
    v_line record;
    v_gate labels.gate_result;
    v_rules jsonb := '[]'::jsonb;
    v_is_conditional boolean := false;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    v_centres := array(select distinct plateau.centre_of(r) from unnest(p_resources) r);
    if not found then
        v_moved.outcome := 'notFound';
        return v_moved;
    elsif not access.may_book_for(p_key, v_booking.organisation_id, v_centres) then
        v_moved.outcome := 'forbidden';
        return v_moved;
    end if;
    select o.centre_id into v_caller from access.organisation o where o.id = v_booking.organisation_id;
    -- The locks of whoever books: labels shared, then rooms, each in one ascending order.
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key from unnest(v_booking.centres || v_centres || v_caller) c
          where c is not null order by 1) k;
    -- What it draws of quotas and allowances moves with it, one booking of the organisation after the other.
    select o.has_quota into v_has_quota from access.organisation o where o.id = v_booking.organisation_id;
    if v_has_quota then
        perform pg_advisory_xact_lock(bookings.organisation_lock(v_booking.organisation_id));
    end if;
    v_keys := array(
        select distinct k.key
        from (select coalesce(m.resource_id, l.resource_id) as resource_id, l.starts, l.ends
              from bookings.line l
              left join unnest(p_lines, p_resources) as m (number, resource_id) on m.number = l.number
              where l.centre_id = v_booking.centre_id and l.booking_id = p_booking) l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        cross join lateral unnest(platforms.room_locks(r, tstzrange(l.starts, l.ends))) as k (key)
        order by k.key);
    perform plateau.take_locks(v_keys, array_fill(true, array[cardinality(v_keys)]));
    v_now := plateau.clock();
    select * into v_booking from bookings.booking b
    where b.centre_id = v_booking.centre_id and b.id = p_booking for update;
    v_moved.version := v_booking.version;
    v_moved.outcome := case when v_booking.version <> p_version then 'versionMismatch'
                            when v_booking.state <> 'suspended' or not v_booking.flags @> array['displaced'] then 'notDisplaced'
                            when v_booking.starts <= v_now then 'alreadyStarted'
                            when not p_lines <@ array(select l.number from bookings.line l
                                                      where l.centre_id = v_booking.centre_id and l.booking_id = p_booking)
                                then 'lineUnknown' end;
    if v_moved.outcome is not null then
        return v_moved;
    end if;
    for v_line in
        select m.number, m.resource_id, l.starts, l.ends, l.seats, l.is_exclusive, r as resource, s.zone
        from unnest(p_lines, p_resources) as m (number, resource_id)
        join bookings.line l on l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number = m.number
        left join platforms.resource r on r.centre_id = plateau.centre_of(m.resource_id) and r.id = m.resource_id
        left join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        order by m.number
    loop
        if v_line.zone is null then
            v_rules := v_rules || bookings.rule(
                v_line.number, 'resource', 'resourceUnknown', jsonb_build_object('resourceId', v_line.resource_id));
            continue;
        end if;
        v_gate := labels.gate(
            (v_line.resource).centre_id, (v_line.resource).is_shared, v_line.zone, tstzrange(v_line.starts, v_line.ends),
            v_booking.organisation_id, v_caller, v_booking.audiences, v_booking.head_counts, false, v_line.resource_id);
        v_is_conditional := v_is_conditional or v_gate.verdict = 'conditional';
        v_rules := v_rules || coalesce((
            select jsonb_agg(jsonb_build_object('line', v_line.number) || g.rule)
            from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' = 'deny'), '[]')
            || bookings.time_rules(
                v_line.number, v_line.resource, v_line.zone, tstzrange(v_line.starts, v_line.ends), v_now);
        if not platforms.has_room(v_line.resource, tstzrange(v_line.starts, v_line.ends),
                                  case when v_line.is_exclusive then (v_line.resource).capacity else v_line.seats end) then
            v_rules := v_rules || bookings.rule(
                v_line.number, 'capacity', case (v_line.resource).kind when 'platform' then 'capacityFull' else 'unitTaken' end,
                jsonb_build_object('seats', v_line.seats, 'free', 0, 'capacity', (v_line.resource).capacity));
        end if;
    end loop;
    if v_rules <> '[]'::jsonb then
        v_moved.outcome := 'refused';
        v_moved.rules := v_rules;
        return v_moved;
    end if;
    begin
        update bookings.line l
        set resource_id = m.resource_id, seats = case when l.is_exclusive then r.capacity else l.seats end
        from unnest(p_lines, p_resources) as m (number, resource_id)
        join platforms.resource r on r.centre_id = plateau.centre_of(m.resource_id) and r.id = m.resource_id
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and l.number = m.number;
        if not bookings.restore(v_booking) then
            raise exception 'no room' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        -- Every line or none: another one's place is still taken.
        v_moved.outcome := 'noRoom';
        return v_moved;
    end;
    update bookings.booking b
    set centres = array(select distinct plateau.centre_of(l.resource_id) from bookings.line l
                        where l.centre_id = b.centre_id and l.booking_id = b.id)
    where b.centre_id = v_booking.centre_id and b.id = p_booking;
    if v_has_quota then
        perform bookings.draw_quotas(
            v_booking.organisation_id, p_booking, array_agg(r order by l.number), array_agg(s.zone order by l.number),
            array_agg(l.starts order by l.number), array_agg(l.ends order by l.number))
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking;
    end if;
    perform bookings.stay(v_booking, case when v_is_conditional then 'conditional' else 'confirmed' end,
                          array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key, 'moved', 'booking.moved', v_now);
    update maintenance.displacement d set outcome = 'moved', settled_at = v_now where d.booking_id = p_booking and d.outcome is null;
    v_moved.outcome := 'moved';
    v_moved.version := p_version + 1;
    return v_moved;
end
$$;
