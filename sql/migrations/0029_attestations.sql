-- Attestations: their types, who holds them, habilitations of trainers; prerequisites become a rule of booking and of check-in.
-- lock class: access exclusive on platforms.resource and bookings.booking while columns with constant defaults are added (no rewrite);
-- the new check of bookings.booking reads it once.

create schema attestations;
comment on schema attestations is 'What persons and organisations hold: proofs that resources ask for, valid on the day of use.';
grant usage on schema attestations to plateau_app, plateau_functions;

-- MARK: Tables

create table attestations.type (
    code text not null,
    name text not null,
    holder text not null,
    proof text not null,
    covers text[] not null default '{}',
    valid_months smallint,
    warning_days smallint not null default 60,
    changed_at timestamptz not null,
    changed_by uuid not null,
    constraint type_pkey primary key (code),
    constraint type_code check (code ~ '^[a-z][A-Za-z0-9]{1,63}$'),
    constraint type_name_present check (length(btrim(name)) between 1 and 200),
    constraint type_holder_known check (holder in ('person', 'organisation')),
    constraint type_proof_known check (proof in ('atBooking', 'atUse')),
    constraint type_months_range check (valid_months between 1 and 600),
    constraint type_warning_range check (warning_days between 0 and 730)
);
comment on table attestations.type is
    'The kinds of attestation that the network knows. A prerequisite that names one of these codes is a rule; one that names another code is only shown. proof: without it a booking is refused (atBooking), or made with the flag needsProof (atUse); nothing is checked in without it. covers: codes of lesser types that it stands for.';
grant select on attestations.type to plateau_app, plateau_functions, plateau_readonly;
grant insert, update on attestations.type to plateau_functions;

create table attestations.holder (
    id uuid not null,
    organisation_id uuid not null,
    kind text not null,
    pseudonym text,
    created_at timestamptz not null,
    erased_at timestamptz,
    constraint holder_pkey primary key (id),
    constraint holder_organisation foreign key (organisation_id) references access.organisation (id),
    constraint holder_pseudonym_once unique (organisation_id, pseudonym),
    constraint holder_kind_known check (kind in ('person', 'organisation')),
    constraint holder_pseudonym_length check (length(btrim(pseudonym)) between 1 and 64),
    constraint holder_person_has_pseudonym check ((pseudonym is not null) = (kind = 'person' and erased_at is null)),
    constraint holder_organisation_is_itself check (kind = 'person' or id = organisation_id)
);
comment on table attestations.holder is
    'A person, under a pseudonym that only the organisation that keeps it can resolve, or an organisation itself. Never a name.';
alter table attestations.holder enable row level security;
alter table attestations.holder force row level security;
create policy holder_actor on attestations.holder for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation()));
create policy holder_functions on attestations.holder to plateau_functions using (true) with check (true);
grant select on attestations.holder to plateau_app;
grant select, insert, update on attestations.holder to plateau_functions;

create table attestations.attestation (
    id uuid not null,
    holder_id uuid not null,
    organisation_id uuid not null,
    type text,
    centre_id smallint,
    resource_id uuid,
    level text,
    issuer text not null,
    evidence text,
    during daterange not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    recorded_for uuid not null,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawal_reason text,
    warned_at timestamptz,
    version integer not null default 1,
    constraint attestation_pkey primary key (id),
    constraint attestation_holder foreign key (holder_id) references attestations.holder (id),
    constraint attestation_type foreign key (type) references attestations.type (code),
    constraint attestation_resource foreign key (centre_id, resource_id) references platforms.resource (centre_id, id),
    constraint attestation_of_type_or_for_resource check (num_nonnulls(type, resource_id) = 1 and (centre_id is null) = (resource_id is null)),
    constraint attestation_level_length check (length(btrim(level)) between 1 and 40),
    constraint attestation_issuer_present check (length(btrim(issuer)) between 1 and 200),
    constraint attestation_evidence_length check (length(btrim(evidence)) between 1 and 500),
    constraint attestation_begins check (lower(during) is not null and not isempty(during)),
    constraint attestation_withdrawn check (num_nulls(withdrawn_at, withdrawn_by, withdrawal_reason) in (0, 3)),
    constraint attestation_reason_present check (length(btrim(withdrawal_reason)) between 1 and 500)
);
create index attestation_by_holder on attestations.attestation (holder_id, type);
create index attestation_by_organisation on attestations.attestation (organisation_id, id);
create index attestation_by_recorder on attestations.attestation (recorded_for, id);
create index attestation_by_centre on attestations.attestation (centre_id, id) where centre_id is not null;
create index attestation_by_end on attestations.attestation (upper(during)) where withdrawn_at is null and warned_at is null;
comment on table attestations.attestation is
    'What somebody holds, and on which days. With a resource: the habilitation of a trainer for it and its parts. Rows are added and withdrawn, never changed; organisation_id: who keeps the holder; recorded_for: whose key wrote it.';
