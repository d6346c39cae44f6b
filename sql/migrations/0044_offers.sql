-- Offers: a centre's courses, from the catalogue or bespoke; a booking may say which one it is for.
-- lock class: access exclusive on bookings.booking while a column without default is added (no rewrite), share while its index is built
-- (over no row yet).

create schema offers;
comment on schema offers is 'What centres teach: courses of their catalogue, and bespoke ones.';
grant usage on schema offers to plateau_app, plateau_functions;

-- MARK: Tables

create function offers.document(p_code text, p_title text, p_description text, p_sector text, p_technologies text[]) returns tsvector
    language sql immutable parallel safe
    return setweight(to_tsvector('simple'::regconfig, plateau.plain(p_title || ' ' || coalesce(p_code, ''))), 'A')
        || setweight(to_tsvector('simple'::regconfig, plateau.plain(
               (select coalesce(string_agg(w.word, ' '), '') from unnest(p_technologies || p_sector) as w (word)))), 'B')
        || setweight(to_tsvector('simple'::regconfig, plateau.plain(coalesce(p_description, ''))), 'D');
comment on function offers.document(text, text, text, text, text[]) is
    'The words that an offer is found by: title and code first, then technologies and sector, then what it says of itself.';
grant execute on function offers.document(text, text, text, text, text[]) to plateau_functions;

create function offers.sought(p_text text) returns tsquery
    language sql immutable parallel safe
    return (select string_agg(quote_literal(l.lexeme) || ':*', ' & ')::tsquery
            from unnest(to_tsvector('simple'::regconfig, plateau.plain(p_text))) l);
comment on function offers.sought(text) is 'What finds offers with every word of a text, each of which may be the beginning of one; null for no words.';
grant execute on function offers.sought(text) to plateau_app, plateau_functions;

create table offers.offer (
    centre_id smallint not null,
    id uuid not null,
    kind text not null,
    code text,
    title text not null,
    description text,
    sector text not null,
    technologies text[] not null default '{}',
    audiences text[] not null,
    platforms uuid[] not null default '{}',
    duration_minutes integer,
    most_participants integer,
    organisation_id uuid,
    during daterange not null,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawal_reason text,
    created_at timestamptz not null,
    created_by uuid not null,
    version integer not null default 1,
    document tsvector not null generated always as (offers.document(code, title, description, sector, technologies)) stored,
    constraint offer_pkey primary key (centre_id, id),
    constraint offer_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint offer_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint offer_code_once unique (centre_id, code),
    constraint offer_organisation foreign key (organisation_id) references access.organisation (id),
    constraint offer_kind_known check (kind in ('catalogue', 'bespoke')),
    constraint offer_for_one_is_bespoke check (organisation_id is null or kind = 'bespoke'),
    constraint offer_title_present check (length(btrim(title)) between 1 and 200),
    constraint offer_has_audience check (cardinality(audiences) > 0),
    constraint offer_days check (not isempty(during) and not lower_inf(during)),
    constraint offer_sizes check (duration_minutes > 0 and most_participants > 0),
    constraint offer_withdrawn check (
        (withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawal_reason is null))
);
comment on table offers.offer is
    'A course of a centre. during: the days on which it is given; platforms: where it is usually given; organisation_id: whom a bespoke one is for, who alone sees it besides the centre. A withdrawn one is in force on no day any more. Bookings name it without a foreign key, so it stays.';
create index offer_by_title on offers.offer (title, id);
create trigger offer_stays before delete or truncate or update of centre_id, id on offers.offer
    for each statement execute function plateau.refuse_removal();

alter table offers.offer enable row level security;
alter table offers.offer force row level security;
create policy offer_functions on offers.offer to plateau_functions using (true) with check (true);
create policy offer_actor on offers.offer for select to plateau_app
    using (organisation_id is null or organisation_id = (select plateau.actor_organisation())
           or centre_id = any ((select plateau.actor_centres())::smallint[]) or (select plateau.actor_is_network()));
grant select, insert, update on offers.offer to plateau_functions;
grant select on offers.offer to plateau_app;

-- MARK: Keeping them

create function offers.objection(p_centre_id smallint, p_audiences text[], p_platforms uuid[]) returns text
    language plpgsql stable
as $$
begin
    return case
        when exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a))
            then 'audienceUnknown'
        when exists (select from unnest(p_platforms) p
                     where not exists (select from platforms.platform f where f.centre_id = p_centre_id and f.id = p))
            then 'platformUnknown' end;
