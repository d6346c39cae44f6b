-- name: ListPrerequisites :many
-- What somebody must hold to use a resource, its own and those of what it stands in; name and proof where the network knows the type.
-- param id uuid as ResourceID not null
-- column resource_id uuid as ResourceID not null
-- column holder text not null
-- column attestation text not null
-- column note text
-- column name text
-- column proof text
select q.resource_id, q.holder, q.attestation, q.note, t.name, t.proof
from platforms.resource r
join platforms.prerequisite q on q.centre_id = r.centre_id and q.resource_id = any (r.id || r.ancestors)
left join attestations.type t on t.code = q.attestation
where r.centre_id = plateau.centre_of(@id) and r.id = @id
order by array_position(r.id || r.ancestors, q.resource_id), q.number;

-- name: Require :one
-- The arrays are parallel; an empty note is none. outcome: changed, notFound, versionMismatch.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- param holders text[] not null
-- param attestations text[] not null
-- param notes text[] not null
-- column outcome text not null
-- column version int4
select q.outcome, q.version from platforms.require(@centre_number, @id, @version, @holders, @attestations, @notes) as q;
