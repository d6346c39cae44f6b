-- Label effects: what a change of a label does to bookings, planned under the centre's lock and applied in batches.
-- lock class: ACCESS EXCLUSIVE on bookings.booking for an added column (no rewrite), SHARE for its indexes

alter table bookings.booking add column at_risk_until timestamptz;
comment on column bookings.booking.at_risk_until is
    'A booking with the flag atRisk is cancelled by the network at this moment unless its label is in order again; null: it is kept.';
create index booking_at_risk on bookings.booking (at_risk_until) where at_risk_until is not null;
-- Bookings with lines at several centres: booking_by_centre finds them at the first only.
create index booking_over_centres on bookings.booking using gin (centres) where cardinality(centres) > 1;

-- MARK: What was planned and what became of it

create table bookings.label_change (
    centre_id smallint not null,
    id uuid not null,
    cause text not null,
    subject_id uuid not null,
    changed datemultirange not null,
    recorded_at timestamptz not null,
    key_id uuid not null,
    planned integer not null,
    finished_at timestamptz,
    constraint label_change_pkey primary key (centre_id, id),
    constraint label_change_cause_known check (cause in ('decision', 'application', 'file'))
);
create index label_change_unfinished on bookings.label_change (recorded_at) where finished_at is null;
comment on table bookings.label_change is
    'A decision, application or recognition file (subject_id) that touched bookings: how many were planned for, and when all were done. Resumes where it stopped.';

create table bookings.label_effect (
    centre_id smallint not null,
    change_id uuid not null,
    number integer not null,
    booking_id uuid not null,
    planned text not null,
    outcome text,
    applied_at timestamptz,
    constraint label_effect_pkey primary key (centre_id, change_id, number),
    constraint label_effect_change foreign key (centre_id, change_id) references bookings.label_change (centre_id, id),
    constraint label_effect_planned_known check (
        planned in ('confirmed', 'atRisk', 'cleared', 'suspended', 'restored', 'cancelledByNetwork')),
    constraint label_effect_outcome_known check (outcome in (
        'confirmed', 'atRisk', 'cleared', 'suspended', 'restored', 'displaced', 'cancelledByNetwork', 'left', 'notNeeded'))
);
create index label_effect_open on bookings.label_effect (centre_id, change_id, number) where applied_at is null;
comment on table bookings.label_effect is
    'The frozen list of a change. outcome left: the booking had gone by itself; notNeeded: a later change had settled it; displaced: no room to restore it.';

create table bookings.label_simulation (
    centre_id smallint not null,
    id uuid not null,
    decision_id uuid not null,
    simulated_at timestamptz not null,
    simulated_by uuid not null,
    is_exact boolean not null,
    booking_ids uuid[] not null,
    planned text[] not null,
    outcomes text[] not null,
    constraint label_simulation_pkey primary key (centre_id, id),
    constraint label_simulation_parallel check (
        cardinality(booking_ids) = cardinality(planned) and cardinality(planned) = cardinality(outcomes))
);
comment on table bookings.label_simulation is
    'What a proposal would have done to bookings at a moment. is_exact: every effect was tried and taken back; otherwise room for restored ones was not looked at.';

-- MARK: Judging

create function bookings.judge_label(
    p_booking bookings.booking, p_policy labels.policy, out verdict text, out code text)
    language plpgsql stable
as $$
declare
    v_line record;
    v_days daterange;
    v_caller smallint;
    v_verdict text;
    v_code text;
    v_rank integer := 0;
    v_line_rank integer;
    v_gate labels.gate_result;
