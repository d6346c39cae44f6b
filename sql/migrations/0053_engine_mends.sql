-- What a model of the whole engine found: nobody comes back into an outage; what has lapsed is in the way of nobody who comes back, and draws
-- on no quota; who checked in early keeps the place when an outage is planned; a notice that is over ends nothing that is only suspended; a
-- booking that takes a part and then the whole takes no more than there is; what was made local since confirms no hold, and what is out
-- follows an extension that is approved.
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
        if (v_line.r).kind = 'equipment'
               and (maintenance.lent_to_others((v_line.r).centre_id, (v_line.r).id, tstzrange(v_line.starts, v_line.ends), v_caller)).id
                   is not null
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
