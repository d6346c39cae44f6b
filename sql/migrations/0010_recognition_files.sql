-- Recognition files: drafted by the centre, submitted, recognised by the network; their evidence; lists of sectors with versions.
-- lock class: ACCESS EXCLUSIVE on labels.recognition_file and labels.label_decision for added columns and triggers (no rewrite)

-- MARK: Words

create table labels.mission (
    code text not null,
    constraint mission_pkey primary key (code),
    constraint mission_code_form check (code ~ '^[a-z][A-Za-z]{2,39}$')
);
comment on table labels.mission is
    'Missions of a centre (decree of 6 May 1999, article 1bis, 7°, as replaced by that of 10 May 2012). A file names each of them.';
insert into labels.mission (code) values ('informationAwareness'), ('technologyWatch'), ('training'), ('needsAnalysis');

create table labels.element (
    position smallint not null,
    code text not null,
    constraint element_pkey primary key (code),
    constraint element_position_once unique (position)
);
comment on table labels.element is 'The four elements that the specifications expect of a centre since 2017.';
insert into labels.element (position, code)
values (1, 'economicRoots'), (2, 'trainingOffer'), (3, 'resourceCentre'), (4, 'mixedInvestment');

create table labels.sector_list (
    scheme text not null,
    version text not null,
    valid_from date not null,
    valid_to date,
    divisions text[] not null,
    constraint sector_list_pkey primary key (scheme, version),
    constraint sector_list_order check (valid_to >= valid_from)
);
comment on table labels.sector_list is
    'Versions of a classification of activities, with the days on which a file that begins may use them, and their divisions (two digits).';
insert into labels.sector_list (scheme, version, valid_from, valid_to, divisions)
select 'NACE-BEL', l.version, l.valid_from, l.valid_to,
       array(select to_char(d, 'FM00') from generate_series(1, 99) d
             where d not in (4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89) and not (l.version = '2025' and d = 45) order by d)
from (values ('2008', date '2008-01-01', date '2024-12-31'), ('2025', date '2025-01-01', null)) as l (version, valid_from, valid_to);

create table labels.sector_successor (
    scheme text not null,
    version text not null,
    code text not null,
    next_version text not null,
    next_codes text[] not null,
    constraint sector_successor_pkey primary key (scheme, version, code),
    constraint sector_successor_list foreign key (scheme, version) references labels.sector_list (scheme, version),
    constraint sector_successor_next foreign key (scheme, next_version) references labels.sector_list (scheme, version)
);
comment on table labels.sector_successor is
    'Classes that a later version of a list has no more, and where their activities went: a proposal to a person, never applied by itself.';
insert into labels.sector_successor (scheme, version, code, next_version, next_codes)
values ('NACE-BEL', '2008', '45.11', '2025', '{46.71,47.81}'), ('NACE-BEL', '2008', '45.19', '2025', '{46.71,47.81}'),
       ('NACE-BEL', '2008', '45.20', '2025', '{95.31}'), ('NACE-BEL', '2008', '45.31', '2025', '{46.72}'),
       ('NACE-BEL', '2008', '45.32', '2025', '{47.82}'), ('NACE-BEL', '2008', '45.40', '2025', '{46.73,47.83,95.32}'),
       ('NACE-BEL', '2008', '62.01', '2025', '{62.10}'), ('NACE-BEL', '2008', '62.02', '2025', '{62.20}'),
       ('NACE-BEL', '2008', '62.03', '2025', '{62.20}'), ('NACE-BEL', '2008', '62.09', '2025', '{62.90}');

-- MARK: Facts

alter table labels.recognition_file
    add column specification text not null default '2017',
    add column sector_codes jsonb not null default '[]',
    add column missions text[] not null default '{}',
    add column authority text,
    add column reference text,
    add constraint recognition_file_specification_present check (length(specification) between 1 and 40),
    add constraint recognition_file_act check ((authority is null) = (reference is null));
comment on column labels.recognition_file.specification is 'Version of the specifications (cahier des charges) that the file answers.';
comment on column labels.recognition_file.sectors is 'As the act of recognition words them.';
comment on column labels.recognition_file.sector_codes is
    'The same in classifications: objects with scheme, version (of the list) and code. One sector may be several classes.';
comment on column labels.recognition_file.reference is 'Of the act that recognises; null: recorded before acts were.';

create function labels.refuse_change() returns trigger
    language plpgsql
as $$
begin
    raise exception '% keeps what was decided: a row is superseded, never changed', tg_table_name using errcode = 'restrict_violation';