begin
    -- The gate's rules about labels and audiences. Membership is not judged again for those who came in by it.
    verdict := 'allow';
    code := 'labelled';
    select o.centre_id into v_caller from access.organisation o where o.id = p_booking.organisation_id;
    for v_line in
        select r.centre_id, r.is_shared, s.zone, tstzrange(l.starts, l.ends) as slot
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
    loop
        continue when v_line.centre_id = v_caller;
        if v_caller is null then
            v_days := plateau.local_days(v_line.slot, v_line.zone);
            select w.verdict, w.code into v_verdict, v_code
            from labels.whole_slot(v_line.centre_id, lower(v_days), upper(v_days) - 1, p_policy) w;
            if v_verdict <> 'deny' and exists (
                select from generate_series(lower(v_days), upper(v_days) - 1, interval '1 day') d (day)
                where labels.missing_audiences(labels.file_in_force(v_line.centre_id, d.day::date, 'infinity'),
                                               p_booking.audiences, p_booking.head_counts) is not null) then
                v_verdict := 'deny';
                v_code := 'audienceNotTargeted';
            end if;
        else
            v_gate := labels.gate(v_line.centre_id, v_line.is_shared, v_line.zone, v_line.slot, p_booking.organisation_id, v_caller,
                                  p_booking.audiences, p_booking.head_counts, true);
            v_verdict := v_gate.verdict;
            -- A centre whose own label is suspended is denied as no member; it is the suspension that will pass.
            select r.rule ->> 'code' into v_code
            from jsonb_array_elements(v_gate.rules) with ordinality as r (rule, number)
            where r.rule ->> 'verdict' = v_verdict
               or v_verdict = 'deny' and r.rule ->> 'rule' = 'callerLabel' and r.rule ->> 'code' = 'labelSuspended'
            order by r.number limit 1;
        end if;
        v_line_rank := case when v_verdict = 'deny' and v_code <> 'labelSuspended' then 3 when v_verdict = 'deny' then 2
                            when v_verdict = 'conditional' then 1 else 0 end;
        if v_line_rank > v_rank then
            v_rank := v_line_rank;
            verdict := v_verdict;
            code := v_code;
        end if;
    end loop;
end
$$;
comment on function bookings.judge_label(bookings.booking, labels.policy) is
    'What the labels of all its centres mean for a booking as it stands: the worst verdict of its lines, and its code. A suspension is milder than any other denial.';

create function bookings.label_effect_of(
    p_booking bookings.booking, p_verdict text, p_code text, p_policy labels.policy, p_now timestamptz) returns text
    language plpgsql stable
as $$
declare
    v_notice integer := case p_code when 'audienceNotTargeted' then p_policy.file_notice_days else p_policy.withdrawal_notice_days end;
    v_is_at_risk boolean := p_booking.flags @> array['atRisk'];
begin
    if p_booking.state not in ('requested', 'held', 'conditional', 'confirmed', 'suspended') then
        return null;
    elsif p_verdict = 'deny' and p_code = 'labelSuspended' then
        return case when p_booking.state <> 'suspended' and p_booking.starts > p_now then 'suspended' end;
    elsif p_verdict = 'deny' then
        -- Use under way may finish, and what begins within the notice takes place.
        return case when p_booking.starts <= p_now then null
                    when v_notice = 0 then 'cancelledByNetwork'
                    when p_booking.starts <= p_now + make_interval(days => v_notice) then null
                    when p_booking.at_risk_until is null then 'atRisk' end;
    elsif p_booking.state = 'suspended' then
        return case when p_booking.starts > p_now then 'restored' end;
    elsif p_verdict = 'conditional' then
        return case when p_booking.at_risk_until is not null and p_booking.state = 'conditional' then 'cleared'
                    when p_booking.at_risk_until is not null then 'atRisk'
                    when p_booking.ends > p_now and p_booking.state <> 'conditional' and not v_is_at_risk then 'atRisk' end;
    end if;
    return case when p_booking.state = 'conditional' then 'confirmed' when v_is_at_risk then 'cleared' end;
end
$$;
comment on function bookings.label_effect_of(bookings.booking, text, text, labels.policy, timestamptz) is
    'What a verdict means for a booking in its state: confirmed, atRisk, cleared, suspended, restored or cancelledByNetwork; null: nothing.';

-- MARK: Planning

create function bookings.touched_by(p_centre_id smallint, p_changed datemultirange) returns setof bookings.booking
    language plpgsql stable