alter table attestations.attestation enable row level security;
alter table attestations.attestation force row level security;
create policy attestation_actor on attestations.attestation for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation()) or recorded_for = (select plateau.actor_organisation())
           or centre_id = any ((select plateau.actor_centres())::smallint[]));
create policy attestation_functions on attestations.attestation to plateau_functions using (true) with check (true);
grant select on attestations.attestation to plateau_app;
grant select, insert, update on attestations.attestation to plateau_functions;

create table attestations.unreviewed (
    attestation_id uuid not null,
    asked_at timestamptz not null,
    constraint unreviewed_pkey primary key (attestation_id),
    constraint unreviewed_attestation foreign key (attestation_id) references attestations.attestation (id)
);
comment on table attestations.unreviewed is
    'Attestations that were recorded or withdrawn, until the bookings that name their holders have been looked at again.';
alter table attestations.unreviewed enable row level security;
alter table attestations.unreviewed force row level security;
create policy unreviewed_functions on attestations.unreviewed to plateau_functions using (true) with check (true);
grant select, insert, update, delete on attestations.unreviewed to plateau_functions;

-- MARK: What resources and bookings say

alter table platforms.resource add column has_prerequisites boolean not null default false;
update platforms.resource r set has_prerequisites = true
where exists (select from platforms.prerequisite q where q.centre_id = r.centre_id and q.resource_id = r.id);

alter table bookings.booking
    add column holder_roles text[] not null default '{}',
    add column holders uuid[] not null default '{}',
    add constraint booking_holders_whole check (
        cardinality(holders) = 0 and cardinality(holder_roles) = 0
        or cardinality(holders) = cardinality(holder_roles) and cardinality(holders) <= 200
           and holder_roles <@ array['participant', 'driver', 'trainer']);
create index booking_by_holder on bookings.booking using gin (holders) where cardinality(holders) > 0;
comment on column bookings.booking.holders is 'Who is named for what (holder_roles, parallel): ids of attestations.holder, which say nothing by themselves.';

create or replace function platforms.set_prerequisites(
    p_centre_id smallint, p_id uuid, p_holders text[], p_attestations text[], p_notes text[]) returns void
    language plpgsql
as $$
begin
    delete from platforms.prerequisite q where q.centre_id = p_centre_id and q.resource_id = p_id;
    insert into platforms.prerequisite (centre_id, resource_id, number, holder, attestation, note)
    select p_centre_id, p_id, q.number, q.holder, q.attestation, nullif(q.note, '')
    from unnest(p_holders, p_attestations, p_notes) with ordinality as q (holder, attestation, note, number);
    update platforms.resource r set has_prerequisites = cardinality(p_holders) > 0
    where r.centre_id = p_centre_id and r.id = p_id and r.has_prerequisites <> (cardinality(p_holders) > 0);
end
$$;

create function platforms.require(
    p_centre_id smallint, p_id uuid, p_version integer, p_holders text[], p_attestations text[], p_notes text[])
    returns table (outcome text, version integer)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_resource platforms.resource;
begin
    -- Bookings hold this lock shared while they read what is asked for.
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_resource from platforms.resource r where r.centre_id = p_centre_id and r.id = p_id for update;
    if not found or v_resource.version <> p_version then
        return query select case when v_resource.id is null then 'notFound' else 'versionMismatch' end, v_resource.version;
        return;
    end if;
    perform platforms.set_prerequisites(p_centre_id, p_id, p_holders, p_attestations, p_notes);
    update platforms.resource r set version = r.version + 1 where r.centre_id = p_centre_id and r.id = p_id;
    insert into jobs.event (centre_id, type, subject_id, version, occurred_at)
    values (p_centre_id, 'resource.changed', p_id, p_version + 1, plateau.clock());
    return query select 'changed', p_version + 1;
end
$$;
comment on function platforms.require(smallint, uuid, integer, text[], text[], text[]) is
    'Replaces what somebody must hold to use a resource and its parts. The arrays are parallel; an empty note is none. outcome: changed, notFound, versionMismatch.';

-- MARK: Recording and withdrawing

