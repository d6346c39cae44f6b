-- name: AddHolder :one
-- outcome: added, forbidden, pseudonymTaken.
-- param id uuid as HolderID not null
-- param organisation_id uuid as OrganisationID not null
-- param pseudonym text not null
-- param by uuid as KeyID not null
-- column outcome text not null
select attestations.add_holder(@id, @organisation_id, @pseudonym, @by) as outcome;

-- name: ListHolders :many
-- The persons that the actor's organisation keeps, by id, after a cursor; one of them when its id is given.
-- param id uuid as HolderID
-- param pseudonym text
-- param after uuid as HolderID
-- param row_limit int4 not null
-- column id uuid as HolderID not null
-- column pseudonym text
-- column created_at timestamptz not null
-- column erased_at timestamptz
select h.id, h.pseudonym, h.created_at, h.erased_at
from attestations.holder h
where h.kind = 'person'
  and (@id is null or h.id = @id)
  and (@pseudonym is null or h.pseudonym = @pseudonym)
  and (@after is null or h.id > @after)
order by h.id
limit @row_limit;

-- name: EraseHolder :one
-- outcome: erased, forbidden, notFound.
-- param id uuid as HolderID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select attestations.erase_holder(@id, @by) as outcome;
