-- Locks of many lines in one place and order, for those who may book them; the rules of a request as a whole in one place; suggestions look
-- past what cannot be.
-- lock class: none (functions only)

-- MARK: Locks

create function bookings.lock_lines(
    p_turn uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[]) returns void
    language plpgsql volatile
as $$
declare
    v_locks bigint[];
begin
    -- Each holds up to a thousand locks and the server's table of them is finite: four at a time.
    perform pg_advisory_xact_lock(8, (plateau.low_bits(p_turn) & 3)::integer);
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key
          from (select plateau.centre_of(r) as c from unnest(p_resources) r
                union all select o.centre_id from access.organisation o where o.id = any (p_organisations)) touched
          where c is not null order by 1) k;
    perform pg_advisory_xact_lock(k.key)
    from (select distinct bookings.organisation_lock(o.id) as key from access.organisation o
          where o.id = any (p_organisations) and o.has_quota order by 1) k;
    v_locks := array(
        select distinct k.key
        from unnest(p_resources, p_starts, p_ends) as line (resource_id, starts, ends)
        join platforms.resource r on r.centre_id = plateau.centre_of(line.resource_id) and r.id = line.resource_id
        cross join lateral unnest(platforms.room_locks(r, tstzrange(line.starts, line.ends))) as k (key)
        order by k.key);
    perform plateau.take_locks(v_locks, array_fill(true, array[cardinality(v_locks)]));
end
$$;
comment on function bookings.lock_lines(uuid, uuid[], uuid[], timestamptz[], timestamptz[]) is
    'Every lock of many lines that one transaction is to book, in the order in which single bookings take theirs: labels, organisations with quotas, rooms ascending. resources, starts and ends are parallel.';

create or replace function bookings.lock_series(
    p_series uuid, p_organisation uuid, p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[]) returns void
    language plpgsql volatile
as $$
begin
    perform bookings.lock_lines(
        p_series, array[p_organisation],
        array(select p_resources[(n - 1) % cardinality(p_resources) + 1] from generate_series(1, cardinality(p_starts)) n),
        p_starts, p_ends);
end
$$;
comment on function bookings.lock_series(uuid, uuid, uuid[], timestamptz[], timestamptz[]) is
    'Every lock of every occurrence. starts and ends: occurrence by occurrence, line by line.';