create function attestations.set_type(
    p_code text, p_name text, p_holder text, p_proof text, p_covers text[], p_valid_months smallint, p_warning_days smallint, p_by uuid)
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_by, array['networkManager'], 0::smallint) then
        return 'forbidden';
    elsif exists (select from unnest(p_covers) c where c = p_code or not exists (select from attestations.type t where t.code = c)) then
        return 'coversUnknown';
    elsif exists (select from attestations.type t where t.code = p_code and t.holder <> p_holder)
        and exists (select from attestations.attestation a where a.type = p_code) then
        return 'holderStays';
    end if;
    insert into attestations.type as t (code, name, holder, proof, covers, valid_months, warning_days, changed_at, changed_by)
    values (p_code, p_name, p_holder, p_proof, p_covers, p_valid_months, p_warning_days, plateau.clock(), p_by)
    on conflict (code) do update
        set name = excluded.name, holder = excluded.holder, proof = excluded.proof, covers = excluded.covers,
            valid_months = excluded.valid_months, warning_days = excluded.warning_days, changed_at = excluded.changed_at,
            changed_by = excluded.changed_by;
    return 'set';
end
$$;
comment on function attestations.set_type(text, text, text, text, text[], smallint, smallint, uuid) is
    'Adds a type or changes it, for bookings and check-ins from now on. outcome: set, forbidden, coversUnknown, holderStays.';

create function attestations.speaks_for(p_key uuid, p_organisation uuid) returns boolean
    language plpgsql stable
as $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id
        where k.id = p_key and k.organisation_id = p_organisation
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and r.role in ('booker', 'organisationAdmin', 'centreStaff', 'centreManager', 'networkManager'));
end
$$;

create function attestations.is_staff(p_key uuid) returns boolean
    language plpgsql stable
as $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id
        where k.id = p_key and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
          and r.role in ('centreStaff', 'centreManager', 'networkManager'));
end
$$;
comment on function attestations.is_staff(uuid) is 'Whether a key is of the staff of any centre, or of the network: they attest what others hold.';

