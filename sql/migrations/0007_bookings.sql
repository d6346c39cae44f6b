-- Bookings: bookings with lines and transitions, the functions that reserve and cancel.
-- lock class: none (new tables)

create schema bookings;
comment on schema bookings is 'Bookings, their lines and transitions, and the functions that reserve and cancel.';
grant usage on schema bookings to plateau_app, plateau_functions, plateau_readonly;

-- MARK: Tables

-- PL/pgSQL keeps what it has parsed; PostgreSQL parses and plans every CHECK expression anew in each statement that inserts. As eight
-- of them, these rules took a fifth of the time of a booking.
create function bookings.is_sound(
    p_centre_id smallint, p_id uuid, p_centres smallint[], p_state text, p_flags text[], p_starts timestamptz, p_ends timestamptz,
    p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer) returns boolean
    language plpgsql immutable
as $$
begin
    return plateau.centre_of(p_id) = p_centre_id
        and cardinality(p_centres) > 0
        and p_state in (
            'draft', 'requested', 'waitlisted', 'held', 'conditional', 'confirmed', 'suspended', 'inUse', 'completed',
            'rejected', 'cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'expired', 'noShow')
        and p_flags <@ array['atRisk', 'displaced', 'needsProof', 'provisional']
        and p_starts < p_ends
        and p_activity in (
            'catalogueTraining', 'bespokeTraining', 'awareness', 'demonstration', 'technologyWatch', 'needsAnalysis', 'maintenance',
            'companyProduction')
        and cardinality(p_audiences) = cardinality(p_head_counts) and 0 < all (p_head_counts)
        and p_accompanying between 0 and 10000;
end
$$;
comment on function bookings.is_sound(
    smallint, uuid, smallint[], text, text[], timestamptz, timestamptz, text, text[], integer[], integer) is
    'What every row of bookings.booking keeps to: its id carries its centre, known words only, parallel audiences and head counts.';
grant execute on function bookings.is_sound(
    smallint, uuid, smallint[], text, text[], timestamptz, timestamptz, text, text[], integer[], integer) to plateau_functions;

create table bookings.booking (
    centre_id smallint not null,
    id uuid not null,
    reference text not null,
    organisation_id uuid not null,
    centres smallint[] not null,
    state text not null,
    initial_state text not null,
    flags text[] not null default '{}',
    starts timestamptz not null,
    ends timestamptz not null,
    activity text not null,
    audiences text[] not null,
    head_counts integer[] not null,
    accompanying integer not null default 0,
    title text,
    contact_name text,
    contact_email text,
    programme text,
    label_status text,
    label_decision_id uuid,
    file_number integer,
    conditional_until date,
    created_at timestamptz not null,
    created_by uuid not null,
    version integer not null default 1,
    constraint booking_pkey primary key (centre_id, id),
    constraint booking_reference_once unique (centre_id, reference),
    constraint booking_is_sound check (bookings.is_sound(
        centre_id, id, centres, state, flags, starts, ends, activity, audiences, head_counts, accompanying))
);
create index booking_by_organisation on bookings.booking (organisation_id, starts, id);
create index booking_by_centre on bookings.booking (centre_id, starts, id);
comment on table bookings.booking is
    'One need, all or nothing. It lives at its first line''s centre; centres lists every centre that a line touches. head_counts is parallel to audiences.';

create table bookings.line (
    centre_id smallint not null,
    booking_id uuid not null,
    number smallint not null,
    resource_id uuid not null,
    starts timestamptz not null,
    ends timestamptz not null,
    seats integer not null,
    is_exclusive boolean not null,
    constraint line_pkey primary key (centre_id, booking_id, number),
    constraint line_is_sound check (starts < ends and seats > 0)
);
comment on table bookings.line is 'What a booking asked for: seats of a platform (all of them when exclusive) or a unit, for a period.';

create table bookings.transition (
    centre_id smallint not null,
    booking_id uuid not null,
    version integer not null,
    from_state text,
    to_state text not null,
    at timestamptz not null,
    key_id uuid,
    organisation_id uuid,
    reason text,
    constraint transition_pkey primary key (centre_id, booking_id, version)
);
comment on table bookings.transition is 'Who changed what, when and why. Rows are only added.';

-- Without foreign keys, whose checks are a statement and a row lock each: a row is only written by the functions below, beside the
-- booking that it belongs to or after reading the organisation and the resource that it names; and none of these is ever deleted.
create trigger booking_stays before delete or truncate or update of centre_id, id on bookings.booking
    for each statement execute function plateau.refuse_removal();

-- MARK: Row-level security

alter table bookings.booking enable row level security;
alter table bookings.booking force row level security;
alter table bookings.line enable row level security;
alter table bookings.line force row level security;
alter table bookings.transition enable row level security;
alter table bookings.transition force row level security;
create policy booking_functions on bookings.booking to plateau_functions using (true) with check (true);
create policy booking_actor on bookings.booking for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation())
           or centres && (select plateau.actor_centres())
           or (select plateau.actor_is_network()));
