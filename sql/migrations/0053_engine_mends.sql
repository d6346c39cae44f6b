-- What a model of the whole engine found: nobody comes back into an outage; what has lapsed is in the way of nobody who comes back, and draws
-- on no quota; who checked in early keeps the place when an outage is planned; a notice that is over ends nothing that is only suspended; what
-- was made local since confirms no hold, and what is out follows an extension that is approved.
-- lock class: none (functions)

create or replace function maintenance.displace(p_outage maintenance.outage, p_bookings uuid[], p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_booking bookings.booking;
    v_flags text[];
begin
    for v_booking in
        select b.* from bookings.booking b
        where (b.centre_id, b.id) in (select plateau.centre_of(w.id), w.id from unnest(p_bookings) as w (id))
          and b.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse')
        order by b.centre_id, b.id for update
    loop
        v_flags := array_remove(v_booking.flags, 'displaced') || 'displaced'::text;
        if v_booking.starts > p_now and v_booking.state <> 'inUse' and not maintenance.keeps_place(v_booking.id, p_outage) then
            perform bookings.leave(v_booking, 'suspended', p_key, null, p_outage.cause, 'booking.displaced', p_now);
            update bookings.booking b set flags = v_flags where b.centre_id = v_booking.centre_id and b.id = v_booking.id;
        elsif not v_booking.flags @> array['displaced'] then
            -- Under way, if only by an early check-in or what was fetched early: it keeps what it has, and is told.
            perform bookings.stay(v_booking, v_booking.state, v_flags, v_booking.at_risk_until, p_key, p_outage.cause,
                                  'booking.displaced', p_now);
        end if;
        insert into maintenance.displacement (centre_id, outage_id, booking_id, displaced_at)
        values (p_outage.centre_id, p_outage.id, v_booking.id, p_now)
        on conflict (centre_id, outage_id, booking_id) do update
            set displaced_at = excluded.displaced_at, outcome = null, settled_at = null;
    end loop;
end
$$;

create or replace function maintenance.settle(p_booking uuid, p_key uuid, p_policy labels.policy, p_now timestamptz)
    returns text
    language plpgsql volatile
as $$
declare
    v_booking bookings.booking;
    v_judged record;
    v_former text;
begin
    select * into v_booking from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    if not v_booking.flags @> array['displaced']
        or v_booking.state not in ('suspended', 'inUse') and v_booking.starts > p_now and maintenance.fetched(p_booking) is null then
        return 'left';
    elsif v_booking.state in ('requested', 'held', 'conditional', 'confirmed', 'inUse') then
        -- It was under way and kept its room.
        perform bookings.stay(v_booking, v_booking.state, array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key,
                              'outageEnded', 'booking.restored', p_now);
        return 'restored';
    elsif v_booking.state <> 'suspended' or v_booking.starts <= p_now then
        return 'left';
    end if;
    v_judged := bookings.judge_label(v_booking, p_policy);
    if v_judged.verdict = 'deny' then
        -- Suspended all the same: its label's return brings it back.
        perform bookings.stay(v_booking, 'suspended', array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key,
                              v_judged.code, 'booking.suspended', p_now);
        return 'labelInTheWay';
    elsif not bookings.restore(v_booking) then
        return 'noRoom';
    end if;
    select t.from_state into v_former from bookings.transition t
    where t.centre_id = v_booking.centre_id and t.booking_id = v_booking.id and t.to_state = 'suspended' and t.from_state <> 'suspended'
    order by t.version desc limit 1;
    perform bookings.stay(
        v_booking,
        case when v_former in ('requested', 'held') then v_former
             when v_judged.verdict = 'conditional' then 'conditional' else 'confirmed' end,
        array_remove(v_booking.flags, 'displaced'), v_booking.at_risk_until, p_key, 'outageEnded', 'booking.restored', p_now);
    return 'restored';
end
$$;

create or replace function maintenance.give_back(p_outage maintenance.outage, p_key uuid, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_resource platforms.resource;
    v_policy labels.policy;
    v_other maintenance.outage;
    v_booking uuid;
    v_outcome text;
begin
    select * into v_resource from platforms.resource r where r.centre_id = p_outage.centre_id and r.id = p_outage.resource_id;
    select * into v_policy from labels.policy;
    delete from platforms.occupancy o
    where o.centre_id = p_outage.centre_id and o.resource_id = p_outage.resource_id and o.holder_id = p_outage.id and o.starts >= p_now;
    update platforms.occupancy o set ends = p_now
    where o.centre_id = p_outage.centre_id and o.resource_id = p_outage.resource_id and o.holder_id = p_outage.id and o.ends > p_now;
    -- What another outage left to this one is its own now.
    for v_other in
        select x.* from maintenance.outage x
        where x.centre_id = p_outage.centre_id and x.resource_id = p_outage.resource_id and x.ended_at is null
          and x.blocked_until > p_now
        order by x.recorded_at, x.id
    loop
        perform maintenance.block(v_resource, v_other, p_now);
    end loop;
    -- What has lapsed is in nobody's way.
    if bookings.lapsed_holders() <> '{}' then
        perform bookings.release_lapsed(array_agg(l.resource_id), array_agg(l.starts), array_agg(l.ends))
        from maintenance.displacement d
        join bookings.line l on l.centre_id = plateau.centre_of(d.booking_id) and l.booking_id = d.booking_id
        where d.centre_id = p_outage.centre_id and d.outage_id = p_outage.id and d.outcome is null;
    end if;
    for v_booking in
        select d.booking_id
        from maintenance.displacement d
        join bookings.booking b on b.centre_id = plateau.centre_of(d.booking_id) and b.id = d.booking_id
        where d.centre_id = p_outage.centre_id and d.outage_id = p_outage.id and d.outcome is null
        order by b.created_at, b.id
    loop
        continue when p_outage.ended_at is null and maintenance.in_the_way(v_booking, p_outage);
        v_outcome := maintenance.settle(v_booking, p_key, v_policy, p_now);
        update maintenance.displacement d set outcome = v_outcome, settled_at = p_now
        where d.centre_id = p_outage.centre_id and d.outage_id = p_outage.id and d.booking_id = v_booking;
        if v_outcome = 'noRoom' then
            -- Another outage is in its way: it waits for the end of that.
            insert into maintenance.displacement (centre_id, outage_id, booking_id, displaced_at)
            select x.centre_id, x.id, v_booking, p_now from maintenance.outage x
            where x.centre_id = p_outage.centre_id and x.resource_id = p_outage.resource_id and x.ended_at is null
              and x.id <> p_outage.id and maintenance.in_the_way(v_booking, x)
            order by x.recorded_at, x.id limit 1
            on conflict (centre_id, outage_id, booking_id) do update set outcome = null, settled_at = null;
        end if;
    end loop;
end
$$;

create or replace function bookings.restore(p_booking bookings.booking) returns boolean
    language plpgsql volatile
as $$
declare
    v_line record;
    v_caller smallint := (select o.centre_id from access.organisation o where o.id = p_booking.organisation_id);
begin
    for v_line in
        select r, s.zone, l.number, l.starts, l.ends, case when l.is_exclusive then r.capacity else l.seats end as seats, l.is_exclusive,
               coalesce(l.persons, p_booking.accompanying + coalesce((select sum(n) from unnest(p_booking.head_counts) n), 0))::integer
                   as persons
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id
        order by l.number
    loop
        -- Use under way leaves a hole in what an outage takes, and a loan takes no room: nobody comes back into either, nor into what
        -- is local and neither its own nor on loan to it.
        if (maintenance.lent_to_others((v_line.r).centre_id, (v_line.r).id, tstzrange(v_line.starts, v_line.ends), v_caller)).id is not null
            or not (v_line.r).is_shared and (v_line.r).centre_id is distinct from v_caller
               and not maintenance.borrows((v_line.r).centre_id, (v_line.r).id, tstzrange(v_line.starts, v_line.ends), v_caller)
            or bookings.service_rules(1, v_line.r, v_line.zone, tstzrange(v_line.starts, v_line.ends)) <> '[]'::jsonb
            or not platforms.has_room(v_line.r, tstzrange(v_line.starts, v_line.ends), v_line.seats, v_line.persons) then
            -- All or nothing.
            delete from platforms.occupancy o where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id;
            return false;
        end if;
        perform platforms.occupy(v_line.r, v_line.zone, tstzrange(v_line.starts, v_line.ends), v_line.seats, p_booking.id, v_line.number,
                                 p_booking.organisation_id, v_line.persons, v_line.is_exclusive);
    end loop;
    return true;
end
$$;

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
    v_frees_room boolean := false;
begin
    select * into v_change from bookings.label_change c where c.centre_id = p_centre_id and c.id = p_change;
    select * into v_policy from labels.policy;
    select coalesce(array_agg(e.number order by e.number), '{}'), coalesce(array_agg(e.booking_id order by e.number), '{}')
    into v_numbers, v_bookings
    from bookings.label_effect e
    where e.centre_id = p_centre_id and e.change_id = p_change and e.number = any (p_numbers) and e.applied_at is null;
    v_locks := bookings.room_locks_of(v_bookings);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
    -- What has lapsed is in the way of nobody who comes back.
    if bookings.lapsed_holders() <> '{}' then
        perform bookings.release_lapsed(array_agg(l.resource_id), array_agg(l.starts), array_agg(l.ends))
        from unnest(v_bookings) as wanted (id)
        join bookings.booking b on b.centre_id = plateau.centre_of(wanted.id) and b.id = wanted.id and b.state = 'suspended'
        join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id;
    end if;
    -- In the order of the list, so that the oldest is restored first.
    for v_booking in
        select b.*
        from unnest(v_bookings) with ordinality as wanted (id, number)
        join bookings.booking b on b.centre_id = plateau.centre_of(wanted.id) and b.id = wanted.id
        order by wanted.number for update of b
    loop
        -- What left before it has given its room back by now.
        if v_frees_room and v_booking.state = 'suspended' then
            perform bookings.carry_out(v_passages, v_change.key_id, null, p_now);
            v_passages := '{}';
            v_frees_room := false;
        end if;
        select a.effect, a.passages into v_effect, v_some from bookings.apply_label_effect(v_booking, v_policy, p_now) a;
        v_outcomes := array_append(v_outcomes, v_effect);
        v_passages := v_passages || v_some;
        v_frees_room := v_frees_room or bookings.gives_room_back((v_some[1]).state) is true;
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

create or replace function bookings.release_due(p_limit integer) returns integer
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
        elsif v_judged.verdict = 'deny' and v_judged.code <> 'labelSuspended'
            or v_judged.verdict = 'conditional' and v_booking.at_risk_until is null then
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

create or replace function bookings.quota_use(
    p_organisation uuid, p_booking uuid, p_resources platforms.resource[], p_zones text[], p_starts timestamptz[], p_ends timestamptz[])
    returns table (
        quota bookings.quota, period_start date, minutes integer, bookings integer, drawn_minutes integer, drawn_bookings integer)
    language plpgsql stable
as $$
begin
    return query
    with line as (
        select (p_resources[i]).centre_id as centre_id, (p_resources[i]).id || (p_resources[i]).ancestors as path,
               p_starts[i] at time zone p_zones[i] as local_starts, p_starts[i] as starts, p_ends[i] as ends, p_zones[i] as zone
        from generate_series(1, cardinality(p_starts)) as i
        where (p_resources[i]).id is not null
    ), piece as (
        select q, p.at::date as period_start,
               greatest(l.starts, plateau.instant_of(p.at, l.zone)) as starts,
               least(l.ends, plateau.instant_of(p.at + ('1 ' || q.period)::interval, l.zone)) as ends
        from bookings.quota q
        join line l on (q.centre_id = 0 or q.centre_id = l.centre_id) and (q.resource_id is null or q.resource_id = any (l.path))
                   and q.during @> l.local_starts::date
        cross join lateral generate_series(
            date_trunc(q.period, l.local_starts), (l.ends - interval '1 microsecond') at time zone l.zone,
            ('1 ' || q.period)::interval) as p (at)
        where q.organisation_id = p_organisation and q.ended_at is null
    ), asked as (
        select p.q, p.period_start, (sum(extract(epoch from p.ends - p.starts)) / 60)::integer as minutes
        from piece p group by p.q, p.period_start
    )
    select a.q, a.period_start, a.minutes,
           case when a.period_start = min(a.period_start) over (partition by (a.q).id) then 1 else 0 end,
           coalesce(d.minutes, 0)::integer, coalesce(d.bookings, 0)::integer
    from asked a
    cross join lateral (
        select sum(w.minutes) as minutes, sum(w.bookings) as bookings from bookings.draw w
        where w.centre_id = (a.q).centre_id and w.quota_id = (a.q).id and w.period_start = a.period_start
          and w.booking_id <> p_booking
          -- What has lapsed draws on nothing, whether or not it was cleared away.
          and not exists (
              select from bookings.booking b
              where b.centre_id = plateau.centre_of(w.booking_id) and b.id = w.booking_id
                and b.expires_at <= plateau.clock() and b.state in ('held', 'requested', 'suspended'))) d
    order by (a.q).centre_id, (a.q).id, a.period_start;
end
$$;

create or replace function bookings.confirm(p_booking uuid, p_key uuid, p_version integer, p_reason text)
    returns table (outcome text, version integer, state text, rules jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_policy labels.policy;
    v_judged record;
    v_rules jsonb;
    v_verdict bookings.verdict;
    v_standing text;
    v_state text;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    if v_booking.state = 'draft' then
        v_standing := bookings.standing_of(p_key, v_booking, plateau.clock());
        if v_standing is null or v_standing = 'network' then
            return query select 'forbidden', v_booking.version, v_booking.state, null::jsonb;
        elsif v_booking.version <> p_version then
            return query select 'versionMismatch', v_booking.version, v_booking.state, null::jsonb;
        else
            v_verdict := bookings.again(v_booking, p_key, 'booked', null, p_reason, null);
            return query select case v_verdict.outcome when 'changed' then 'confirmed' else v_verdict.outcome end,
                                v_booking.version + 1, v_verdict.state, v_verdict.rules;
        end if;
        return;
    end if;
    if v_booking.id is not null then
        perform bookings.lock_labels(v_booking);
    end if;
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    v_standing := bookings.standing_of(p_key, v_booking, v_now);
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text, null::jsonb;
    elsif v_standing is null or v_standing = 'network' then
        return query select 'forbidden', v_booking.version, v_booking.state, null::jsonb;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state, null::jsonb;
    elsif v_booking.state <> 'held' then
        return query select 'notHeld', v_booking.version, v_booking.state, null::jsonb;
    elsif v_booking.expires_at <= v_now then
        return query select 'holdExpired', v_booking.version, v_booking.state, null::jsonb;
    else
        select * into v_policy from labels.policy;
        v_judged := bookings.judge_label(v_booking, v_policy);
        v_rules := bookings.label_rules(v_booking);
        -- What was made local or lent since is no matter of labels, and nobody comes into it all the same.
        if v_judged.verdict = 'deny' or v_rules @> '[{"rule": "visibility"}]' or v_rules @> '[{"rule": "loan"}]' then
            return query select 'refused', v_booking.version, v_booking.state, v_rules;
            return;
        end if;
        v_state := case
            when exists (select from bookings.approval a where a.centre_id = v_booking.centre_id and a.booking_id = v_booking.id
                         and a.decided_at is null) then 'requested'
            when v_judged.verdict = 'conditional' then 'conditional' else 'confirmed' end;
        if v_state = 'requested' then
            update bookings.booking b set expires_at = bookings.approval_deadline(b.starts, v_now)
            where b.centre_id = v_booking.centre_id and b.id = v_booking.id;
        end if;
        delete from bookings.waiting w where w.centre_id = v_booking.centre_id and w.booking_id = v_booking.id;
        perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, p_reason, 'booking.' || v_state, v_now);
        return query select 'confirmed', v_booking.version + 1, v_state, null::jsonb;
    end if;
end
$$;

create or replace function bookings.decide(p_booking uuid, p_key uuid, p_version integer, p_approves boolean, p_reason text)
    returns table (outcome text, version integer, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_policy labels.policy;
    v_judged record;
    v_centres smallint[];
    v_state text;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
        return;
    end if;
    perform bookings.lock_labels(v_booking);
    select * into v_booking from bookings.booking b where b.centre_id = v_booking.centre_id and b.id = p_booking for update;
    v_now := plateau.clock();
    v_centres := array(
        select a.approving_centre from bookings.approval a
        where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null
          and access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], a.approving_centre));
    if v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state <> 'requested' then
        return query select 'notRequested', v_booking.version, v_booking.state;
    elsif v_booking.expires_at <= v_now then
        return query select 'requestExpired', v_booking.version, v_booking.state;
    elsif v_booking.created_by = p_key
        or v_booking.organisation_id = (select k.organisation_id from access.api_key k where k.id = p_key) then
        return query select 'ownRequest', v_booking.version, v_booking.state;
    elsif v_centres = '{}' then
        return query select 'forbidden', v_booking.version, v_booking.state;
    else
        update bookings.approval a set decided_at = v_now, decided_by = p_key, is_approved = p_approves, reason = p_reason
        where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null
          and a.approving_centre = any (v_centres);
        if not p_approves then
            perform bookings.leave(v_booking, 'rejected', p_key, null, p_reason, 'booking.rejected', v_now);
            delete from bookings.approval a
            where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null;
            v_state := 'rejected';
        elsif exists (select from bookings.approval a where a.centre_id = v_booking.centre_id and a.booking_id = p_booking
                      and a.decided_at is null) then
            v_state := 'requested';
            perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, p_reason, 'booking.approvedInPart', v_now);
        else
            select * into v_policy from labels.policy;
            v_judged := bookings.judge_label(v_booking, v_policy);
            if v_judged.verdict = 'deny' then
                -- What the label denies since is for the label's own consequences to end, with their notice.
                v_judged.verdict := 'conditional';
            end if;
            v_state := case v_judged.verdict when 'conditional' then 'conditional' else 'confirmed' end;
            perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, p_reason, 'booking.approved', v_now);
            perform bookings.tell_rivals(v_booking, v_now);
            v_booking.state := v_state;
            perform maintenance.follow_booking(v_booking, v_now);
        end if;
        return query select 'decided', v_booking.version + 1, v_state;
    end if;
end
$$;