create function attestations.add_holder(p_id uuid, p_organisation uuid, p_pseudonym text, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not attestations.speaks_for(p_by, p_organisation) then
        return 'forbidden';
    end if;
    insert into attestations.holder (id, organisation_id, kind, pseudonym, created_at)
    values (p_id, p_organisation, 'person', p_pseudonym, plateau.clock())
    on conflict on constraint holder_pseudonym_once do nothing;
    return case when found then 'added' else 'pseudonymTaken' end;
end
$$;
comment on function attestations.add_holder(uuid, uuid, text, uuid) is
    'A person of an organisation, under a pseudonym. outcome: added, forbidden, pseudonymTaken.';

create function attestations.erase_holder(p_id uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_holder attestations.holder;
begin
    select * into v_holder from attestations.holder h where h.id = p_id and h.kind = 'person' for update;
    if not found or not attestations.speaks_for(p_by, v_holder.organisation_id) then
        return case when exists (select from access.api_key k where k.id = p_by and k.organisation_id = v_holder.organisation_id)
                    then 'forbidden' else 'notFound' end;
    end if;
    update attestations.holder h set pseudonym = null, erased_at = plateau.clock() where h.id = p_id and h.erased_at is null;
    update attestations.attestation a set evidence = null where a.holder_id = p_id and a.evidence is not null;
    return 'erased';
end
$$;
comment on function attestations.erase_holder(uuid, uuid) is
    'Forgets the pseudonym of a person and where the proofs are kept; nobody can be named for anything by that id again. outcome: erased, forbidden, notFound.';

create function attestations.tell(p_attestation attestations.attestation, p_what text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    values (coalesce(p_attestation.centre_id, 0::smallint), 'attestation.' || p_what, p_attestation.id, p_attestation.organisation_id,
            p_attestation.version,
            jsonb_strip_nulls(jsonb_build_object(
                'attestation', p_attestation.type, 'resourceId', p_attestation.resource_id,
                'expiresOn', upper(p_attestation.during) - 1)), p_now);
end
$$;

create function attestations.record(
    p_id uuid, p_holder uuid, p_type text, p_resource uuid, p_level text, p_issuer text, p_evidence text, p_issued_on date,
    p_expires_on date, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_holder attestations.holder;
    v_type attestations.type;
    v_attestation attestations.attestation;
    v_now timestamptz := plateau.clock();
begin
    if exists (select from access.organisation o where o.id = p_holder) then
        insert into attestations.holder (id, organisation_id, kind, created_at) values (p_holder, p_holder, 'organisation', v_now)
        on conflict on constraint holder_pkey do nothing;
    end if;
    select * into v_holder from attestations.holder h where h.id = p_holder and h.erased_at is null;
    if not found then
        return 'holderUnknown';
    elsif p_resource is not null then
        if not access.has_role(p_by, array['centreStaff', 'centreManager', 'networkManager'], plateau.centre_of(p_resource)) then
            return 'forbidden';
        elsif v_holder.kind <> 'person' then
            return 'holderMismatch';
        elsif not exists (select from platforms.resource r where r.centre_id = plateau.centre_of(p_resource) and r.id = p_resource) then
            return 'resourceUnknown';
        end if;
    else
        select * into v_type from attestations.type t where t.code = p_type;
        if not found then
            return 'typeUnknown';
        elsif v_type.holder <> v_holder.kind then
            return 'holderMismatch';
        elsif not attestations.speaks_for(p_by, v_holder.organisation_id) and not attestations.is_staff(p_by) then
            return 'forbidden';
        end if;
    end if;
    insert into attestations.attestation (
        id, holder_id, organisation_id, type, centre_id, resource_id, level, issuer, evidence, during, recorded_at, recorded_by,
        recorded_for)
    select p_id, p_holder, v_holder.organisation_id, p_type, case when p_resource is not null then plateau.centre_of(p_resource) end,
           p_resource, p_level, p_issuer, p_evidence,
           daterange(p_issued_on, coalesce(
               p_expires_on, (p_issued_on + make_interval(months => v_type.valid_months))::date - 1), '[]'),
           v_now, p_by, k.organisation_id
    from access.api_key k where k.id = p_by
    returning * into v_attestation;
    insert into attestations.unreviewed (attestation_id, asked_at) values (p_id, v_now);
    perform attestations.tell(v_attestation, 'recorded', v_now);
    return 'recorded';
end
$$;
comment on function attestations.record(uuid, uuid, text, uuid, text, text, text, date, date, uuid) is
    'Writes down what somebody holds; without a last day, as long as its type is valid. holder: a person''s, or an organisation''s own id. outcome: recorded, forbidden, holderUnknown, holderMismatch, typeUnknown, resourceUnknown.';

create function attestations.withdraw(p_id uuid, p_reason text, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_attestation attestations.attestation;
    v_now timestamptz;
begin
    -- Waits for the bookings that were just found to be covered by it; those that come after find it withdrawn.
    select * into v_attestation from attestations.attestation a where a.id = p_id for no key update;
    v_now := plateau.clock();
    if v_attestation.id is null then
        return 'notFound';
    elsif not (attestations.speaks_for(p_by, v_attestation.organisation_id)
               or attestations.speaks_for(p_by, v_attestation.recorded_for)
               or v_attestation.centre_id is not null
                  and access.has_role(p_by, array['centreStaff', 'centreManager', 'networkManager'], v_attestation.centre_id)) then
        return case when exists (
                        select from access.api_key k
                        where k.id = p_by and k.organisation_id in (v_attestation.organisation_id, v_attestation.recorded_for))
                    then 'forbidden' else 'notFound' end;
    elsif v_attestation.withdrawn_at is not null then
        return 'alreadyWithdrawn';
    end if;
    update attestations.attestation a
    set withdrawn_at = v_now, withdrawn_by = p_by, withdrawal_reason = p_reason, version = a.version + 1
    where a.id = p_id
    returning * into v_attestation;
    insert into attestations.unreviewed (attestation_id, asked_at) values (p_id, v_now)
    on conflict on constraint unreviewed_pkey do update set asked_at = excluded.asked_at;
    perform attestations.tell(v_attestation, 'withdrawn', v_now);
    return 'withdrawn';
end
$$;
comment on function attestations.withdraw(uuid, text, uuid) is
    'Takes an attestation back, for a reason: from now on it proves nothing. outcome: withdrawn, notFound, forbidden, alreadyWithdrawn.';

create function attestations.warn_of_expiry(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_today date := plateau.local_day(v_now, 'UTC');
    v_attestation attestations.attestation;
    v_count integer := 0;
begin
    for v_attestation in
        select a.* from attestations.attestation a
        left join attestations.type t on t.code = a.type
        where a.withdrawn_at is null and a.warned_at is null
          and upper(a.during) > v_today and upper(a.during) <= v_today + 731
          and upper(a.during) <= v_today + coalesce(t.warning_days, 60) + 1
          and not exists (
              select from attestations.attestation n
              where n.holder_id = a.holder_id and n.withdrawn_at is null and n.during @> upper(a.during)
                and n.type is not distinct from a.type and n.resource_id is not distinct from a.resource_id)
        order by upper(a.during) limit p_limit for update of a skip locked
    loop
        update attestations.attestation a set warned_at = v_now where a.id = v_attestation.id;
        perform attestations.tell(v_attestation, 'expiring', v_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function attestations.warn_of_expiry(integer) is
    'Tells once, as many days before as its type says (a habilitation: 60), that an attestation ends and nothing follows it. How many were told of.';

-- MARK: The rule

create type attestations.finding as (
    valid integer,
    valid_until date,
    withdrawn_on date
);

create function attestations.judge(p_holders uuid[], p_type text, p_resources uuid[], p_days daterange) returns attestations.finding
    language plpgsql volatile
as $$
declare
    v_finding attestations.finding;
begin
    -- Whoever withdraws one of them waits until this transaction is over, and then sees what it has booked.
    perform from attestations.attestation a
    where a.holder_id = any (p_holders) and a.during && p_days
    order by a.id for share;
    select count(*) filter (where coalesce(h.held @> p_days, false)),
           max(upper(h.held) - 1) filter (where upper(h.held) < upper(p_days)), max(h.withdrawn_on)
    into v_finding
    from (
        select range_agg(a.during) filter (where a.withdrawn_at is null) as held,
               max(plateau.local_day(a.withdrawn_at, 'UTC')) filter (where a.during && p_days) as withdrawn_on
        from unnest(p_holders) as n (id)
        left join attestations.attestation a on a.holder_id = n.id
             and (a.resource_id = any (p_resources)
                  or a.type in (select t.code from attestations.type t where t.code = p_type or t.covers @> array[p_type]))
        group by n.id) h;
    return v_finding;
end
$$;
comment on function attestations.judge(uuid[], text, uuid[], daterange) is
    'How many of some holders have a type (or a habilitation for one of some resources) on every one of some days; of the others, until when one had it before the last of these days, and when one was withdrawn that covered them.';

create function bookings.proof_rule(
    p_line integer, p_rule text, p_proof text, p_named uuid[], p_needed integer, p_judged attestations.finding, p_facts jsonb) returns jsonb
    language plpgsql immutable
as $$
begin
    return jsonb_build_object(
        'line', p_line, 'rule', p_rule, 'verdict', case p_proof when 'atUse' then 'conditional' else 'deny' end,
        'code', case when cardinality(p_named) < p_needed then 'holderNotNamed'
                     when p_judged.withdrawn_on is not null then 'attestationWithdrawn'
                     when p_judged.valid_until is not null then 'attestationExpired'
                     else 'attestationMissing' end,
        'facts', jsonb_strip_nulls(p_facts || jsonb_build_object(
            'needed', p_needed, 'named', cardinality(p_named), 'held', p_judged.valid, 'holders', p_named,
            'validUntil', p_judged.valid_until, 'withdrawnOn', p_judged.withdrawn_on)));
end
$$;

create function bookings.proof_rules(
    p_line integer, p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_supervision text,
    p_roles text[], p_holders uuid[], p_participants integer) returns jsonb
    language plpgsql volatile
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_days daterange := plateau.local_days(p_slot, p_zone);
    v_asked record;
    v_named uuid[];
    v_needed integer;
    v_judged attestations.finding;
begin
    for v_asked in
        select q.holder, q.attestation, t.name, t.proof
        from platforms.prerequisite q
        join attestations.type t on t.code = q.attestation
        where q.centre_id = p_resource.centre_id and q.resource_id = any (p_resource.id || p_resource.ancestors)
        order by array_position(p_resource.id || p_resource.ancestors, q.resource_id), q.number
    loop
        v_named := case v_asked.holder
                       when 'company' then array[p_organisation]
                       else array(select n.id from unnest(p_roles, p_holders) as n (role, id) where n.role = v_asked.holder) end;
        v_needed := case v_asked.holder when 'participant' then p_participants else 1 end;
        v_judged := attestations.judge(v_named, v_asked.attestation, null, v_days);
        if v_judged.valid < v_needed then
            v_rules := v_rules || bookings.proof_rule(
                p_line, 'prerequisite', v_asked.proof, v_named, v_needed, v_judged, jsonb_build_object(
                    'holder', v_asked.holder, 'attestation', v_asked.attestation, 'name', v_asked.name,
                    'lastDay', upper(v_days) - 1, 'zone', p_zone));
        end if;
    end loop;
    if p_supervision = 'habilitatedTrainer' and 'habilitatedTrainer' = any (p_resource.supervision) then
        v_named := array(select n.id from unnest(p_roles, p_holders) as n (role, id) where n.role = 'trainer');
        v_judged := attestations.judge(v_named, null, p_resource.id || p_resource.ancestors, v_days);
        if v_judged.valid = 0 then
            v_rules := v_rules || bookings.proof_rule(
                p_line, 'habilitation', 'atBooking', v_named, 1, v_judged, jsonb_build_object(
                    'holder', 'trainer', 'lastDay', upper(v_days) - 1, 'zone', p_zone,
                    -- The nearest way out: who else may supervise here.
                    'instead', nullif(array_remove(p_resource.supervision, 'habilitatedTrainer'), '{}')));
        end if;
    end if;
    return v_rules;
end
$$;
comment on function bookings.proof_rules(integer, platforms.resource, text, tstzrange, uuid, text, text[], uuid[], integer) is
    'What a line asks somebody to hold (the resource and all it stands in) and nobody named holds on every day of the slot, with what was found. An empty array when all is proven. Only types that the network knows are rules.';

create function bookings.proofs_lacking(p_booking bookings.booking, p_lines smallint[]) returns jsonb
    language plpgsql volatile
as $$
declare
    v_rules jsonb := '[]'::jsonb;
    v_line record;
    v_participants integer := coalesce((select sum(n) from unnest(p_booking.head_counts) n), 0);
begin
    if p_booking.activity = 'maintenance' then
        return v_rules;
    end if;
    for v_line in
        select r, s.zone, l.number, l.starts, l.ends, least(v_participants, coalesce(l.persons::integer, v_participants)) as participants
        from bookings.line l
        join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where l.centre_id = p_booking.centre_id and l.booking_id = p_booking.id and (p_lines is null or l.number = any (p_lines))
        order by l.number
    loop
        v_rules := v_rules || bookings.proof_rules(
            v_line.number, v_line.r, v_line.zone, tstzrange(v_line.starts, v_line.ends), p_booking.organisation_id,
            p_booking.supervision, p_booking.holder_roles, p_booking.holders, v_line.participants);
    end loop;
    -- What the staff has set aside, as it was then.
    return coalesce((
        select jsonb_agg(e.rule)
        from jsonb_array_elements(v_rules) as e (rule)
        where not exists (select from bookings.override o
                          where o.centre_id = p_booking.centre_id and o.booking_id = p_booking.id and o.rule = e.rule)), '[]');
end
$$;
comment on function bookings.proofs_lacking(bookings.booking, smallint[]) is
    'The rules of bookings.proof_rules that a booking, or some of its lines, breaks as things stand, but for those that staff set aside.';

create function bookings.review_proofs(p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_case record;
    v_booking bookings.booking;
    v_lacks boolean;
    v_count integer := 0;
begin
    for v_case in
        select u.attestation_id, a.holder_id, h.kind,
               coalesce(a.withdrawn_by, a.recorded_by) as key_id,
               case when a.withdrawn_at is null then 'attestationRecorded' else 'attestationWithdrawn' end as reason
        from attestations.unreviewed u
        join attestations.attestation a on a.id = u.attestation_id
        join attestations.holder h on h.id = a.holder_id
        order by u.asked_at limit p_limit for update of u skip locked
    loop
        for v_booking in
            select b.* from bookings.booking b
            where (v_case.kind = 'person' and cardinality(b.holders) > 0 and b.holders @> array[v_case.holder_id]
                   or v_case.kind = 'organisation' and b.organisation_id = v_case.holder_id)
              and b.ends > v_now and b.state in ('requested', 'held', 'conditional', 'confirmed', 'suspended')
            order by b.centre_id, b.id for update
        loop
            v_lacks := bookings.proofs_lacking(v_booking, null) <> '[]';
            if v_lacks <> ('needsProof' = any (v_booking.flags)) then
                perform bookings.stay(
                    v_booking, v_booking.state,
                    case when v_lacks then v_booking.flags || 'needsProof'::text else array_remove(v_booking.flags, 'needsProof') end,
                    v_booking.at_risk_until, v_case.key_id, v_case.reason,
                    case when v_lacks then 'booking.proofMissing' else 'booking.proofFound' end, v_now);
            end if;
        end loop;
        delete from attestations.unreviewed u where u.attestation_id = v_case.attestation_id;
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function bookings.review_proofs(integer) is
    'Looks again at the bookings to come that name the holders of attestations recorded or withdrawn since, and puts or takes off the flag needsProof; whoever booked is told. How many attestations were gone through.';

create or replace function bookings.is_overridable(p_code text) returns boolean
    language plpgsql immutable
as $$
begin
    -- Never room, exclusion or a label; nor what was taken back from somebody.
    return p_code in ('noticeTooShort', 'beyondHorizon', 'durationTooShort', 'durationTooLong', 'offGrid', 'closed', 'keptForOthers',
                      'supervisionNotOffered', 'quotaExceeded', 'holderNotNamed', 'attestationMissing', 'attestationExpired');
end
$$;

-- MARK: Booking, changing and using, with the rule

drop function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[], text,
    bytea, boolean, integer[], text, text, timestamptz, integer, text, text[]);
create function bookings.reserve(
    p_booking uuid, p_reference text, p_key uuid, p_organisation uuid, p_activity text, p_audiences text[],
    p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text,
    p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_idempotency_key text,
    p_request_hash bytea, p_dry_run boolean, p_persons integer[] default null, p_supervision text default null,
    p_as text default 'booked', p_expires_at timestamptz default null, p_version integer default null, p_reason text default null,
    p_overridden text[] default null,
    p_holder_roles text[] default null, p_holders uuid[] default null) returns bookings.verdict
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

    if p_holders <> '{}' then
        v_rules := v_rules || coalesce((
            select jsonb_agg(bookings.rule(null, 'holder', 'holderUnknown', jsonb_build_object('holderId', n.id)))
            from unnest(p_holders) as n (id)
            where not exists (select from attestations.holder h where h.id = n.id and h.kind = 'person' and h.erased_at is null)), '[]');
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

comment on function bookings.reserve(
    uuid, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], timestamptz[], timestamptz[], integer[], text,
    bytea, boolean, integer[], text, text, timestamptz, integer, text, text[], text[], uuid[]) is
    'Reserves every line or none. Takes the locks, asks the gate, tests rules of use and room, writes, and answers with a row: a refusal is data. persons: of each line, -1 (or no list) for everybody. as: booked, held (until expires_at), waitlisted (waits when only room is lacking) or draft (takes no room). version: of the booking that is to become this; its room is freed before, so the caller undoes what is refused. overridden: codes of rules that staff sets aside, for a reason. holder_roles, holders: who is named for what the resources ask somebody to hold.';

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
            p_booking.holders);
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
    text, text[], boolean);
create function bookings.change(
    p_booking uuid, p_key uuid, p_version integer, p_reason text, p_activity text, p_audiences text[], p_head_counts integer[],
    p_accompanying integer, p_title text, p_contact_name text, p_contact_email text, p_programme text, p_resources uuid[],
    p_starts timestamptz[], p_ends timestamptz[], p_seats integer[], p_persons integer[], p_supervision text, p_overridden text[],
    p_dry_run boolean,
    p_holder_roles text[] default null, p_holders uuid[] default null) returns bookings.verdict
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
            v_old.expires_at, p_version, p_reason, p_overridden, p_holder_roles, p_holders);
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
    text, text[], boolean, text[], uuid[]) is
    'Makes a booking another one at a stroke: its old room counts as free, and it keeps it when the new one is refused. outcome: changed, wouldChange (dry run), refused, notFound, forbidden, versionMismatch, notChangeable, alreadyStarted, otherCentre, overrideForbidden.';

drop function bookings.reserve_series(
    uuid, text, text[], text[], text, text, uuid, uuid, text, text[], integer[], integer, text, text, text, text, uuid[], integer[], uuid[], text[],
    timestamptz[], timestamptz[], timestamptz[], boolean, integer[], text);
create function bookings.reserve_series(
    p_series uuid, p_rule text, p_excluded text[], p_additional text[], p_zone text, p_mode text, p_key uuid, p_organisation uuid,
    p_activity text, p_audiences text[], p_head_counts integer[], p_accompanying integer, p_title text, p_contact_name text,
    p_contact_email text, p_programme text, p_resources uuid[], p_seats integer[], p_bookings uuid[], p_references text[],
    p_occurrences timestamptz[], p_starts timestamptz[], p_ends timestamptz[], p_dry_run boolean, p_persons integer[] default null,
    p_supervision text default null,
    p_holder_roles text[] default null, p_holders uuid[] default null) returns setof bookings.occurrence_verdict
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
                p_supervision, p_holder_roles => p_holder_roles, p_holders => p_holders);
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
    timestamptz[], timestamptz[], timestamptz[], boolean, integer[], text, text[], uuid[]) is
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
                p_persons, v_old.supervision, p_holder_roles => v_old.holder_roles, p_holders => v_old.holders);
            v_verdicts := v_verdicts || row (
                p_numbers[i], v_verdict.outcome, v_verdict.booking_id, v_verdict.reference, v_verdict.state, v_verdict.flags,
                v_verdict.conditional_until, v_verdict.rules)::bookings.occurrence_verdict;
            if v_verdict.outcome = 'created' then
                update bookings.booking b
                set series_id = p_series, occurrence = v_old.occurrence, occurrence_starts = v_old.occurrence_starts
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

