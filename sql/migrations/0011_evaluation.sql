-- Applications with their files, evaluation by criteria, the timeline of a label, reminders before its end.
-- lock class: ACCESS EXCLUSIVE on labels.policy for an added column (one row)

-- MARK: Words

create table labels.criterion (
    position smallint not null,
    code text not null,
    specification text not null,
    element text not null,
    constraint criterion_pkey primary key (specification, code),
    constraint criterion_position_once unique (specification, position),
    constraint criterion_element foreign key (element) references labels.element (code)
);
comment on table labels.criterion is 'What an evaluation notes for each element, by version of the specifications.';
insert into labels.criterion (position, code, specification, element)
values (1, 'partnersInGovernance', '2017', 'economicRoots'), (2, 'needsOfCompanies', '2017', 'economicRoots'),
       (3, 'catalogueAndBespoke', '2017', 'trainingOffer'), (4, 'awarenessActions', '2017', 'trainingOffer'),
       (5, 'advancedTechnology', '2017', 'trainingOffer'), (6, 'modernEquipment', '2017', 'resourceCentre'),
       (7, 'openToOperators', '2017', 'resourceCentre'), (8, 'variedAudiences', '2017', 'resourceCentre'),
       (9, 'publicPrivatePartnership', '2017', 'mixedInvestment'), (10, 'sharedInvestment', '2017', 'mixedInvestment');

-- MARK: Applications

create table labels.application_file (
    centre_id smallint not null,
    application_id uuid not null,
    number integer not null,
    file_id uuid not null,
    linked_at timestamptz not null,
    linked_by uuid not null,
    constraint application_file_pkey primary key (centre_id, application_id, number),
    constraint application_file_draft foreign key (centre_id, file_id) references labels.file_draft (centre_id, id)
);
comment on table labels.application_file is 'The recognition file on which an application rests; the last one counts. Rows are only ever added.';

create table labels.evaluation (
    centre_id smallint not null,
    id uuid not null,
    application_id uuid not null,
    specification text not null,
    version integer not null default 1,
    opened_at timestamptz not null,
    opened_by uuid not null,
    closed_at timestamptz,
    closed_by uuid,
    opinion text,
    comment text,
    is_fictional boolean not null default false,
    constraint evaluation_pkey primary key (centre_id, id),
    constraint evaluation_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint evaluation_opinion_known check (opinion in ('favourable', 'favourableWithConditions', 'unfavourable')),
    constraint evaluation_closed_whole check (
        (closed_at is null) = (closed_by is null) and (closed_at is null) = (opinion is null) and (closed_at is not null or comment is null)),
    constraint evaluation_comment check (length(comment) between 1 and 10000)
);
create unique index evaluation_one_open on labels.evaluation (centre_id, application_id) where closed_at is null;
comment on table labels.evaluation is 'What the network finds of an application, element by element. A closed one stays as it is.';

create table labels.evaluation_note (
    centre_id smallint not null,
    evaluation_id uuid not null,
    criterion text not null,
    specification text not null,
    note smallint not null,
    comment text,
    constraint evaluation_note_pkey primary key (centre_id, evaluation_id, criterion),
    constraint evaluation_note_evaluation foreign key (centre_id, evaluation_id) references labels.evaluation (centre_id, id),
    constraint evaluation_note_criterion foreign key (specification, criterion) references labels.criterion (specification, code),
    constraint evaluation_note_range check (note between 0 and 20),
    constraint evaluation_note_comment check (length(comment) between 1 and 4000)
);
comment on table labels.evaluation_note is 'The note out of 20 of one criterion, and why.';

create function labels.application_file_of(p_centre_id smallint, p_application uuid) returns uuid
    language sql stable
as $$
    select f.file_id from labels.application_file f
    where f.centre_id = p_centre_id and f.application_id = p_application order by f.number desc limit 1
$$;

create function labels.application_answer(p_centre_id smallint, p_day date) returns uuid
    language sql stable
