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
    constraint proposal_years check (effective_from >= '1900-01-01' and coalesce(effective_to, effective_from) <= '2999-12-31'),
    constraint proposal_grant_has_end check (kind not in ('grant', 'extend') or effective_to is not null),
    constraint proposal_no_end check (kind not in ('refuse', 'lift') or effective_to is null),
    constraint proposal_annul_names_its_decision check (kind <> 'annul' or supersedes is not null),
    constraint proposal_not_for_the_network check (centre_id <> 0),
    constraint proposal_reference_present check (length(btrim(reference)) between 1 and 200),
    constraint proposal_authority_present check (length(btrim(authority)) between 1 and 100)
);
comment on table labels.proposal is 'A decision as one person proposed it. Another person''s approval makes it a decision.';

create table labels.proposal_withdrawal (
    centre_id smallint not null,
    proposal_id uuid not null,
    withdrawn_at timestamptz not null,
    withdrawn_by uuid not null,
    constraint proposal_withdrawal_pkey primary key (centre_id, proposal_id),
    constraint proposal_withdrawal_proposal foreign key (centre_id, proposal_id) references labels.proposal (centre_id, id)
);
comment on table labels.proposal_withdrawal is 'A proposal that was taken back: it can''t be approved any more.';

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
    constraint label_decision_years check (effective_from >= '1900-01-01' and coalesce(effective_to, effective_from) <= '2999-12-31'),
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
    version integer not null default 1,
    term_years integer not null default 3,
    ends_inside text not null default 'conditional',
    renewal_pending text not null default 'conditional',
    after_provisional text not null default 'conditional',
    term_ended text not null default 'refuse',
    beyond_horizon text not null default 'conditional',
    provisional_horizon_days integer not null default 183,
    withdrawal_notice_days integer not null default 30,
    file_notice_days integer not null default 30,
    pending_release_days integer,
    constraint policy_pkey primary key (only_one),
    constraint policy_only_one check (only_one),
    constraint policy_term check (term_years between 1 and 10),
    constraint policy_ends_inside check (ends_inside in ('honour', 'conditional', 'refuse')),
    constraint policy_renewal_pending check (renewal_pending in ('honour', 'conditional', 'refuse')),
    constraint policy_after_provisional check (after_provisional in ('honour', 'conditional', 'refuse')),
    constraint policy_term_ended check (term_ended in ('honour', 'conditional', 'refuse')),
    constraint policy_beyond_horizon check (beyond_horizon in ('honour', 'conditional', 'refuse')),
    constraint policy_horizon check (provisional_horizon_days between 0 and 3660),
    constraint policy_withdrawal_notice check (withdrawal_notice_days between 0 and 366),
    constraint policy_file_notice check (file_notice_days between 0 and 366),
    constraint policy_pending_release check (pending_release_days between 0 and 366)
);
comment on table labels.policy is
    'What the gate does where a label is neither in force for the whole slot nor denied by a decision: honour (allow), conditional or refuse.';
comment on column labels.policy.term_years is 'How long a grant lasts that names no last day.';
comment on column labels.policy.ends_inside is 'The label ends inside the slot.';
comment on column labels.policy.renewal_pending is 'The slot lies after the end of the term, and a renewal waits for its answer.';
comment on column labels.policy.after_provisional is 'The slot lies after the last day of a provisional label: the authority still has to decide.';
comment on column labels.policy.term_ended is 'The slot lies after the end of the term, and no renewal was filed.';
comment on column labels.policy.beyond_horizon is 'A provisional label without a last day, and a slot further ahead than provisional_horizon_days.';
comment on column labels.policy.withdrawal_notice_days is
    'Days between a decision that takes the label away and the cancellation of what was booked for later; 0: at once.';
comment on column labels.policy.file_notice_days is 'The same for bookings whose audience a new recognition file does not target any more.';
comment on column labels.policy.pending_release_days is
    'A conditional booking is cancelled so many days before it starts when nothing was decided until then; null: never.';
insert into labels.policy default values;

-- MARK: Status

create function labels.decisions_known(p_centre_id smallint, p_known_at timestamptz) returns setof labels.label_decision
    language sql stable
as $$
    -- An annulled term stays, for the days that its annulment leaves alone; whatever else is superseded is as if never taken.
    select d.* from labels.label_decision d
    where d.centre_id = p_centre_id and d.recorded_at <= p_known_at
      and not exists (
          select from labels.label_decision s
          where s.centre_id = d.centre_id and s.supersedes = d.id and s.recorded_at <= p_known_at
            and not (s.kind = 'annul' and d.kind in ('grant', 'provisional', 'extend')))