end
$$;
comment on function offers.objection(smallint, text[], uuid[]) is
    'Why an offer of a centre cannot be so: audienceUnknown, platformUnknown (none of the centre); null when it can.';
grant execute on function offers.objection(smallint, text[], uuid[]) to plateau_functions;

create function offers.create_offer(
    p_centre_id smallint, p_id uuid, p_key uuid, p_kind text, p_code text, p_title text, p_description text, p_sector text,
    p_technologies text[], p_audiences text[], p_platforms uuid[], p_duration_minutes integer, p_most_participants integer,
    p_organisation uuid, p_from date, p_to date) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_objection text := offers.objection(p_centre_id, p_audiences, p_platforms);
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_objection is not null then
        return v_objection;
    end if;
    insert into offers.offer (
        centre_id, id, kind, code, title, description, sector, technologies, audiences, platforms, duration_minutes, most_participants,
        organisation_id, during, created_at, created_by)
    values (p_centre_id, p_id, p_kind, p_code, p_title, p_description, p_sector, p_technologies, p_audiences, p_platforms,
            p_duration_minutes, p_most_participants, p_organisation, daterange(p_from, p_to, '[]'), plateau.clock(), p_key);
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
    values (p_centre_id, 'offer.created', p_id, p_organisation, 1, plateau.clock());
    return 'created';
end
$$;
comment on function offers.create_offer(
    smallint, uuid, uuid, text, text, text, text, text, text[], text[], uuid[], integer, integer, uuid, date, date) is
    'Adds an offer to those of a centre; to: the last day. outcome: created, forbidden, audienceUnknown, platformUnknown; raises offer_centre, offer_code_once, offer_organisation.';

create function offers.change_offer(
    p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_kind text, p_code text, p_title text, p_description text,
    p_sector text, p_technologies text[], p_audiences text[], p_platforms uuid[], p_duration_minutes integer,
    p_most_participants integer, p_organisation uuid, p_from date, p_to date) returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_offer offers.offer;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    outcome := offers.objection(p_centre_id, p_audiences, p_platforms);
    if outcome is null then
        update offers.offer o
        set kind = p_kind, code = p_code, title = p_title, description = p_description, sector = p_sector,
            technologies = p_technologies, audiences = p_audiences, platforms = p_platforms, duration_minutes = p_duration_minutes,
            most_participants = p_most_participants, organisation_id = p_organisation, during = daterange(p_from, p_to, '[]'),
            version = o.version + 1
        where o.centre_id = p_centre_id and o.id = p_id and o.version = p_version and o.withdrawn_at is null
        returning o.* into v_offer;
        if found then
            outcome := 'changed';
            insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
            values (p_centre_id, 'offer.changed', p_id, p_organisation, v_offer.version, plateau.clock());
        else
            select * into v_offer from offers.offer o where o.centre_id = p_centre_id and o.id = p_id;
            outcome := case when v_offer.id is null then 'notFound'
                            when v_offer.version <> p_version then 'versionMismatch' else 'withdrawn' end;
        end if;
    end if;
    version := v_offer.version;
    return next;
end
$$;
comment on function offers.change_offer(
    smallint, uuid, integer, uuid, text, text, text, text, text, text[], text[], uuid[], integer, integer, uuid, date, date) is
    'Makes an offer another one, for bookings from now on; those that name it keep it. outcome: changed, notFound, forbidden, versionMismatch, withdrawn, audienceUnknown, platformUnknown; raises offer_code_once, offer_organisation.';

create function offers.withdraw_offer(p_centre_id smallint, p_id uuid, p_version integer, p_key uuid, p_reason text)
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_offer offers.offer;
begin
    if not access.has_role(p_key, array['centreManager', 'networkManager'], p_centre_id) then
        return query select 'forbidden', null::integer;
        return;
    end if;
    update offers.offer o
    set withdrawn_at = plateau.clock(), withdrawn_by = p_key, withdrawal_reason = p_reason, version = o.version + 1
    where o.centre_id = p_centre_id and o.id = p_id and o.version = p_version and o.withdrawn_at is null
    returning o.* into v_offer;
    if found then
        outcome := 'done';
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (p_centre_id, 'offer.withdrawn', p_id, v_offer.organisation_id, v_offer.version, plateau.clock());
    else
        select * into v_offer from offers.offer o where o.centre_id = p_centre_id and o.id = p_id;
        outcome := case when v_offer.id is null then 'notFound'
                        when v_offer.version <> p_version then 'versionMismatch' else 'withdrawn' end;
    end if;
    version := v_offer.version;
    return next;