create policy line_functions on bookings.line to plateau_functions using (true) with check (true);
create policy line_actor on bookings.line for select to plateau_app
    using (exists (select from bookings.booking b where b.centre_id = line.centre_id and b.id = line.booking_id));
create policy transition_functions on bookings.transition to plateau_functions using (true) with check (true);
create policy transition_actor on bookings.transition for select to plateau_app
    using (exists (select from bookings.booking b where b.centre_id = transition.centre_id and b.id = transition.booking_id));

grant select, insert, update on bookings.booking to plateau_functions;
grant select, insert on bookings.line, bookings.transition to plateau_functions;
grant select on bookings.booking, bookings.line, bookings.transition to plateau_app;

-- MARK: Reserve

create type bookings.verdict as (
    outcome text,
    booking_id uuid,
    reference text,
    state text,
    flags text[],
    recorded_at timestamptz,
    label_status text,
    label_decision_id uuid,
    file_number integer,
    conditional_until date,
    seats integer[],
    zones text[],
    rules jsonb
);
comment on type bookings.verdict is
    'outcome: created, replayed, wouldCreate (dry run), refused (rules says why), forbidden, organisationUnknown, keyReused, inFlight. seats and zones are parallel to the lines.';

create function bookings.rule(p_line integer, p_rule text, p_code text, p_facts jsonb) returns jsonb
    language sql immutable parallel safe
    return jsonb_build_object('line', p_line, 'rule', p_rule, 'verdict', 'deny', 'code', p_code, 'facts', p_facts);

create function bookings.time_rules(
    p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_now timestamptz) returns jsonb
    language plpgsql stable
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_minutes numeric := extract(epoch from upper(p_slot) - lower(p_slot)) / 60;
    v_local timestamp := lower(p_slot) at time zone p_zone;
    v_open tstzmultirange;
    v_horizon date;