drop function bookings.lock_batch(uuid, uuid[], uuid[], timestamptz[], timestamptz[]);
create function bookings.lock_batch(
    p_batch uuid, p_key uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_lines integer[];
begin
    -- Nobody waits for what the caller may not book.
    v_lines := array(
        select line.n
        from unnest(p_organisations, p_resources) with ordinality as line (organisation_id, resource_id, n)
        join (select distinct w.organisation_id, plateau.centre_of(w.resource_id) as centre_id
              from unnest(p_organisations, p_resources) as w (organisation_id, resource_id)) pair
          on pair.organisation_id = line.organisation_id and pair.centre_id = plateau.centre_of(line.resource_id)
        where access.may_book_for(p_key, pair.organisation_id, array[pair.centre_id])
        order by line.n);
    if v_lines <> '{}' then
        perform bookings.lock_lines(
            p_batch, array(select distinct p_organisations[n] from unnest(v_lines) n), array(select p_resources[n] from unnest(v_lines) n),
            array(select p_starts[n] from unnest(v_lines) n), array(select p_ends[n] from unnest(v_lines) n));
    end if;
end
$$;
comment on function bookings.lock_batch(uuid, uuid, uuid[], uuid[], timestamptz[], timestamptz[]) is
    'Every lock of the lines of a batch that a key may book; organisations, resources, starts and ends are parallel.';
alter function bookings.lock_batch(uuid, uuid, uuid[], uuid[], timestamptz[], timestamptz[]) owner to plateau_functions;
grant execute on function bookings.lock_batch(uuid, uuid, uuid[], uuid[], timestamptz[], timestamptz[]) to plateau_app;
grant execute on function bookings.lock_lines(uuid, uuid[], uuid[], timestamptz[], timestamptz[]) to plateau_functions;

-- MARK: Rules of a request as a whole

create function bookings.request_rules(p_activity text, p_audiences text[], p_holders uuid[]) returns jsonb
    language plpgsql stable
as $$
declare
    v_rules jsonb := '[]'::jsonb;
begin
    if p_activity in ('catalogueTraining', 'bespokeTraining', 'awareness') and cardinality(p_audiences) = 0 then
        v_rules := v_rules || bookings.rule(null, 'participants', 'participantsRequired', jsonb_build_object('activity', p_activity));
    end if;
    if p_holders <> '{}' then
        v_rules := v_rules || coalesce((
            select jsonb_agg(bookings.rule(null, 'holder', 'holderUnknown', jsonb_build_object('holderId', n.id)))
            from unnest(p_holders) as n (id)
            where not exists (select from attestations.holder h where h.id = n.id and h.kind = 'person' and h.erased_at is null)), '[]');
    end if;
    return v_rules;
end
$$;
comment on function bookings.request_rules(text, text[], uuid[]) is
    'What is wrong with a request wherever and whenever it is to be: nobody to be trained, holders that nobody knows. An empty array when nothing.';
grant execute on function bookings.request_rules(text, text[], uuid[]) to plateau_functions;

create or replace function bookings.reserve(
    p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[], p_starts
    timestamptz[], p_ends timestamptz[], p_seats integer[], p_idempotency_key text, p_request_hash bytea, p_dry_run boolean,
    p_persons integer[] default null::integer[], p_supervision text default null::text, p_as text default 'booked'::text,
    p_expires_at timestamptz default null::timestamptz, p_version integer default null::integer, p_reason text default null::text,
    p_overridden text[] default null::text[], p_holder_roles text[] default null::text[], p_holders uuid[] default null::uuid[])
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
            -- What earlier lines of this request take of the same resource.
            if i > 1 then
                select coalesce(array_agg(e.starts - v_setup), '{}'), coalesce(array_agg(e.ends + v_cleanup), '{}'),
                       coalesce(array_agg(e.seats), '{}')
                into v_more_starts, v_more_ends, v_more_seats
                from unnest(p_resources[:i - 1], p_starts[:i - 1], p_ends[:i - 1], v_verdict.seats[:i - 1]) as e (resource_id, starts, ends, seats)
                where e.resource_id = v_resource.id;
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
        v_refused := array_position(v_zones, null) is not null or v_zones is null;
    elsif v_refused and bookings.lacks_room_alone(v_rules) then
        -- What has lapsed is in nobody's way; then everything is judged anew.
        if bookings.release_lapsed(p_resources, p_starts, p_ends) > 0 then
            return bookings.reserve(
                p_booking, p_reference, p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, p_idempotency_key, p_request_hash,
                p_dry_run, p_persons, p_supervision, p_as, p_expires_at, p_version, p_reason, p_overridden,
                p_holder_roles, p_holders);
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
            created_at, created_by, supervision, expires_at, holder_roles, holders)
        values (v_centre_id, p_booking, p_reference, p_organisation, v_centres, v_verdict.state, v_verdict.state, v_verdict.flags,
                v_starts, v_ends, p_activity, p_audiences, p_head_counts,
                p_accompanying, p_title, p_contact_name, p_contact_email, p_programme, v_verdict.label_status,
                v_verdict.label_decision_id, v_verdict.file_number, v_verdict.conditional_until, v_now, p_key, p_supervision,
                v_verdict.expires_at, coalesce(p_holder_roles, '{}'), coalesce(p_holders, '{}'));
    else
        update bookings.booking b
        set centres = v_centres, state = v_verdict.state,
            flags = v_verdict.flags || array(
                select f from unnest(v_old.flags) f
                where f = 'atRisk' and v_verdict.state = 'conditional' and f <> all (v_verdict.flags)),
            at_risk_until = case when v_verdict.state = 'conditional' then b.at_risk_until end,
            starts = v_starts, ends = v_ends, activity = p_activity, audiences = p_audiences, head_counts = p_head_counts,
            accompanying = p_accompanying, title = p_title, contact_name = p_contact_name, contact_email = p_contact_email,
            programme = p_programme, supervision = p_supervision,
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

-- It may have begun while locks were waited for.
create or replace function bookings.is_approved(
    p_old bookings.booking, p_activity text, p_audiences text[], p_head_counts integer[], p_resources uuid[], p_starts timestamptz[],
    p_ends timestamptz[], p_seats integer[]) returns boolean
    language plpgsql stable
