-- Reserving anew: holds, drafts, waiting, requests to approve, quotas and overrides in one function, for new bookings and for changes.
-- lock class: none (functions only; the type of the verdict gets a column)

alter type bookings.verdict add attribute expires_at timestamptz;

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
                null::jsonb, null::timestamptz)::bookings.verdict
    from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking
$$;

-- MARK: Rules that only some bookings meet

create function bookings.is_overridable(p_code text) returns boolean
    language plpgsql immutable
as $$
begin
    -- Never room, exclusion or a label.
    return p_code in ('noticeTooShort', 'beyondHorizon', 'durationTooShort', 'durationTooLong', 'offGrid', 'closed', 'keptForOthers',
                      'supervisionNotOffered', 'quotaExceeded');
end
$$;
comment on function bookings.is_overridable(text) is 'Which rules the staff of a centre may set aside, with a reason.';

create function bookings.lacks_room_alone(p_rules jsonb) returns boolean
    language plpgsql immutable
as $$
begin
    return not exists (
        select from jsonb_array_elements(p_rules) as e (rule)
        where e.rule ->> 'verdict' = 'deny'
          and not (e.rule ->> 'code' in ('capacityFull', 'unitTaken', 'parentFull')
                   or e.rule ->> 'code' = 'tooManyPersons'
                      and (e.rule -> 'facts' ->> 'persons')::integer <= (e.rule -> 'facts' ->> 'personLimit')::integer));
end
$$;
comment on function bookings.lacks_room_alone(jsonb) is 'Whether nothing but others'' bookings stands against a refused one.';

create function bookings.note_unmet(
    p_rules jsonb, p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_organisation uuid,
    p_cause text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into bookings.unmet_demand as u (centre_id, resource_id, organisation_id, starts, ends, seats, cause, at)
    select distinct on (p_resources[l.i], p_starts[l.i], p_ends[l.i])
           plateau.centre_of(p_resources[l.i]), p_resources[l.i], p_organisation, p_starts[l.i], p_ends[l.i], p_seats[l.i], p_cause, p_now
    from (select (e.rule ->> 'line')::integer as i from jsonb_array_elements(p_rules) as e (rule) where e.rule ->> 'verdict' = 'deny') l
    where l.i is not null
    order by p_resources[l.i], p_starts[l.i], p_ends[l.i], p_seats[l.i] desc
    on conflict on constraint unmet_demand_pkey do update set seats = greatest(u.seats, excluded.seats);
end
$$;

create function bookings.hold_rules(p_organisation uuid, p_now timestamptz) returns jsonb
    language plpgsql stable
as $$
declare
    v_most integer;
    v_held integer;
begin
    select p.holds_per_organisation into v_most from bookings.policy p;
    -- What the waiting list offers is not asked for.
    select count(*) into v_held from bookings.booking b
    where b.organisation_id = p_organisation and b.expires_at > p_now and b.state = 'held'
      and not exists (select from bookings.waiting w where w.centre_id = b.centre_id and w.booking_id = b.id);
    if v_held < v_most then
        return '[]'::jsonb;
    end if;
    return jsonb_build_array(bookings.rule(null, 'holds', 'tooManyHolds', jsonb_build_object('held', v_held, 'mostHolds', v_most)));
end
$$;
comment on function bookings.hold_rules(uuid, timestamptz) is 'The rule that one more hold breaks; an empty array when none. The caller holds the organisation''s lock.';

create function bookings.approval_deadline(p_starts timestamptz, p_now timestamptz) returns timestamptz
    language plpgsql stable
as $$
begin
    return (select least(p_starts, p_now + make_interval(hours => p.approval_hours)) from bookings.policy p);
end
$$;

create function bookings.is_approved(
    p_old bookings.booking, p_activity text, p_audiences text[], p_head_counts integer[], p_resources uuid[], p_starts timestamptz[],
    p_ends timestamptz[], p_seats integer[]) returns boolean
    language plpgsql stable
as $$
begin
    -- A title or a contact needs no approval again; what is used, when, by whom and why does.
    return p_old.state in ('conditional', 'confirmed') and p_old.activity = p_activity and p_old.audiences = p_audiences
        and p_old.head_counts = p_head_counts
        and not exists (
            (select l.resource_id, l.starts, l.ends, case when l.is_exclusive then 0 else l.seats end
             from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
             union all
             select * from unnest(p_resources, p_starts, p_ends, p_seats))
            except
            (select l.resource_id, l.starts, l.ends, case when l.is_exclusive then 0 else l.seats end
             from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
             intersect
             select * from unnest(p_resources, p_starts, p_ends, p_seats)));
end
$$;
comment on function bookings.is_approved(bookings.booking, text, text[], integer[], uuid[], timestamptz[], timestamptz[], integer[]) is
    'Whether a booking that stands already is to stay as it was in everything that its approval was about.';

-- MARK: Reserve

drop function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[],
    text, bytea, boolean, integer[], text);
