-- Agreements: membership of the network and agreements with centres, asked for by one person and approved by another; centres that
-- another centre has succeeded; the gate that respects both.
-- lock class: ACCESS EXCLUSIVE on access.membership, whose rows move to access.agreement; the rest is new or functions

-- MARK: Tables

create table access.agreement (
    centre_id smallint not null,
    id uuid not null,
    organisation_id uuid not null,
    during daterange not null,
    audiences text[],
    platforms uuid[],
    allows_production boolean not null default false,
    tariff text,
    allowance_hours integer,
    renews uuid,
    note text,
    state text not null default 'requested',
    requested_at timestamptz not null,
    requested_by uuid not null,
    decided_at timestamptz,
    decided_by uuid,
    decision_note text,
    ended_at timestamptz,
    ended_by uuid,
    end_reason text,
    agreed_last_day date,
    warned_at timestamptz,
    version integer not null default 1,
    constraint agreement_pkey primary key (centre_id, id),
    constraint agreement_organisation foreign key (organisation_id) references access.organisation (id),
    constraint agreement_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint agreement_renews foreign key (centre_id, renews) references access.agreement (centre_id, id),
    constraint agreement_id_carries_number check (centre_id = 0 or plateau.centre_of(id) = centre_id),
    constraint agreement_bounded_below check (not isempty(during) and lower(during) is not null),
    constraint agreement_years check (lower(during) >= '1900-01-01' and coalesce(upper(during), '1900-01-01') <= '3000-01-01'),
    constraint agreement_state_known check (state in ('requested', 'approved', 'rejected', 'withdrawn')),
    constraint agreement_membership_has_no_terms check (
        centre_id <> 0 or audiences is null and platforms is null and not allows_production and allowance_hours is null),
    constraint agreement_audiences check (cardinality(audiences) > 0),
    constraint agreement_platforms check (cardinality(platforms) > 0),
    constraint agreement_allowance check (allowance_hours between 1 and 100000),
    constraint agreement_decided check ((state = 'requested') = (decided_at is null)),
    -- The network's manager grants a membership that nobody asked for; whatever was asked for takes two people.
    constraint agreement_two_people check (
        state <> 'approved' or decided_by is distinct from requested_by and (decided_by is not null or centre_id = 0)),
    constraint agreement_ended check ((ended_at is null) = (ended_by is null) and (agreed_last_day is null or ended_at is not null))
);
create index agreement_by_organisation on access.agreement (organisation_id, centre_id, id);
create index agreement_by_end on access.agreement (upper(during)) where state = 'approved' and warned_at is null and ended_at is null;
comment on table access.agreement is
    'Between an organisation and a centre; with centre 0, the network, it is the membership. during: the days on which it holds, half-open.';
comment on column access.agreement.audiences is 'The audiences with which the organisation comes; null: those of the recognition file.';
comment on column access.agreement.platforms is 'The platforms that it is about, their equipment included; null: whatever the centre shares.';
comment on column access.agreement.decided_by is 'Null for a membership that the network granted without being asked.';
comment on column access.agreement.agreed_last_day is 'The last day as it was agreed, where it ended before; null: no last day had been agreed.';

insert into access.agreement (centre_id, id, organisation_id, during, state, requested_at, requested_by, decided_at)
select 0, m.id, m.organisation_id, m.during, 'approved', m.recorded_at, m.recorded_by, m.recorded_at
from access.membership m;

drop function access.grant_membership(uuid, uuid, date, date, uuid);
drop table access.membership;
alter table access.agreement add constraint membership_no_overlap exclude using gist (organisation_id with =, during with &&)
    where (centre_id = 0 and state = 'approved');

create view access.membership with (security_invoker = true) as
select a.organisation_id, a.id, a.during, coalesce(a.decided_at, a.requested_at) as recorded_at,
       coalesce(a.decided_by, a.requested_by) as recorded_by
from access.agreement a
where a.centre_id = 0 and a.state = 'approved';
comment on view access.membership is 'Membership of the network, by days, half-open: the approved agreements with centre 0.';