begin
    if p_resource.retired_at is not null and p_resource.retired_at <= upper(p_slot) then
        v_rules := v_rules || bookings.rule(p_line, 'lifecycle', 'resourceRetired', jsonb_build_object(
            'retiredAt', plateau.rfc3339(p_resource.retired_at), 'zone', p_zone));
    end if;
    if lower(p_slot) < p_now then
        v_rules := v_rules || bookings.rule(p_line, 'notice', 'inThePast', jsonb_build_object('now', plateau.rfc3339(p_now)));
    elsif lower(p_slot) < p_now + make_interval(mins => p_resource.notice_minutes) then
        v_rules := v_rules || bookings.rule(p_line, 'notice', 'noticeTooShort', jsonb_build_object(
            'noticeMinutes', p_resource.notice_minutes,
            'earliestStart', plateau.rfc3339(p_now + make_interval(mins => p_resource.notice_minutes)), 'zone', p_zone));
    end if;
    if plateau.local_day(lower(p_slot), p_zone) > plateau.local_day(p_now, p_zone) + p_resource.horizon_days then
        v_rules := v_rules || bookings.rule(p_line, 'horizon', 'beyondHorizon', jsonb_build_object(
            'horizonDays', p_resource.horizon_days, 'lastDay', plateau.local_day(p_now, p_zone) + p_resource.horizon_days));
    end if;
    if v_minutes < p_resource.minimum_minutes then
        v_rules := v_rules || bookings.rule(p_line, 'duration', 'durationTooShort', jsonb_build_object(
            'minutes', trim_scale(v_minutes), 'minimumMinutes', p_resource.minimum_minutes));
    elsif v_minutes > p_resource.maximum_minutes then
        v_rules := v_rules || bookings.rule(p_line, 'duration', 'durationTooLong', jsonb_build_object(
            'minutes', trim_scale(v_minutes), 'maximumMinutes', p_resource.maximum_minutes));
    end if;
    if extract(epoch from v_local::time)::numeric % (p_resource.grid_minutes * 60) <> 0 or v_minutes % p_resource.grid_minutes <> 0 then
        v_rules := v_rules || bookings.rule(p_line, 'grid', 'offGrid', jsonb_build_object('gridMinutes', p_resource.grid_minutes));
    end if;
    select range_agg(h.during order by h.during) into v_open
    from centres.open_hours h
    where h.centre_id = p_resource.centre_id and h.site_id = p_resource.site_id
      and h.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone);
    if v_open is null or not v_open @> p_slot then
        select h.compiled into strict v_horizon from (
            select (select upper(c.compiled) - 1 from centres.open_hours_horizon c
                    where c.centre_id = p_resource.centre_id and c.site_id = p_resource.site_id) as compiled) h;
        v_rules := v_rules || bookings.rule(p_line, 'opening', 'closed', jsonb_strip_nulls(jsonb_build_object(
            'openHours', coalesce((select jsonb_agg(jsonb_build_object(
                'start', plateau.rfc3339(lower(r)), 'end', plateau.rfc3339(upper(r)))) from unnest(v_open) r), '[]'),
            'closedDays', (select jsonb_agg(jsonb_build_object('day', d.day, 'reason', d.reason) order by d.day)
                           from centres.closed_day d where d.centre_id = p_resource.centre_id
                             and d.day between plateau.local_day(lower(p_slot), p_zone) and plateau.local_day(upper(p_slot), p_zone)),
            -- Said only where it is the reason.
            'calendarKnownUntil', case when plateau.local_day(upper(p_slot), p_zone) > v_horizon then v_horizon end,
            'zone', p_zone)));
    end if;
    return v_rules;
end
$$;
comment on function bookings.time_rules(integer, platforms.resource, text, tstzrange, timestamptz) is
    'The failed rules of use of one line, each with the fact it used. An empty array when all hold.';

