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
-- column specification text not null
-- column sector_codes jsonb not null
-- column audiences text[] not null
-- column missions text[] not null
-- column authority text
-- column reference text
-- column recorded_at timestamptz not null
-- column is_fictional bool not null
select f.id, f.number, f.effective_from, f.effective_to, f.sectors, f.specification, f.sector_codes, f.audiences, f.missions,
       f.authority, f.reference, f.recorded_at, f.is_fictional
from labels.recognition_file f
where f.centre_id = @centre_number and f.number > @after
order by f.number
limit @row_limit;

-- name: FindFile :maybe
-- A recognised file.
-- param centre_number int2 not null
-- param id uuid as FileID not null
-- column id uuid as FileID not null
-- column centre_id uuid as CentreID not null
-- column number int4 not null
-- column effective_from date not null
-- column effective_to date
-- column sectors text[] not null
-- column specification text not null
-- column sector_codes jsonb not null
-- column audiences text[] not null
-- column missions text[] not null
-- column authority text
-- column reference text
-- column recorded_at timestamptz not null
-- column is_fictional bool not null
select f.id, c.id as centre_id, f.number, f.effective_from, f.effective_to, f.sectors, f.specification, f.sector_codes, f.audiences,
       f.missions, f.authority, f.reference, f.recorded_at, f.is_fictional
from labels.recognition_file f
join centres.centre c on c.centre_id = f.centre_id
where f.centre_id = @centre_number and f.id = @id;

-- name: ReadSpecification :one
-- The words that a file is written in.
-- column elements text[] not null
-- column missions text[] not null
select array(select e.code from labels.element e order by e.position) as elements,
       array(select m.code from labels.mission m order by m.code) as missions;

-- name: ListSectorLists :many
-- The versions of the lists of sectors.
-- column scheme text not null
-- column version text not null
-- column valid_from date not null
-- column valid_to date
select l.scheme, l.version, l.valid_from, l.valid_to from labels.sector_list l order by l.scheme, l.valid_from;

-- name: ListAudiences :many
-- The audiences that a recognition file can target, by code, after one of them.
-- param after text not null
-- param row_limit int4 not null
-- column code text not null
select a.code from labels.audience a where a.code > @after order by a.code limit @row_limit;