as $$
    -- As labels.status_of has it: what ends the waiting of an application of that day.
    select d.id from labels.decisions_known(p_centre_id, 'infinity') d
    where d.kind in ('grant', 'provisional', 'refuse') and d.decided_on >= p_day
    order by d.recorded_at limit 1
$$;

create function labels.application_state(p_centre_id smallint, p_application uuid) returns text
    language sql stable
as $$
    select case
               when exists (select from labels.application_event w where w.centre_id = a.centre_id
                            and w.application_id = a.application_id and w.event = 'withdrawn') then 'withdrawn'
               when labels.application_answer(a.centre_id, a.on_day) is not null then 'answered'
               when exists (select from labels.evaluation e where e.centre_id = a.centre_id
                            and e.application_id = a.application_id and e.closed_at is null) then 'underEvaluation'
               when exists (select from labels.evaluation e where e.centre_id = a.centre_id
                            and e.application_id = a.application_id) then 'evaluated'
               else 'submitted'
           end
    from labels.application_event a
    where a.centre_id = p_centre_id and a.application_id = p_application and a.event = 'submitted'
$$;
comment on function labels.application_state(smallint, uuid) is
    'submitted, underEvaluation, evaluated, answered (a decision of its day or later), withdrawn; null where the caller sees none.';

create function labels.application_gaps(p_centre_id smallint, p_application uuid) returns table (code text, element text, facts jsonb)
    language plpgsql stable
as $$
declare
    v_application labels.application_event;
    v_file uuid := labels.application_file_of(p_centre_id, p_application);
    v_state text;
    v_status text;
begin
    select * into v_application from labels.application_event a
    where a.centre_id = p_centre_id and a.application_id = p_application and a.event = 'submitted';
    if not found then
        return;
    end if;
    -- The kind fits what the centre has: a second evaluation follows a provisional label, a renewal any label.
    select p.status into v_status from labels.label_period p
    where p.centre_id = p_centre_id and p.during @> v_application.on_day;
    if v_application.kind = 'secondEvaluation' and not exists (
        select from labels.label_period p
        where p.centre_id = p_centre_id and p.status = 'provisional' and lower(p.during) <= v_application.on_day) then
        code := 'noProvisionalLabel';
        facts := jsonb_build_object('status', coalesce(v_status, 'none'), 'day', v_application.on_day);
        return next;
    elsif v_application.kind = 'renewal' and not exists (
        select from labels.label_decision d
        where d.centre_id = p_centre_id and d.kind in ('grant', 'provisional', 'extend') and d.effective_from <= v_application.on_day) then
        code := 'noLabelToRenew';
        facts := jsonb_build_object('status', coalesce(v_status, 'none'), 'day', v_application.on_day);
        return next;
    end if;
    facts := '{}';
    if v_file is null then
        code := 'fileMissing';
        return next;
        return;
    end if;
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = v_file;
    if v_state = 'draft' then
        code := 'fileStillDraft';
        return next;
        return query select g.code, g.element, g.facts from labels.file_gaps(p_centre_id, v_file) g;
    end if;
end
$$;
comment on function labels.application_gaps(smallint, uuid) is
    'What an application lacks before it can be evaluated; no row when it is complete.';