as $$
declare
    -- A day of a zone may begin or end up to 14 hours away from the UTC day, and a booking lasts at most 31 days.
    v_from timestamptz := (coalesce(lower(p_changed), '1900-01-01')::timestamp - interval '33 days') at time zone 'UTC';
    v_to timestamptz := (coalesce(upper(p_changed), 'infinity')::timestamp + interval '1 day') at time zone 'UTC';
    v_organisation uuid := (select o.id from access.organisation o where o.centre_id = p_centre_id);
begin
    return query
    select b.* from bookings.booking b
    where b.centre_id = p_centre_id and b.starts >= v_from and b.starts < v_to
      and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended')
    union all
    select b.* from bookings.booking b
    where cardinality(b.centres) > 1 and b.centres @> array[p_centre_id] and b.centre_id <> p_centre_id
      and b.starts >= v_from and b.starts < v_to
      and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended')
    union all
    select b.* from bookings.booking b
    where b.organisation_id = v_organisation and not b.centres @> array[p_centre_id] and b.starts >= v_from and b.starts < v_to
      and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended');
end
$$;
comment on function bookings.touched_by(smallint, datemultirange) is
    'Live bookings around some days that depend on a centre''s label: with a line there, or by the centre itself elsewhere.';

create type bookings.planned_effect as (
    booking_id uuid,
    effect text,
    needs_others boolean
);
comment on type bookings.planned_effect is 'needs_others: labels of other centres count too, whose locks have to be taken first.';

create function bookings.plan_label_effects(
    p_centre_id smallint, p_changed datemultirange, p_has_new_file boolean, p_now timestamptz)
    returns setof bookings.planned_effect
    language plpgsql stable
as $$
begin
    return query
    with policy as materialized (
        select o from labels.policy o
    ), candidate as materialized (
        select b.id, b as booking, b.created_at,
               b.centres <> array[p_centre_id] or o.centre_id is not null as needs_others,
               b.centres = array[p_centre_id] and o.centre_id is null and not b.flags @> array['atRisk'] and not p_has_new_file as is_plain
        from bookings.touched_by(p_centre_id, p_changed) b
        join access.organisation o on o.id = b.organisation_id
        where o.centre_id is distinct from p_centre_id or b.centres <> array[p_centre_id]
    ), line as materialized (
        select c.id, c.is_plain, plateau.local_days(tstzrange(l.starts, l.ends), s.zone) as days
        from candidate c
        join bookings.line l on l.centre_id = plateau.centre_of(c.id) and l.booking_id = c.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    ), days as materialized (
        -- Thousands of bookings share a few hundred days.
        select d.days, w.verdict, w.code,
               case when w.verdict = 'deny' and w.code <> 'labelSuspended' then 3 when w.verdict = 'deny' then 2
                    when w.verdict = 'conditional' then 1 else 0 end as rank
        from (select distinct l.days from line l where l.is_plain) d
        cross join policy
        cross join lateral labels.whole_slot(p_centre_id, lower(d.days), upper(d.days) - 1, policy.o) w
    ), judged as (
        select l.id, (array_agg(d.verdict order by d.rank desc))[1] as verdict, (array_agg(d.code order by d.rank desc))[1] as code,
               false as needs_others
        from line l join days d on d.days = l.days
        where l.is_plain
        group by l.id
        having bool_or(l.days && p_changed)
        union all
        select c.id, j.verdict, j.code, c.needs_others
        from candidate c
        cross join policy
        cross join lateral bookings.judge_label(c.booking, policy.o) j
        where not c.is_plain and exists (select from line l where l.id = c.id and l.days && p_changed)
    ), effect as (
        select c.id, c.created_at, j.needs_others,
               bookings.label_effect_of(c.booking, j.verdict, j.code, policy.o, p_now) as effect
        from judged j join candidate c on c.id = j.id cross join policy
    )
    select e.id, e.effect, e.needs_others
    from effect e
    where e.effect is not null
    order by e.created_at, e.id;