$$;
comment on function labels.decisions_known(smallint, timestamptz) is 'The decisions known at a moment, less those that a known decision supersedes.';

create function labels.status_of(
    p_centre_id smallint, p_day date, p_known_at timestamptz,
    out status text, out decision_id uuid, out ends_on date)
    language plpgsql stable
as $$
declare
    v_holder labels.label_decision;
    v_annulment uuid;
    v_over_from date;
    v_answer labels.label_decision;
    v_term labels.label_decision;
    v_pending boolean;
    v_renewal boolean;
    v_last labels.label_decision;
begin
    -- Of the terms and withdrawals that cover a day, the one recorded last holds it.
    select d.* into v_holder from labels.decisions_known(p_centre_id, p_known_at) d
    where d.kind in ('grant', 'provisional', 'extend', 'withdraw')
      and d.effective_from <= p_day and (d.effective_to is null or d.effective_to >= p_day)
    order by d.recorded_at desc limit 1;

    -- What has no last day lasts until a term recorded later reaches it; a provisional label also until a refusal recorded later.
    if v_holder.id is not null and v_holder.effective_to is null then
        select min(greatest(d.effective_from, v_holder.effective_from)) into v_over_from
        from labels.decisions_known(p_centre_id, p_known_at) d
        where d.recorded_at > v_holder.recorded_at
          and (d.kind in ('grant', 'provisional', 'extend') and (d.effective_to is null or d.effective_to >= v_holder.effective_from)
               or d.kind = 'refuse' and v_holder.kind = 'provisional');
    end if;

    if v_holder.id is not null and (v_over_from is null or v_over_from > p_day) then
        ends_on := coalesce(v_holder.effective_to, v_over_from - 1);
        if v_holder.kind = 'withdraw' then
            status := 'withdrawn';
            decision_id := v_holder.id;
            return;
        end if;
        select d.id into v_annulment from labels.decisions_known(p_centre_id, p_known_at) d
        where d.kind = 'annul' and d.supersedes = v_holder.id
          and d.effective_from <= p_day and (d.effective_to is null or d.effective_to >= p_day);
        if found then
            status := 'annulled';
            decision_id := v_annulment;
            return;
        end if;
        status := case v_holder.kind when 'provisional' then 'provisional' else 'labelled' end;
        decision_id := v_holder.id;
    else
        -- Nothing holds the day: what was the last answer, which term ended last, and does an application wait?
        select d.* into v_answer from labels.decisions_known(p_centre_id, p_known_at) d
        where d.kind in ('grant', 'provisional', 'extend', 'refuse') and d.effective_from <= p_day
        order by d.recorded_at desc limit 1;
        select d.* into v_term from labels.decisions_known(p_centre_id, p_known_at) d
        where d.kind in ('grant', 'provisional', 'extend') and d.effective_from <= p_day
        order by coalesce(d.effective_to, d.effective_from) desc, d.recorded_at desc limit 1;
        select count(*) > 0, coalesce(bool_or(a.kind in ('renewal', 'secondEvaluation')), false) into v_pending, v_renewal
        from labels.application_event a
        where a.centre_id = p_centre_id and a.event = 'submitted' and a.recorded_at <= p_known_at and a.on_day <= p_day
          and not exists (
              select from labels.application_event w
              where w.centre_id = a.centre_id and w.application_id = a.application_id and w.event = 'withdrawn'
                and w.recorded_at <= p_known_at and w.on_day <= p_day)
          and not exists (
              select from labels.decisions_known(p_centre_id, p_known_at) d
              where d.kind in ('grant', 'provisional', 'refuse') and d.decided_on >= a.on_day);
        decision_id := v_term.id;
        ends_on := v_term.effective_to;
        if v_answer.kind = 'refuse' then
            status := case when v_pending then 'candidate' else 'refused' end;
            decision_id := v_answer.id;
        elsif v_term.id is not null and v_renewal then
            status := 'lapsedPending';
        elsif v_pending then
            status := 'candidate';
        else
            status := case when v_term.id is null then 'none' else 'expired' end;
        end if;
    end if;

    -- A suspension lasts until its last day or until a lift recorded later, across the terms.
    if status in ('labelled', 'provisional', 'lapsedPending') then
        select d.* into v_last from labels.decisions_known(p_centre_id, p_known_at) d
        where d.effective_from <= p_day
          and (d.kind = 'lift' or d.kind = 'suspend' and (d.effective_to is null or d.effective_to >= p_day))
        order by d.recorded_at desc limit 1;
        if v_last.kind = 'suspend' then
            status := 'suspended';
            decision_id := v_last.id;
        end if;
    end if;