create function labels.link_file(p_centre_id smallint, p_application uuid, p_file uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text := labels.application_state(p_centre_id, p_application);
begin
    if v_state is null then
        return 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state <> 'submitted' then
        return 'applicationClosed';
    elsif not exists (select from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_file) then
        return 'fileUnknown';
    end if;
    insert into labels.application_file (centre_id, application_id, number, file_id, linked_at, linked_by)
    select p_centre_id, p_application, coalesce(max(f.number), 0) + 1, p_file, plateau.clock(), p_by
    from labels.application_file f where f.centre_id = p_centre_id and f.application_id = p_application;
    return 'linked';
end
$$;
comment on function labels.link_file(smallint, uuid, uuid, uuid) is
    'outcome: linked, notFound, forbidden, applicationClosed (its evaluation has begun, or it is over), fileUnknown.';

-- MARK: Evaluation

create function labels.open_evaluation(p_centre_id smallint, p_application uuid, p_id uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_application labels.application_event;
    v_state text;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    v_state := labels.application_state(p_centre_id, p_application);
    select * into v_application from labels.application_event a
    where a.centre_id = p_centre_id and a.application_id = p_application and a.event = 'submitted';
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state = 'underEvaluation' then
        return 'evaluationOpen';
    elsif v_state in ('withdrawn', 'answered') then
        return 'applicationClosed';
    elsif v_application.recorded_by = p_by then
        return 'samePerson';
    elsif exists (select from labels.application_gaps(p_centre_id, p_application)) then
        return 'applicationIncomplete';
    end if;
    insert into labels.evaluation (centre_id, id, application_id, specification, opened_at, opened_by, is_fictional)
    select p_centre_id, p_id, p_application, d.specification, plateau.clock(), p_by, d.is_fictional
    from labels.file_draft d
    where d.centre_id = p_centre_id and d.id = labels.application_file_of(p_centre_id, p_application);
    insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
    values (p_centre_id, 'labelEvaluation.opened', p_id, 1, jsonb_build_object('applicationId', p_application), plateau.clock());
    return 'opened';
end
$$;
comment on function labels.open_evaluation(smallint, uuid, uuid, uuid) is
    'outcome: opened, notFound, forbidden, evaluationOpen, applicationClosed, samePerson (who applied), applicationIncomplete (labels.application_gaps says why).';

create function labels.note_evaluation(
    p_centre_id smallint, p_id uuid, p_version integer, p_criteria text[], p_notes smallint[], p_comments text[], p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_evaluation labels.evaluation;
begin
    select * into v_evaluation from labels.evaluation e where e.centre_id = p_centre_id and e.id = p_id for update;
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_evaluation.closed_at is not null then
        return 'evaluationClosed';
    elsif v_evaluation.version <> p_version then
        return 'versionMismatch';
    elsif exists (select from unnest(p_criteria) c where not exists (
        select from labels.criterion k where k.specification = v_evaluation.specification and k.code = c)) then
        return 'criterionUnknown';
    end if;
    delete from labels.evaluation_note n where n.centre_id = p_centre_id and n.evaluation_id = p_id;
    insert into labels.evaluation_note (centre_id, evaluation_id, criterion, specification, note, comment)
    select p_centre_id, p_id, n.criterion, v_evaluation.specification, n.note, nullif(n.comment, '')
    from unnest(p_criteria, p_notes, p_comments) as n (criterion, note, comment);
    update labels.evaluation e set version = e.version + 1 where e.centre_id = p_centre_id and e.id = p_id;
    return 'noted';
end
$$;
comment on function labels.note_evaluation(smallint, uuid, integer, text[], smallint[], text[], uuid) is
    'Replaces the notes of an open evaluation; an empty comment is none. outcome: noted, notFound, forbidden, evaluationClosed, versionMismatch, criterionUnknown.';

create function labels.close_evaluation(p_centre_id smallint, p_id uuid, p_opinion text, p_comment text, p_by uuid)
    returns table (outcome text, missing text[])
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_evaluation labels.evaluation;
begin
    select * into v_evaluation from labels.evaluation e where e.centre_id = p_centre_id and e.id = p_id for update;
    if not found then
        outcome := 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
    elsif v_evaluation.closed_at is not null then
        outcome := 'evaluationClosed';
    else
        missing := array(select c.code from labels.criterion c
                         where c.specification = v_evaluation.specification and not exists (
                             select from labels.evaluation_note n
                             where n.centre_id = p_centre_id and n.evaluation_id = p_id and n.criterion = c.code)
                         order by c.position);
        if cardinality(missing) > 0 then
            outcome := 'evaluationIncomplete';
        else
            update labels.evaluation e
            set closed_at = plateau.clock(), closed_by = p_by, opinion = p_opinion, comment = p_comment, version = e.version + 1
            where e.centre_id = p_centre_id and e.id = p_id;
            insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
            values (p_centre_id, 'labelEvaluation.closed', p_id, v_evaluation.version + 1,
                    jsonb_build_object('applicationId', v_evaluation.application_id, 'opinion', p_opinion), plateau.clock());
            outcome := 'closed';
        end if;
    end if;
    return next;
end
$$;
comment on function labels.close_evaluation(smallint, uuid, text, text, uuid) is
    'Ends an evaluation with an opinion once every criterion has its note. outcome: closed, notFound, forbidden, evaluationClosed, evaluationIncomplete (missing: the criteria).';

-- MARK: Reminders

alter table labels.policy
    add column reminder_months integer[] not null default '{12,6,3}',
    add constraint policy_reminder_months check (
        cardinality(reminder_months) <= 12 and array_position(reminder_months, null) is null
        and 1 <= all (reminder_months) and 60 >= all (reminder_months));
comment on column labels.policy.reminder_months is 'How many months before the last day of a label its centre is reminded; empty: never.';

create table labels.reminder (
    centre_id smallint not null,
    ends_on date not null,
    months integer not null,
    sent_at timestamptz not null,
    renewal_pending boolean not null,
    constraint reminder_pkey primary key (centre_id, ends_on, months),
    constraint reminder_centre foreign key (centre_id) references centres.centre (centre_id)
);
comment on table labels.reminder is 'That an end of a label was announced, once for each of its dates.';

create function labels.label_end(p_centre_id smallint, p_day date) returns date
    language sql stable
as $$
    select upper(r.during) - 1
    from (select unnest(range_agg(p.during)) as during from labels.label_period p
          where p.centre_id = p_centre_id and p.status in ('labelled', 'provisional', 'suspended')) r
    where r.during @> p_day and not upper_inf(r.during)
$$;
comment on function labels.label_end(smallint, date) is
    'The last day of the label that covers a day, terms that follow one another without a gap included; null: none, or no end is known.';

create function labels.reminders_of(p_centre_id smallint, p_today date)
    returns table (ends_on date, months integer, due_on date, sent_at timestamptz, renewal_pending boolean)
    language sql stable
as $$
    select coalesce(s.ends_on, e.ends_on), coalesce(s.months, e.months),
           (coalesce(s.ends_on, e.ends_on) - make_interval(months => coalesce(s.months, e.months)))::date, s.sent_at, s.renewal_pending
    from (select l.ends_on, m.months
          from (select labels.label_end(p_centre_id, p_today) as ends_on) l
          cross join labels.policy o
          cross join lateral unnest(o.reminder_months) as m (months)
          where l.ends_on is not null) e
    full join (select * from labels.reminder r where r.centre_id = p_centre_id) s on s.ends_on = e.ends_on and s.months = e.months
$$;
comment on function labels.reminders_of(smallint, date) is
    'The reminders that were sent, and those to come for the end that is known now (sent_at null).';

create function labels.send_reminders() returns integer
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_count integer;
begin
    -- Of several that fall due together, as when a term is short, the nearest to the end stands for all.
    with due as (
        select distinct on (c.centre_id) c.centre_id, l.ends_on, m.months
        from centres.centre c
        cross join lateral (select plateau.local_day(v_now, c.zone) as today) t
        cross join lateral (select labels.label_end(c.centre_id, t.today) as ends_on) l
        cross join labels.policy o
        cross join lateral unnest(o.reminder_months) as m (months)
        where c.kind = 'centre' and l.ends_on is not null and (l.ends_on - make_interval(months => m.months))::date <= t.today
        order by c.centre_id, m.months
    ), sent as (
        insert into labels.reminder as r (centre_id, ends_on, months, sent_at, renewal_pending)
        select d.centre_id, d.ends_on, d.months, v_now, exists (
            select from labels.application_event a
            where a.centre_id = d.centre_id and a.event = 'submitted' and a.kind in ('renewal', 'secondEvaluation')
              and labels.application_state(a.centre_id, a.application_id) not in ('withdrawn', 'answered'))
        from due d
        where not exists (select from labels.reminder e
                          where e.centre_id = d.centre_id and e.ends_on = d.ends_on and e.months <= d.months)
        on conflict do nothing
        returning r.centre_id, r.ends_on, r.months, r.renewal_pending
    ), told as (
        insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
        select s.centre_id, 'label.endsSoon', c.id, 1,
               jsonb_build_object('endsOn', s.ends_on, 'months', s.months, 'renewalPending', s.renewal_pending), v_now
        from sent s join centres.centre c on c.centre_id = s.centre_id
        returning 1
    )
    select count(*) into v_count from told;
    return v_count;
end
$$;
comment on function labels.send_reminders() is
    'Writes an event for each label whose end is so many months away that a reminder is due, once. How many.';

drop function labels.change_policy(integer, integer, text, text, text, text, text, integer, integer, integer, integer, uuid);
create function labels.change_policy(
    p_version integer, p_term_years integer, p_ends_inside text, p_renewal_pending text, p_after_provisional text, p_term_ended text,
    p_beyond_horizon text, p_provisional_horizon_days integer, p_withdrawal_notice_days integer, p_file_notice_days integer,
    p_pending_release_days integer, p_reminder_months integer[], p_by uuid) returns text
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
        file_notice_days = p_file_notice_days, pending_release_days = p_pending_release_days, reminder_months = p_reminder_months
    where o.version = p_version;
    return case when found then 'changed' else 'versionMismatch' end;
end
$$;
comment on function labels.change_policy(
    integer, integer, text, text, text, text, text, integer, integer, integer, integer, integer[], uuid) is
    'For what is booked from now on. outcome: changed, versionMismatch, forbidden.';

-- MARK: Timeline

create function labels.author_of(p_key uuid) returns jsonb
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object('keyId', k.id, 'label', k.label, 'organisation', o.name)
    from access.api_key k join access.organisation o on o.id = k.organisation_id
    where k.id = p_key
$$;
comment on function labels.author_of(uuid) is
    'Who did something about a label, for those who may read its timeline: the key''s name and its organisation''s.';

create function labels.timeline(p_centre_id smallint, p_application uuid)
    returns table (at timestamptz, action text, subject_id uuid, key_id uuid, facts jsonb)
    language plpgsql stable
as $$
declare
    v_file uuid := labels.application_file_of(p_centre_id, p_application);
begin
    -- Reads as its caller: row-level security decides what shows.
    return query
    select e.at, 'file' || initcap(e.event), e.file_id, e.by, jsonb_strip_nulls(jsonb_build_object('comment', e.comment))
    from labels.file_event e
    where e.centre_id = p_centre_id and (p_application is null or e.file_id = v_file)
    union all
    select f.recorded_at, 'fileRecorded', f.id, f.recorded_by, jsonb_build_object('number', f.number)
    from labels.recognition_file f
    where f.centre_id = p_centre_id and p_application is null
      and not exists (select from labels.file_draft d where d.centre_id = f.centre_id and d.id = f.id)
    union all
    select a.recorded_at, 'application' || initcap(a.event), a.application_id, a.recorded_by,
           jsonb_build_object('kind', a.kind, 'day', a.on_day)
    from labels.application_event a
    where a.centre_id = p_centre_id and (p_application is null or a.application_id = p_application)
    union all
    select l.linked_at, 'fileLinked', l.application_id, l.linked_by, jsonb_build_object('fileId', l.file_id)
    from labels.application_file l
    where l.centre_id = p_centre_id and (p_application is null or l.application_id = p_application)
    union all
    select v.opened_at, 'evaluationOpened', v.id, v.opened_by, jsonb_build_object('applicationId', v.application_id)
    from labels.evaluation v
    where v.centre_id = p_centre_id and (p_application is null or v.application_id = p_application)
    union all
    select v.closed_at, 'evaluationClosed', v.id, v.closed_by,
           jsonb_build_object('applicationId', v.application_id, 'opinion', v.opinion)
    from labels.evaluation v
    where v.centre_id = p_centre_id and v.closed_at is not null and (p_application is null or v.application_id = p_application)
    union all
    select p.proposed_at, 'decisionProposed', p.id, p.proposed_by, jsonb_build_object('kind', p.kind, 'reference', p.reference)
    from labels.proposal p
    where p.centre_id = p_centre_id and p_application is null
    union all
    select w.withdrawn_at, 'proposalWithdrawn', w.proposal_id, w.withdrawn_by, '{}'
    from labels.proposal_withdrawal w
    where w.centre_id = p_centre_id and p_application is null
    union all
    select d.recorded_at, 'decisionRecorded', d.id, d.approved_by, jsonb_build_object('kind', d.kind, 'reference', d.reference)
    from labels.label_decision d
    where d.centre_id = p_centre_id
      and (p_application is null or d.id = (
          select labels.application_answer(p_centre_id, a.on_day) from labels.application_event a
          where a.centre_id = p_centre_id and a.application_id = p_application and a.event = 'submitted'))
    union all
    select r.sent_at, 'reminderSent', c.id, null, jsonb_build_object('months', r.months, 'endsOn', r.ends_on)
    from labels.reminder r join centres.centre c on c.centre_id = r.centre_id
    where r.centre_id = p_centre_id and p_application is null;
end
$$;
comment on function labels.timeline(smallint, uuid) is
    'Everything that happened around a centre''s label, or around one application: who did what when.';

-- MARK: Rights

grant select on labels.criterion to plateau_app, plateau_functions, plateau_readonly;
grant select on labels.application_file, labels.evaluation, labels.evaluation_note, labels.reminder to plateau_app, plateau_functions;
grant insert on labels.application_file, labels.reminder to plateau_functions;
grant insert, update on labels.evaluation to plateau_functions;
grant insert, delete on labels.evaluation_note to plateau_functions;

alter table labels.application_file enable row level security;
alter table labels.application_file force row level security;
alter table labels.evaluation enable row level security;
alter table labels.evaluation force row level security;
alter table labels.evaluation_note enable row level security;
alter table labels.evaluation_note force row level security;
alter table labels.reminder enable row level security;
alter table labels.reminder force row level security;
create policy application_file_functions on labels.application_file to plateau_functions using (true) with check (true);
create policy application_file_actor on labels.application_file for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
create policy evaluation_functions on labels.evaluation to plateau_functions using (true) with check (true);
create policy evaluation_actor on labels.evaluation for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
create policy evaluation_note_functions on labels.evaluation_note to plateau_functions using (true) with check (true);
-- The centre reads the notes once the evaluation is closed.
create policy evaluation_note_actor on labels.evaluation_note for select to plateau_app
    using ((select plateau.actor_is_network())
           or centre_id = any ((select plateau.actor_centres())::smallint[])
              and exists (select from labels.evaluation e
                          where e.centre_id = evaluation_note.centre_id and e.id = evaluation_id and e.closed_at is not null));
create policy reminder_functions on labels.reminder to plateau_functions using (true) with check (true);
create policy reminder_actor on labels.reminder for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));

do $$
declare
    f regprocedure;
begin
    for f in
        select p.oid::regprocedure from pg_proc p
        where p.pronamespace = 'labels'::regnamespace
          and p.proname in ('link_file', 'open_evaluation', 'note_evaluation', 'close_evaluation', 'send_reminders', 'change_policy', 'author_of')
    loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
grant execute on function labels.application_file_of(smallint, uuid), labels.application_answer(smallint, date),
    labels.application_state(smallint, uuid), labels.application_gaps(smallint, uuid), labels.label_end(smallint, date),
    labels.reminders_of(smallint, date), labels.timeline(smallint, uuid), labels.decisions_known(smallint, timestamptz)
    to plateau_app, plateau_functions;
