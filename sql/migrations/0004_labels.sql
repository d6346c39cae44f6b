-- Labels: recognition files, applications, immutable decisions, derived periods, the gate.
-- lock class: none (new tables)

create schema labels;
comment on schema labels is 'Recognition files, label decisions, status for (day asked, moment known), the gate.';
grant usage on schema labels to plateau_app, plateau_functions, plateau_readonly;

-- MARK: Facts. Rows are only ever added.

create table labels.recognition_file (
    centre_id smallint not null,
    id uuid not null,
    number integer not null,
    effective_from date not null,
    effective_to date,
    sectors text[] not null,
    audiences text[] not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    is_fictional boolean not null default false,
    constraint recognition_file_pkey primary key (centre_id, number),
    constraint recognition_file_id_once unique (centre_id, id),
    constraint recognition_file_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint recognition_file_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint recognition_file_order check (effective_to >= effective_from),
    constraint recognition_file_sectors check (cardinality(sectors) > 0),
    constraint recognition_file_audiences check (cardinality(audiences) > 0)
);
comment on table labels.recognition_file is
    'Dossier de reconnaissance. The file in force on a day is the one with the highest number that covers it; a file is superseded, never edited.';

create table labels.audience (
    code text not null,
    constraint audience_pkey primary key (code),
    constraint audience_code_form check (code ~ '^[a-z][A-Za-z]{2,39}$')
);
comment on table labels.audience is 'Publics that a recognition file can target. Data: a network adds its own.';
insert into labels.audience (code)
values ('jobSeeker'), ('worker'), ('executive'), ('teacher'), ('student'), ('apprentice');

create table labels.application_event (
    centre_id smallint not null,
    application_id uuid not null,
    event text not null,
    kind text not null,
    on_day date not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    is_fictional boolean not null default false,
    constraint application_event_pkey primary key (centre_id, application_id, event),
    constraint application_event_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint application_event_known check (event in ('submitted', 'withdrawn')),
    constraint application_event_kind check (kind in ('candidate', 'renewal', 'secondEvaluation'))
);

create table labels.proposal (
    centre_id smallint not null,
    id uuid not null,
    kind text not null,
    authority text not null,
    reference text not null,
    decided_on date not null,
    effective_from date not null,
    effective_to date,
    supersedes uuid,
    note text,
    proposed_at timestamptz not null,
    proposed_by uuid not null,
    constraint proposal_pkey primary key (centre_id, id),
    constraint proposal_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint proposal_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint proposal_kind_known check (kind in ('grant', 'provisional', 'extend', 'refuse', 'suspend', 'lift', 'withdraw', 'annul')),
    constraint proposal_order check (effective_to >= effective_from),
    constraint proposal_grant_has_end check (kind not in ('grant', 'extend') or effective_to is not null),
    constraint proposal_annul_names_its_decision check (kind <> 'annul' or supersedes is not null),
    constraint proposal_not_for_the_network check (centre_id <> 0),
    constraint proposal_reference_present check (length(btrim(reference)) between 1 and 200),
    constraint proposal_authority_present check (length(btrim(authority)) between 1 and 100)
);
comment on table labels.proposal is 'A decision as one person proposed it. Another person''s approval makes it a decision.';

create table labels.label_decision (
    centre_id smallint not null,
    id uuid not null,
    kind text not null,
    authority text not null,
    reference text not null,
    decided_on date not null,
    effective_from date not null,
    effective_to date,
    supersedes uuid,
    note text,
    proposed_by uuid not null,
    approved_by uuid not null,
    recorded_at timestamptz not null,
    is_fictional boolean not null default false,
    constraint label_decision_pkey primary key (centre_id, id),
    constraint label_decision_moment unique (centre_id, recorded_at),
    constraint label_decision_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint label_decision_supersedes foreign key (centre_id, supersedes) references labels.label_decision (centre_id, id),
    constraint label_decision_superseded_once unique (centre_id, supersedes),
    constraint label_decision_kind_known check (kind in ('grant', 'provisional', 'extend', 'refuse', 'suspend', 'lift', 'withdraw', 'annul')),
    constraint label_decision_order check (effective_to >= effective_from),
    constraint label_decision_two_people check (proposed_by <> approved_by),
    constraint label_decision_not_for_the_network check (centre_id <> 0)
);
comment on table labels.label_decision is
    'Immutable. recorded_at is assigned inside the centre''s exclusive lock, so its order is the order of commits. effective_to is the last day, inclusive.';

