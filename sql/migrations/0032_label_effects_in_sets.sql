-- What a change of labels does to a batch of bookings is judged booking by booking and written a statement a table; room is read in one pass.
-- lock class: none (functions only)

create type bookings.passage as (
    booking bookings.booking,
    state text,
    flags text[],
    at_risk_until timestamptz,
    reason text,
    event text);
comment on type bookings.passage is
    'A booking as it was, and what becomes of it: state, flags and end of notice, why, and the event that tells of it.';

create function bookings.gives_room_back(p_state text) returns boolean
    language sql immutable strict parallel safe
    return p_state in ('suspended', 'rejected', 'expired', 'noShow', 'cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork');
comment on function bookings.gives_room_back(text) is 'Whether a booking that comes to a state leaves the room that it took.';

create function bookings.carry_out(p_passages bookings.passage[], p_key uuid, p_organisation uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    perform bookings.refuse_transition(p.booking, p.state) from unnest(p_passages) p;
    delete from platforms.occupancy o
    using (select (p.booking).id, unnest((p.booking).centres) as centre_id
           from unnest(p_passages) p where bookings.gives_room_back(p.state)) left_behind
    where o.centre_id = left_behind.centre_id and o.holder_id = left_behind.id;
    delete from bookings.draw d
    using unnest(p_passages) p
    where d.booking_id = (p.booking).id and bookings.gives_room_back(p.state) and p.state not in ('suspended', 'noShow');
    -- The deadline of a hold goes on while it is suspended.
    update bookings.booking b
    set state = p.state, flags = p.flags, at_risk_until = p.at_risk_until, version = b.version + 1,
        expires_at = case when p.state in ('draft', 'held', 'requested', 'waitlisted', 'suspended') then b.expires_at end
    from unnest(p_passages) p
    where b.centre_id = (p.booking).centre_id and b.id = (p.booking).id;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, organisation_id, reason)
    select (p.booking).centre_id, (p.booking).id, (p.booking).version + 1, (p.booking).state, p.state, p_now, p_key, p_organisation, p.reason
    from unnest(p_passages) p;
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    select (p.booking).centre_id, p.event, (p.booking).id, (p.booking).organisation_id, (p.booking).version + 1, p_now
    from unnest(p_passages) with ordinality as p (booking, state, flags, at_risk_until, reason, event, number)
    order by p.number;
end
$$;
comment on function bookings.carry_out(bookings.passage[], uuid, uuid, timestamptz) is
    'Takes bookings to another state or other flags, a statement a table: frees the room and what was drawn of those that leave, records the transitions and the events. The caller holds the rows.';

create or replace function bookings.leave(
    p_booking bookings.booking, p_state text, p_key uuid, p_organisation uuid, p_reason text, p_event text, p_now timestamptz)
    returns integer
    language plpgsql volatile
as $$
begin
    perform bookings.carry_out(
        array[row (p_booking, p_state, p_booking.flags, p_booking.at_risk_until, p_reason, p_event)::bookings.passage],
        p_key, p_organisation, p_now);
    return p_booking.version + 1;
end
$$;