end
$$;
comment on function labels.refuse_change() is 'For tables whose rows are facts: nobody changes or removes them, the owner included.';
create trigger recognition_file_stays before update or delete or truncate on labels.recognition_file
    for each statement execute function labels.refuse_change();
create trigger label_decision_stays before update or delete or truncate on labels.label_decision
    for each statement execute function labels.refuse_change();

-- MARK: Drafts

create table labels.file_draft (
    centre_id smallint not null,
    id uuid not null,
    state text not null default 'draft',
    version integer not null default 1,
    based_on uuid,
    specification text not null default '2017',
    effective_from date,
    effective_to date,
    sectors text[] not null default '{}',
    sector_codes jsonb not null default '[]',
    audiences text[] not null default '{}',
    missions text[] not null default '{}',
    answers jsonb not null default '{}',
    changed_at timestamptz not null,
    changed_by uuid not null,
    submitted_by uuid,
    is_fictional boolean not null default false,
    constraint file_draft_pkey primary key (centre_id, id),
    constraint file_draft_centre foreign key (centre_id) references centres.centre (centre_id),
    constraint file_draft_id_carries_number check (plateau.centre_of(id) = centre_id),
    constraint file_draft_not_for_the_network check (centre_id <> 0),
    constraint file_draft_state_known check (state in ('draft', 'submitted', 'recognised')),
    constraint file_draft_order check (effective_to >= effective_from),
    constraint file_draft_years check (
        coalesce(effective_from, '2000-01-01') >= '1900-01-01' and coalesce(effective_to, effective_from, '2000-01-01') <= '2999-12-31'),
    constraint file_draft_submitter check ((state = 'draft') or submitted_by is not null),
    constraint file_draft_answers_object check (jsonb_typeof(answers) = 'object')
);
comment on table labels.file_draft is
    'A recognition file while it is written and examined. Recognition makes it a row of labels.recognition_file under the same id; answers and evidence stay here, for the centre and the network.';

create table labels.file_event (
    centre_id smallint not null,
    file_id uuid not null,
    number integer not null,
    event text not null,
    at timestamptz not null,
    by uuid not null,
    comment text,
    constraint file_event_pkey primary key (centre_id, file_id, number),
    constraint file_event_draft foreign key (centre_id, file_id) references labels.file_draft (centre_id, id),
    constraint file_event_known check (event in ('drafted', 'submitted', 'returned', 'recognised')),
    constraint file_event_comment check (length(comment) <= 4000)
);
comment on table labels.file_event is 'What happened to a draft: who did what when. Rows are only ever added.';