as $$
begin
    -- A title or a contact needs no approval again; what is used, when, by whom and why does. Of what has begun only the end changes.
    return p_old.id is not null and p_old.state in ('conditional', 'confirmed') and p_old.activity = p_activity
        and p_old.audiences = p_audiences and p_old.head_counts = p_head_counts
        and (p_old.starts <= plateau.clock()
             and bookings.only_ends_differ(p_old, p_resources, p_starts, p_ends, p_seats, plateau.clock())
             or not exists (
            (select l.resource_id, l.starts, l.ends, case when l.is_exclusive then 0 else l.seats end
             from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
             union all
             select * from unnest(p_resources, p_starts, p_ends, p_seats))
            except
            (select l.resource_id, l.starts, l.ends, case when l.is_exclusive then 0 else l.seats end
             from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
             intersect
             select * from unnest(p_resources, p_starts, p_ends, p_seats))));
end
$$;

-- MARK: Effects of labels

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

-- MARK: What is looked among

drop function bookings.candidates(text, text[], smallint, float8, float8, float8, integer);
create function bookings.candidates(
    p_words text, p_tags text[], p_centre_id smallint, p_latitude float8, p_longitude float8, p_kilometres float8, p_most integer,
    p_centres smallint[] default null, p_in_service_at timestamptz default null) returns setof bookings.find
    language plpgsql stable
as $$
declare
    v_plain text := plateau.plain(p_words);
    v_query tsquery;
begin
    if p_words is not null then
        -- Each word may be the beginning of one; those that to_tsvector takes apart stay together.
        select string_agg(format('%s:*', t.word), ' & ')::tsquery into v_query
        from (select quote_literal(lexeme) as word from unnest(to_tsvector('simple', v_plain))) t;
        return query
        select e.centre_id, e.id,
               (ts_rank(e.document, v_query) + public.word_similarity(v_plain, e.words))::real as rank,
               plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude)
        from (
            select * from platforms.search_entry d where d.document @@ v_query
            union
            select * from platforms.search_entry d where d.words operator(public.%>) v_plain) e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where e.tags @> p_tags and (p_centre_id is null or e.centre_id = p_centre_id)
          and (p_centres is null or e.centre_id = any (p_centres))
          and (p_in_service_at is null or r.retired_at is null or r.retired_at > p_in_service_at)
          and (p_kilometres is null or plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) <= p_kilometres)
        order by rank desc, 4, e.centre_id, e.id
        limit p_most;
    elsif p_tags <> '{}' or p_latitude is not null then
        return query
        select r.centre_id, r.id, null::real, plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude)
        from platforms.search_entry e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where e.tags @> p_tags and (p_centre_id is null or e.centre_id = p_centre_id)
          and (p_centres is null or e.centre_id = any (p_centres))
          and (p_in_service_at is null or r.retired_at is null or r.retired_at > p_in_service_at)
          and (p_kilometres is null or plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) <= p_kilometres)
        order by 4, e.centre_id, e.id
        limit p_most;
    else
        return query
        select r.centre_id, r.id, null::real, null::float8
        from platforms.resource r
        where (p_centre_id is null or r.centre_id = p_centre_id)
          and (p_centres is null or r.centre_id = any (p_centres))
          and (p_in_service_at is null or r.retired_at is null or r.retired_at > p_in_service_at)
        order by r.centre_id, r.id
        limit p_most;
    end if;
end
$$;
comment on function bookings.candidates(text, text[], smallint, float8, float8, float8, integer, smallint[], timestamptz) is
    'The best p_most resources for words, properties and a place, without looking at time or rights. centres: only there; in_service_at: not what is retired by then.';
grant execute on function bookings.candidates(text, text[], smallint, float8, float8, float8, integer, smallint[], timestamptz) to plateau_functions;

drop function bookings.alike(platforms.resource, integer);
create function bookings.alike(
    p_resource platforms.resource, p_most integer, p_least integer default 0, p_caller_centre smallint default null,
    p_centres smallint[] default null, p_in_service_at timestamptz default null)
    returns table (centre_id smallint, id uuid, likeness text, place integer, kilometres float8)
    language plpgsql stable
as $$
declare
    v_tags text[];
    v_model_id uuid;
    v_model text;
    v_latitude float8;
    v_longitude float8;