create table centres.succession (
    centre_id smallint not null,
    successor_id smallint not null,
    from_day date not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    constraint succession_pkey primary key (centre_id),
    constraint succession_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint succession_successor foreign key (successor_id) references centres.centre (centre_id),
    constraint succession_of_another check (centre_id <> successor_id),
    constraint succession_not_of_the_network check (centre_id <> 0 and successor_id <> 0)
);
create index succession_by_successor on centres.succession (successor_id);
comment on table centres.succession is
    'From a day on another centre stands in a centre''s place: a merger when it does so for several. A label does not pass on: the successor needs its own.';

-- MARK: Rights

alter table access.agreement enable row level security;
alter table access.agreement force row level security;
create policy agreement_functions on access.agreement to plateau_functions using (true) with check (true);
create policy agreement_actor on access.agreement for select to plateau_app
    using (organisation_id = (select plateau.actor_organisation())
           or centre_id = any ((select plateau.actor_centres())::smallint[])
           or (select plateau.actor_is_network()));
grant select, insert, update on access.agreement to plateau_functions;
grant select on access.agreement to plateau_app;
grant select on access.membership to plateau_app, plateau_functions;
grant select on centres.succession to plateau_app, plateau_functions, plateau_readonly;
grant insert, update on centres.succession to plateau_functions;

-- MARK: Who may

create function access.speaks_for(p_key uuid, p_organisation uuid) returns boolean
    language plpgsql stable
as $$
begin
    return exists (
        select from access.api_key k
        join access.api_key_role r on r.key_id = k.id and r.role = 'organisationAdmin'
        where k.id = p_key and k.organisation_id = p_organisation
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock()));
end
$$;

create function access.runs(p_key uuid, p_centre_id smallint) returns boolean
    language plpgsql stable
as $$
begin
    return access.has_role(p_key, array['networkManager'], p_centre_id)
        or p_centre_id <> 0 and access.has_role(p_key, array['centreManager'], p_centre_id);
end
$$;
comment on function access.runs(uuid, smallint) is
    'Whether a key decides on agreements with a centre: its manager''s, or that of the network''s manager, who alone decides on memberships.';

create function access.tell(p_agreement access.agreement, p_what text, p_now timestamptz) returns void
    language plpgsql volatile
as $$
begin
    -- Memberships are shown with their organisation, so it gets a new version.
    if p_agreement.centre_id = 0 then
        update access.organisation o set version = o.version + 1 where o.id = p_agreement.organisation_id;
    end if;
    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, payload, occurred_at)
    values (p_agreement.centre_id, case p_agreement.centre_id when 0 then 'membership.' else 'agreement.' end || p_what, p_agreement.id,
            p_agreement.organisation_id, p_agreement.version,
            jsonb_strip_nulls(jsonb_build_object('from', lower(p_agreement.during), 'to', upper(p_agreement.during) - 1)), p_now);
end
$$;
comment on function access.tell(access.agreement, text, timestamptz) is 'The event of what became of an agreement or a membership.';

-- MARK: The life of an agreement

create function access.grant_membership(p_organisation uuid, p_id uuid, p_from date, p_to date, p_by uuid)
    returns setof access.membership
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_agreement access.agreement;
    v_now timestamptz := plateau.clock();
begin
    insert into access.agreement (centre_id, id, organisation_id, during, state, requested_at, requested_by, decided_at)
    values (0, p_id, p_organisation, daterange(p_from, p_to, '[]'), 'approved', v_now, p_by, v_now)
    returning * into v_agreement;
    perform access.tell(v_agreement, 'granted', v_now);
    return query select m.* from access.membership m where m.organisation_id = p_organisation and m.id = p_id;
end
$$;
comment on function access.grant_membership(uuid, uuid, date, date, uuid) is 'Grants a membership that nobody asked for.';