end
$$;
comment on function labels.status_of(smallint, date, timestamptz) is
    'The status of a label for a day, as known at a moment: none, candidate, labelled, provisional, lapsedPending, suspended, refused, expired, withdrawn or annulled. ends_on: last day of the term.';

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

create function labels.derive_periods(p_centre_id smallint) returns datemultirange
    language plpgsql volatile
as $$
declare
    v_old labels.label_period[] := array(select p from labels.label_period p where p.centre_id = p_centre_id);
begin
    delete from labels.label_period where centre_id = p_centre_id;
    insert into labels.label_period (centre_id, during, status, decision_id, ends_on)
    select p_centre_id, p.during, p.status, p.decision_id, p.ends_on
    from labels.periods_known(p_centre_id, 'infinity') p;
    return (
        with life as (
            select o.status, o.decision_id, o.ends_on, o.during, true as is_old from unnest(v_old) o
            union all
            select n.status, n.decision_id, n.ends_on, n.during, false from labels.label_period n where n.centre_id = p_centre_id
        ), fact as (
            select coalesce(range_agg(l.during) filter (where l.is_old), '{}') as old_days,
                   coalesce(range_agg(l.during) filter (where not l.is_old), '{}') as new_days
            from life l
            group by l.status, l.decision_id, l.ends_on
        )
        select coalesce(range_agg(d.days), '{}')
        from fact f
        cross join lateral (select unnest(f.old_days - f.new_days) union all select unnest(f.new_days - f.old_days)) as d (days));
end
$$;
comment on function labels.derive_periods(smallint) is
    'Stores the status of every day as known now. Gives the days about which something else is known than before.';

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

create function labels.missing_audiences(p_file labels.recognition_file, p_audiences text[], p_head_counts integer[]) returns text[]
    language plpgsql immutable
as $$
begin
    if coalesce(p_audiences <@ p_file.audiences, false) then
        return null;
    end if;
    return (select array_agg(a.code order by a.code)
            from unnest(p_audiences, p_head_counts) as a (code, head_count)
            where a.head_count > 0 and (p_file.audiences is null or a.code <> all (p_file.audiences)));
end
$$;
comment on function labels.missing_audiences(labels.recognition_file, text[], integer[]) is
    'The audiences with heads that a file does not target; null when it targets all of them.';

-- MARK: Recording

create function labels.objection_to(p_proposal labels.proposal) returns text
    language plpgsql stable
as $$
declare
    v_superseded text;
begin
    if p_proposal.decided_on > plateau.local_day(plateau.clock(), (
        select c.zone from centres.centre c where c.centre_id = p_proposal.centre_id)) then
        return 'decidedInFuture';
    end if;
    if p_proposal.supersedes is not null then
        select d.kind into v_superseded from labels.label_decision d
        where d.centre_id = p_proposal.centre_id and d.id = p_proposal.supersedes;
        if v_superseded is null then
            return 'supersedesUnknown';
        elsif v_superseded = 'annul' then
            return 'annulmentIsFinal';
        elsif exists (select from labels.label_decision d
                      where d.centre_id = p_proposal.centre_id and d.supersedes = p_proposal.supersedes) then
            return 'alreadySuperseded';
        end if;
    end if;
    if p_proposal.kind = 'lift' and p_proposal.effective_to is null and not exists (
        select from labels.label_period p
        where p.centre_id = p_proposal.centre_id and p.status = 'suspended'
          and (upper_inf(p.during) or upper(p.during) > p_proposal.effective_from)) then
        return 'nothingToLift';
    end if;
    return null;
end
$$;
comment on function labels.objection_to(labels.proposal) is
    'Why a proposal cannot become a decision as things stand, null when it can: decidedInFuture, supersedesUnknown, annulmentIsFinal, alreadySuperseded, nothingToLift.';