end
$$;
comment on function offers.withdraw_offer(smallint, uuid, integer, uuid, text) is
    'No booking names the offer any more from now on; those that do keep it. outcome: done, notFound, forbidden, versionMismatch, withdrawn (already).';

-- MARK: Bookings that are for one

alter table bookings.booking add column offer_id uuid;
comment on column bookings.booking.offer_id is
    'The offer that it is for: of a centre of one of its lines, in force, when it was first named (bookings.offer_rules).';
create index booking_by_offer on bookings.booking (offer_id, starts, id) where offer_id is not null;

create function bookings.offer_rules(
    p_offer uuid, p_organisation uuid, p_caller_centre smallint, p_resources uuid[], p_starts timestamptz[], p_zones text[],
    p_old bookings.booking) returns jsonb
    language plpgsql volatile
as $$
declare
    v_offer offers.offer;
    v_centre_id smallint := plateau.centre_of(p_offer);
    v_is_kept boolean := coalesce(p_offer = p_old.offer_id, false);
    v_line integer;
    v_zone text;
begin
    -- Its change and its withdrawal wait for the booking, and the booking for them.
    select * into v_offer from offers.offer o where o.centre_id = v_centre_id and o.id = p_offer for share;
    if not v_is_kept and (
        v_offer.id is null
        or v_offer.organisation_id <> p_organisation and p_caller_centre is distinct from v_centre_id) then
        return jsonb_build_array(bookings.rule(null, 'offer', 'offerUnknown', jsonb_build_object('offerId', p_offer)));
    elsif not exists (select from unnest(p_resources) r where plateau.centre_of(r) = v_centre_id)
        -- What an outage moved to another centre keeps its offer.
        and (not v_is_kept or v_centre_id = any (p_old.centres)) then
        return jsonb_build_array(bookings.rule(null, 'offer', 'offerOfOtherCentre', jsonb_build_object('offerId', p_offer)));
    elsif v_is_kept then
        return '[]'::jsonb;
    end if;
    select l.n, l.zone into v_line, v_zone
    from unnest(p_resources, p_starts, p_zones) with ordinality as l (resource_id, starts, zone, n)
    where plateau.centre_of(l.resource_id) = v_centre_id and l.zone is not null
      and (v_offer.withdrawn_at is not null or not v_offer.during @> plateau.local_day(l.starts, l.zone))
    order by l.n limit 1;
    if v_line is null then
        return '[]'::jsonb;
    end if;
    return jsonb_build_array(bookings.rule(v_line, 'offer', 'offerNotInForce', jsonb_strip_nulls(case
        when v_offer.withdrawn_at is not null then jsonb_build_object('withdrawnOn', plateau.local_day(v_offer.withdrawn_at, v_zone))
        else jsonb_build_object('from', lower(v_offer.during), 'to', upper(v_offer.during) - 1) end)));
end
$$;
comment on function bookings.offer_rules(uuid, uuid, smallint, uuid[], timestamptz[], text[], bookings.booking) is
    'Why a booking cannot name an offer: offerUnknown (there is none, or it is for another organisation), offerOfOtherCentre (no line is at its centre), offerNotInForce (on the day on which a line at its centre begins). An offer that the booking (old) has already is not judged again but for its centre.';
grant execute on function bookings.offer_rules(uuid, uuid, smallint, uuid[], timestamptz[], text[], bookings.booking) to plateau_functions;

drop function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[], text,
    bytea, boolean, integer[], text, text, timestamptz, integer, text, text[], text[], uuid[]);
create function bookings.reserve(
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

comment on function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[], text,
    bytea, boolean, integer[], text, text, timestamptz, integer, text, text[], text[], uuid[], uuid) is
    'Reserves every line or none. Takes the locks, asks the gate, tests rules of use and room, writes, and answers with a row: a refusal is data. persons: of each line, -1 (or no list) for everybody. as: booked, held (until expires_at), waitlisted (waits when only room is lacking) or draft (takes no room). version: of the booking that is to become this; its room is freed before, so the caller undoes what is refused. overridden: codes of rules that staff sets aside, for a reason. holder_roles, holders: who is named for what the resources ask somebody to hold. offer: what it is for.';

create or replace function bookings.again(
    p_booking bookings.booking, p_key uuid, p_as text, p_expires_at timestamptz, p_reason text, p_overridden text[]) returns bookings.verdict
    language plpgsql
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

drop function bookings.change(
    uuid, uuid, integer, text, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[], integer[],
    text, text[], boolean, text[], uuid[]);
