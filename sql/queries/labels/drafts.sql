-- name: StartFile :one
-- outcome: drafted, forbidden, basedOnUnknown.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- param based_on uuid as FileID
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.start_file(@centre_number, @id, @based_on, @by) as outcome;

-- name: ChangeFile :one
-- Replaces what a draft says. outcome: changed, notFound, forbidden, fileInForce, fileSubmitted, versionMismatch, audienceUnknown,
-- missionUnknown, or what is wrong with a sector's code (subject: its place, facts). Raises file_draft_order, file_draft_years.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- param version int4 not null
-- param specification text not null
-- param effective_from date
-- param effective_to date
-- param sectors text[] not null
-- param schemes text[] not null
-- param list_versions text[] not null
-- param codes text[] not null
-- param audiences text[] not null
-- param missions text[] not null
-- param elements text[] not null
-- param answers text[] not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column subject text
-- column facts jsonb
select r.outcome, r.subject, r.facts
from labels.change_file(
    @centre_number, @id, @version, @specification, @effective_from, @effective_to, @sectors, @schemes, @list_versions, @codes,
    @audiences, @missions, @elements, @answers, @by) as r;

-- name: SubmitFile :one
-- outcome: submitted, notFound, forbidden, fileInForce, fileSubmitted, fileIncomplete.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.submit_file(@centre_number, @id, @by) as outcome;

-- name: ReturnFile :one
-- outcome: returned, notFound, forbidden, fileInForce, fileNotSubmitted.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- param comment text not null
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.return_file(@centre_number, @id, @comment, @by) as outcome;

-- name: RecogniseFile :one
-- outcome: recognised, notFound, forbidden, fileInForce, fileNotSubmitted, samePerson. Raises recognition_file_order.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- param effective_from date
-- param effective_to date
-- param authority text not null
-- param reference text not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column changed text
select r.outcome, r.changed::text as changed
from labels.recognise_file(@centre_number, @id, @effective_from, @effective_to, @authority, @reference, @by) as r;

-- name: FindDraft :maybe
-- A file as it is written and examined, if the actor may see it; with when it was submitted last, and when recognised.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- column id uuid as FileID not null
-- column centre_id uuid as CentreID not null
-- column state text not null
-- column version int4 not null
-- column based_on uuid as FileID
-- column specification text not null
-- column effective_from date
-- column effective_to date
-- column sectors text[] not null
-- column sector_codes jsonb not null
-- column audiences text[] not null
-- column missions text[] not null
-- column answers jsonb not null
-- column changed_at timestamptz not null
-- column submitted_at timestamptz
-- column comment text
-- column is_fictional bool not null
select d.id, c.id as centre_id, d.state, d.version, d.based_on, d.specification, d.effective_from, d.effective_to, d.sectors,
       d.sector_codes, d.audiences, d.missions, d.answers, d.changed_at,
       (select max(e.at) from labels.file_event e
        where e.centre_id = d.centre_id and e.file_id = d.id and e.event = 'submitted') as submitted_at,
       (select e.comment from labels.file_event e
        where e.centre_id = d.centre_id and e.file_id = d.id and e.event = 'returned'
        order by e.number desc limit 1) as comment,
       d.is_fictional
from labels.file_draft d
join centres.centre c on c.centre_id = d.centre_id
where d.centre_id = @centre_number and d.id = @id;

-- name: ListDrafts :many
-- The files of a centre that are not recognised, or are in one state, newest first, if the actor may see them.
-- param centre_number int2 not null
-- param state text
-- param before uuid as FileID
-- param row_limit int4 not null
-- column id uuid as FileID not null
-- column state text not null
-- column version int4 not null
-- column based_on uuid as FileID
-- column effective_from date
-- column effective_to date
-- column sectors text[] not null
-- column changed_at timestamptz not null
-- column gaps int4 not null
-- column is_fictional bool not null
select d.id, d.state, d.version, d.based_on, d.effective_from, d.effective_to, d.sectors, d.changed_at,
       (select count(*) from labels.file_gaps(d.centre_id, d.id))::integer as gaps, d.is_fictional
from labels.file_draft d
where d.centre_id = @centre_number and (d.state = @state or @state is null and d.state <> 'recognised')
  and (@before is null or d.id < @before)
order by d.id desc
limit @row_limit;

-- name: ListFileGaps :many
-- What a draft lacks before it can be submitted.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- column code text not null
-- column element text
-- column facts jsonb not null
select g.code, g.element, g.facts from labels.file_gaps(@centre_number, @id) as g;