create table labels.label_period (
    centre_id smallint not null,
    during daterange not null,
    status text not null,
    decision_id uuid,
    ends_on date,
    constraint label_period_pkey primary key (centre_id, during),
    constraint label_period_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint label_period_no_overlap exclude using gist (centre_id with =, during with &&)
);
comment on table labels.label_period is
    'Derived from the facts by labels.derive_periods in the transaction that adds one: the status of every day as known now. ends_on: last day of the term.';

create table labels.policy (
    only_one boolean not null default true,
    term_years integer not null default 3,
    provisional_horizon_days integer not null default 183,
    ends_inside text not null default 'conditional',
    constraint policy_pkey primary key (only_one),
    constraint policy_only_one check (only_one),
    constraint policy_term check (term_years between 1 and 10),
    constraint policy_horizon check (provisional_horizon_days between 0 and 3660),
    constraint policy_ends_inside check (ends_inside in ('honour', 'conditional', 'refuse'))
);
comment on table labels.policy is
    'Thresholds of the gate. provisional_horizon_days: how far ahead a provisional label without an end confirms. ends_inside: a slot that the label''s end cuts.';
insert into labels.policy default values;

-- MARK: Status

create function labels.status_of(
    p_centre_id smallint, p_day date, p_known_at timestamptz,
    out status text, out decision_id uuid, out ends_on date)
    language plpgsql stable
as $$
declare
    v_base labels.label_decision;
    v_last labels.label_decision;
    v_pending text;
begin
    -- The decisions known then, less those that a known decision supersedes. Of two that cover a day, the one recorded last holds.
    -- An annulled term stays, for the days that its annulment leaves alone; any other annulled decision is as if never taken.
    with known as (
        select d.* from labels.label_decision d
        where d.centre_id = p_centre_id and d.recorded_at <= p_known_at
          and not exists (
              select from labels.label_decision s
              where s.centre_id = d.centre_id and s.supersedes = d.id and s.recorded_at <= p_known_at
                and not (s.kind = 'annul' and d.kind in ('grant', 'provisional', 'extend')))
    )
    select k.* into v_base
    from known k
    where (k.kind in ('grant', 'provisional', 'extend', 'withdraw')
           or k.kind = 'annul' and exists (
               select from labels.label_decision t
               where t.centre_id = k.centre_id and t.id = k.supersedes and t.kind in ('grant', 'provisional', 'extend')
                 and t.effective_from <= p_day and (t.effective_to is null or t.effective_to >= p_day)))
      and k.effective_from <= p_day and (k.effective_to is null or k.effective_to >= p_day)
    order by k.recorded_at desc
    limit 1;

    if v_base.kind in ('grant', 'provisional', 'extend') then
        -- A refusal leaves a running term untouched; it ends only a provisional label that has no end of its own.
        if v_base.kind = 'provisional' and v_base.effective_to is null then
            select d.id into decision_id from labels.label_decision d
            where d.centre_id = p_centre_id and d.kind = 'refuse' and d.recorded_at > v_base.recorded_at
              and d.recorded_at <= p_known_at and d.effective_from <= p_day
              and not exists (select from labels.label_decision s where s.centre_id = d.centre_id and s.supersedes = d.id
                              and s.recorded_at <= p_known_at)
            order by d.recorded_at desc limit 1;
            if found then
                status := 'refused';
                return;
            end if;
        end if;
        select d.* into v_last from labels.label_decision d
        where d.centre_id = p_centre_id and d.kind in ('suspend', 'lift') and d.recorded_at <= p_known_at
          and d.effective_from <= p_day and (d.kind = 'lift' or d.effective_to is null or d.effective_to >= p_day)
          and not exists (select from labels.label_decision s where s.centre_id = d.centre_id and s.supersedes = d.id
                          and s.recorded_at <= p_known_at)
        order by d.recorded_at desc limit 1;
        ends_on := v_base.effective_to;
        if v_last.kind = 'suspend' then
            status := 'suspended';
            decision_id := v_last.id;
        else
            status := case v_base.kind when 'provisional' then 'provisional' else 'labelled' end;
            decision_id := v_base.id;
        end if;
        return;
    end if;

    if v_base.kind is not null then
        status := case v_base.kind when 'withdraw' then 'withdrawn' else 'annulled' end;
        decision_id := v_base.id;
        return;
    end if;

    -- Nothing covers the day: what came before it, and is an application still waiting for its answer?
    select d.* into v_last from labels.label_decision d
    where d.centre_id = p_centre_id and d.recorded_at <= p_known_at and d.kind in ('grant', 'provisional', 'extend', 'refuse')
      and d.effective_from <= p_day
      and not exists (select from labels.label_decision s where s.centre_id = d.centre_id and s.supersedes = d.id
                      and s.recorded_at <= p_known_at)
    order by coalesce(d.effective_to, d.effective_from) desc, d.recorded_at desc limit 1;

    select a.kind into v_pending from labels.application_event a
    where a.centre_id = p_centre_id and a.event = 'submitted' and a.recorded_at <= p_known_at and a.on_day <= p_day
      and not exists (select from labels.application_event w where w.centre_id = a.centre_id and w.application_id = a.application_id
                      and w.event = 'withdrawn' and w.recorded_at <= p_known_at and w.on_day <= p_day)
      and not exists (select from labels.label_decision d where d.centre_id = a.centre_id and d.recorded_at <= p_known_at
                      and d.kind in ('grant', 'provisional', 'refuse') and d.decided_on >= a.on_day)
    order by a.recorded_at desc limit 1;

    decision_id := v_last.id;
    ends_on := v_last.effective_to;
    status := case
                  when v_last.kind = 'refuse' then 'refused'
                  when v_last.kind is not null and v_pending is not null then 'lapsedPending'
                  when v_last.kind is not null then 'expired'
                  when v_pending is not null then 'candidate'
                  else 'none'
              end;