begin
    select array(select t from unnest(e.tags) t where t not like 'kind:%'), a.model_id, g.model, s.latitude, s.longitude
    into v_tags, v_model_id, v_model, v_latitude, v_longitude
    from centres.site s
    left join platforms.search_entry e on e.centre_id = s.centre_id and e.id = p_resource.id
    left join inventory.asset a on a.centre_id = s.centre_id and a.id = p_resource.id
    left join platforms.workstation w on w.centre_id = s.centre_id and w.id = p_resource.id
    left join platforms.workstation_group g on g.centre_id = s.centre_id and g.id = coalesce(w.group_id, p_resource.id)
    where s.centre_id = p_resource.centre_id and s.id = p_resource.site_id;
    return query
    select f.centre_id, f.id, f.likeness, array_position(array['sameModel', 'sameCategory', 'sameSkills'], f.likeness),
           plateau.kilometres(v_latitude, v_longitude, f.latitude, f.longitude)
    from (
        select r.centre_id, r.id, s.latitude, s.longitude, r.capacity, r.is_shared, r.retired_at,
               case when a.model_id = v_model_id then 'sameModel' when a.model_id is not null then 'sameCategory'
                    else 'sameSkills' end as likeness
        from platforms.search_entry e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        left join inventory.asset a on a.centre_id = e.centre_id and a.id = e.id
        where v_tags <> '{}' and e.tags && v_tags and e.tags @> array['kind:' || plateau.plain(p_resource.kind)]
        union all
        select r.centre_id, r.id, s.latitude, s.longitude, r.capacity, r.is_shared, r.retired_at, 'sameModel'
        from platforms.workstation_group g
        join platforms.workstation w on w.centre_id = g.centre_id and w.group_id = g.id
        join platforms.resource r on r.centre_id = w.centre_id and r.id = w.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where p_resource.kind = 'workstation' and g.model = v_model
        union all
        select r.centre_id, r.id, s.latitude, s.longitude, r.capacity, r.is_shared, r.retired_at, 'sameModel'
        from platforms.workstation_group g
        join platforms.resource r on r.centre_id = g.centre_id and r.id = g.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where p_resource.kind = 'workstationGroup' and g.model = v_model) f
    where f.id <> p_resource.id and f.capacity >= p_least
      and (p_in_service_at is null
           or (f.retired_at is null or f.retired_at > p_in_service_at) and (f.is_shared or f.centre_id = p_caller_centre))
      and (p_centres is null or f.centre_id = any (p_centres))
    order by f.centre_id <> p_resource.centre_id, 4, 5 nulls last, f.id
    limit p_most;
end
$$;
comment on function bookings.alike(platforms.resource, integer, integer, smallint, smallint[], timestamptz) is
    'Other resources of the kind of one that may stand in for it, best first: of its centre, then by likeness (model, category, skills or sectors; place: 1 to 3), then by distance. least: workstations; in_service_at: those alone that are not retired by then and that the caller''s centre may use; centres: only there.';
grant execute on function bookings.alike(platforms.resource, integer, integer, smallint, smallint[], timestamptz) to plateau_functions;

create or replace function bookings.wanted(
    p_key uuid, p_organisation uuid, p_like uuid, p_seats integer, p_persons integer, p_words text, p_tags text[], p_centre_id smallint,
    p_latitude float8, p_longitude float8, p_kilometres float8, p_beside uuid[], p_now timestamptz, p_most integer)
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

create or replace function bookings.suggest(
    p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[], p_persons integer, p_supervision text,
    p_holder_roles text[], p_holders uuid[], p_seats integer, p_from timestamptz, p_to timestamptz, p_minutes integer,
    p_preferred timestamptz, p_like uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude float8, p_longitude float8,
    p_kilometres float8, p_booking uuid, p_beside uuid[], p_explains boolean, p_most integer, p_most_judged integer, p_limit integer)
    returns table (
        centre_id smallint, id uuid, zone text, is_same_centre boolean, likeness text, kilometres float8, starts timestamptz,
        ends timestamptz, first_start timestamptz, last_start timestamptz, verdict text, rules jsonb)
    language plpgsql stable security definer rows 20 set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan
    set jit = off