create function access.request_agreement(
    p_centre_id smallint, p_id uuid, p_organisation uuid, p_from date, p_to date, p_audiences text[], p_platforms uuid[],
    p_allows_production boolean, p_tariff text, p_allowance_hours integer, p_renews uuid, p_note text, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_agreement access.agreement;
    v_now timestamptz := plateau.clock();
begin
    if not access.speaks_for(p_by, p_organisation) and not access.runs(p_by, p_centre_id) then
        return 'forbidden';
    elsif not exists (select from access.organisation o where o.id = p_organisation) then
        return 'organisationUnknown';
    elsif exists (select from access.organisation o where o.id = p_organisation and o.centre_id = p_centre_id) then
        return 'withItself';
    elsif exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a)) then
        return 'audienceUnknown';
    elsif exists (
        select from unnest(p_platforms) p
        where not exists (select from platforms.platform r where r.centre_id = p_centre_id and r.id = p)) then
        return 'platformUnknown';
    elsif p_renews is not null and not exists (
        select from access.agreement a
        where a.centre_id = p_centre_id and a.id = p_renews and a.organisation_id = p_organisation and a.state = 'approved') then
        return 'renewsUnknown';
    end if;
    insert into access.agreement (
        centre_id, id, organisation_id, during, audiences, platforms, allows_production, tariff, allowance_hours, renews, note,
        requested_at, requested_by)
    values (p_centre_id, p_id, p_organisation, daterange(p_from, p_to, '[]'), p_audiences, p_platforms, p_allows_production, p_tariff,
            p_allowance_hours, p_renews, p_note, v_now, p_by)
    returning * into v_agreement;
    perform access.tell(v_agreement, 'requested', v_now);
    return 'requested';
end
$$;
comment on function access.request_agreement(
    smallint, uuid, uuid, date, date, text[], uuid[], boolean, text, integer, uuid, text, uuid) is
    'Asks for a membership (centre 0) or an agreement, first and last day included. Nothing follows from it until another person approves. outcome: requested, forbidden, organisationUnknown, withItself, audienceUnknown, platformUnknown, renewsUnknown.';

create function access.standing_of(p_agreement access.agreement, p_by uuid) returns text
    language plpgsql stable
as $$
begin
    return case when p_agreement.id is null then 'notFound'
                when access.runs(p_by, p_agreement.centre_id) then 'runs'
                when access.speaks_for(p_by, p_agreement.organisation_id) then 'speaks'
                when exists (select from access.api_key k where k.id = p_by and k.organisation_id = p_agreement.organisation_id)
                    or access.has_role(p_by, array['centreStaff', 'instructor'], p_agreement.centre_id)
                    or access.has_role(p_by, array['networkAuditor', 'labelAuthority'], p_agreement.centre_id) then 'forbidden'
                else 'notFound' end;
end
$$;
comment on function access.standing_of(access.agreement, uuid) is
    'As what a key may change an agreement: runs (the centre), speaks (for the organisation), forbidden (it only reads), notFound.';

