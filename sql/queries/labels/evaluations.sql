-- name: OpenEvaluation :one
-- outcome: opened, notFound, forbidden, evaluationOpen, applicationClosed, samePerson, applicationIncomplete.
-- param centre_number int2 not null
-- param application_id uuid as ApplicationID not null
-- param id uuid as EvaluationID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.open_evaluation(@centre_number, @application_id, @id, @by) as outcome;

-- name: NoteEvaluation :one
-- Replaces the notes of an open evaluation; an empty comment is none.
-- outcome: noted, notFound, forbidden, evaluationClosed, versionMismatch, criterionUnknown.
-- param centre_number int2 not null
-- param id uuid as EvaluationID not null
-- param version int4 not null
-- param criteria text[] not null
-- param notes int2[] not null
-- param comments text[] not null
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.note_evaluation(@centre_number, @id, @version, @criteria, @notes, @comments, @by) as outcome;

-- name: CloseEvaluation :one
-- outcome: closed, notFound, forbidden, evaluationClosed, evaluationIncomplete (missing: the criteria without a note).
-- param centre_number int2 not null
-- param id uuid as EvaluationID not null
-- param opinion text not null
-- param comment text
-- param by uuid as KeyID not null
-- column outcome text not null
-- column missing text[]
select r.outcome, r.missing from labels.close_evaluation(@centre_number, @id, @opinion, @comment, @by) as r;

-- name: ListEvaluations :many
-- The evaluations of an application, or one by its id, oldest first, if the actor may see them; notes: a list of objects.
-- param centre_number int2 not null
-- param application_id uuid as ApplicationID
-- param id uuid as EvaluationID
-- param after uuid as EvaluationID
-- param row_limit int4 not null
-- column id uuid as EvaluationID not null
-- column application_id uuid as ApplicationID not null
-- column specification text not null
-- column version int4 not null
-- column opened_at timestamptz not null
-- column closed_at timestamptz
-- column opinion text
-- column comment text
-- column notes jsonb not null
-- column is_fictional bool not null
select e.id, e.application_id, e.specification, e.version, e.opened_at, e.closed_at, e.opinion, e.comment,
       coalesce((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                     'criterion', n.criterion, 'element', k.element, 'note', n.note, 'comment', n.comment)) order by k.position)
                 from labels.evaluation_note n
                 join labels.criterion k on k.specification = n.specification and k.code = n.criterion
                 where n.centre_id = e.centre_id and n.evaluation_id = e.id), '[]') as notes,
       e.is_fictional
from labels.evaluation e
where e.centre_id = @centre_number
  and (@application_id is null or e.application_id = @application_id)
  and (@id is null or e.id = @id)
  and (@after is null or e.id > @after)
order by e.id
limit @row_limit;

-- name: ListCriteria :many
-- What an evaluation notes, in order.
-- column code text not null
-- column element text not null
select c.code, c.element from labels.criterion c where c.specification = '2017' order by c.position;
