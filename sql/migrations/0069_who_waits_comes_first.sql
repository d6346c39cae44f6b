-- Who waits comes first: room that appeared, or that a quota or a label opened, is booked by nobody else until the waiting list was gone
-- through for it. Between the moment at which it is freed and its offer a direct booking could slip in.
-- lock class: none (functions)

drop function bookings.waits_for(uuid, timestamptz, timestamptz);
create function bookings.waits_for(p_resource uuid, p_starts timestamptz, p_ends timestamptz, p_among uuid[] default null) returns setof bookings.waiting
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
    where (p_among is null or w.booking_id = any (p_among))
      and (r.id = p_resource or p_resource = any (r.ancestors)
           -- Whoever waits for any of a model waits for each.
           or exists (
               select from bookings.assignment w
               join inventory.asset a on a.model_id = w.model_id and a.centre_id = plateau.centre_of(p_resource) and a.id = p_resource
               where w.centre_id = l.centre_id and w.booking_id = l.booking_id and w.resource_id = l.resource_id))
      and l.starts - make_interval(mins => r.setup_minutes) < p_ends and l.ends + make_interval(mins => r.cleanup_minutes) > p_starts;
end
$$;

revoke all on function bookings.waits_for(uuid, timestamptz, timestamptz, uuid[]) from public;
grant execute on function bookings.waits_for(uuid, timestamptz, timestamptz, uuid[]) to plateau_functions;

-- The rule that lines break which take what the waiting list has yet to be asked about; an empty array when none does. The caller holds the
-- locks of their rooms: nobody is offered any of it meanwhile.
create function bookings.waiting_first(
    p_booking uuid, p_resources platforms.resource[], p_starts timestamptz[], p_ends timestamptz[]) returns jsonb
    language plpgsql volatile
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_resource platforms.resource;
    v_entries uuid[];
    v_rooms uuid[];
begin
    for i in 1 .. cardinality(p_starts) loop
        v_resource := p_resources[i];
        -- Of a part, its wholes too: whoever waits for the hall waits for each bay.
        v_entries := array(
            select distinct w.booking_id
            from unnest(v_resource.id || v_resource.ancestors) as o (id)
            cross join lateral bookings.waits_for(
                o.id, p_starts[i] - make_interval(mins => v_resource.setup_minutes),
                p_ends[i] + make_interval(mins => v_resource.cleanup_minutes)) w
            where w.booking_id <> p_booking);
        continue when v_entries = '{}';
        -- What has lapsed is room that appeared, cleared away or not.
        v_rooms := v_resource.id || array(
            select u.id
            from bookings.assignment w
            join inventory.asset u on u.model_id = w.model_id and u.centre_id = v_resource.centre_id and u.id <> v_resource.id
            where w.booking_id = any (v_entries));
        perform bookings.release_lapsed(
            v_rooms, array_fill(p_starts[i], array[cardinality(v_rooms)]), array_fill(p_ends[i], array[cardinality(v_rooms)]));
        if exists (
            select from bookings.vacancy v
            cross join lateral bookings.waits_for(v.resource_id, v.starts, v.ends, v_entries) w
            join bookings.booking b on b.centre_id = w.centre_id and b.id = w.booking_id and b.expires_at > plateau.clock()
            where v.holder_id is distinct from p_booking
              and (v.after_id is null
                   or (-w.priority, w.joined_at, w.booking_id) > (-v.after_priority, v.after_joined, v.after_id))) then
            v_rules := v_rules || bookings.rule(i, 'capacity', 'waitingListFirst', jsonb_build_object('resourceId', v_resource.id));
        end if;
    end loop;
    return v_rules;
end
$$;
revoke all on function bookings.waiting_first(uuid, platforms.resource[], timestamptz[], timestamptz[]) from public;
grant execute on function bookings.waiting_first(uuid, platforms.resource[], timestamptz[], timestamptz[]) to plateau_functions;


drop function bookings.promote_next();
create function bookings.promote_next(p_waits boolean default false) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_vacancies bigint[];
    v_next record;
    v_booking bookings.booking;
    v_verdict bookings.verdict;
    v_until timestamptz;
    v_now timestamptz := plateau.clock();