create function access.decide_agreement(p_centre_id smallint, p_id uuid, p_approves boolean, p_note text, p_by uuid)
    returns table (outcome text, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_agreement access.agreement;
    v_standing text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for update;
    v_standing := access.standing_of(v_agreement, p_by);
    outcome := case when v_standing = 'notFound' then 'notFound'
                    when v_standing <> 'runs' then 'forbidden'
                    when v_agreement.state <> 'requested' then 'alreadyDecided'
                    when p_approves and access.same_person(v_agreement.requested_by, p_by) then 'samePerson'
                    when p_approves then 'approved' else 'rejected' end;
    state := case when outcome not in ('notFound', 'forbidden') then v_agreement.state end;
    if outcome in ('approved', 'rejected') then
        update access.agreement a
        set state = outcome, decided_at = v_now, decided_by = p_by, decision_note = p_note, version = a.version + 1
        where a.centre_id = p_centre_id and a.id = p_id
        returning * into v_agreement;
        perform access.tell(v_agreement, outcome, v_now);
        state := outcome;
    end if;
    return next;
end
$$;
comment on function access.decide_agreement(smallint, uuid, boolean, text, uuid) is
    'Approves or rejects what was asked for. outcome: approved, rejected, notFound, forbidden, samePerson, alreadyDecided (state says what it is). Raises membership_no_overlap.';

create function access.withdraw_agreement(p_centre_id smallint, p_id uuid, p_by uuid) returns table (outcome text, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_agreement access.agreement;
    v_standing text;
    v_now timestamptz := plateau.clock();
begin
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for update;
    v_standing := access.standing_of(v_agreement, p_by);
    outcome := case when v_standing = 'notFound' then 'notFound'
                    when v_standing = 'forbidden' or v_standing = 'runs' and exists (
                        select from access.api_key k
                        where k.id = v_agreement.requested_by and k.organisation_id = v_agreement.organisation_id) then 'forbidden'
                    when v_agreement.state <> 'requested' then 'alreadyDecided' else 'withdrawn' end;
    state := case when outcome not in ('notFound', 'forbidden') then v_agreement.state end;
    if outcome = 'withdrawn' then
        update access.agreement a set state = 'withdrawn', decided_at = v_now, decided_by = p_by, version = a.version + 1
        where a.centre_id = p_centre_id and a.id = p_id
        returning * into v_agreement;
        perform access.tell(v_agreement, 'withdrawn', v_now);
        state := 'withdrawn';
    end if;
    return next;
end
$$;
comment on function access.withdraw_agreement(smallint, uuid, uuid) is
    'Takes a request back: the organisation, and the centre where it asked in the organisation''s name. outcome: withdrawn, notFound, forbidden, alreadyDecided.';

create function access.end_agreement(p_centre_id smallint, p_id uuid, p_last_day date, p_reason text, p_by uuid)
    returns table (outcome text, state text)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_agreement access.agreement;
    v_standing text;
    v_now timestamptz := plateau.clock();
    v_today date;
    v_end date;
begin
    select * into v_agreement from access.agreement a where a.centre_id = p_centre_id and a.id = p_id for update;
    v_standing := access.standing_of(v_agreement, p_by);
    select plateau.local_day(v_now, c.zone) into v_today from centres.centre c where c.centre_id = p_centre_id;
    v_end := coalesce(p_last_day + 1, v_today);
    outcome := case when v_standing = 'notFound' then 'notFound'
                    when v_standing = 'forbidden' then 'forbidden'
                    when v_agreement.state <> 'approved' or upper(v_agreement.during) <= v_today then 'notInForce'
                    when v_end < v_today then 'lastDayPassed'
                    when v_end >= upper(v_agreement.during) then 'lastDayTooLate'
                    else 'ended' end;
    state := case when outcome not in ('notFound', 'forbidden') then v_agreement.state end;
    if outcome = 'ended' then
        update access.agreement a
        set state = case when v_end <= lower(a.during) then 'withdrawn' else a.state end,
            during = case when v_end <= lower(a.during) then a.during else daterange(lower(a.during), v_end) end,
            agreed_last_day = upper(a.during) - 1, ended_at = v_now, ended_by = p_by, end_reason = p_reason, version = a.version + 1
        where a.centre_id = p_centre_id and a.id = p_id
        returning * into v_agreement;
        perform access.tell(v_agreement, 'ended', v_now);
        state := v_agreement.state;
    end if;
    return next;
end
$$;
comment on function access.end_agreement(smallint, uuid, date, text, uuid) is
    'Ends a membership or an agreement before its time: after a last day, or at once (yesterday was the last one); one that has not begun is withdrawn. Either side may. outcome: ended, notFound, forbidden, notInForce, lastDayPassed, lastDayTooLate.';

create function access.warn_of_expiry(p_lead_days integer, p_limit integer) returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_today date := plateau.local_day(v_now, 'UTC');
    v_agreement access.agreement;
    v_count integer := 0;
begin
    for v_agreement in
        select a.* from access.agreement a
        where a.state = 'approved' and a.warned_at is null and a.ended_at is null
          and upper(a.during) > v_today and upper(a.during) <= v_today + p_lead_days + 1
          and not exists (
              select from access.agreement n
              where n.organisation_id = a.organisation_id and n.centre_id = a.centre_id and n.state = 'approved'
                and n.during @> upper(a.during))
        order by upper(a.during) limit p_limit for update skip locked
    loop
        update access.agreement a set warned_at = v_now where a.centre_id = v_agreement.centre_id and a.id = v_agreement.id;
        perform access.tell(v_agreement, 'expiring', v_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function access.warn_of_expiry(integer, integer) is
    'Tells once, so many days before, that a membership or an agreement ends and nothing follows it. How many were told of.';

create function access.state_on(p_agreement access.agreement, p_day date) returns text
    language sql immutable
    return case when p_agreement.state <> 'approved' then p_agreement.state
                when lower(p_agreement.during) > p_day then 'upcoming'
                when upper(p_agreement.during) is null or upper(p_agreement.during) > p_day then 'inForce'
                when p_agreement.ended_at is not null then 'ended' else 'expired' end;
comment on function access.state_on(access.agreement, date) is
    'requested, rejected or withdrawn; of what was approved: upcoming, inForce, expired, or ended before its time.';

create function access.name_of(p_organisation uuid) returns text
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return (select o.name from access.organisation o where o.id = p_organisation);
end
$$;
comment on function access.name_of(uuid) is 'The name of the other side of an agreement, for who may see the agreement.';

-- MARK: What an agreement gives

create function access.covers(p_platforms uuid[], p_resource uuid) returns boolean
    language plpgsql stable
as $$
begin
    return p_platforms is null or p_resource = any (p_platforms) or coalesce((
        select a.platform_id = any (p_platforms) from inventory.asset a
        where a.centre_id = plateau.centre_of(p_resource) and a.id = p_resource), false);
end
$$;
comment on function access.covers(uuid[], uuid) is 'Whether an agreement about these platforms is about a resource: one of them, or equipment on one.';

create type access.agreement_verdict as (
    code text,
    facts jsonb
);

create function access.agreed(
    p_organisation uuid, p_centre_id smallint, p_resource uuid, p_days daterange, p_audiences text[], p_head_counts integer[])
    returns access.agreement_verdict
    language plpgsql stable
as $$
declare
    v_verdict access.agreement_verdict;
    v_best access.agreement;
    v_covers boolean;
    v_missing text[];
    v_during daterange;
begin
    select r.during into v_during
    from (select unnest(range_agg(a.during)) as during from access.agreement a
          where a.organisation_id = p_organisation and a.centre_id = p_centre_id and a.state = 'approved'
            and access.covers(a.platforms, p_resource)
            and (a.audiences is null or access.heads_outside(a.audiences, p_audiences, p_head_counts) is null)) r
    where r.during @> p_days;
    -- The agreement that comes nearest: the one to name, or the one to say what it lacks.
    select a.* into v_best from access.agreement a
    where a.organisation_id = p_organisation and a.centre_id = p_centre_id and a.state = 'approved'
    order by a.during && p_days desc, access.covers(a.platforms, p_resource) desc,
             coalesce(cardinality(access.heads_outside(a.audiences, p_audiences, p_head_counts)), 0), upper(a.during) desc nulls first
    limit 1;
    if v_best.id is null then
        return null;
    end if;
    v_covers := access.covers(v_best.platforms, p_resource);
    v_missing := access.heads_outside(v_best.audiences, p_audiences, p_head_counts);
    v_verdict.code := case when v_during is not null then 'agreementWithCentre'
                           when not v_best.during @> p_days then 'agreementOutsidePeriod'
                           when not v_covers then 'agreementNotForResource' else 'agreementNotForAudience' end;
    v_verdict.facts := jsonb_strip_nulls(jsonb_build_object(
        'agreementId', v_best.id, 'from', lower(coalesce(v_during, v_best.during)), 'to', upper(coalesce(v_during, v_best.during)) - 1,
        'slotFirstDay', lower(p_days), 'slotLastDay', upper(p_days) - 1,
        'missing', case v_verdict.code when 'agreementNotForAudience' then to_jsonb(v_missing) end,
        'agreed', case v_verdict.code when 'agreementNotForAudience' then to_jsonb(v_best.audiences) end));
    return v_verdict;
end
$$;
comment on function access.agreed(uuid, smallint, uuid, daterange, text[], integer[]) is
    'What agreements with a centre give an organisation for a resource on some days. code: agreementWithCentre, or agreementOutsidePeriod, agreementNotForResource, agreementNotForAudience; null without any agreement.';

create function access.heads_outside(p_agreed text[], p_audiences text[], p_head_counts integer[]) returns text[]
    language plpgsql immutable
as $$
begin
    if p_agreed is null then
        return null;
    end if;
    return (select array_agg(a.code order by a.code) from unnest(p_audiences, p_head_counts) as a (code, head_count)
            where a.head_count > 0 and a.code <> all (p_agreed));
end
$$;
comment on function access.heads_outside(text[], text[], integer[]) is 'The audiences with heads that are not in a list; null: none, or no list.';

create function access.may_produce(
    p_organisation uuid, p_resources uuid[], p_starts timestamptz[], p_ends timestamptz[], p_zones text[]) returns boolean
    language plpgsql stable
as $$
begin
    return not exists (
        select from unnest(p_resources, p_starts, p_ends, p_zones) as l (resource_id, starts, ends, zone)
        where l.zone is null or not coalesce((
            select range_agg(a.during) @> plateau.local_days(tstzrange(l.starts, l.ends), l.zone)
            from access.agreement a
            where a.organisation_id = p_organisation and a.centre_id = plateau.centre_of(l.resource_id) and a.centre_id <> 0
              and a.state = 'approved' and a.allows_production and access.covers(a.platforms, l.resource_id)), false));
end
$$;
comment on function access.may_produce(uuid, uuid[], timestamptz[], timestamptz[], text[]) is
    'Whether agreements allow an organisation its own production on every line of a request.';

-- MARK: The gate

-- As before, with three differences: a centre that was succeeded denies; who is no member may have an agreement with the centre; and the
-- resource is named, because an agreement may be about some platforms only.
drop function labels.gate(smallint, boolean, text, tstzrange, uuid, smallint, text[], integer[], boolean);

create function labels.gate(
    p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange,
    p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_explain boolean,
    p_resource uuid default null)
    returns labels.gate_result
    language plpgsql stable
as $$
declare
    v_result labels.gate_result;
    v_days daterange := plateau.local_days(p_slot, p_zone);
    v_first date := lower(v_days);
    v_last date := upper(v_days) - 1;
    v_rules jsonb := '[]'::jsonb;
    v_policy labels.policy;
    v_whole labels.slot_verdict;
    v_code text;
    v_verdict text;
    v_own boolean := coalesce(p_caller_centre = p_owner_centre, false);
    v_direct boolean := false;
    v_membership access.membership;
    v_member_during daterange;
    v_agreed access.agreement_verdict;
    v_succession centres.succession;
    v_file labels.recognition_file;
    v_missing text[];
    v_day date;
begin
    v_result.verdict := 'allow';
    select * into v_policy from labels.policy;

    -- Rule 1: local resources are their own centre's.
    if not p_is_shared and not v_own then
        v_result.verdict := 'deny';
    end if;
    if p_explain then
        v_rules := v_rules || jsonb_build_object('rule', 'visibility', 'verdict', v_result.verdict, 'code',
            case when v_own then 'ownResource' when p_is_shared then 'resourceShared' else 'resourceLocal' end,
            'facts', jsonb_build_object('visibility', case when p_is_shared then 'shared' else 'local' end));
    end if;

    -- A centre in whose place another stands takes nobody in any more, itself included.
    select s.* into v_succession from centres.succession s where s.centre_id = p_owner_centre and s.from_day <= v_last;
    if v_succession.centre_id is not null then
        v_result.verdict := 'deny';
        v_rules := v_rules || jsonb_build_object('rule', 'succession', 'verdict', 'deny', 'code', 'centreSucceeded', 'facts',
            (select jsonb_build_object('centreId', c.id, 'successorId', s.id, 'from', v_succession.from_day)
             from centres.centre c, centres.centre s
             where c.centre_id = p_owner_centre and s.centre_id = v_succession.successor_id));
    end if;

    -- Rule 2: the owner's label for the whole slot. Own resources and the network's need none.
    if p_owner_centre = 0 or v_own then
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'ownerLabel', 'verdict', 'notApplicable', 'code',
                case when v_own then 'ownResource' else 'networkResource' end, 'facts', '{}'::jsonb);
        end if;
        if v_own and p_owner_centre <> 0 then
            select p.status, p.decision_id into v_result.label_status, v_result.label_decision_id
            from labels.label_period p where p.centre_id = p_owner_centre and p.during @> v_first;
        end if;
    else
        v_whole := labels.whole_slot(p_owner_centre, v_first, v_last, v_policy);
        v_verdict := v_whole.verdict;
        v_result.label_status := v_whole.first_status;
        v_result.label_decision_id := v_whole.first_decision_id;
        v_result.conditional_until := v_whole.until;
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'ownerLabel', 'verdict', v_verdict, 'code', v_whole.code, 'facts',
                labels.label_facts(p_owner_centre, v_first, v_last, v_whole.until, v_whole.period));
        end if;
        if v_verdict = 'deny' then
            v_result.verdict := 'deny';
        elsif v_verdict = 'conditional' and v_result.verdict = 'allow' then
            v_result.verdict := 'conditional';
        end if;
    end if;

    -- Rule 3: a labelled centre has direct access.
    if p_caller_centre is not null and not v_own then
        v_whole := labels.whole_slot(p_caller_centre, v_first, v_last, v_policy);
        v_verdict := v_whole.verdict;
        v_code := v_whole.code;
        if p_caller_centre = 0 then
            v_verdict := 'allow';
            v_code := 'networkResource';
        end if;
        v_direct := v_verdict in ('allow', 'conditional');
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'callerLabel', 'verdict',
                case when v_direct then v_verdict when p_owner_centre = 0 then 'deny' else 'notApplicable' end, 'code', v_code, 'facts',
                labels.label_facts(p_caller_centre, v_first, v_last, v_whole.until, v_whole.period));
        end if;
        if v_verdict = 'conditional' and v_result.verdict = 'allow' then
            v_result.verdict := 'conditional';
        end if;
        v_result.conditional_until := least(v_result.conditional_until, case v_verdict when 'conditional' then v_whole.until end);
    end if;

    -- Rule 4: the network's own resources are for labelled centres.
    if p_owner_centre = 0 and not v_own and not v_direct then
        v_result.verdict := 'deny';
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'networkResource', 'verdict', 'deny', 'code', 'networkResourceNeedsLabel',
                'facts', '{}'::jsonb);
        end if;
    end if;

    -- Rules 5 and 6: everybody else is a member of the network on each day, and every audience is targeted by the file in force.
    if not v_own and not v_direct and p_owner_centre <> 0 then
        -- One membership may follow another without a gap.
        select r.during into v_member_during
        from (select unnest(range_agg(m.during)) as during from access.membership m where m.organisation_id = p_organisation) r
        where r.during @> v_days;
        if not found then
            -- Or an agreement with the centre.
            v_agreed := access.agreed(p_organisation, p_owner_centre, p_resource, v_days, p_audiences, p_head_counts);
            if v_agreed.code is distinct from 'agreementWithCentre' then
                v_result.verdict := 'deny';
            end if;
        end if;
        if p_explain and v_member_during is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict', 'allow', 'code', 'memberOfNetwork', 'facts',
                jsonb_strip_nulls(jsonb_build_object('from', lower(v_member_during), 'to', upper(v_member_during) - 1)));
        elsif p_explain and v_agreed.code is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict',
                case v_agreed.code when 'agreementWithCentre' then 'allow' else 'deny' end, 'code', v_agreed.code, 'facts', v_agreed.facts);
        elsif p_explain then
            select * into v_membership from access.membership m where m.organisation_id = p_organisation
            order by upper(m.during) desc nulls first limit 1;
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict', 'deny', 'code', 'membershipRequired', 'facts',
                jsonb_strip_nulls(jsonb_build_object('from', lower(v_membership.during), 'to', upper(v_membership.during) - 1,
                    'slotFirstDay', v_first, 'slotLastDay', v_last)));
        end if;

        v_day := v_first;
        loop
            v_file := labels.file_in_force(p_owner_centre, v_day, 'infinity');
            if v_day = v_first then
                v_result.file_number := v_file.number;
            end if;
            v_missing := labels.missing_audiences(v_file, p_audiences, p_head_counts);
            exit when v_missing is not null or v_day = v_last;
            v_day := v_day + 1;
        end loop;
        if v_missing is not null then
            v_result.verdict := 'deny';
        end if;
        if p_explain and v_missing is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'audience', 'verdict', 'deny', 'code', 'audienceNotTargeted', 'facts',
                jsonb_strip_nulls(jsonb_build_object('missing', v_missing, 'targeted', v_file.audiences, 'fileNumber', v_file.number,
                    'day', v_day)));
        elsif p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'audience', 'verdict', 'allow', 'code', 'audienceTargeted', 'facts',
                jsonb_strip_nulls(jsonb_build_object('targeted', v_file.audiences, 'fileNumber', v_file.number)));
        end if;
    end if;

    if p_explain then
        v_result.rules := v_rules;
    elsif v_result.verdict <> 'allow' then
        -- Most callers are allowed and want no reasons: reasons are made when there is something to explain.
        return labels.gate(p_owner_centre, p_is_shared, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences, p_head_counts, true,
                           p_resource);
    end if;
    return v_result;