drop function bookings.check_in(uuid, uuid, integer, smallint[]);
create function bookings.check_in(
    p_booking uuid, p_key uuid, p_version integer, p_lines smallint[]) 
    returns table (outcome text, version integer, state text, at timestamptz, rules jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_booking bookings.booking;
    v_policy labels.policy;
    v_early interval;
    v_lines smallint[];
    v_now timestamptz;
    v_rules jsonb;
begin
    select * into v_booking from bookings.booking b where b.centre_id = plateau.centre_of(p_booking) and b.id = p_booking;
    if v_booking.id is null then
        return query select 'notFound', null::integer, null::text, null::timestamptz, null::jsonb;
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
        return query select 'forbidden', v_booking.version, v_booking.state, null::timestamptz, null::jsonb;
    elsif v_booking.version <> p_version then
        return query select 'versionMismatch', v_booking.version, v_booking.state, null::timestamptz, null::jsonb;
    elsif v_booking.state not in ('conditional', 'confirmed', 'inUse') or bookings.lapse(v_booking, v_now) then
        return query select 'notUsable', v_booking.version,
            (select b.state from bookings.booking b where b.centre_id = v_booking.centre_id and b.id = p_booking), null::timestamptz, null::jsonb;
    elsif (bookings.judge_label(v_booking, v_policy)).code = 'labelSuspended' then
        return query select 'labelSuspended', v_booking.version, v_booking.state, null::timestamptz, null::jsonb;
    elsif v_lines = '{}' or cardinality(v_lines) < cardinality(p_lines) then
        return query select case when exists (
                select from bookings.line l where l.centre_id = v_booking.centre_id and l.booking_id = p_booking
                  and (p_lines is null or l.number = any (p_lines)) and l.starts - v_early > v_now) then 'tooEarly'
            when exists (select from bookings.use u where u.centre_id = v_booking.centre_id and u.booking_id = p_booking
                         and (p_lines is null or u.line_number = any (p_lines))) then 'alreadyCheckedIn' else 'tooLate' end,
            v_booking.version, v_booking.state, v_booking.starts - v_early, null::jsonb;
    else
        -- What was promised, named or renewed by now must be there: a machine is not given to who may not use it.
        v_rules := bookings.proofs_lacking(v_booking, v_lines);
        if v_rules <> '[]' then
            return query select 'refused', v_booking.version, v_booking.state, null::timestamptz,
                (select jsonb_agg(e.rule || '{"verdict": "deny"}') from jsonb_array_elements(v_rules) as e (rule));
            return;
        end if;
        insert into bookings.use (centre_id, booking_id, line_number, checked_in_at, checked_in_by)
        select v_booking.centre_id, p_booking, n, v_now, p_key from unnest(v_lines) n;
        perform bookings.stay(v_booking, 'inUse', v_booking.flags, v_booking.at_risk_until, p_key, 'checkedIn', 'booking.checkedIn', v_now);
        return query select 'checkedIn', v_booking.version + 1, 'inUse', v_now, null::jsonb;
    end if;
end
$$;

comment on function bookings.check_in(uuid, uuid, integer, smallint[]) is
    'Begins the use of some lines (null: all whose time it is). outcome: checkedIn, notFound, forbidden, versionMismatch, notUsable, labelSuspended, tooEarly, tooLate, alreadyCheckedIn, refused (rules: what nobody proves to hold); at: when, or the earliest moment.';

-- MARK: Rights

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef
               and (p.pronamespace = 'attestations'::regnamespace
                    or p.pronamespace = 'platforms'::regnamespace and p.proname = 'require'
                    or p.pronamespace = 'bookings'::regnamespace
                       and p.proname in ('reserve', 'change', 'reserve_series', 'check_in', 'review_proofs')) loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p
             where not p.prosecdef
               and (p.pronamespace = 'attestations'::regnamespace
                    or p.pronamespace = 'bookings'::regnamespace
                       and p.proname in ('proof_rule', 'proof_rules', 'proofs_lacking')) loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