create function labels.propose_decision(
    p_centre_id smallint, p_id uuid, p_kind text, p_authority text, p_reference text, p_decided_on date, p_effective_from date,
    p_effective_to date, p_supersedes uuid, p_note text, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_proposal labels.proposal;
    v_objection text;
begin
    if not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    end if;
    v_proposal := row (
        p_centre_id, p_id, p_kind, p_authority, p_reference, p_decided_on, p_effective_from,
        case when p_kind = 'grant' and p_effective_to is null
             then (select (p_effective_from + make_interval(years => o.term_years))::date - 1 from labels.policy o)
             else p_effective_to end,
        p_supersedes, p_note, plateau.clock(), p_by)::labels.proposal;
    v_objection := labels.objection_to(v_proposal);
    if v_objection is not null then
        return v_objection;
    end if;
    insert into labels.proposal select v_proposal.*;
    return 'proposed';
end
$$;
comment on function labels.propose_decision(smallint, uuid, text, text, text, date, date, date, uuid, text, uuid) is
    'outcome: proposed, forbidden, or what labels.objection_to says. A grant without a last day gets the usual term.';

create function labels.withdraw_proposal(p_centre_id smallint, p_id uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    if not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif not exists (select from labels.proposal p where p.centre_id = p_centre_id and p.id = p_id) then
        return 'notFound';
    elsif exists (select from labels.label_decision d where d.centre_id = p_centre_id and d.id = p_id) then
        return 'alreadyApproved';
    end if;
    insert into labels.proposal_withdrawal (centre_id, proposal_id, withdrawn_at, withdrawn_by)
    values (p_centre_id, p_id, plateau.clock(), p_by)
    on conflict do nothing;
    return case when found then 'withdrawn' else 'alreadyWithdrawn' end;
end
$$;
comment on function labels.withdraw_proposal(smallint, uuid, uuid) is
    'outcome: withdrawn, alreadyWithdrawn, alreadyApproved, notFound, forbidden.';

create function labels.next_moment(p_centre_id smallint) returns timestamptz
    language sql volatile
as $$
    -- The clock may stand still between two decisions of one transaction: recorded_at still tells their order.
    select greatest(plateau.clock(), max(d.recorded_at) + interval '1 microsecond')
    from labels.label_decision d where d.centre_id = p_centre_id
$$;

create function labels.write_decision(
    p_proposal labels.proposal, p_approved_by uuid, out recorded_at timestamptz, out changed datemultirange)
    language plpgsql volatile
as $$
begin
    recorded_at := labels.next_moment(p_proposal.centre_id);
    insert into labels.label_decision (
        centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, supersedes, note, proposed_by, approved_by,
        recorded_at)
    values (p_proposal.centre_id, p_proposal.id, p_proposal.kind, p_proposal.authority, p_proposal.reference, p_proposal.decided_on,
            p_proposal.effective_from, p_proposal.effective_to, p_proposal.supersedes, p_proposal.note, p_proposal.proposed_by,
            p_approved_by, recorded_at);
    changed := labels.derive_periods(p_proposal.centre_id);
end
$$;

create function labels.approve_decision(p_centre_id smallint, p_proposal uuid, p_by uuid)
    returns table (outcome text, recorded_at timestamptz, changed datemultirange)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_proposal labels.proposal;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_proposal from labels.proposal p where p.centre_id = p_centre_id and p.id = p_proposal;
    if not found then
        outcome := 'notFound';
    elsif exists (select from labels.label_decision d where d.centre_id = p_centre_id and d.id = p_proposal) then
        outcome := 'alreadyApproved';
    elsif exists (select from labels.proposal_withdrawal w where w.centre_id = p_centre_id and w.proposal_id = p_proposal) then
        outcome := 'alreadyWithdrawn';
    elsif not access.has_role(p_by, array['labelAuthority'], p_centre_id) then
        outcome := 'forbidden';
    elsif access.same_person(v_proposal.proposed_by, p_by) then
        outcome := 'samePerson';
    else
        outcome := coalesce(labels.objection_to(v_proposal), 'recorded');
    end if;
    if outcome = 'recorded' then
        select w.recorded_at, w.changed into recorded_at, changed from labels.write_decision(v_proposal, p_by) w;
        insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
        values (p_centre_id, 'label.decided', p_proposal, 1, jsonb_build_object('kind', v_proposal.kind, 'changed', changed::text), recorded_at);
    end if;
    return next;
end
$$;
comment on function labels.approve_decision(smallint, uuid, uuid) is
    'Makes a proposal a decision, under the centre''s exclusive lock; changed: the days about which something else is known now. outcome: recorded, notFound, alreadyApproved, alreadyWithdrawn, forbidden, samePerson, or what labels.objection_to says.';

create function labels.record_application(
    p_centre_id smallint, p_application uuid, p_event text, p_kind text, p_on_day date, p_by uuid,
    out recorded_at timestamptz, out changed datemultirange)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    recorded_at := plateau.clock();
    insert into labels.application_event (centre_id, application_id, event, kind, on_day, recorded_at, recorded_by)
    values (p_centre_id, p_application, p_event, p_kind, p_on_day, record_application.recorded_at, p_by);
    changed := labels.derive_periods(p_centre_id);
end
$$;
comment on function labels.record_application(smallint, uuid, text, text, date, uuid) is
    'Records that an application was submitted or withdrawn. changed: the days about which something else is known now.';

create function labels.record_file(
    p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_sectors text[], p_audiences text[], p_by uuid)
    returns table (outcome text, number integer, recorded_at timestamptz, changed datemultirange)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a)) then
        return query select 'audienceUnknown', null::integer, null::timestamptz, null::datemultirange;
        return;
    end if;
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    return query
        insert into labels.recognition_file as f (
            centre_id, id, number, effective_from, effective_to, sectors, audiences, recorded_at, recorded_by)
        select p_centre_id, p_id, coalesce(max(e.number), 0) + 1, p_effective_from, p_effective_to, p_sectors, p_audiences,
               plateau.clock(), p_by
        from labels.recognition_file e where e.centre_id = p_centre_id
        returning 'recorded', f.number, f.recorded_at, datemultirange(daterange(f.effective_from, f.effective_to, '[]'));
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