create function bookings.reserve(
    p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text,
    p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[],
    p_idempotency_key text, p_request_hash bytea, p_dry_run boolean, p_persons integer[] default null, p_supervision text default null,
    p_as text default 'booked', p_expires_at timestamptz default null, p_version integer default null, p_reason text default null,
    p_overridden text[] default null) returns bookings.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
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
    v_everybody integer := coalesce((select sum(n) from unnest(p_head_counts) n), 0) + p_accompanying;
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
    if p_activity in ('catalogueTraining', 'bespokeTraining', 'awareness') and cardinality(p_audiences) = 0 then
        v_rules := v_rules || bookings.rule(null, 'participants', 'participantsRequired', jsonb_build_object('activity', p_activity));
        v_refused := true;
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
    end if;
    if v_refused and p_as = 'draft' then
        v_refused := array_position(v_zones, null) is not null or v_zones is null;
    elsif v_refused and bookings.lacks_room_alone(v_rules) then
        -- What has lapsed is in nobody's way; then everything is judged anew.
        if bookings.release_lapsed(p_resources, p_starts, p_ends) > 0 then
            return bookings.reserve(
                p_booking, p_reference, p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, p_resources, p_starts, p_ends, p_seats, p_idempotency_key, p_request_hash,
                p_dry_run, p_persons, p_supervision, p_as, p_expires_at, p_version, p_reason, p_overridden);
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
            created_at, created_by, supervision, expires_at)
        values (v_centre_id, p_booking, p_reference, p_organisation, v_centres, v_verdict.state, v_verdict.state, v_verdict.flags,
                v_starts, v_ends, p_activity, p_audiences, p_head_counts,
                p_accompanying, p_title, p_contact_name, p_contact_email, p_programme, v_verdict.label_status,
                v_verdict.label_decision_id, v_verdict.file_number, v_verdict.conditional_until, v_now, p_key, p_supervision,
                v_verdict.expires_at);
    else
        update bookings.booking b
        set centres = v_centres, state = v_verdict.state,
            flags = v_verdict.flags || array(select f from unnest(v_old.flags) f where f = 'needsProof'
                                             or f = 'atRisk' and v_verdict.state = 'conditional' and f <> all (v_verdict.flags)),
            at_risk_until = case when v_verdict.state = 'conditional' then b.at_risk_until end,
            starts = v_starts, ends = v_ends, activity = p_activity, audiences = p_audiences, head_counts = p_head_counts,
            accompanying = p_accompanying, title = p_title, contact_name = p_contact_name, contact_email = p_contact_email,
            programme = p_programme, supervision = p_supervision, label_status = v_verdict.label_status,
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
comment on function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[],
    text, bytea, boolean, integer[], text, text, timestamptz, integer, text, text[]) is
    'Reserves every line or none. Takes the locks, asks the gate, tests rules of use and room, writes, and answers with a row: a refusal is data. persons: of each line, -1 (or no list) for everybody. as: booked, held (until expires_at), waitlisted (waits when only room is lacking) or draft (takes no room). version: of the booking that is to become this; its room is freed before, so the caller undoes what is refused. overridden: codes of rules that staff sets aside, for a reason.';

-- MARK: A booking that stands already

create function bookings.standing_of(p_key uuid, p_booking bookings.booking, p_now timestamptz) returns text
    language plpgsql stable
as $$
declare
    v_organisation uuid;