create or replace function bookings.stay(
    p_booking bookings.booking, p_state text, p_flags text[], p_at_risk_until timestamptz, p_key uuid, p_reason text, p_event text,
    p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    perform bookings.carry_out(
        array[row (p_booking, p_state, p_flags, p_at_risk_until, p_reason, p_event)::bookings.passage], p_key, null, p_now);
end
$$;

drop function bookings.apply_label_effect(smallint, uuid, labels.policy, uuid, timestamptz);

create function bookings.apply_label_effect(
    p_booking bookings.booking, p_policy labels.policy, p_now timestamptz, out effect text, out passages bookings.passage[])
    language plpgsql volatile
as $$
declare
    v_verdict text;
    v_code text;
    v_state text := p_booking.state;
    v_flags text[] := p_booking.flags;
    v_at_risk_until timestamptz;
    v_event text;
begin
    passages := '{}';
    if p_booking.state not in ('requested', 'held', 'conditional', 'confirmed', 'suspended') then
        effect := 'left';
        return;
    end if;
    select j.verdict, j.code into v_verdict, v_code from bookings.judge_label(p_booking, p_policy) j;
    effect := bookings.label_effect_of(p_booking, v_verdict, v_code, p_policy, p_now);
    v_event := 'booking.' || effect;
    if effect is null then
        effect := 'notNeeded';
        return;
    elsif effect in ('suspended', 'cancelledByNetwork') then
        v_state := effect;
        v_at_risk_until := p_booking.at_risk_until;
        v_event := case effect when 'suspended' then v_event else 'booking.cancelled' end;
    elsif effect = 'atRisk' then
        v_flags := array_remove(v_flags, 'atRisk') || 'atRisk'::text;
        v_at_risk_until := case v_verdict when 'deny' then p_now + make_interval(days => case v_code
            when 'audienceNotTargeted' then p_policy.file_notice_days else p_policy.withdrawal_notice_days end) end;
    elsif effect = 'restored' and not bookings.restore(p_booking) then
        effect := 'displaced';
        if v_flags @> array['displaced'] then
            return;
        end if;
        v_flags := v_flags || 'displaced'::text;
        v_code := 'noRoom';
        v_event := 'booking.displaced';
    else
        v_flags := array_remove(array_remove(v_flags, 'atRisk'), 'displaced');
        if effect = 'confirmed' then
            v_state := 'confirmed';
        elsif effect = 'restored' then
            select t.from_state into v_state from bookings.transition t
            where t.centre_id = p_booking.centre_id and t.booking_id = p_booking.id and t.to_state = 'suspended'
              and t.from_state <> 'suspended'
            order by t.version desc limit 1;
            if v_state is null or v_state not in ('requested', 'held') then
                v_state := case v_verdict when 'conditional' then 'conditional' else 'confirmed' end;
            end if;
        end if;
    end if;
    passages := array[row (p_booking, v_state, v_flags, v_at_risk_until, v_code, v_event)::bookings.passage];
end
$$;
comment on function bookings.apply_label_effect(bookings.booking, labels.policy, timestamptz) is
    'Judges one booking again: the effect of what the labels now ask for, and what becomes of it, none where nothing does. Takes the room of one that is restored, and writes nothing else. The caller holds its row and the locks of its labels and rooms. left: it had gone by itself; notNeeded; displaced: no room to restore it.';

create or replace function bookings.apply_batch(p_centre_id smallint, p_change uuid, p_numbers integer[], p_now timestamptz) returns integer
    language plpgsql volatile
as $$
declare
    v_change bookings.label_change;
    v_policy labels.policy;
    v_bookings uuid[];
    v_locks bigint[];
    v_numbers integer[];
    v_outcomes text[] := '{}'::text[];
    v_passages bookings.passage[] := '{}'::bookings.passage[];
    v_booking bookings.booking;
    v_effect text;
    v_some bookings.passage[];
begin
    select * into v_change from bookings.label_change c where c.centre_id = p_centre_id and c.id = p_change;
    select * into v_policy from labels.policy;
    select coalesce(array_agg(e.number order by e.number), '{}'), coalesce(array_agg(e.booking_id order by e.number), '{}')
    into v_numbers, v_bookings
    from bookings.label_effect e
    where e.centre_id = p_centre_id and e.change_id = p_change and e.number = any (p_numbers) and e.applied_at is null;
    v_locks := bookings.room_locks_of(v_bookings);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
    -- In the order of the list, so that the oldest is restored first.
    for v_booking in
        select b.*
        from unnest(v_bookings) with ordinality as wanted (id, number)
        join bookings.booking b on b.centre_id = plateau.centre_of(wanted.id) and b.id = wanted.id
        order by wanted.number for update of b
    loop
        select a.effect, a.passages into v_effect, v_some from bookings.apply_label_effect(v_booking, v_policy, p_now) a;
        v_outcomes := array_append(v_outcomes, v_effect);
        v_passages := v_passages || v_some;
    end loop;
    perform bookings.carry_out(v_passages, v_change.key_id, null, p_now);
    update bookings.label_effect e set outcome = done.outcome, applied_at = p_now
    from unnest(v_numbers, v_outcomes) as done (number, outcome)
    where e.centre_id = p_centre_id and e.change_id = p_change and e.number = done.number;
    update bookings.label_change c set finished_at = p_now
    where c.centre_id = p_centre_id and c.id = p_change and c.finished_at is null
      and not exists (select from bookings.label_effect e where e.centre_id = c.centre_id and e.change_id = c.id and e.applied_at is null);
    return cardinality(v_numbers);
end
$$;

-- Most bookings are at one centre, and stay there.
create or replace function utilisation.mark_booking() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(new.centres) = 1 and (tg_op = 'INSERT' or old.centres = new.centres) then
        insert into utilisation.pending (centre_id, booking_id) values (new.centres[1], new.id);
    elsif tg_op = 'INSERT' then
        insert into utilisation.pending (centre_id, booking_id) select c, new.id from unnest(new.centres) c;
    else
        insert into utilisation.pending (centre_id, booking_id)
        select c.centre_id, new.id from (select unnest(old.centres) union select unnest(new.centres)) as c (centre_id);
    end if;
    if tg_op = 'UPDATE'
        and (old.organisation_id, old.centres, old.activity, old.audiences, old.head_counts, old.programme, old.starts, old.ends)
            is distinct from
            (new.organisation_id, new.centres, new.activity, new.audiences, new.head_counts, new.programme, new.starts, new.ends) then
        insert into utilisation.former (centre_id, booking_id, line_number, until, image)
        values (old.centre_id, old.id, 0, plateau.clock(), to_jsonb(old));
    end if;
    return null;
end
$$;

grant execute on function bookings.gives_room_back(text), bookings.carry_out(bookings.passage[], uuid, uuid, timestamptz),
    bookings.apply_label_effect(bookings.booking, labels.policy, timestamptz) to plateau_functions;

-- The most alone, without the steps: departures go before arrivals at the same moment, so that the running sum never passes the most.
create or replace function platforms.most_taken(
    p_centre_id smallint, p_resource_id uuid, p_starts timestamptz, p_ends timestamptz, p_more_starts timestamptz[] default '{}',
    p_more_ends timestamptz[] default '{}', p_more_seats integer[] default '{}') returns integer
    language plpgsql stable
as $$
begin
    return (
        select coalesce(max(m.taken), 0)
        from (
            select sum(e.seats) over (order by e.at, e.seats rows unbounded preceding)::integer as taken
            from (
                select o.starts, o.ends, o.seats
                from platforms.occupancy o
                where o.centre_id = p_centre_id and o.resource_id = p_resource_id
                  and o.ends > p_starts and o.ends <= p_ends + interval '25 hours' and o.starts < p_ends
                union all
                select m.starts, m.ends, m.seats
                from unnest(p_more_starts, p_more_ends, p_more_seats) as m (starts, ends, seats)
                where m.ends > p_starts and m.starts < p_ends) piece
            cross join lateral (values (piece.starts, piece.seats), (piece.ends, -piece.seats)) as e (at, seats)) m);
end
$$;
comment on function platforms.usage_steps(smallint, uuid, timestamptz, timestamptz, timestamptz[], timestamptz[], integer[]) is
    'How many seats of a resource are taken over a window, as steps that cover it without a gap; more: what the same request takes besides. The availability answer reads it, and changes of capacity; the guard reads most_taken, the most of the same steps.';