end
$$;
comment on function bookings.plan_label_effects(smallint, datemultirange, boolean, timestamptz) is
    'What the labels as known now, and the files where one is new, do to the bookings around some days, oldest booking first. Writes nothing.';

-- MARK: Applying

create function bookings.restore(p_booking bookings.booking) returns boolean
    language plpgsql volatile
as $$
declare
    v_line record;
begin
    for v_line in
        select r, s.zone, l.number, l.starts, l.ends, l.seats
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
        order by l.number
    loop
        if (v_line.r).retired_at <= v_line.ends
            or v_line.seats > (v_line.r).capacity - platforms.most_taken(
                (v_line.r).centre_id, (v_line.r).id, v_line.starts - make_interval(mins => (v_line.r).setup_minutes),
                v_line.ends + make_interval(mins => (v_line.r).cleanup_minutes)) then
            -- All or nothing.
            delete from platforms.occupancy o where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id;
            return false;
        end if;
        perform platforms.occupy(v_line.r, v_line.zone, tstzrange(v_line.starts, v_line.ends), v_line.seats, p_booking.id, v_line.number,
                                 p_booking.organisation_id);
    end loop;
    return true;
end
$$;
comment on function bookings.restore(bookings.booking) is
    'Takes the room of a booking again, every line or none; whether there was room. The caller holds the room locks.';

create function bookings.stay(
    p_booking bookings.booking, p_state text, p_flags text[], p_at_risk_until timestamptz, p_key uuid, p_reason text, p_event text,
    p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    update bookings.booking b set state = p_state, flags = p_flags, at_risk_until = p_at_risk_until, version = b.version + 1
    where b.centre_id = p_booking.centre_id and b.id = p_booking.id;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, reason)
    values (p_booking.centre_id, p_booking.id, p_booking.version + 1, p_booking.state, p_state, p_now, p_key, p_reason);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (p_booking.centre_id, p_event, p_booking.id, p_booking.organisation_id, p_booking.version + 1, p_now);
end
$$;
comment on function bookings.stay(bookings.booking, text, text[], timestamptz, uuid, text, text, timestamptz) is
    'Changes state or flags of a booking that keeps its room, or gets it back; records the transition and the event.';

create function bookings.apply_label_effect(p_centre_id smallint, p_booking uuid, p_policy labels.policy, p_key uuid, p_now timestamptz)
    returns text
    language plpgsql volatile
as $$
declare
    v_booking bookings.booking;
    v_judged record;
    v_effect text;
    v_calm text[];
    v_former text;
begin
    select * into v_booking from bookings.booking b where b.centre_id = p_centre_id and b.id = p_booking for update;
    if v_booking.state not in ('requested', 'held', 'conditional', 'confirmed', 'suspended') then
        return 'left';
    end if;
    v_judged := bookings.judge_label(v_booking, p_policy);
    v_effect := bookings.label_effect_of(v_booking, v_judged.verdict, v_judged.code, p_policy, p_now);
    v_calm := array_remove(array_remove(v_booking.flags, 'atRisk'), 'displaced');
    if v_effect is null then
        return 'notNeeded';
    elsif v_effect = 'suspended' then
        perform bookings.leave(v_booking, 'suspended', p_key, null, v_judged.code, 'booking.suspended', p_now);
    elsif v_effect = 'cancelledByNetwork' then
        perform bookings.leave(v_booking, 'cancelledByNetwork', p_key, null, v_judged.code, 'booking.cancelled', p_now);
    elsif v_effect = 'atRisk' then
        perform bookings.stay(
            v_booking, v_booking.state, array_remove(v_booking.flags, 'atRisk') || 'atRisk'::text,
            case v_judged.verdict when 'deny' then p_now + make_interval(days => case v_judged.code
                when 'audienceNotTargeted' then p_policy.file_notice_days else p_policy.withdrawal_notice_days end) end,
            p_key, v_judged.code, 'booking.atRisk', p_now);
    elsif v_effect = 'restored' then
        if not bookings.restore(v_booking) then
            if not v_booking.flags @> array['displaced'] then
                perform bookings.stay(v_booking, 'suspended', v_booking.flags || 'displaced'::text, null, p_key, 'noRoom',
                                      'booking.displaced', p_now);
            end if;
            return 'displaced';
        end if;
        select t.from_state into v_former from bookings.transition t
        where t.centre_id = v_booking.centre_id and t.booking_id = v_booking.id and t.to_state = 'suspended'
          and t.from_state <> 'suspended'
        order by t.version desc limit 1;
        perform bookings.stay(
            v_booking,
            case when v_former in ('requested', 'held') then v_former
                 when v_judged.verdict = 'conditional' then 'conditional' else 'confirmed' end,
            v_calm, null, p_key, v_judged.code, 'booking.restored', p_now);
    else
        perform bookings.stay(v_booking, case v_effect when 'confirmed' then 'confirmed' else v_booking.state end, v_calm, null, p_key,
                              v_judged.code, 'booking.' || v_effect, p_now);
    end if;
    return v_effect;