begin
    select k.organisation_id into v_organisation from access.api_key k
    where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now);
    return case
               when v_organisation is null then null
               when p_booking.organisation_id = v_organisation
                    and exists (select from access.api_key_role r where r.key_id = p_key
                                and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager'))
                   then 'organisation'
               when exists (select from unnest(p_booking.centres) c
                            where access.has_role(p_key, array['centreStaff', 'centreManager'], c)) then 'centre'
               when access.has_role(p_key, array['networkManager'], p_booking.centre_id) then 'network'
           end;
end
$$;
comment on function bookings.standing_of(uuid, bookings.booking, timestamptz) is
    'As what a key may act on a booking: organisation (that booked), centre (staff of one that it touches) or network; null: not at all.';

create function bookings.lock_labels(p_booking bookings.booking) returns void
    language plpgsql volatile
as $$
begin
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key
          from (select unnest(p_booking.centres) as c
                union all select o.centre_id from access.organisation o where o.id = p_booking.organisation_id) touched
          where c is not null order by 1) k;
end
$$;
comment on function bookings.lock_labels(bookings.booking) is 'Labels stand still for a booking that is judged again. Before its row is locked.';

create function bookings.again(
    p_booking bookings.booking, p_key uuid, p_as text, p_expires_at timestamptz, p_reason text, p_overridden text[])
    returns bookings.verdict
    language plpgsql volatile
as $$
declare
    v_verdict bookings.verdict;
    v_lines record;
begin
    select array_agg(l.resource_id order by l.number) as resources, array_agg(l.starts order by l.number) as starts,
           array_agg(l.ends order by l.number) as ends,
           array_agg(case when l.is_exclusive then 0 else l.seats end order by l.number) as seats,
           array_agg(coalesce(l.persons::integer, -1) order by l.number) as persons
    into v_lines
    from bookings.line l where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id;
    begin
        v_verdict := bookings.reserve(
            p_booking.id, p_booking.reference, p_key, p_booking.organisation_id, p_booking.activity, p_booking.audiences,
            p_booking.head_counts, p_booking.accompanying, p_booking.title, p_booking.contact_name, p_booking.contact_email,
            p_booking.programme, v_lines.resources, v_lines.starts, v_lines.ends, v_lines.seats, null, null, false, v_lines.persons,
            p_booking.supervision, p_as, p_expires_at, p_booking.version, p_reason, p_overridden);
        if v_verdict.outcome <> 'changed' then
            raise exception 'undone' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        null;
    end;
    return v_verdict;
end
$$;
comment on function bookings.again(bookings.booking, uuid, text, timestamptz, text, text[]) is
    'Reserves a booking as it stands under another state, under the very rules of a new one; undone when it is refused.';

create function bookings.change(
    p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[],
    p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[],
    p_dry_run boolean) returns bookings.verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_old bookings.booking;
    v_verdict bookings.verdict;
    v_standing text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_old from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    v_standing := bookings.standing_of(p_key, v_old, v_now);
    v_verdict.outcome := case
        when v_old.id is null then 'notFound'
        when v_standing is null or v_standing = 'network' then 'forbidden'
        when v_old.version <> p_version then 'versionMismatch'
        when v_old.expires_at <= v_now then 'notChangeable'
        when v_old.state not in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'inUse') then 'notChangeable'
        -- What has begun only ends at another time: its organisation asks for more, and gives back by checking out.
        when (v_old.starts <= v_now or v_old.state = 'inUse') and not bookings.only_ends_differ(
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
            v_old.expires_at, p_version, p_reason, p_overridden);
        if v_verdict.outcome <> 'changed' or p_dry_run then
            raise exception 'undone' using errcode = 'PL001';
        end if;
    exception when sqlstate 'PL001' then
        if v_verdict.outcome = 'changed' then
            v_verdict.outcome := 'wouldChange';
        end if;
    end;
    return v_verdict;
end
$$;
comment on function bookings.change(
    uuid, uuid, integer, text, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[],
    integer[], integer[], text, text[], boolean) is
    'Makes a booking another one at a stroke: its old room counts as free, and it keeps it when the new one is refused. outcome: changed, wouldChange (dry run), refused, notFound, forbidden, versionMismatch, notChangeable, alreadyStarted, otherCentre, overrideForbidden.';

