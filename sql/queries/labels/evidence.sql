-- name: AddEvidence :one
-- outcome: added, notFound, forbidden, fileInForce, fileSubmitted, tooMuchEvidence, evidenceTwice (evidence_id is the one that is there).
-- param centre_number int2 not null
-- param file_id uuid as FileID not null
-- param id uuid as EvidenceID not null
-- param element text not null
-- param name text not null
-- param media_type text not null
-- param content bytea not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column evidence_id uuid as EvidenceID
-- column sha256 bytea
-- column added_at timestamptz
select r.outcome, r.evidence_id, r.sha256, r.added_at
from labels.add_evidence(@centre_number, @file_id, @id, @element, @name, @media_type, @content, @by) as r;

-- name: RemoveEvidence :one
-- outcome: removed, notFound, forbidden, fileInForce, fileSubmitted.
-- param centre_number int2 not null
-- param file_id uuid as FileID not null
-- param id uuid as EvidenceID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.remove_evidence(@centre_number, @file_id, @id, @by) as outcome;

-- name: ListEvidence :many
-- The documents of a file, oldest first, if the actor may see them.
-- param centre_number int2 not null
-- param file_id uuid as FileID not null
-- param after uuid as EvidenceID
-- param row_limit int4 not null
-- column id uuid as EvidenceID not null
-- column element text not null
-- column name text not null
-- column media_type text not null
-- column size int4 not null
-- column sha256 bytea not null
-- column added_at timestamptz not null
select e.id, e.element, e.name, e.media_type, e.size, e.sha256, e.added_at
from labels.evidence e
where e.centre_id = @centre_number and e.file_id = @file_id and (@after is null or e.id > @after)
order by e.id
limit @row_limit;

-- name: ReadEvidence :maybe
-- A document with its bytes, if the actor may see it.
-- param centre_number int2 not null
-- param file_id uuid as FileID not null
-- param id uuid as EvidenceID not null
-- column name text not null
-- column media_type text not null
-- column sha256 bytea not null
-- column content bytea not null
select e.name, e.media_type, e.sha256, c.content
from labels.evidence e
join labels.evidence_content c on c.centre_id = e.centre_id and c.evidence_id = e.id
where e.centre_id = @centre_number and e.file_id = @file_id and e.id = @id;