end
$$;
comment on function bookings.apply_label_effect(smallint, uuid, labels.policy, uuid, timestamptz) is
    'Judges one booking again and does what the labels now ask for. The caller holds the locks of its labels and rooms. left: it had gone by itself; notNeeded; displaced: no room to restore it.';

create function bookings.room_locks_of(p_bookings uuid[]) returns bigint[]
    language plpgsql stable
as $$
begin
    -- Only what is suspended takes room anew.
    return array(
        select distinct k.key
        from unnest(p_bookings) as wanted (id)
        join bookings.booking b on b.centre_id = plateau.centre_of(wanted.id) and b.id = wanted.id and b.state = 'suspended'
        join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        cross join lateral unnest(platforms.room_locks(r, tstzrange(l.starts, l.ends))) as k (key)
        order by k.key);
end
$$;

create function bookings.apply_batch(p_centre_id smallint, p_change uuid, p_numbers integer[], p_now timestamptz) returns integer
    language plpgsql volatile
as $$
declare
    v_change bookings.label_change;
    v_policy labels.policy;
    v_bookings uuid[];
    v_locks bigint[];
    v_effect record;
    v_count integer := 0;
begin
    select * into v_change from bookings.label_change c where c.centre_id = p_centre_id and c.id = p_change;
    select * into v_policy from labels.policy;
    v_bookings := array(select e.booking_id from bookings.label_effect e
                        where e.centre_id = p_centre_id and e.change_id = p_change and e.number = any (p_numbers));
    v_locks := bookings.room_locks_of(v_bookings);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
    for v_effect in
        select e.number, e.booking_id from bookings.label_effect e
        where e.centre_id = p_centre_id and e.change_id = p_change and e.number = any (p_numbers) and e.applied_at is null
        order by e.number
    loop
        update bookings.label_effect e
        set outcome = bookings.apply_label_effect(plateau.centre_of(v_effect.booking_id), v_effect.booking_id, v_policy, v_change.key_id, p_now),
            applied_at = p_now
        where e.centre_id = p_centre_id and e.change_id = p_change and e.number = v_effect.number;
        v_count := v_count + 1;
    end loop;
    update bookings.label_change c set finished_at = p_now
    where c.centre_id = p_centre_id and c.id = p_change and c.finished_at is null
      and not exists (select from bookings.label_effect e where e.centre_id = c.centre_id and e.change_id = c.id and e.applied_at is null);
    return v_count;
end
$$;
comment on function bookings.apply_batch(smallint, uuid, integer[], timestamptz) is
    'Applies some effects of a change. The caller holds the locks of every label concerned; this takes those of the rooms, in ascending order.';