create function bookings.only_ends_differ(
    p_old bookings.booking, p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_now timestamptz)
    returns boolean
    language plpgsql stable
as $$
begin
    return cardinality(p_resources) = (select count(*) from bookings.line l where l.centre_id = p_old.centre_id and l.booking_id = p_old.id)
        and not exists (
            select from bookings.line l
            where l.centre_id = p_old.centre_id and l.booking_id = p_old.id
              and (p_resources[l.number] <> l.resource_id or p_starts[l.number] <> l.starts
                   or p_seats[l.number] <> case when l.is_exclusive then 0 else l.seats end
                   or p_ends[l.number] <> l.ends and (p_ends[l.number] <= p_now or l.ends <= p_now)));
end
$$;

create function bookings.label_rules(p_booking bookings.booking) returns jsonb
    language plpgsql stable
as $$
begin
    return coalesce((
        select jsonb_agg(jsonb_build_object('line', l.number) || g.rule order by l.number)
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        join access.organisation o on o.id = p_booking.organisation_id
        cross join lateral labels.gate(r.centre_id, r.is_shared, s.zone, tstzrange(l.starts, l.ends), o.id, o.centre_id,
                                       p_booking.audiences, p_booking.head_counts, false, r.id) d
        cross join lateral jsonb_array_elements(d.rules) as g (rule)
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and g.rule ->> 'verdict' = 'deny'), '[]');
end
$$;
comment on function bookings.label_rules(bookings.booking) is 'What the gate says against the lines of a booking as it stands.';