begin
    -- One at a time, so that nobody is offered anything before somebody who comes first; one entry a transaction, whose locks are
    -- those of one booking.
    if p_waits then
        perform pg_advisory_xact_lock(9, 0);
        v_now := plateau.clock();
    end if;
    if not pg_try_advisory_xact_lock(9, 0) then
        return null;
    end if;
    v_vacancies := array(select v.id from bookings.vacancy v);
    if v_vacancies = '{}' then
        return null;
    end if;
    select w.* into v_next
    from bookings.vacancy v
    cross join lateral bookings.waits_for(v.resource_id, v.starts, v.ends) w
    where v.id = any (v_vacancies)
      and (v.after_id is null
           or (-w.priority, w.joined_at, w.booking_id) > (-v.after_priority, v.after_joined, v.after_id))
    order by -w.priority, w.joined_at, w.booking_id limit 1;
    if not found then
        delete from bookings.vacancy v where v.id = any (v_vacancies);
        return 'done';
    end if;
    update bookings.vacancy v
    set after_priority = v_next.priority, after_joined = v_next.joined_at, after_id = v_next.booking_id
    where v.id = any (v_vacancies)
      and (v.after_id is null
           or (-v_next.priority, v_next.joined_at, v_next.booking_id) > (-v.after_priority, v.after_joined, v.after_id));
    select * into v_booking from bookings.booking b where b.centre_id = v_next.centre_id and b.id = v_next.booking_id;
    if v_booking.state <> 'waitlisted' or v_booking.expires_at <= v_now then
        return 'passed';
    end if;
    select least(v_booking.starts, v_now + make_interval(mins => p.accept_minutes)) into v_until from bookings.policy p;
    v_verdict := bookings.again(v_booking, bookings.acting_key(v_booking), 'held', v_until, 'offered', null);
    if v_verdict.outcome is distinct from 'changed' then
        return 'passed';
    end if;
    update bookings.waiting w set offered_at = v_now where w.centre_id = v_booking.centre_id and w.booking_id = v_booking.id;
    return 'offered';
end
$$;

alter function bookings.promote_next(boolean) owner to plateau_functions;
revoke all on function bookings.promote_next(boolean) from public;
grant execute on function bookings.promote_next(boolean) to plateau_app;
comment on function bookings.promote_next(boolean) is
    'Offers room that appeared to the next who waits for it: what fits under the rules of a new booking is held for the accept window, what does not is passed. offered, passed, done (everything was gone through); null: there is none, or another instance is at it. waits: until the other has done its step. A transaction that waits holds nothing else.';

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
    v_waiting jsonb;
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
    -- Offers apart, which are what others wait for. Nearly always nothing is vacant and nothing has lapsed.
    if not v_refused and p_as <> 'draft'
        and (exists (select from bookings.vacancy)
             or exists (select from bookings.booking b where b.expires_at <= v_now and b.state in ('held', 'requested')))
        and not (p_as = 'held' and coalesce(v_old.state = 'waitlisted', false)) then
        v_waiting := bookings.waiting_first(p_booking, v_resources, p_starts, p_ends);
        if v_waiting <> '[]'::jsonb then
            v_rules := v_rules || v_waiting;
            v_verdict.rules := v_rules;
            v_refused := true;
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

create or replace function bookings.change_series(
    p_series uuid, p_key uuid, p_version integer, p_reason text, p_resources uuid[], p_seats integer[], p_numbers integer[],
    p_bookings uuid[], p_references text[], p_starts timestamptz[], p_ends timestamptz[], p_dry_run boolean,
    p_persons integer[] default null) returns setof bookings.occurrence_verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_series bookings.series;
    v_old bookings.booking;
    v_olds bookings.booking[] := '{}'::bookings.booking[];
    v_lines integer := cardinality(p_resources);
    v_centres smallint[] := array(select plateau.centre_of(r) from unnest(p_resources) r);
    v_outcome text;
    v_verdict bookings.verdict;
    v_verdicts bookings.occurrence_verdict[] := '{}'::bookings.occurrence_verdict[];
    v_undone boolean := false;
    v_given_up bookings.vacancy[];