create function bookings.continue_label_change(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_change bookings.label_change;
    v_numbers integer[];
begin
    -- One worker a change: another instance takes the next one.
    select * into v_change from bookings.label_change c
    where c.finished_at is null order by c.recorded_at limit 1 for update skip locked;
    if not found then
        return null;
    end if;
    v_numbers := array(select e.number from bookings.label_effect e
                       where e.centre_id = v_change.centre_id and e.change_id = v_change.id and e.applied_at is null
                       order by e.number limit p_limit);
    perform pg_advisory_xact_lock_shared(k.key)
    from (
        select distinct plateau.label_lock(c.centre_id) as key
        from bookings.label_effect e
        join bookings.booking b on b.centre_id = plateau.centre_of(e.booking_id) and b.id = e.booking_id
        join access.organisation o on o.id = b.organisation_id
        cross join lateral (select unnest(b.centres) union select o.centre_id) as c (centre_id)
        where e.centre_id = v_change.centre_id and e.change_id = v_change.id and e.number = any (v_numbers) and c.centre_id is not null
        order by 1) k;
    return bookings.apply_batch(v_change.centre_id, v_change.id, v_numbers, plateau.clock());
end
$$;
comment on function bookings.continue_label_change(integer) is
    'Applies the next effects of the oldest unfinished change, at most so many. How many; null: nothing is left to do.';

-- MARK: Recording

create function bookings.freeze_effects(
    p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid, p_now timestamptz,
    p_plan bookings.planned_effect[], p_at_once integer) returns void
    language plpgsql volatile
as $$
begin
    if cardinality(p_plan) = 0 then
        return;
    end if;
    insert into bookings.label_change (centre_id, id, cause, subject_id, changed, recorded_at, key_id, planned)
    values (p_centre_id, p_change, p_cause, p_subject, p_changed, p_now, p_key, cardinality(p_plan));
    insert into bookings.label_effect (centre_id, change_id, number, booking_id, planned)
    select p_centre_id, p_change, e.number, e.booking_id, e.effect
    from unnest(p_plan) with ordinality as e (booking_id, effect, needs_others, number);
    -- A short list is done at once; a long one, and what depends on other labels, by and by.
    if cardinality(p_plan) <= p_at_once then
        perform bookings.apply_batch(
            p_centre_id, p_change,
            array(select e.number::integer from unnest(p_plan) with ordinality as e (booking_id, effect, needs_others, number)
                  where not e.needs_others), p_now);
    end if;
end
$$;

create function bookings.take_label_effects(
    p_centre_id smallint, p_change uuid, p_cause text, p_subject uuid, p_changed datemultirange, p_key uuid) returns void
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
begin
    -- Called in the transaction that recorded the change, which holds the centre's exclusive lock: no booking slips in between.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    perform bookings.freeze_effects(
        p_centre_id, p_change, p_cause, p_subject, p_changed, p_key, v_now,
        array(select row (e.booking_id, e.effect, e.needs_others)::bookings.planned_effect
              from bookings.plan_label_effects(p_centre_id, p_changed, p_cause = 'file', v_now) e), 200);
end
$$;
comment on function bookings.take_label_effects(smallint, uuid, text, uuid, datemultirange, uuid) is
    'Plans and freezes what an application or a recognition file does to bookings, and does it when it is little.';