end
$$;
comment on function labels.status_of(smallint, date, timestamptz) is
    'The status of a label for a day, as known at a moment: none, candidate, labelled, provisional, lapsedPending, suspended, refused, expired, withdrawn or annulled.';

create function labels.periods_known(p_centre_id smallint, p_known_at timestamptz)
    returns table (during daterange, status text, decision_id uuid, ends_on date)
    language sql stable
as $$
    with edge as (
        select d.effective_from as day from labels.label_decision d where d.centre_id = p_centre_id and d.recorded_at <= p_known_at
        union
        select d.effective_to + 1 from labels.label_decision d
        where d.centre_id = p_centre_id and d.recorded_at <= p_known_at and d.effective_to is not null
        union
        select a.on_day from labels.application_event a where a.centre_id = p_centre_id and a.recorded_at <= p_known_at
    ), piece as (
        select daterange(e.day, lead(e.day) over (order by e.day)) as days, s.status, s.decision_id, s.ends_on
        from edge e, labels.status_of(p_centre_id, e.day, p_known_at) s
    )
    select unnest(range_agg(p.days)), p.status, p.decision_id, p.ends_on
    from piece p
    group by p.status, p.decision_id, p.ends_on
    order by 1
$$;
comment on function labels.periods_known(smallint, timestamptz) is
    'The whole life of a label as known at a moment: non-overlapping ranges of days, half-open. Before the first fact there is no label.';

create function labels.derive_periods(p_centre_id smallint) returns void
    language sql volatile
as $$
    delete from labels.label_period where centre_id = p_centre_id;
    insert into labels.label_period (centre_id, during, status, decision_id, ends_on)
    select p_centre_id, p.during, p.status, p.decision_id, p.ends_on
    from labels.periods_known(p_centre_id, 'infinity') p
$$;

create function labels.file_in_force(p_centre_id smallint, p_day date, p_known_at timestamptz) returns labels.recognition_file
    language plpgsql stable
as $$
declare
    v_file labels.recognition_file;
begin
    select f.* into v_file from labels.recognition_file f
    where f.centre_id = p_centre_id and f.recorded_at <= p_known_at and f.effective_from <= p_day
      and (f.effective_to is null or f.effective_to >= p_day)
    order by f.number desc
    limit 1;
    return v_file;
end
$$;

-- MARK: Recording