create function bookings.confirm(p_booking uuid, p_key uuid, p_version integer, p_reason text)
    returns table (outcome text, version integer, state text, rules jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_policy labels.policy;
    v_judged record;
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
        if v_judged.verdict = 'deny' then
            return query select 'refused', v_booking.version, v_booking.state, bookings.label_rules(v_booking);
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
comment on function bookings.confirm(uuid, uuid, integer, text) is
    'Makes a hold, an offer of the waiting list or a draft a booking. outcome: confirmed (see state), refused (rules says why), notFound, forbidden, versionMismatch, notHeld, holdExpired, overrideForbidden.';

-- MARK: Approval

create function bookings.decide(p_booking uuid, p_key uuid, p_version integer, p_approves boolean, p_reason text)
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
        end if;
        return query select 'decided', v_booking.version + 1, v_state;
    end if;
end
$$;
comment on function bookings.decide(uuid, uuid, integer, boolean, text) is
    'Approves or rejects a request for the centres at which the key belongs to the staff; the last approval confirms. outcome: decided, notFound, forbidden, versionMismatch, notRequested, requestExpired, ownRequest.';

create function bookings.tell_rivals(p_booking bookings.booking, p_now timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_rival bookings.booking;
begin
    for v_rival in
        select b.* from bookings.booking b
        where b.expires_at > p_now and b.state in ('draft', 'waitlisted')
          and exists (
              select from bookings.line own
              join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
              join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
              where own.centre_id = p_booking.centre_id and own.booking_id = p_booking.id
                and (own.resource_id = l.resource_id or own.resource_id = any (r.ancestors))
                and l.starts < own.ends and l.ends > own.starts
                and not platforms.has_room(r, tstzrange(l.starts, l.ends), l.seats))
        order by b.centre_id, b.id for update of b skip locked
    loop
        perform bookings.stay(v_rival, v_rival.state, v_rival.flags, v_rival.at_risk_until, null, 'timeGone', 'booking.timeGone', p_now);
    end loop;
end
$$;
comment on function bookings.tell_rivals(bookings.booking, timestamptz) is
    'Records in drafts and waiting bookings that want the same room that the time is gone; never who has it.';

-- MARK: On the day

create function bookings.may_use(p_key uuid, p_booking bookings.booking, p_now timestamptz) returns boolean
    language plpgsql stable
as $$
begin
    return coalesce(bookings.standing_of(p_key, p_booking, p_now) in ('organisation', 'centre'), false)
        or exists (
            select from access.api_key k
            join access.api_key_role r on r.key_id = k.id
            where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now)
              and (k.organisation_id = p_booking.organisation_id and r.role = 'member'
                   or r.role = 'instructor' and r.centre_id = any (p_booking.centres)));
end
$$;
comment on function bookings.may_use(uuid, bookings.booking, timestamptz) is
    'Who checks in and out: anybody of the organisation that booked, the staff and the instructors of the centres.';

create function bookings.check_in(p_booking uuid, p_key uuid, p_version integer, p_lines smallint[])
    returns table (outcome text, version integer, state text, at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_policy labels.policy;
    v_early interval;
    v_lines smallint[];
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text, null::timestamptz;
        return;
    end if;
    perform bookings.lock_labels(v_booking);
    select * into v_booking from bookings.booking b where b.centre_id = v_booking.centre_id and b.id = p_booking for update;
    v_now := plateau.clock();
    select make_interval(mins => p.early_check_in_minutes) into v_early from bookings.policy p;
    select * into v_policy from labels.policy;
    -- Those named, or all that can begin now and have not.
    v_lines := array(
        select l.number from bookings.line l
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking
          and l.starts - v_early <= v_now and l.ends > v_now and (p_lines is null or l.number = any (p_lines))
          and not exists (select from bookings.use u where u.centre_id = l.centre_id and u.booking_id = l.booking_id
                          and u.line_number = l.number));
    if not bookings.may_use(p_key, v_booking, v_now) then
        return query select 'forbidden', v_booking.version, v_booking.state, null::timestamptz;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state, null::timestamptz;
    elsif v_booking.state not in ('conditional', 'confirmed', 'inUse') or bookings.lapse(v_booking, v_now) then
        return query select 'notUsable', v_booking.version,
            (select b.state from bookings.booking b where b.centre_id = v_booking.centre_id and b.id = p_booking), null::timestamptz;
    elsif (bookings.judge_label(v_booking, v_policy)).code = 'labelSuspended' then
        return query select 'labelSuspended', v_booking.version, v_booking.state, null::timestamptz;
    elsif v_lines = '{}' or cardinality(v_lines) < cardinality(p_lines) then
        return query select case when exists (
                select from bookings.line l where l.centre_id = v_booking.centre_id and l.booking_id = p_booking
                  and (p_lines is null or l.number = any (p_lines)) and l.starts - v_early > v_now) then 'tooEarly'
            when exists (select from bookings.use u where u.centre_id = v_booking.centre_id and u.booking_id = p_booking
                         and (p_lines is null or u.line_number = any (p_lines))) then 'alreadyCheckedIn' else 'tooLate' end,
            v_booking.version, v_booking.state, v_booking.starts - v_early;
    else
        insert into bookings.use (centre_id, booking_id, line_number, checked_in_at, checked_in_by)
        select v_booking.centre_id, p_booking, n, v_now, p_key from unnest(v_lines) n;
        perform bookings.stay(v_booking, 'inUse', v_booking.flags, v_booking.at_risk_until, p_key, 'checkedIn', 'booking.checkedIn', v_now);
        return query select 'checkedIn', v_booking.version + 1, 'inUse', v_now;
    end if;
end
$$;
comment on function bookings.check_in(uuid, uuid, integer, smallint[]) is
    'Begins the use of some lines (null: all whose time it is). outcome: checkedIn, notFound, forbidden, versionMismatch, notUsable, labelSuspended, tooEarly, tooLate, alreadyCheckedIn; at: when, or the earliest moment.';

create function bookings.cut(p_booking bookings.booking, p_lines smallint[], p_at timestamptz) returns void
    language plpgsql volatile
as $$
declare
    v_line record;
    v_free_from timestamptz;
begin
    for v_line in
        select l.number, r.cleanup_minutes
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and l.number = any (p_lines)
    loop
        v_free_from := p_at + make_interval(mins => v_line.cleanup_minutes);
        delete from platforms.occupancy o
        where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id and o.line_number = v_line.number
          and o.starts >= v_free_from;
        update platforms.occupancy o
        set ends = v_free_from, use_ends = least(o.use_ends, greatest(p_at, o.use_starts), v_free_from),
            use_starts = least(o.use_starts, v_free_from)
        where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id and o.line_number = v_line.number
          and o.ends > v_free_from;
    end loop;
end
$$;
comment on function bookings.cut(bookings.booking, smallint[], timestamptz) is
    'Gives back what some lines take after a moment, their clean-up apart.';

create function bookings.check_out(
    p_booking uuid, p_key uuid, p_version integer, p_lines smallint[], p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_incident text) returns table (outcome text, version integer, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_lines smallint[];
    v_state text;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
        return;
    elsif not bookings.may_use(p_key, v_booking, v_now) then
        return query select 'forbidden', v_booking.version, v_booking.state;
        return;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
        return;
    elsif v_booking.state <> 'inUse' then
        return query select 'notInUse', v_booking.version, v_booking.state;
        return;
    end if;
    v_lines := array(
        select l.number from bookings.line l
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking and (p_lines is null or l.number = any (p_lines)));
    update bookings.use u set checked_out_at = v_now, checked_out_by = p_key
    where u.centre_id = v_booking.centre_id and u.booking_id = p_booking and u.line_number = any (v_lines) and u.checked_out_at is null;
    if not found then
        return query select 'notInUse', v_booking.version, v_booking.state;
        return;
    end if;
    perform bookings.cut(v_booking, v_lines, v_now);
    -- Over when nothing that was asked for is still to come.
    v_state := case when exists (
        select from bookings.line l
        left join bookings.use u on u.centre_id = l.centre_id and u.booking_id = l.booking_id and u.line_number = l.number
        where l.centre_id = v_booking.centre_id and l.booking_id = p_booking
          and l.number <> all (v_lines) and u.checked_out_at is null and (l.ends > v_now or u.checked_in_at is not null))
        then 'inUse' else 'completed' end;
    perform bookings.note_use(v_booking, p_key, p_audiences, p_head_counts, p_accompanying, p_incident, v_now);
    perform bookings.stay(v_booking, v_state, v_booking.flags, v_booking.at_risk_until, p_key, 'checkedOut',
                          case v_state when 'completed' then 'booking.completed' else 'booking.checkedOut' end, v_now);
    return query select 'checkedOut', v_booking.version + 1, v_state;
end
$$;
comment on function bookings.check_out(uuid, uuid, integer, smallint[], text[], integer[], integer, text) is
    'Ends the use of some lines (null: all) and gives the rest of their time back. audiences null: who came is not told. outcome: checkedOut, notFound, forbidden, versionMismatch, notInUse.';

create function bookings.note_use(
    p_booking bookings.booking, p_key uuid, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text,
    p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    if p_audiences is not null then
        insert into bookings.attendance as a (centre_id, booking_id, audiences, head_counts, accompanying, recorded_at, recorded_by)
        values (p_booking.centre_id, p_booking.id, p_audiences, p_head_counts, p_accompanying, p_now, p_key)
        on conflict on constraint attendance_pkey do update
            set audiences = excluded.audiences, head_counts = excluded.head_counts, accompanying = excluded.accompanying,
                recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by;
    end if;
    if p_incident is not null then
        insert into bookings.incident (centre_id, booking_id, number, note, at, key_id)
        select p_booking.centre_id, p_booking.id, coalesce(max(i.number), 0) + 1, p_incident, p_now, p_key
        from bookings.incident i where i.centre_id = p_booking.centre_id and i.booking_id = p_booking.id;
    end if;
end
$$;

create function bookings.record_use(
    p_booking uuid, p_key uuid, p_version integer, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_incident text)
    returns table (outcome text, version integer, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
    elsif not bookings.may_use(p_key, v_booking, v_now) then
        return query select 'forbidden', v_booking.version, v_booking.state;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state not in ('inUse', 'completed') then
        return query select 'notInUse', v_booking.version, v_booking.state;
    else
        perform bookings.note_use(v_booking, p_key, p_audiences, p_head_counts, p_accompanying, p_incident, v_now);
        perform bookings.stay(v_booking, v_booking.state, v_booking.flags, v_booking.at_risk_until, p_key,
                              case when p_incident is null then 'attendanceRecorded' else 'incidentReported' end,
                              case when p_incident is null then 'booking.attendance' else 'booking.incident' end, v_now);
        return query select 'recorded', v_booking.version + 1, v_booking.state;
    end if;
end
$$;
comment on function bookings.record_use(uuid, uuid, integer, text[], integer[], integer, text) is
    'Records who came (audiences null: not told) or an incident (null: none), during the use or after. outcome: recorded, notFound, forbidden, versionMismatch, notInUse.';

create function bookings.mark_no_show(p_booking uuid, p_key uuid, p_version integer, p_reason text)
    returns table (outcome text, version integer, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_now timestamptz;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    v_now := plateau.clock();
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text;
    elsif not exists (
        select from unnest(v_booking.centres) c
        where access.has_role(p_key, array['centreStaff', 'centreManager', 'networkManager'], c)) then
        return query select 'forbidden', v_booking.version, v_booking.state;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state not in ('conditional', 'confirmed') then
        return query select 'notUsable', v_booking.version, v_booking.state;
    elsif v_booking.starts > v_now then
        return query select 'tooEarly', v_booking.version, v_booking.state;
    else
        perform bookings.freeze_fee(v_booking, 'noShow', v_now);
        return query select 'marked',
            bookings.leave(v_booking, 'noShow', p_key, null, p_reason, 'booking.noShow', v_now), 'noShow'::text;
    end if;
end
$$;
comment on function bookings.mark_no_show(uuid, uuid, integer, text) is
    'The staff confirms that nobody came. outcome: marked, notFound, forbidden, versionMismatch, notUsable (checked in, or not live), tooEarly.';

-- MARK: Cancel

create or replace function bookings.cancel(p_booking uuid, p_key uuid, p_version integer, p_reason text)
    returns table (outcome text, version integer, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_organisation uuid;
    v_state text;
    v_now timestamptz := plateau.clock();
begin
    select k.organisation_id into v_organisation from access.api_key k
    where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > v_now);
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking for update;
    if not found then
        return query select 'notFound', null::integer, null::text;
        return;
    end if;
    v_state := case
                   -- Whoever may book for an organisation may cancel for it; its centre's staff also elsewhere.
                   when v_booking.organisation_id = v_organisation
                        and exists (select from access.api_key_role r where r.key_id = p_key
                                    and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager'))
                       then 'cancelledByUser'
                   when exists (select from unnest(v_booking.centres) c
                                where access.has_role(p_key, array['centreStaff', 'centreManager'], c))
                       then 'cancelledByCentre'
                   when access.has_role(p_key, array['networkManager'], v_booking.centre_id) then 'cancelledByNetwork'
                   when v_booking.organisation_id = v_organisation then 'forbidden'
               end;
    if v_state is null then
        return query select 'notFound', null::integer, null::text;
    elsif v_state = 'forbidden' then
        return query select 'forbidden', null::integer, null::text;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state;
    elsif v_booking.state not in ('draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended') then
        return query select 'notCancellable', v_booking.version, v_booking.state;
    elsif v_booking.starts <= v_now and v_state = 'cancelledByUser' then
        return query select 'alreadyStarted', v_booking.version, v_booking.state;
    else
        perform bookings.freeze_fee(v_booking, v_state, v_now);
        delete from bookings.approval a where a.centre_id = v_booking.centre_id and a.booking_id = p_booking and a.decided_at is null;
        return query select 'cancelled',
            bookings.leave(v_booking, v_state, p_key, v_organisation, p_reason, 'booking.cancelled', v_now), v_state;
    end if;
end
$$;

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef and p.pronamespace = 'bookings'::regnamespace
               and p.proname in ('reserve', 'change', 'confirm', 'decide', 'check_in', 'check_out', 'record_use', 'mark_no_show') loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where not p.prosecdef and p.pronamespace = 'bookings'::regnamespace
               and p.proname in ('is_overridable', 'lacks_room_alone', 'note_unmet', 'hold_rules', 'approval_deadline', 'is_approved',
                                 'standing_of', 'lock_labels', 'label_rules', 'again', 'only_ends_differ', 'tell_rivals', 'may_use', 'cut',
                                 'note_use') loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