create function bookings.record_decision(p_centre_id smallint, p_decision uuid, p_key uuid, p_simulation uuid)
    returns table (outcome text, recorded_at timestamptz, planned integer, booking_ids uuid[], effects text[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_approved record;
    v_seen bookings.label_simulation;
    v_now timestamptz;
    v_plan bookings.planned_effect[];
begin
    select * into v_approved from labels.approve_decision(p_centre_id, p_decision, p_key);
    outcome := v_approved.outcome;
    recorded_at := v_approved.recorded_at;
    if outcome <> 'recorded' then
        return next;
        return;
    end if;
    v_now := plateau.clock();
    v_plan := array(select row (e.booking_id, e.effect, e.needs_others)::bookings.planned_effect
                    from bookings.plan_label_effects(p_centre_id, v_approved.changed, false, v_now) e);
    if p_simulation is not null then
        select * into v_seen from bookings.label_simulation s where s.centre_id = p_centre_id and s.id = p_simulation;
        if v_seen.decision_id is distinct from p_decision then
            outcome := 'simulationUnknown';
        else
            -- What is on one list and not, or otherwise, on the other. The caller rolls back.
            select array_agg(d.booking_id), array_agg(d.effect) into booking_ids, effects
            from (
                select coalesce(n.booking_id, o.booking_id) as booking_id, coalesce(n.effect, 'none') as effect
                from unnest(v_plan) n
                full join unnest(v_seen.booking_ids, v_seen.planned) as o (booking_id, effect) on o.booking_id = n.booking_id
                where n.effect is distinct from o.effect
                order by 1
                limit 1000) d;
            if booking_ids is not null then
                outcome := 'simulationChanged';
            end if;
        end if;
        if outcome <> 'recorded' then
            return next;
            return;
        end if;
    end if;
    perform bookings.freeze_effects(p_centre_id, p_decision, 'decision', p_decision, v_approved.changed, p_key, v_now, v_plan, 200);
    planned := cardinality(v_plan);
    select array_agg(e.booking_id order by e.number), array_agg(e.outcome order by e.number) into booking_ids, effects
    from bookings.label_effect e
    where e.centre_id = p_centre_id and e.change_id = p_decision and e.applied_at is not null;
    return next;
end
$$;
comment on function bookings.record_decision(smallint, uuid, uuid, uuid) is
    'Approves a proposal and plans its effects under the centre''s exclusive lock. outcome: as labels.approve_decision, or simulationUnknown, simulationChanged (with what differs from the list that the approver saw): then the caller rolls back. planned: how many bookings it touches; booking_ids and effects: what was done at once.';

create function bookings.simulate_decision(p_centre_id smallint, p_decision uuid, p_id uuid, p_key uuid)
    returns table (outcome text, is_exact boolean)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_proposal labels.proposal;
    v_changed datemultirange;
    v_now timestamptz := plateau.clock();
    v_plan bookings.planned_effect[];
    v_ids uuid[] := '{}'::uuid[];
    v_planned text[] := '{}'::text[];
    v_outcomes text[] := '{}'::text[];
begin
    -- Decisions stand still meanwhile, bookings go on.
    perform pg_advisory_xact_lock_shared(plateau.label_lock(p_centre_id));
    select * into v_proposal from labels.proposal p where p.centre_id = p_centre_id and p.id = p_decision;
    if not found then
        outcome := 'notFound';
    elsif exists (select from labels.label_decision d where d.centre_id = p_centre_id and d.id = p_decision) then
        outcome := 'alreadyApproved';
    elsif exists (select from labels.proposal_withdrawal w where w.centre_id = p_centre_id and w.proposal_id = p_decision) then
        outcome := 'alreadyWithdrawn';
    else
        outcome := labels.objection_to(v_proposal);
    end if;
    if outcome is not null then
        return next;
        return;
    end if;
    begin
        select w.changed into v_changed from labels.write_decision(v_proposal, '00000000-0000-0000-0000-000000000000') w;
        v_plan := array(select row (e.booking_id, e.effect, e.needs_others)::bookings.planned_effect
                        from bookings.plan_label_effects(p_centre_id, v_changed, false, v_now) e);
        v_ids := array(select e.booking_id from unnest(v_plan) e);
        v_planned := array(select e.effect from unnest(v_plan) e);
        v_outcomes := v_planned;
        is_exact := cardinality(v_plan) <= 500;
        if is_exact and cardinality(v_plan) > 0 then
            perform bookings.freeze_effects(p_centre_id, p_id, 'decision', p_decision, v_changed, p_key, v_now, v_plan, 0);
            perform bookings.apply_batch(p_centre_id, p_id, array(select generate_series(1, cardinality(v_plan))), v_now);
            v_outcomes := array(select e.outcome from bookings.label_effect e
                                where e.centre_id = p_centre_id and e.change_id = p_id order by e.number);
        end if;
        -- Taken back: the variables keep what was found.
        raise exception using errcode = 'PL001', message = 'simulated';
    exception when sqlstate 'PL001' then
        outcome := 'simulated';
    end;
    insert into bookings.label_simulation (
        centre_id, id, decision_id, simulated_at, simulated_by, is_exact, booking_ids, planned, outcomes)
    values (p_centre_id, p_id, p_decision, v_now, p_key, is_exact, v_ids, v_planned, v_outcomes);
    return next;
end
$$;
comment on function bookings.simulate_decision(smallint, uuid, uuid, uuid) is
    'Does what approving a proposal would do, up to 500 bookings, takes it back and keeps the list. outcome: simulated, notFound, alreadyApproved, alreadyWithdrawn, or what labels.objection_to says.';

-- MARK: When the time is up

create function bookings.next_due(p_now timestamptz, p_limit integer) returns setof bookings.booking
    language plpgsql stable
as $$
begin
    return query
    select b.* from bookings.booking b
    where b.at_risk_until <= p_now and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended')
    limit p_limit;
    return query
    select b.* from labels.policy o, bookings.booking b
    where o.pending_release_days is not null and b.state = 'conditional' and b.starts > p_now
      and b.starts <= p_now + make_interval(days => o.pending_release_days) and b.at_risk_until is null
    limit p_limit;
end
$$;

create function bookings.release_due(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_policy labels.policy;
    v_due bookings.booking[];
    v_booking bookings.booking;
    v_judged record;
    v_calm text[];
    v_count integer := 0;
begin
    v_due := array(select d from bookings.next_due(v_now, p_limit) d limit p_limit);
    if cardinality(v_due) = 0 then
        return 0;
    end if;
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c.centre_id) as key
          from unnest(v_due) d
          join access.organisation o on o.id = d.organisation_id
          cross join lateral (select unnest(d.centres) union select o.centre_id) as c (centre_id)
          where c.centre_id is not null order by 1) k;
    select * into v_policy from labels.policy;
    for v_booking in
        select b.* from unnest(v_due) d join bookings.booking b on b.centre_id = d.centre_id and b.id = d.id and b.version = d.version
        order by b.centre_id, b.id for update of b
    loop
        v_judged := bookings.judge_label(v_booking, v_policy);
        v_calm := array_remove(v_booking.flags, 'atRisk');
        if v_booking.starts <= v_now then
            perform bookings.stay(v_booking, v_booking.state, v_booking.flags, null, null, v_judged.code, 'booking.kept', v_now);
        elsif v_judged.verdict = 'deny' or v_judged.verdict = 'conditional' and v_booking.at_risk_until is null then
            perform bookings.leave(v_booking, 'cancelledByNetwork', null, null, v_judged.code, 'booking.cancelled', v_now);
        else
            perform bookings.stay(v_booking, case when v_judged.verdict = 'allow' and v_booking.state = 'conditional' then 'confirmed'
                                                  else v_booking.state end, v_calm, null, null, v_judged.code, 'booking.cleared', v_now);
        end if;
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function bookings.release_due(integer) is
    'Cancels for the network what is at risk and whose notice has ended, and conditional bookings that the policy releases; clears those that are in order again. How many it looked at.';

-- MARK: Rights

alter table bookings.label_change enable row level security;
alter table bookings.label_change force row level security;
alter table bookings.label_effect enable row level security;
alter table bookings.label_effect force row level security;
alter table bookings.label_simulation enable row level security;
alter table bookings.label_simulation force row level security;
create policy label_change_functions on bookings.label_change to plateau_functions using (true) with check (true);
create policy label_change_actor on bookings.label_change for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
create policy label_effect_functions on bookings.label_effect to plateau_functions using (true) with check (true);
create policy label_effect_actor on bookings.label_effect for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
create policy label_simulation_functions on bookings.label_simulation to plateau_functions using (true) with check (true);
create policy label_simulation_actor on bookings.label_simulation for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
grant select, insert, update on bookings.label_change, bookings.label_effect to plateau_functions;
grant select, insert on bookings.label_simulation to plateau_functions;
grant select on bookings.label_change, bookings.label_effect, bookings.label_simulation to plateau_app;

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'bookings'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'bookings'::regnamespace and not p.prosecdef loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