as $$
declare
    v_now timestamptz := plateau.clock();
    v_length interval := make_interval(mins => p_minutes);
    -- Other slots for what was to begin before now are looked for as long from now.
    v_late interval := case when p_explains then interval '0'
                            else make_interval(days => greatest(ceil(extract(epoch from v_now - p_preferred) / 86400), 0)::integer) end;
    v_from timestamptz := p_from + v_late;
    v_to timestamptz := p_to + v_late;
    v_preferred timestamptz := greatest(v_from, least(p_preferred + v_late, v_to - make_interval(mins => p_minutes)));
    v_organisation access.organisation;
    v_centre_id smallint;
    v_passed uuid[];
    v_candidates bookings.candidate[];
    v_candidate bookings.candidate;
    v_day tstzrange;
    v_runs bookings.run[];
    v_run bookings.run;
    v_picked bookings.pick[];
    -- Of each candidate: how many slots are told, where it was first refused, whether it has runs nobody looked at. Of each run: whether
    -- it is dealt with.
    v_told integer[];
    v_refused_at timestamptz[];
    v_has_more boolean[];
    v_done boolean[];
    v_index integer;
    v_judged integer;
    v_farthest interval;
    -- Against the request itself, wherever and whenever it is to be.
    v_against jsonb := bookings.request_rules(p_activity, p_audiences, p_holders);
begin
    select * into v_organisation from access.organisation o where o.id = p_organisation;
    if not found then
        return;
    end if;
    v_centre_id := coalesce(plateau.centre_of(p_like), v_organisation.centre_id);
    v_passed := array_remove(bookings.lapsed_holders() || p_booking, null);
    v_candidates := bookings.wanted(
        p_key, p_organisation, p_like, p_seats, p_persons, p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres,
        coalesce(p_beside, '{}'), v_now, p_most);
    if v_candidates = '{}' then
        return;
    end if;
    -- Where only the best are wanted: first its own centre alone, which comes before all others; then the others on that day alone, as
    -- another day is never nearer than its edges; then all.
    v_day := tstzrange(
        plateau.instant_of((v_preferred at time zone (v_candidates[1]).zone)::date::timestamp, (v_candidates[1]).zone),
        plateau.instant_of(((v_preferred at time zone (v_candidates[1]).zone)::date + 1)::timestamp, (v_candidates[1]).zone)
        - interval '1 microsecond');
    for v_phase in 0 .. 2 loop
        -- Nothing fits what is itself refused.
        continue when v_against <> '[]' or v_phase < 2 and (p_explains or p_limit > 10 or cardinality(v_candidates) < p_limit)
            or v_phase = 0 and (select count(*) from unnest(v_candidates) c where (c.resource).centre_id = v_centre_id) < p_limit
            or v_phase = 1 and v_from >= lower(v_day) and v_to <= upper(v_day) + v_length;
        v_runs := bookings.runs(
            v_candidates, v_from, v_to, p_minutes, v_preferred, p_seats, p_persons, v_passed, v_centre_id,
            case v_phase when 0 then tstzrange('infinity', 'infinity', '[]') when 1 then v_day end, v_now);
        v_told := array_fill(0, array[cardinality(v_candidates)]);
        v_refused_at := array_fill(null::timestamptz, array[cardinality(v_candidates)]);
        v_has_more := array_fill(false, array[cardinality(v_candidates)]);
        v_done := array_fill(false, array[cardinality(v_runs)]);
        v_picked := '{}'::bookings.pick[];
        v_judged := 0;
        v_farthest := '0';
        -- The best of each resource first, then the others, both in order.
        for v_round in 1 .. 2 loop
            exit when v_round = 2 and v_phase < 2;
            v_index := 0;
            foreach v_run in array v_runs loop
                v_index := v_index + 1;
                continue when v_done[v_index] or v_round = 1 and v_told[v_run.candidate] > 0;
                if cardinality(v_picked) >= p_limit or v_judged >= p_most_judged then
                    exit when not p_explains;
                    v_has_more[v_run.candidate] := true;
                    continue;
                end if;
                v_candidate := v_candidates[v_run.candidate];
                v_done[v_index] := true;
                v_judged := v_judged + 1;
                select s.verdict, s.rules into verdict, rules
                from bookings.suggestion_rules(
                    v_candidate, v_run.starts, v_run.starts + v_length, null, v_organisation, p_key, p_activity, p_audiences, p_head_counts,
                    p_persons, p_supervision, p_holder_roles, p_holders, p_booking, v_now) s;
                if verdict = 'deny' then
                    v_refused_at[v_run.candidate] := coalesce(v_refused_at[v_run.candidate], v_run.starts);
                    continue;
                end if;
                v_told[v_run.candidate] := v_told[v_run.candidate] + 1;
                v_picked := v_picked || row(v_run.candidate, v_run.starts, v_run.first_start, v_run.last_start, verdict, rules)::bookings.pick;
                if (v_candidate.resource).centre_id is distinct from v_centre_id then
                    v_farthest := greatest(v_farthest, v_run.starts - v_preferred, v_preferred - v_run.starts);
                end if;
            end loop;
        end loop;
        exit when cardinality(v_picked) >= p_limit
            and v_farthest <= least(v_preferred - lower(v_day), upper(v_day) - v_preferred);
    end loop;

    if p_explains then
        -- Of each resource that has none: what stands against it where it would come nearest.
        for v_index in 1 .. cardinality(v_candidates) loop
            if v_has_more[v_index] then
                v_picked := v_picked || row(v_index, v_preferred, null, null, 'unknown', '[]')::bookings.pick;
                continue;
            end if;
            continue when v_told[v_index] > 0;
            v_candidate := v_candidates[v_index];
            starts := coalesce(
                v_refused_at[v_index],
                bookings.nearest_open(v_candidate.resource, v_candidate.zone, p_from, p_to, p_minutes, v_preferred, v_now), v_preferred);
            select s.rules into rules
            from bookings.suggestion_rules(
                v_candidate, starts, starts + v_length, case p_seats when 0 then (v_candidate.resource).capacity else p_seats end,
                v_organisation, p_key, p_activity, p_audiences, p_head_counts, p_persons, p_supervision, p_holder_roles, p_holders,
                p_booking, v_now) s;
            v_picked := v_picked || row(v_index, starts, null, null, 'deny', v_against || rules)::bookings.pick;
        end loop;
    end if;
    return query
    select (c.resource).centre_id, (c.resource).id, c.zone, coalesce((c.resource).centre_id = v_centre_id, false), c.likeness, c.kilometres,
           k.starts, k.starts + v_length, k.first_start, k.last_start, k.verdict, k.rules
    from unnest(v_picked) with ordinality as k (candidate, starts, first_start, last_start, verdict, rules, n)
    cross join lateral (select v_candidates[k.candidate] as found) f
    cross join lateral (select (f.found).resource, (f.found).zone, (f.found).likeness, (f.found).kilometres) c
    order by k.n;