create function labels.propose_decision(
    p_centre_id smallint, p_id uuid, p_kind text, p_authority text, p_reference text, p_decided_on date, p_effective_from date,
    p_effective_to date, p_supersedes uuid, p_note text, p_by uuid) returns timestamptz
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into labels.proposal (
        centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, supersedes, note, proposed_at, proposed_by)
    values (p_centre_id, p_id, p_kind, p_authority, p_reference, p_decided_on, p_effective_from, p_effective_to, p_supersedes, p_note,
            plateau.clock(), p_by)
    returning proposed_at
$$;

create function labels.next_moment(p_centre_id smallint) returns timestamptz
    language sql volatile
as $$
    -- The clock may stand still between two decisions of one transaction: recorded_at still tells their order.
    select greatest(plateau.clock(), max(d.recorded_at) + interval '1 microsecond')
    from labels.label_decision d where d.centre_id = p_centre_id
$$;

create function labels.approve_decision(p_centre_id smallint, p_proposal uuid, p_by uuid)
    returns table (outcome text, recorded_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_proposal labels.proposal;
    v_decision labels.label_decision;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_proposal from labels.proposal p where p.centre_id = p_centre_id and p.id = p_proposal;
    if not found then
        return query select 'notFound', null::timestamptz;
        return;
    end if;
    select * into v_decision from labels.label_decision d where d.centre_id = p_centre_id and d.id = p_proposal;
    if found then
        return query select 'alreadyApproved', v_decision.recorded_at;
        return;
    end if;
    if v_proposal.proposed_by = p_by then
        return query select 'samePerson', null::timestamptz;
        return;
    end if;
    if v_proposal.supersedes is not null and not exists (
        select from labels.label_decision d where d.centre_id = p_centre_id and d.id = v_proposal.supersedes) then
        return query select 'supersedesUnknown', null::timestamptz;
        return;
    end if;
    if exists (select from labels.label_decision d where d.centre_id = p_centre_id and d.supersedes = v_proposal.supersedes) then
        return query select 'alreadySuperseded', null::timestamptz;
        return;
    end if;
    insert into labels.label_decision (
        centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, supersedes, note, proposed_by, approved_by,
        recorded_at)
    values (p_centre_id, p_proposal, v_proposal.kind, v_proposal.authority, v_proposal.reference, v_proposal.decided_on,
            v_proposal.effective_from, v_proposal.effective_to, v_proposal.supersedes, v_proposal.note, v_proposal.proposed_by, p_by,
            labels.next_moment(p_centre_id))
    returning * into v_decision;
    perform labels.derive_periods(p_centre_id);
    insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
    values (p_centre_id, 'label.decided', p_proposal, 1, jsonb_build_object('kind', v_decision.kind), v_decision.recorded_at);
    return query select 'recorded', v_decision.recorded_at;
end
$$;
comment on function labels.approve_decision(smallint, uuid, uuid) is
    'Makes a proposal a decision, under the centre''s exclusive lock. outcome: recorded, notFound, alreadyApproved, samePerson, supersedesUnknown, alreadySuperseded.';

create function labels.record_application(
    p_centre_id smallint, p_application uuid, p_event text, p_kind text, p_on_day date, p_by uuid) returns timestamptz
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_now := plateau.clock();
    insert into labels.application_event (centre_id, application_id, event, kind, on_day, recorded_at, recorded_by)
    values (p_centre_id, p_application, p_event, p_kind, p_on_day, v_now, p_by);
    perform labels.derive_periods(p_centre_id);
    return v_now;
end
$$;

create function labels.record_file(
    p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_sectors text[], p_audiences text[], p_by uuid)
    returns table (outcome text, number integer, recorded_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a)) then
        return query select 'audienceUnknown', null::integer, null::timestamptz;
        return;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    return query
        insert into labels.recognition_file as f (
            centre_id, id, number, effective_from, effective_to, sectors, audiences, recorded_at, recorded_by)
        select p_centre_id, p_id, coalesce(max(e.number), 0) + 1, p_effective_from, p_effective_to, p_sectors, p_audiences,
               plateau.clock(), p_by
        from labels.recognition_file e where e.centre_id = p_centre_id
        returning 'recorded', f.number, f.recorded_at;
end
$$;

-- MARK: The gate