end
$$;
comment on function labels.gate(smallint, boolean, text, tstzrange, uuid, smallint, text[], integer[], boolean, uuid) is
    'The one door of every way in: may this organisation use a resource of this centre in this slot, and why.';

drop function labels.decide_access(smallint, boolean, text, tstzrange, uuid, text[], integer[]);
create function labels.decide_access(
    p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange,
    p_organisation uuid, p_audiences text[], p_head_counts integer[], p_resource uuid) returns labels.gate_result
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select labels.gate(p_owner_centre, p_is_shared, p_zone, p_slot, p_organisation,
        (select o.centre_id from access.organisation o where o.id = p_organisation), p_audiences, p_head_counts, true, p_resource)
$$;
comment on function labels.decide_access(smallint, boolean, text, tstzrange, uuid, text[], integer[], uuid) is 'The gate''s explanation, without booking.';

create or replace function bookings.judge_label(
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
        select r.centre_id, r.id as resource_id, r.is_shared, s.zone, tstzrange(l.starts, l.ends) as slot
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
                                  p_booking.audiences, p_booking.head_counts, true, v_line.resource_id);
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
-- MARK: Reserve

-- As before, but for company production, and the resource that the gate is told.
create or replace function bookings.reserve(
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
-- MARK: Rights of the functions

do $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as name, p.prosecdef from pg_proc p
        where p.pronamespace::regnamespace::text in ('access', 'labels', 'bookings') and p.prorettype <> 'trigger'::regtype
    loop
        if f.name::text like 'access.state_on(%' then
            execute format('grant execute on function %s to plateau_app, plateau_functions', f.name);
        elsif f.prosecdef then
            execute format('alter function %s owner to plateau_functions', f.name);
            execute format('grant execute on function %s to plateau_app', f.name);
        else
            execute format('grant execute on function %s to plateau_functions', f.name);
        end if;
    end loop;
end
$$;