end
$$;

-- MARK: Demand that was turned away

create function bookings.note_refused(
    p_key uuid, p_organisations uuid[], p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_asked record;
begin
    for v_asked in
        select l.organisation_id, jsonb_agg(jsonb_build_object('line', l.n, 'verdict', 'deny')) as rules,
               array_agg(l.resource_id order by l.n) as resources, array_agg(l.starts order by l.n) as starts,
               array_agg(l.ends order by l.n) as ends, array_agg(l.seats order by l.n) as seats
        from (
            select w.organisation_id, w.resource_id, w.starts, w.ends, case w.seats when 0 then r.capacity else w.seats end as seats,
                   row_number() over (partition by w.organisation_id order by w.n) as n
            from unnest(p_organisations, p_resources, p_starts, p_ends, p_seats) with ordinality
                     as w (organisation_id, resource_id, starts, ends, seats, n)
            join access.organisation o on o.id = w.organisation_id
            join platforms.resource r on r.centre_id = plateau.centre_of(w.resource_id) and r.id = w.resource_id
            where access.may_book_for(p_key, w.organisation_id, array[r.centre_id])) l
        group by l.organisation_id
    loop
        perform bookings.note_unmet(v_asked.rules, v_asked.resources, v_asked.starts, v_asked.ends, v_asked.seats, v_asked.organisation_id,
                                    'refused', plateau.clock());
    end loop;
end
$$;
comment on function bookings.note_refused(uuid, uuid[], uuid[], timestamptz[], timestamptz[], integer[]) is
    'Demand for lines that were refused in a transaction that was undone; seats 0: the whole. Only what the key may book.';
alter function bookings.note_refused(uuid, uuid[], uuid[], timestamptz[], timestamptz[], integer[]) owner to plateau_functions;
grant execute on function bookings.note_refused(uuid, uuid[], uuid[], timestamptz[], timestamptz[], integer[]) to plateau_app;