create function bookings.reserve(
    p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text,
    p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[],
    p_idempotency_key text, p_request_hash bytea, p_dry_run boolean) returns bookings.verdict
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
    v_more_starts timestamptz[] := '{}'::timestamptz[];
    v_more_ends timestamptz[] := '{}'::timestamptz[];
    v_more_seats integer[] := '{}'::integer[];
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

    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    if not found then
        v_verdict.outcome := 'organisationUnknown';
        return v_verdict;
    end if;

    -- Labels and rules of use stand still while this lock is held; a decision takes it exclusively.
    perform pg_advisory_xact_lock_shared(k.key)
    from (select distinct plateau.label_lock(c) as key from unnest(v_centres || v_caller_centre) c where c is not null order by 1) k;
    v_now := plateau.clock();

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

    v_verdict.flags := '{}';
    v_verdict.state := 'confirmed';
    if p_activity in ('catalogueTraining', 'bespokeTraining', 'awareness') and cardinality(p_audiences) = 0 then
        v_rules := v_rules || bookings.rule(null, 'participants', 'participantsRequired', jsonb_build_object('activity', p_activity));
        v_refused := true;
    end if;
    if p_activity = 'companyProduction' or p_activity = 'maintenance' and not access.has_role(
        p_key, array['centreStaff', 'centreManager'], v_centre_id) then
        v_rules := v_rules || bookings.rule(null, 'activity', 'activityNotAllowed', jsonb_build_object('activity', p_activity));
        v_refused := true;
    end if;

    for i in 1 .. v_lines loop
        if v_zones[i] is null then
            v_rules := v_rules || bookings.rule(i, 'resource', 'resourceUnknown', jsonb_build_object('resourceId', p_resources[i]));
            v_refused := true;
            v_verdict.seats := v_verdict.seats || 0;
            continue;
        end if;
        v_resource := v_resources[i];
        v_slot := tstzrange(p_starts[i], p_ends[i]);
        v_setup := make_interval(mins => v_resource.setup_minutes);
        v_cleanup := make_interval(mins => v_resource.cleanup_minutes);

        v_gate := labels.gate(v_resource.centre_id, v_resource.is_shared, v_zones[i], v_slot, p_organisation, v_caller_centre,
                              p_audiences, p_head_counts, false);
        if v_gate.verdict <> 'allow' then
            v_refused := v_refused or v_gate.verdict = 'deny';
            v_rules := v_rules || (
                select jsonb_agg(jsonb_build_object('line', i) || g.rule)
                from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional'));
            v_verdict.state := 'conditional';
            v_verdict.conditional_until := least(v_verdict.conditional_until, v_gate.conditional_until);
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

        -- 0 asks for the whole platform.
        v_seats := case p_seats[i] when 0 then v_resource.capacity else p_seats[i] end;
        v_verdict.seats := v_verdict.seats || v_seats;
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
                    case v_resource.kind when 'equipment' then 'unitTaken' else 'capacityFull' end,
                    jsonb_build_object('seats', v_seats, 'free', greatest(v_free, 0), 'capacity', v_resource.capacity));
            end if;
        end if;
    end loop;

    if v_rules <> '[]'::jsonb then
        v_refused := v_refused or exists (select from jsonb_array_elements(v_rules) as r (rule) where r.rule ->> 'verdict' = 'deny');
        v_verdict.rules := v_rules;
    end if;
    if v_refused then
        v_verdict.outcome := 'refused';
        return v_verdict;
    end if;
    v_verdict.zones := v_zones;
    v_verdict.booking_id := p_booking;
    v_verdict.reference := p_reference;
    v_verdict.recorded_at := v_now;
    if p_dry_run then
        v_verdict.outcome := 'wouldCreate';
        return v_verdict;
    end if;

    insert into bookings.booking (
        centre_id, id, reference, organisation_id, centres, state, initial_state, flags, starts, ends, activity, audiences, head_counts,
        accompanying, title, contact_name, contact_email, programme, label_status, label_decision_id, file_number, conditional_until,
        created_at, created_by)
    values (v_centre_id, p_booking, p_reference, p_organisation, v_centres, v_verdict.state, v_verdict.state, v_verdict.flags,
            v_starts, v_ends, p_activity, p_audiences, p_head_counts,
            p_accompanying, p_title, p_contact_name, p_contact_email, p_programme, v_verdict.label_status,
            v_verdict.label_decision_id, v_verdict.file_number, v_verdict.conditional_until, v_now, p_key);
    for i in 1 .. v_lines loop
        v_resource := v_resources[i];
        insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive)
        values (v_centre_id, p_booking, i, p_resources[i], p_starts[i], p_ends[i], v_verdict.seats[i], p_seats[i] = 0);
        perform platforms.occupy(v_resource, v_zones[i], tstzrange(p_starts[i], p_ends[i]), v_verdict.seats[i], p_booking, i::smallint,
                                p_organisation);
    end loop;
    insert into bookings.transition (centre_id, booking_id, version, to_state, at, key_id, organisation_id)
    values (v_centre_id, p_booking, 1, v_verdict.state, v_now, p_key, p_organisation);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (v_centre_id, 'booking.created', p_booking, p_organisation, 1, v_now);
    if p_idempotency_key is not null then
        insert into access.idempotency as k (organisation_id, key, request_hash, subject_id, created_at)
        values (v_caller_organisation, p_idempotency_key, p_request_hash, p_booking, v_now)
        on conflict (organisation_id, key) do update
            set request_hash = excluded.request_hash, subject_id = excluded.subject_id, status = null, body = null, etag = null,
                location = null, created_at = excluded.created_at;
    end if;
    v_verdict.outcome := 'created';
    return v_verdict;
end
$$;
comment on function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[],
    text, bytea, boolean) is
    'Reserves every line or none. Takes the locks, asks the gate, tests rules of use and room, writes, and answers with a row: a refusal is data.';

