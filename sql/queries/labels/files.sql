-- name: RecordFile :one
-- Adds the next recognition file of a centre. outcome: recorded, audienceUnknown.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- param effective_from date not null
-- param effective_to date
-- param sectors text[] not null
-- param audiences text[] not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column number int4
-- column recorded_at timestamptz
-- column changed text
select r.outcome, r.number, r.recorded_at, r.changed::text as changed
from labels.record_file(@centre_number, @id, @effective_from, @effective_to, @sectors, @audiences, @by) as r;

-- name: ListFiles :many
-- The recognition files of a centre, by number, after one of them.
-- param centre_number int2 not null
-- param after int4 not null
-- param row_limit int4 not null
-- column id uuid as FileID not null
-- column number int4 not null
-- column effective_from date not null
-- column effective_to date
-- column sectors text[] not null
-- column audiences text[] not null
-- column recorded_at timestamptz not null
-- column is_fictional bool not null
select f.id, f.number, f.effective_from, f.effective_to, f.sectors, f.audiences, f.recorded_at, f.is_fictional
from labels.recognition_file f
where f.centre_id = @centre_number and f.number > @after
order by f.number
limit @row_limit;

-- name: ListAudiences :many
-- The audiences that a recognition file can target, by code, after one of them.
-- param after text not null
-- param row_limit int4 not null
-- column code text not null
select a.code from labels.audience a where a.code > @after order by a.code limit @row_limit;