create type labels.gate_result as (
    verdict text,
    conditional_until date,
    label_status text,
    label_decision_id uuid,
    file_number integer,
    rules jsonb
);
comment on type labels.gate_result is
    'verdict: allow, conditional or deny. conditional_until: the last day that the label covers for certain. rules: one object a rule (rule, verdict, code, facts), in order; null when everything is allowed and no explanation was asked for.';

create function labels.gate(
    p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange,
    p_organisation uuid, p_caller_centre smallint, p_audiences text[], p_head_counts integer[], p_explain boolean)
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
    v_period labels.label_period;
    v_whole record;
    v_code text;
    v_verdict text;
    v_own boolean := coalesce(p_caller_centre = p_owner_centre, false);
    v_direct boolean := false;
    v_membership access.membership;
    v_member_during daterange;
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
        select * into v_period from labels.label_period p where p.centre_id = p_owner_centre and p.during @> v_first;
        v_result.label_status := coalesce(v_period.status, 'none');
        v_result.label_decision_id := v_period.decision_id;
        v_whole := labels.whole_slot(p_owner_centre, v_first, v_last, v_policy);
        v_verdict := v_whole.verdict;
        v_code := v_whole.code;
        v_result.conditional_until := v_whole.until;
        if p_explain then
            v_rules := v_rules || jsonb_build_object('rule', 'ownerLabel', 'verdict', v_verdict, 'code', v_code, 'facts',
                jsonb_strip_nulls(jsonb_build_object(
                    'centreId', (select c.id from centres.centre c where c.centre_id = p_owner_centre),
                    'status', v_result.label_status, 'decisionId', v_period.decision_id,
                    'from', lower(v_period.during), 'to', v_period.ends_on, 'slotFirstDay', v_first, 'slotLastDay', v_last,
                    'certainUntil', v_result.conditional_until)));
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
                jsonb_strip_nulls(jsonb_build_object(
                    'centreId', (select c.id from centres.centre c where c.centre_id = p_caller_centre),
                    'slotFirstDay', v_first, 'slotLastDay', v_last)));
        end if;
        if v_verdict = 'conditional' and v_result.verdict = 'allow' then
            v_result.verdict := 'conditional';
        end if;
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
            v_result.verdict := 'deny';
        end if;
        if p_explain and v_member_during is not null then
            v_rules := v_rules || jsonb_build_object('rule', 'membership', 'verdict', 'allow', 'code', 'memberOfNetwork', 'facts',
                jsonb_strip_nulls(jsonb_build_object('from', lower(v_member_during), 'to', upper(v_member_during) - 1)));
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
            if not coalesce(p_audiences <@ v_file.audiences, false) then
                select array_agg(a.code order by a.code) into v_missing
                from unnest(p_audiences, p_head_counts) as a (code, head_count)
                where a.head_count > 0 and (v_file.audiences is null or a.code <> all (v_file.audiences));
            end if;
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
        return labels.gate(p_owner_centre, p_is_shared, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences, p_head_counts, true);
    end if;
    return v_result;
end
$$;
comment on function labels.gate(smallint, boolean, text, tstzrange, uuid, smallint, text[], integer[], boolean) is
    'The one door of every way in: may this organisation use a resource of this centre in this slot, and why.';

create function labels.whole_slot(
    p_centre_id smallint, p_first date, p_last date, p_policy labels.policy, out verdict text, out code text, out until date)
    language plpgsql stable
as $$
declare
    v_period labels.label_period;
    v_day date := p_first;
    v_horizon date;
