-- name: AddDemoDrafts :one
-- What stands behind the last file of some centres, the next file of those whose application waits, and one that is being written.
-- param whole int2[] not null
-- param pending int2[] not null
-- param drafting int2 not null
-- param elements text[] not null
-- param answers text[] not null
-- param today date not null
-- column drafts int8 not null
with last_file as (
    select distinct on (f.centre_id) f.* from labels.recognition_file f order by f.centre_id, f.number desc
), added as (
    insert into labels.file_draft (
        centre_id, id, state, version, based_on, effective_from, effective_to, sectors, sector_codes, audiences, missions, answers,
        changed_at, changed_by, submitted_by, is_fictional)
    select f.centre_id, f.id, 'recognised', 4, null, f.effective_from, f.effective_to, f.sectors, f.sector_codes, f.audiences, f.missions,
           jsonb_object(@elements, @answers), f.recorded_at - interval '31 days', f.recorded_by, f.recorded_by, true
    from last_file f where f.centre_id = any (@whole)
    union all
    select f.centre_id, overlay(f.id::text placing 'd0c000000001' from 25)::uuid, 'submitted', 3, f.id, date '2026-01-01',
           date '2028-12-31', f.sectors, '[{"scheme": "NACE-BEL", "version": "2025", "code": "62"}]', f.audiences, f.missions,
           jsonb_object(@elements, @answers), a.recorded_at - interval '2 days', f.recorded_by, f.recorded_by, true
    from last_file f
    join labels.application_event a on a.centre_id = f.centre_id and a.event = 'submitted'
    where f.centre_id = any (@pending)
    union all
    select f.centre_id, overlay(f.id::text placing 'd0c000000002' from 25)::uuid, 'draft', 2, f.id, date '2029-01-01', null, f.sectors,
           f.sector_codes, f.audiences, f.missions, jsonb_object((@elements)[1:2], (@answers)[1:2]),
           (@today - 5)::timestamp at time zone 'UTC', f.recorded_by, null, true
    from last_file f where f.centre_id = @drafting
    returning 1
)
select count(*) as drafts from added;

-- name: AddDemoFileEvents :one
-- Who drafted, submitted and recognised them.
-- param recognised_by uuid as KeyID not null
-- column events int8 not null
with added as (
    insert into labels.file_event (centre_id, file_id, number, event, at, by)
    select d.centre_id, d.id, e.number, e.event, e.at, e.by
    from labels.file_draft d
    left join labels.recognition_file f on f.centre_id = d.centre_id and f.id = d.id
    cross join lateral (values
        (1, 'drafted', d.changed_at - interval '40 days', d.changed_by),
        (2, 'submitted', d.changed_at + interval '1 day', d.submitted_by),
        (3, 'recognised', f.recorded_at, @recognised_by)) as e (number, event, at, by)
    where e.by is not null and e.at is not null and not (d.state = 'draft' and e.number > 1)
    returning 1
)
select count(*) as events from added;

-- name: AddDemoEvidence :one
-- One document an element of what was submitted.
-- param elements text[] not null
-- param names text[] not null
-- param documents bytea[] not null
-- column documents int8 not null
with added as (
    insert into labels.evidence (centre_id, id, file_id, element, name, media_type, size, sha256, added_at, added_by)
    select d.centre_id, overlay(d.id::text placing left(md5(d.id::text || e.element), 12) from 25)::uuid, d.id, e.element, e.name,
           'application/pdf', octet_length(e.document), sha256(e.document), d.changed_at, d.changed_by
    from labels.file_draft d
    cross join unnest(@elements, @names, @documents) as e (element, name, document)
    where d.state <> 'draft'
    returning centre_id, id, element, size, sha256
), contents as (
    insert into labels.evidence_content (centre_id, evidence_id, size, sha256, content)
    select a.centre_id, a.id, a.size, a.sha256, e.document
    from added a join unnest(@elements, @documents) as e (element, document) on e.element = a.element
    returning 1
)
select count(*) as documents from contents;

-- name: AddDemoEvaluations :one
-- The applications that wait rest on their files; one is being evaluated, another was.
-- param pending int2[] not null
-- param closed int2 not null
-- param by uuid as KeyID not null
-- column notes int8 not null
with linked as (
    insert into labels.application_file (centre_id, application_id, number, file_id, linked_at, linked_by)
    select a.centre_id, a.application_id, 1, d.id, a.recorded_at, a.recorded_by
    from labels.application_event a
    join labels.file_draft d on d.centre_id = a.centre_id and d.state = 'submitted'
    where a.event = 'submitted' and a.centre_id = any (@pending)
    returning centre_id, application_id
), opened as (
    insert into labels.evaluation (
        centre_id, id, application_id, specification, version, opened_at, opened_by, closed_at, closed_by, opinion, comment, is_fictional)
    select a.centre_id, overlay(a.application_id::text placing 'e0a100000001' from 25)::uuid, a.application_id, '2017', 3,
           a.recorded_at + interval '30 days', @by, c.closed_at, c.by, c.opinion, c.comment, true
    from linked l
    join labels.application_event a on a.centre_id = l.centre_id and a.application_id = l.application_id and a.event = 'submitted'
    left join lateral (
        select a.recorded_at + interval '90 days', @by, 'favourableWithConditions',
               'FICTIF / FICTIONAL : avis rendu sur pièces, à compléter par une visite.'
        where a.centre_id = @closed) as c (closed_at, by, opinion, comment) on true
    returning centre_id, id, closed_at
), noted as (
    insert into labels.evaluation_note (centre_id, evaluation_id, criterion, specification, note, comment)
    select o.centre_id, o.id, c.code, c.specification, 11 + (c.position * 5 + o.centre_id) % 8,
           case when c.position % 3 = 0 then 'FICTIF / FICTIONAL' end
    from opened o
    join labels.criterion c on c.specification = '2017' and (o.closed_at is not null or c.position <= 5)
    returning 1
)
select count(*) as notes from noted;