create table labels.evidence (
    centre_id smallint not null,
    id uuid not null,
    file_id uuid not null,
    element text not null,
    name text not null,
    media_type text not null,
    size integer not null,
    sha256 bytea not null,
    added_at timestamptz not null,
    added_by uuid not null,
    constraint evidence_pkey primary key (centre_id, id),
    constraint evidence_draft foreign key (centre_id, file_id) references labels.file_draft (centre_id, id),
    constraint evidence_element foreign key (element) references labels.element (code),
    constraint evidence_once unique (centre_id, file_id, element, sha256),
    constraint evidence_name check (length(name) between 1 and 200 and name !~ '[[:cntrl:]/\\]'),
    constraint evidence_media_type check (media_type in (
        'application/pdf', 'image/jpeg', 'image/png', 'text/plain', 'text/csv', 'application/vnd.oasis.opendocument.text',
        'application/vnd.oasis.opendocument.spreadsheet', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')),
    constraint evidence_size check (size between 1 and 5242880)
);
comment on table labels.evidence is 'Documents that support an answer of a draft.';

create table labels.evidence_content (
    centre_id smallint not null,
    evidence_id uuid not null,
    size integer not null,
    sha256 bytea not null,
    content bytea not null,
    constraint evidence_content_pkey primary key (centre_id, evidence_id),
    constraint evidence_content_evidence foreign key (centre_id, evidence_id) references labels.evidence (centre_id, id) on delete cascade,
    constraint evidence_content_is_whole check (size = octet_length(content) and sha256 = pg_catalog.sha256(content))
);
alter table labels.evidence_content alter column content set storage external;
comment on table labels.evidence_content is
    'The bytes of documents, apart from what is listed; never compressed, most are already. A row whose bytes are not those of its hash is refused.';

-- MARK: Sectors

create function labels.code_of(p_code text) returns text
    language sql immutable strict parallel safe
    return case when p_code ~ '^[0-9]{2}(\.?[0-9]{1,3})?$'
                then regexp_replace(replace(p_code, '.', ''), '^([0-9]{2})([0-9]+)$', '\1.\2') end;
comment on function labels.code_of(text) is 'A code of NACE as it is stored: 62, 62.1, 62.10, 62.100; null: it is none.';

create function labels.objection_to_sector(p_scheme text, p_version text, p_code text, p_day date, out code text, out facts jsonb)
    language plpgsql stable
as $$
declare
    v_list labels.sector_list;
    v_current labels.sector_list;
    v_code text := labels.code_of(p_code);
    v_next labels.sector_successor;
begin
    select * into v_list from labels.sector_list l where l.scheme = p_scheme and l.version = p_version;
    select * into v_current from labels.sector_list l
    where l.scheme = p_scheme and l.valid_from <= p_day and (l.valid_to is null or l.valid_to >= p_day);
    facts := jsonb_strip_nulls(jsonb_build_object(
        'scheme', p_scheme, 'version', p_version, 'code', p_code, 'day', p_day, 'currentVersion', v_current.version));
    if v_list.scheme is null then
        code := 'sectorListUnknown';
    elsif v_list.version is distinct from v_current.version then
        select s.* into v_next from labels.sector_successor s
        where s.scheme = p_scheme and s.version = p_version and s.next_version = v_current.version and s.code = left(v_code, 5);
        code := 'sectorListOutdated';
        facts := facts || jsonb_strip_nulls(jsonb_build_object(
            'validTo', v_list.valid_to,
            'successors', case when v_next.code is not null then to_jsonb(v_next.next_codes)
                               when length(v_code) = 2 and v_code = any (v_current.divisions) then jsonb_build_array(v_code) end));
    elsif v_code is null or not left(v_code, 2) = any (v_list.divisions) then
        code := 'sectorCodeUnknown';
    else
        -- The list is kept by divisions; of classes, those are known that an earlier version had and this one has not.
        select s.* into v_next from labels.sector_successor s
        where s.scheme = p_scheme and s.next_version = p_version and s.code = left(v_code, 5);
        if found then
            code := 'sectorCodeOfOtherList';
            facts := facts || jsonb_build_object('otherVersion', v_next.version, 'successors', to_jsonb(v_next.next_codes));
        end if;
    end if;
end
$$;
comment on function labels.objection_to_sector(text, text, text, date) is
    'Why a file that begins on a day cannot use a code: sectorListUnknown, sectorListOutdated, sectorCodeUnknown, sectorCodeOfOtherList; null when it can. A code of another version is never taken for one of this.';

-- MARK: Writing a draft

create function labels.add_file_event(p_centre_id smallint, p_file uuid, p_event text, p_by uuid, p_comment text) returns void
    language plpgsql volatile
as $$
begin
    insert into labels.file_event (centre_id, file_id, number, event, at, by, comment)
    select p_centre_id, p_file, coalesce(max(e.number), 0) + 1, p_event, plateau.clock(), p_by, p_comment
    from labels.file_event e where e.centre_id = p_centre_id and e.file_id = p_file;
    if p_event <> 'drafted' then
        insert into jobs.event (centre_id, type, subject_id, version, payload, occurred_at)
        select p_centre_id, 'recognitionFile.' || p_event, p_file, d.version, jsonb_strip_nulls(jsonb_build_object('comment', p_comment)),
               plateau.clock()
        from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_file;
    end if;
end
$$;

create function labels.start_file(p_centre_id smallint, p_id uuid, p_based_on uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_model labels.recognition_file;
begin
    if not access.has_role(p_by, array['centreManager'], p_centre_id) then
        return 'forbidden';
    end if;
    if p_based_on is not null then
        select * into v_model from labels.recognition_file f where f.centre_id = p_centre_id and f.id = p_based_on;
        if not found then
            return 'basedOnUnknown';
        end if;
    end if;
    insert into labels.file_draft (
        centre_id, id, based_on, specification, sectors, sector_codes, audiences, missions, answers, changed_at, changed_by)
    values (p_centre_id, p_id, p_based_on, coalesce(v_model.specification, '2017'), coalesce(v_model.sectors, '{}'),
            coalesce(v_model.sector_codes, '[]'), coalesce(v_model.audiences, '{}'), coalesce(v_model.missions, '{}'),
            coalesce((select d.answers from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_based_on), '{}'),
            plateau.clock(), p_by);
    perform labels.add_file_event(p_centre_id, p_id, 'drafted', p_by, null);
    return 'drafted';
end
$$;
comment on function labels.start_file(smallint, uuid, uuid, uuid) is
    'outcome: drafted, forbidden, basedOnUnknown. Based on a recognised file it begins with that one''s content and answers; evidence is brought anew.';

create function labels.change_file(
    p_centre_id smallint, p_id uuid, p_version integer, p_specification text, p_effective_from date, p_effective_to date,
    p_sectors text[], p_schemes text[], p_list_versions text[], p_codes text[], p_audiences text[], p_missions text[],
    p_elements text[], p_answers text[], p_by uuid)
    returns table (outcome text, subject text, facts jsonb)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_draft labels.file_draft;
    v_objection record;
begin
    select * into v_draft from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id for update;
    if not found then
        outcome := 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        outcome := 'forbidden';
    elsif v_draft.state <> 'draft' then
        outcome := case v_draft.state when 'recognised' then 'fileInForce' else 'fileSubmitted' end;
    elsif v_draft.version <> p_version then
        outcome := 'versionMismatch';
    elsif exists (select from unnest(p_audiences) a where not exists (select from labels.audience k where k.code = a)) then
        outcome := 'audienceUnknown';
    elsif exists (select from unnest(p_missions) m where not exists (select from labels.mission k where k.code = m)) then
        outcome := 'missionUnknown';
    else
        select s.position - 1 as position, o.code, o.facts into v_objection
        from unnest(p_schemes, p_list_versions, p_codes) with ordinality as s (scheme, version, code, position)
        cross join lateral labels.objection_to_sector(
            s.scheme, s.version, s.code, coalesce(p_effective_from, plateau.local_day(plateau.clock(), 'UTC'))) o
        where o.code is not null order by s.position limit 1;
        if found then
            outcome := v_objection.code;
            subject := v_objection.position::text;
            facts := v_objection.facts;
        else
            update labels.file_draft d
            set version = d.version + 1, specification = p_specification, effective_from = p_effective_from, effective_to = p_effective_to,
                sectors = p_sectors, audiences = p_audiences, missions = p_missions,
                sector_codes = coalesce((
                    select jsonb_agg(jsonb_build_object('scheme', s.scheme, 'version', s.version, 'code', labels.code_of(s.code))
                                     order by s.position)
                    from unnest(p_schemes, p_list_versions, p_codes) with ordinality as s (scheme, version, code, position)), '[]'),
                answers = jsonb_object(p_elements, p_answers), changed_at = plateau.clock(), changed_by = p_by
            where d.centre_id = p_centre_id and d.id = p_id;
            outcome := 'changed';
        end if;
    end if;
    return next;
end
$$;
comment on function labels.change_file(
    smallint, uuid, integer, text, date, date, text[], text[], text[], text[], text[], text[], text[], text[], uuid) is
    'Replaces what a draft says. outcome: changed, notFound, forbidden, fileInForce, fileSubmitted, versionMismatch, audienceUnknown, missionUnknown, or what labels.objection_to_sector says of the first such sector (subject: its place, facts).';

create function labels.add_evidence(
    p_centre_id smallint, p_file uuid, p_id uuid, p_element text, p_name text, p_media_type text, p_content bytea, p_by uuid)
    returns table (outcome text, evidence_id uuid, sha256 bytea, added_at timestamptz)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_file for update;
    if not found then
        outcome := 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        outcome := 'forbidden';
    elsif v_state <> 'draft' then
        outcome := case v_state when 'recognised' then 'fileInForce' else 'fileSubmitted' end;
    elsif (select count(*) from labels.evidence e where e.centre_id = p_centre_id and e.file_id = p_file) >= 100 then
        outcome := 'tooMuchEvidence';
    else
        sha256 := pg_catalog.sha256(p_content);
        added_at := plateau.clock();
        select e.id into evidence_id from labels.evidence e
        where e.centre_id = p_centre_id and e.file_id = p_file and e.element = p_element and e.sha256 = add_evidence.sha256;
        if found then
            outcome := 'evidenceTwice';
        else
            insert into labels.evidence (centre_id, id, file_id, element, name, media_type, size, sha256, added_at, added_by)
            values (p_centre_id, p_id, p_file, p_element, p_name, p_media_type, octet_length(p_content), add_evidence.sha256,
                    add_evidence.added_at, p_by);
            insert into labels.evidence_content (centre_id, evidence_id, size, sha256, content)
            values (p_centre_id, p_id, octet_length(p_content), add_evidence.sha256, p_content);
            outcome := 'added';
            evidence_id := p_id;
        end if;
    end if;
    return next;
end
$$;
comment on function labels.add_evidence(smallint, uuid, uuid, text, text, text, bytea, uuid) is
    'outcome: added, notFound, forbidden, fileInForce, fileSubmitted, tooMuchEvidence, evidenceTwice (evidence_id is the one that is there).';

create function labels.remove_evidence(p_centre_id smallint, p_file uuid, p_id uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_file for update;
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state <> 'draft' then
        return case v_state when 'recognised' then 'fileInForce' else 'fileSubmitted' end;
    end if;
    delete from labels.evidence e where e.centre_id = p_centre_id and e.file_id = p_file and e.id = p_id;
    return case when found then 'removed' else 'notFound' end;
end
$$;
comment on function labels.remove_evidence(smallint, uuid, uuid, uuid) is
    'From a draft only. outcome: removed, notFound, forbidden, fileInForce, fileSubmitted.';

-- MARK: What is missing

create function labels.file_gaps(p_centre_id smallint, p_id uuid) returns table (code text, element text, facts jsonb)
    language plpgsql stable
as $$
declare
    v_draft labels.file_draft;
begin
    -- Reads as its caller: of a draft that the caller may not see nothing is said.
    select * into v_draft from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id;
    if not found then
        return;
    end if;
    return query
    select 'effectiveFromMissing', null::text, '{}'::jsonb where v_draft.effective_from is null
    union all
    select 'sectorsMissing', null, '{}' where cardinality(v_draft.sectors) = 0
    union all
    select 'sectorCodesMissing', null, '{}' where jsonb_array_length(v_draft.sector_codes) = 0
    union all
    select 'audiencesMissing', null, '{}' where cardinality(v_draft.audiences) = 0
    union all
    select 'missionsMissing', null, jsonb_build_object('missing', array_agg(m.code order by m.code))
    from labels.mission m where m.code <> all (v_draft.missions) having count(*) > 0
    union all
    select g.code, g.element, '{}'::jsonb
    from (select 'answerMissing' as code, e.code as element, e.position, 1 as kind from labels.element e
          where not v_draft.answers ? e.code
          union all
          select 'evidenceMissing', e.code, e.position, 2 from labels.element e
          where not exists (select from labels.evidence v
                            where v.centre_id = p_centre_id and v.file_id = p_id and v.element = e.code)
          order by 3, 4) g;
end
$$;
comment on function labels.file_gaps(smallint, uuid) is
    'What a draft lacks before it can be submitted; no row when it is complete.';

-- MARK: Submitting, returning, recognising

create function labels.submit_file(p_centre_id smallint, p_id uuid, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id for update;
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['centreManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state <> 'draft' then
        return case v_state when 'recognised' then 'fileInForce' else 'fileSubmitted' end;
    elsif exists (select from labels.file_gaps(p_centre_id, p_id)) then
        return 'fileIncomplete';
    end if;
    update labels.file_draft d set state = 'submitted', version = d.version + 1, submitted_by = p_by
    where d.centre_id = p_centre_id and d.id = p_id;
    perform labels.add_file_event(p_centre_id, p_id, 'submitted', p_by, null);
    return 'submitted';
end
$$;
comment on function labels.submit_file(smallint, uuid, uuid) is
    'outcome: submitted, notFound, forbidden, fileInForce, fileSubmitted, fileIncomplete (labels.file_gaps says why).';

create function labels.return_file(p_centre_id smallint, p_id uuid, p_comment text, p_by uuid) returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    select d.state into v_state from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id for update;
    if not found then
        return 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        return 'forbidden';
    elsif v_state <> 'submitted' then
        return case v_state when 'recognised' then 'fileInForce' else 'fileNotSubmitted' end;
    end if;
    update labels.file_draft d set state = 'draft', version = d.version + 1 where d.centre_id = p_centre_id and d.id = p_id;
    perform labels.add_file_event(p_centre_id, p_id, 'returned', p_by, p_comment);
    return 'returned';
end
$$;
comment on function labels.return_file(smallint, uuid, text, uuid) is
    'Gives a submitted file back to its centre, with what has to be mended. outcome: returned, notFound, forbidden, fileInForce, fileNotSubmitted.';

create function labels.recognise_file(
    p_centre_id smallint, p_id uuid, p_effective_from date, p_effective_to date, p_authority text, p_reference text, p_by uuid)
    returns table (outcome text, number integer, recorded_at timestamptz, changed datemultirange)
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_draft labels.file_draft;
begin
    perform pg_advisory_xact_lock(plateau.label_lock(p_centre_id));
    select * into v_draft from labels.file_draft d where d.centre_id = p_centre_id and d.id = p_id for update;
    if not found then
        outcome := 'notFound';
    elsif not access.has_role(p_by, array['labelAuthority', 'networkManager'], p_centre_id) then
        outcome := 'forbidden';
    elsif v_draft.state <> 'submitted' then
        outcome := case v_draft.state when 'recognised' then 'fileInForce' else 'fileNotSubmitted' end;
    elsif v_draft.submitted_by = p_by then
        outcome := 'samePerson';
    else
        insert into labels.recognition_file as f (
            centre_id, id, number, effective_from, effective_to, sectors, audiences, specification, sector_codes, missions, authority,
            reference, recorded_at, recorded_by, is_fictional)
        select p_centre_id, p_id, coalesce(max(e.number), 0) + 1, coalesce(p_effective_from, v_draft.effective_from),
               case when p_effective_from is null then coalesce(p_effective_to, v_draft.effective_to) else p_effective_to end,
               v_draft.sectors, v_draft.audiences, v_draft.specification, v_draft.sector_codes, v_draft.missions, p_authority,
               p_reference, plateau.clock(), p_by, v_draft.is_fictional
        from labels.recognition_file e where e.centre_id = p_centre_id
        returning 'recognised', f.number, f.recorded_at, datemultirange(daterange(f.effective_from, f.effective_to, '[]'))
        into outcome, number, recorded_at, changed;
        update labels.file_draft d set state = 'recognised', version = d.version + 1 where d.centre_id = p_centre_id and d.id = p_id;
        perform labels.add_file_event(p_centre_id, p_id, 'recognised', p_by, null);
    end if;
    return next;
end
$$;
comment on function labels.recognise_file(smallint, uuid, date, date, text, text, uuid) is
    'Puts a submitted file in force, for its own days unless others are given; not by who submitted it. outcome: recognised, notFound, forbidden, fileInForce, fileNotSubmitted, samePerson. Raises recognition_file_order.';

-- MARK: Rights

grant select on labels.mission, labels.element, labels.sector_list, labels.sector_successor to plateau_app, plateau_functions, plateau_readonly;
grant select on labels.file_draft, labels.file_event, labels.evidence, labels.evidence_content to plateau_app, plateau_functions;
grant insert, update on labels.file_draft to plateau_functions;
grant insert on labels.file_event to plateau_functions;
grant insert, delete on labels.evidence, labels.evidence_content to plateau_functions;

alter table labels.file_draft enable row level security;
alter table labels.file_draft force row level security;
alter table labels.file_event enable row level security;
alter table labels.file_event force row level security;
alter table labels.evidence enable row level security;
alter table labels.evidence force row level security;
alter table labels.evidence_content enable row level security;
alter table labels.evidence_content force row level security;
create policy file_draft_functions on labels.file_draft to plateau_functions using (true) with check (true);
create policy file_draft_actor on labels.file_draft for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
create policy file_event_functions on labels.file_event to plateau_functions using (true) with check (true);
create policy file_event_actor on labels.file_event for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
create policy evidence_functions on labels.evidence to plateau_functions using (true) with check (true);
create policy evidence_actor on labels.evidence for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));
create policy evidence_content_functions on labels.evidence_content to plateau_functions using (true) with check (true);
create policy evidence_content_actor on labels.evidence_content for select to plateau_app
    using ((select plateau.actor_is_network()) or centre_id = any ((select plateau.actor_centres())::smallint[]));

do $$
declare
    f regprocedure;
begin
    for f in
        select p.oid::regprocedure from pg_proc p
        where p.pronamespace = 'labels'::regnamespace
          and p.proname in ('start_file', 'change_file', 'add_evidence', 'remove_evidence', 'submit_file', 'return_file', 'recognise_file')
    loop
        execute format('alter function %s owner to plateau_functions', f);
        execute format('grant execute on function %s to plateau_app', f);
    end loop;
end
$$;
grant execute on function labels.code_of(text), labels.objection_to_sector(text, text, text, date),
    labels.add_file_event(smallint, uuid, text, uuid, text) to plateau_functions;
grant execute on function labels.file_gaps(smallint, uuid) to plateau_app, plateau_functions;