create function bookings.verdict_of(p_booking uuid) returns bookings.verdict
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
                null::jsonb)::bookings.verdict
    from bookings.booking b
    where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking
$$;
comment on function bookings.verdict_of(uuid) is 'The verdict that created a booking, from columns that never change.';

-- MARK: Nearest alternatives

create function bookings.next_free(
    p_resource_id uuid, p_seats integer, p_minutes integer, p_from timestamptz, p_days integer, p_count integer)
    returns table (starts timestamptz, ends timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with resource as (
        select r.*, s.zone, coalesce(p_seats, r.capacity) as seats,
               greatest(p_from, plateau.clock() + make_interval(mins => r.notice_minutes)) as earliest
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where r.centre_id = plateau.centre_of(p_resource_id) and r.id = p_resource_id and r.retired_at is null
    ), open as (
        select r.centre_id, unnest(range_agg(h.during)) as during
        from resource r
        join centres.open_hours h on h.centre_id = r.centre_id and h.site_id = r.site_id
             and h.day >= plateau.local_day(r.earliest, r.zone) and h.day < plateau.local_day(r.earliest, r.zone) + p_days
        group by r.centre_id
    ), candidate as (
        -- A slot can only become free when the site opens, when something ends, or at once.
        select greatest(lower(o.during), r.earliest) as at from open o, resource r
        union
        select c.ends + make_interval(mins => r.setup_minutes)
        from resource r
        join platforms.occupancy c on c.centre_id = r.centre_id and c.resource_id = r.id
             and c.ends > r.earliest and c.ends < r.earliest + make_interval(days => p_days)
    ), aligned as (
        select distinct plateau.instant_of(
                   date_trunc('day', c.at at time zone r.zone)
                   + make_interval(mins => (ceil(extract(epoch from (c.at at time zone r.zone)::time) / (60 * r.grid_minutes))
                                            * r.grid_minutes)::integer), r.zone) as at
        from candidate c, resource r
    )
    select a.at, a.at + make_interval(mins => p_minutes)
    from aligned a, resource r
    where a.at >= r.earliest
      and exists (select from open o where o.during @> tstzrange(a.at, a.at + make_interval(mins => p_minutes)))
      and r.seats <= r.capacity - platforms.most_taken(
              r.centre_id, r.id, a.at - make_interval(mins => r.setup_minutes),
              a.at + make_interval(mins => p_minutes + r.cleanup_minutes))
    order by a.at
    limit p_count
$$;
comment on function bookings.next_free(uuid, integer, integer, timestamptz, integer, integer) is
    'The next slots of that length in which so many seats (null: all) of a resource are free and its site is open.';

-- MARK: Change of state

create function bookings.leave(
    p_booking bookings.booking, p_state text, p_key uuid, p_organisation uuid, p_reason text, p_event text, p_now timestamptz)
    returns integer
    language plpgsql volatile
as $$
begin
    delete from platforms.occupancy o
    where o.centre_id = any (p_booking.centres) and o.holder_id = p_booking.id;
    update bookings.booking b set state = p_state, version = b.version + 1
    where b.centre_id = p_booking.centre_id and b.id = p_booking.id;
    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, key_id, organisation_id, reason)
    values (p_booking.centre_id, p_booking.id, p_booking.version + 1, p_booking.state, p_state, p_now, p_key, p_organisation, p_reason);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (p_booking.centre_id, p_event, p_booking.id, p_booking.organisation_id, p_booking.version + 1, p_now);
    return p_booking.version + 1;
end
$$;
comment on function bookings.leave(bookings.booking, text, uuid, uuid, text, text, timestamptz) is
    'Takes a booking to a state that takes no room: frees its occupancy, records the transition and the event. The new version.';

create function bookings.cancel(p_booking uuid, p_key uuid, p_version integer, p_reason text)
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
        return query select 'cancelled',
            bookings.leave(v_booking, v_state, p_key, v_organisation, p_reason, 'booking.cancelled', v_now), v_state;
    end if;
end
$$;
comment on function bookings.cancel(uuid, uuid, integer, text) is
    'outcome: cancelled, notFound, forbidden, versionMismatch, notCancellable, alreadyStarted; with the version and state now.';

-- MARK: Rights

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