begin
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series;
    perform bookings.lock_series(p_series, v_series.organisation_id, p_resources, p_starts, p_ends);
    select * into v_series from bookings.series s where s.centre_id = plateau.centre_of(p_series) and s.id = p_series for update;
    if not found or v_series.version <> p_version then
        return query select null::integer, 'versionMismatch', null::uuid, null::text, null::text, null::text[], null::date, null::jsonb;
        return;
    end if;
    begin
        -- All rooms are freed before the first is taken again, so that occurrences may move into each other's place.
        for v_old in
            select b.* from bookings.booking b
            where b.centre_id = v_series.centre_id and b.series_id = p_series and b.occurrence = any (p_numbers)
              and b.state in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended')
            order by b.centre_id, b.id
            for update of b
        loop
            select c.outcome into v_outcome from bookings.cancel(v_old.id, p_key, v_old.version, p_reason) c;
            v_olds[v_old.occurrence] := v_old;
            if v_outcome <> 'cancelled' then
                v_undone := true;
                v_verdicts := array[row (
                    v_old.occurrence::integer, v_outcome, v_old.id, v_old.reference, v_old.state, null, null, null)::bookings.occurrence_verdict];
                raise exception 'undone' using errcode = 'PL001';
            end if;
        end loop;
        -- What it gives up is its own until it has what it asks for; then whoever waits for it is asked.
        with gone as (
            delete from bookings.vacancy v where v.holder_id in (select (o).id from unnest(v_olds) o) returning v
        )
        select coalesce(array_agg(g.v), '{}') into v_given_up from gone g;
        for i in 1 .. cardinality(p_numbers) loop
            v_old := v_olds[p_numbers[i]];
            -- Cancelled by itself since the caller read the series: it stays so.
            continue when v_old.id is null;
            v_verdict := bookings.reserve(
                p_bookings[i], p_references[i], p_key, v_old.organisation_id, v_old.activity, v_old.audiences, v_old.head_counts,
                v_old.accompanying, v_old.title, v_old.contact_name, v_old.contact_email, v_old.programme, p_resources,
                p_starts[(i - 1) * v_lines + 1 : i * v_lines], p_ends[(i - 1) * v_lines + 1 : i * v_lines], p_seats, null, null, false,
                p_persons, v_old.supervision, p_holder_roles => v_old.holder_roles, p_holders => v_old.holders,
                -- An offer is kept as it was named; it is judged again where the series leaves its centre.
                p_offer => case when plateau.centre_of(v_old.offer_id) <> all (v_centres) then v_old.offer_id end);
            v_verdicts := v_verdicts || row (
                p_numbers[i], v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                update bookings.booking b
                set series_id = p_series, occurrence = v_old.occurrence, occurrence_starts = v_old.occurrence_starts,
                    offer_id = v_old.offer_id
                where b.centre_id = v_series.centre_id and b.id = p_bookings[i];
            end if;
        end loop;
        v_undone := p_dry_run or exists (select from unnest(v_verdicts) v where v.outcome <> 'created');
        if v_undone then
            raise exception 'undone' using errcode = 'PL001';
        end if;
        insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at, holder_id)
        select g.centre_id, g.resource_id, g.starts, g.ends, g.noted_at, g.holder_id from unnest(v_given_up) g;
        update bookings.series s
        set version = s.version + 1,
            centres = array(select distinct c from unnest(s.centres || array(select plateau.centre_of(r) from unnest(p_resources) r)) c)
        where s.centre_id = v_series.centre_id and s.id = p_series;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_series.centre_id, 'series.changed', p_series, v_series.organisation_id, v_series.version + 1, plateau.clock());
    exception when sqlstate 'PL001' then
        null;
    end;
    return query
        select v.number, case when v_undone and v.outcome = 'created' then 'wouldCreate' else v.outcome end, v.booking_id, v.reference,
               v.state, v.flags, v.conditional_until, v.rules
        from unnest(v_verdicts) v order by v.number;
end
$$;