begin
    verdict := 'allow';
    code := 'labelled';
    loop
        select * into v_period from labels.label_period p where p.centre_id = p_centre_id and p.during @> v_day;
        if v_period.status = 'provisional' and v_period.ends_on is null then
            v_horizon := plateau.local_day(plateau.clock(), 'UTC') + p_policy.provisional_horizon_days;
            if p_last > v_horizon then
                verdict := 'conditional';
                code := 'labelProvisionalBeyondHorizon';
                until := v_horizon;
            elsif verdict = 'allow' then
                code := 'labelProvisional';
            end if;
        elsif v_period.status = 'provisional' and verdict = 'allow' then
            code := 'labelProvisional';
        elsif v_period.status = 'labelled' then
            null;
        elsif v_period.status = 'lapsedPending' or v_day > p_first and v_period.status = 'candidate'
              or v_period.status = 'expired' and v_day = p_first and exists (
                  select from labels.label_decision d
                  where d.centre_id = p_centre_id and d.id = v_period.decision_id and d.kind = 'provisional') then
            -- Behind a provisional term the authority still has to decide, whether or not an application was filed.
            verdict := 'conditional';
            code := 'labelPending';
            until := coalesce(until, case when v_day = p_first then v_period.ends_on else v_day - 1 end);
        elsif v_period.status in ('suspended', 'withdrawn', 'annulled') or v_day = p_first then
            verdict := 'deny';
            code := case coalesce(v_period.status, 'none')
                        when 'suspended' then 'labelSuspended' when 'withdrawn' then 'labelWithdrawn'
                        when 'annulled' then 'labelAnnulled' when 'refused' then 'labelRefused'
                        when 'expired' then 'labelExpired' when 'candidate' then 'labelCandidate'
                        else 'labelNone' end;
            until := null;
            return;
        elsif p_policy.ends_inside = 'refuse' then
            verdict := 'deny';
            code := 'labelEndsInside';
            until := v_day - 1;
            return;
        elsif p_policy.ends_inside = 'conditional' then
            verdict := 'conditional';
            code := 'labelEndsInside';
            until := v_day - 1;
            return;
        else
            code := 'labelEndsInside';
            until := v_day - 1;
            return;
        end if;
        exit when v_period.during is null or upper_inf(v_period.during) or upper(v_period.during) > p_last;
        v_day := upper(v_period.during);
    end loop;
end
$$;
comment on function labels.whole_slot(smallint, date, date, labels.policy) is
    'What a centre''s label gives for a range of days, first and last included: allow, conditional or deny, with the code and the last certain day.';

create function labels.decide_access(
    p_owner_centre smallint, p_is_shared boolean, p_zone text, p_slot tstzrange,
    p_organisation uuid, p_audiences text[], p_head_counts integer[]) returns labels.gate_result
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select labels.gate(p_owner_centre, p_is_shared, p_zone, p_slot, p_organisation,
        (select o.centre_id from access.organisation o where o.id = p_organisation), p_audiences, p_head_counts, true)
$$;
comment on function labels.decide_access(smallint, boolean, text, tstzrange, uuid, text[], integer[]) is 'The gate''s explanation, without booking.';

create function labels.ask_status(p_centre_id smallint, p_day date, p_known_at timestamptz)
    returns table (status text, decision_id uuid, ends_on date)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select s.status, s.decision_id, s.ends_on from labels.status_of(p_centre_id, p_day, p_known_at) s
$$;
comment on function labels.ask_status(smallint, date, timestamptz) is
    'labels.status_of for the server, whose role does not read applications.';

create function labels.ask_periods(p_centre_id smallint, p_known_at timestamptz)
    returns table (during daterange, status text, decision_id uuid, ends_on date)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select p.during, p.status, p.decision_id, p.ends_on from labels.periods_known(p_centre_id, p_known_at) p
$$;

-- MARK: Rights

grant select on labels.recognition_file, labels.audience, labels.label_decision, labels.label_period, labels.policy
    to plateau_app, plateau_functions, plateau_readonly;
grant select on labels.application_event, labels.proposal to plateau_app, plateau_functions;
grant insert on labels.recognition_file, labels.label_decision, labels.application_event, labels.proposal to plateau_functions;
grant insert, delete on labels.label_period to plateau_functions;
grant insert on labels.audience to plateau_functions;

alter table labels.proposal enable row level security;
alter table labels.proposal force row level security;
create policy proposal_functions on labels.proposal to plateau_functions using (true) with check (true);
create policy proposal_actor on labels.proposal for select to plateau_app
    using (plateau.actor_is_network() or centre_id = any (plateau.actor_centres()));
alter table labels.application_event enable row level security;
alter table labels.application_event force row level security;
create policy application_event_functions on labels.application_event to plateau_functions using (true) with check (true);
create policy application_event_actor on labels.application_event for select to plateau_app
    using (plateau.actor_is_network() or centre_id = any (plateau.actor_centres()));

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'labels'::regnamespace and p.prosecdef loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'labels'::regnamespace and not p.prosecdef loop
        execute format('grant execute on function %s to plateau_functions', f);
    end loop;
end
$$;