create type labels.slot_verdict as (
    verdict text,
    code text,
    until date,
    first_status text,
    first_decision_id uuid,
    period labels.label_period
);
comment on type labels.slot_verdict is
    'until: the last certain day. first_status, first_decision_id: of the first day. period: what the code is about.';

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
    v_whole labels.slot_verdict;
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
        return labels.gate(p_owner_centre, p_is_shared, p_zone, p_slot, p_organisation, p_caller_centre, p_audiences, p_head_counts, true);
    end if;
    return v_result;
end
$$;
comment on function labels.gate(smallint, boolean, text, tstzrange, uuid, smallint, text[], integer[], boolean) is
    'The one door of every way in: may this organisation use a resource of this centre in this slot, and why.';

create function labels.label_facts(p_centre_id smallint, p_first date, p_last date, p_until date, p_period labels.label_period)
    returns jsonb
    language sql stable
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'centreId', (select c.id from centres.centre c where c.centre_id = p_centre_id),
        'status', coalesce(p_period.status, 'none'), 'decisionId', p_period.decision_id,
        'from', lower(p_period.during), 'to', upper(p_period.during) - 1, 'termEndsOn', p_period.ends_on,
        'slotFirstDay', p_first, 'slotLastDay', p_last, 'certainUntil', p_until))
$$;

create function labels.whole_slot(p_centre_id smallint, p_first date, p_last date, p_policy labels.policy)
    returns labels.slot_verdict
    language plpgsql stable
as $$
declare
    v_answer labels.slot_verdict;
    v_period labels.label_period;
    v_day date := p_first;
    v_code text;
    v_action text;
    v_until date;