create function bookings.change(
    p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[],
    p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[],
    p_dry_run boolean,
    p_holder_roles text[] default null, p_holders uuid[] default null, p_offer uuid default null) returns bookings.verdict
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
            v_old.expires_at, p_version, p_reason, p_overridden, p_holder_roles, p_holders, p_offer);
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
    uuid, uuid, integer, text, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[], integer[],
    text, text[], boolean, text[], uuid[], uuid) is
    'Makes a booking another one at a stroke: its old room counts as free, and it keeps it when the new one is refused. outcome: changed, wouldChange (dry run), refused, notFound, forbidden, versionMismatch, notChangeable, alreadyStarted, otherCentre, overrideForbidden.';

drop function bookings.reserve_series(
    uuid, text, text[], text[], text, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], integer[], uuid[], text[],
    timestamptz[], timestamptz[], timestamptz[], boolean, integer[], text, text[], uuid[]);
create function bookings.reserve_series(
    p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid,
    p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text,
    p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[],
    p_occurrences timestamptz[], p_starts timestamptz[], p_ends timestamptz[], p_dry_run boolean, p_persons integer[] default null,
    p_supervision text default null,
    p_holder_roles text[] default null, p_holders uuid[] default null, p_offer uuid default null) returns setof bookings.occurrence_verdict
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_centre_id smallint := plateau.centre_of(p_series);
    v_lines integer := cardinality(p_resources);
    v_verdict bookings.verdict;
    v_verdicts bookings.occurrence_verdict[] := '{}'::bookings.occurrence_verdict[];
    v_booked integer := 0;
    v_undone boolean := false;
    v_now timestamptz;
begin
    perform bookings.lock_series(p_series, p_organisation, p_resources, p_starts, p_ends);
    v_now := plateau.clock();
    -- One refusal of a whole series undoes the rest of it; the verdicts outlive that.
    begin
        if exists (select from access.organisation o where o.id = p_organisation) then
            insert into bookings.series (
                centre_id, id, organisation_id, centres, rule, excluded, additional, zone, mode, created_at, created_by)
            values (v_centre_id, p_series, p_organisation, array(select distinct plateau.centre_of(r) from unnest(p_resources) r),
                    p_rule, p_excluded, p_additional, p_zone, p_mode, v_now, p_key);
        end if;
        for i in 1 .. cardinality(p_bookings) loop
            v_verdict := bookings.reserve(
                p_bookings[i], p_references[i], p_key, p_organisation, p_activity, p_audiences, p_head_counts, p_accompanying, p_title,
                p_contact_name, p_contact_email, p_programme, p_resources, p_starts[(i - 1) * v_lines + 1 : i * v_lines],
                p_ends[(i - 1) * v_lines + 1 : i * v_lines], p_seats, null, null, false, p_persons,
                p_supervision, p_holder_roles => p_holder_roles, p_holders => p_holders, p_offer => p_offer);
            v_verdicts := v_verdicts || row (
                i, v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                v_booked := v_booked + 1;
                update bookings.booking b set series_id = p_series, occurrence = i, occurrence_starts = p_occurrences[i]
                where b.centre_id = v_centre_id and b.id = p_bookings[i];
            elsif v_verdict.outcome = 'refused' then
                insert into bookings.refused_occurrence (centre_id, series_id, number, starts, rules)
                values (v_centre_id, p_series, i, p_occurrences[i], v_verdict.rules);
            else
                exit;
            end if;
        end loop;
        v_undone := p_dry_run or v_booked = 0 or p_mode = 'atomic' and v_booked < cardinality(p_bookings);
        if v_undone then
            raise exception 'undone' using errcode = 'PL001';
        end if;
        insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
        values (v_centre_id, 'series.created', p_series, p_organisation, 1, v_now);
    exception when sqlstate 'PL001' then
        null;
    end;
    return query
        select v.number, case when v_undone and v.outcome = 'created' then 'wouldCreate' else v.outcome end, v.booking_id, v.reference,
               v.state, v.flags, v.conditional_until, v.rules
        from unnest(v_verdicts) v order by v.number;
end
$$;

comment on function bookings.reserve_series(
    uuid, text, text[], text[], text, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], integer[], uuid[], text[],
    timestamptz[], timestamptz[], timestamptz[], boolean, integer[], text, text[], uuid[], uuid) is
    'Books every occurrence of a series through bookings.reserve: all or none (atomic), or those that can be had (bestEffort). A row for each occurrence.';

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

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef
               and (p.pronamespace = 'offers'::regnamespace
                    or p.pronamespace = 'bookings'::regnamespace and p.proname in ('reserve', 'change', 'reserve_series')) loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