begin
    v_answer.verdict := 'allow';
    v_answer.code := 'labelled';
    loop
        select * into v_period from labels.label_period p where p.centre_id = p_centre_id and p.during @> v_day;
        v_action := null;
        if v_day = p_first then
            v_answer.first_status := coalesce(v_period.status, 'none');
            v_answer.first_decision_id := v_period.decision_id;
            v_answer.period := v_period;
        end if;
        if v_period.status = 'labelled' then
            null;
        elsif v_period.status = 'provisional' then
            v_until := plateau.local_day(plateau.clock(), 'UTC') + p_policy.provisional_horizon_days;
            if v_period.ends_on is null and p_last > v_until then
                v_action := p_policy.beyond_horizon;
                v_code := 'labelProvisionalBeyondHorizon';
            elsif v_answer.code = 'labelled' then
                v_answer.code := 'labelProvisional';
                v_answer.period := v_period;
            end if;
        elsif v_period.status = 'lapsedPending' then
            v_action := p_policy.renewal_pending;
            v_code := 'labelPending';
            v_until := case when v_day = p_first then v_period.ends_on else v_day - 1 end;
        elsif v_period.status in ('suspended', 'withdrawn', 'annulled') then
            v_action := 'refuse';
            v_code := case v_period.status when 'suspended' then 'labelSuspended' when 'withdrawn' then 'labelWithdrawn'
                                           else 'labelAnnulled' end;
            v_until := null;
        elsif v_day > p_first then
            v_action := p_policy.ends_inside;
            v_code := 'labelEndsInside';
            v_until := v_day - 1;
        elsif v_period.status = 'expired' and exists (
            select from labels.label_decision d
            where d.centre_id = p_centre_id and d.id = v_period.decision_id and d.kind = 'provisional') then
            -- Behind a provisional term the authority still has to decide, whether or not an application was filed.
            v_action := p_policy.after_provisional;
            v_code := 'labelPending';
            v_until := v_period.ends_on;
        else
            v_action := case v_period.status when 'expired' then p_policy.term_ended else 'refuse' end;
            v_code := case v_period.status when 'refused' then 'labelRefused' when 'expired' then 'labelExpired'
                                           when 'candidate' then 'labelCandidate' else 'labelNone' end;
            v_until := null;
        end if;

        if v_action = 'refuse' then
            v_answer.verdict := 'deny';
            v_answer.code := v_code;
            v_answer.until := v_until;
            v_answer.period := v_period;
            return v_answer;
        elsif v_action = 'conditional' then
            if v_answer.verdict = 'allow' then
                v_answer.code := v_code;
                v_answer.period := v_period;
            end if;
            v_answer.verdict := 'conditional';
            v_answer.until := least(v_answer.until, v_until);
        elsif v_action = 'honour' and v_answer.verdict = 'allow' then
            v_answer.code := v_code;
            v_answer.period := v_period;
            v_answer.until := least(v_answer.until, v_until);
        end if;
        exit when v_code = 'labelEndsInside' and v_action is not null
            or v_period.during is null or upper_inf(v_period.during) or upper(v_period.during) > p_last;
        v_day := upper(v_period.during);
    end loop;
    return v_answer;
end
$$;
comment on function labels.whole_slot(smallint, date, date, labels.policy) is
    'What a centre''s label gives for a range of days, first and last included: allow, conditional or deny, with the last certain day, the code and the period behind it, and the status of the first day.';

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

create function labels.change_policy(
    p_version integer, p_term_years integer, p_ends_inside text, p_renewal_pending text, p_after_provisional text, p_term_ended text,
    p_beyond_horizon text, p_provisional_horizon_days integer, p_withdrawal_notice_days integer, p_file_notice_days integer,
    p_pending_release_days integer, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not access.has_role(p_by, array['labelAuthority', 'networkManager'], 0::smallint) then
        return 'forbidden';
    end if;
    update labels.policy o
    set version = o.version + 1, term_years = p_term_years, ends_inside = p_ends_inside, renewal_pending = p_renewal_pending,
        after_provisional = p_after_provisional, term_ended = p_term_ended, beyond_horizon = p_beyond_horizon,
        provisional_horizon_days = p_provisional_horizon_days, withdrawal_notice_days = p_withdrawal_notice_days,
        file_notice_days = p_file_notice_days, pending_release_days = p_pending_release_days
    where o.version = p_version;
    return case when found then 'changed' else 'versionMismatch' end;
end
$$;
comment on function labels.change_policy(
    integer, integer, text, text, text, text, text, integer, integer, integer, integer, uuid) is
    'For what is booked from now on. outcome: changed, versionMismatch, forbidden.';

-- MARK: Rights

grant select on labels.recognition_file, labels.audience, labels.label_decision, labels.label_period, labels.policy
    to plateau_app, plateau_functions, plateau_readonly;
grant select on labels.application_event, labels.proposal, labels.proposal_withdrawal to plateau_app, plateau_functions;
grant insert on labels.recognition_file, labels.label_decision, labels.application_event, labels.proposal, labels.proposal_withdrawal
    to plateau_functions;
grant update on labels.policy to plateau_functions;
grant insert, delete on labels.label_period to plateau_functions;
grant insert on labels.audience to plateau_functions;

alter table labels.proposal enable row level security;
alter table labels.proposal force row level security;
create policy proposal_functions on labels.proposal to plateau_functions using (true) with check (true);
create policy proposal_actor on labels.proposal for select to plateau_app
    using (plateau.actor_is_network() or centre_id = any (plateau.actor_centres()));
alter table labels.proposal_withdrawal enable row level security;
alter table labels.proposal_withdrawal force row level security;
create policy proposal_withdrawal_functions on labels.proposal_withdrawal to plateau_functions using (true) with check (true);
create policy proposal_withdrawal_actor on labels.proposal_withdrawal for select to plateau_app
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
