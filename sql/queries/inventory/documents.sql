-- name: AddDocument :one
-- outcome: added, forbidden, notFound, noModel, tooMany.
-- param centre_number int2 not null
-- param id uuid as DocumentID not null
-- param key uuid as KeyID not null
-- param resource_id uuid as ResourceID not null
-- param is_of_model bool not null
-- param title text not null
-- param kind text not null
-- param address text not null
-- param language text not null
-- param since date
-- column outcome text not null
select inventory.add_document(
           @centre_number, @id, @key, @resource_id, @is_of_model, @title, @kind, @address, @language, @since) as outcome;

-- name: RemoveDocument :one
-- outcome: removed, forbidden, notFound.
-- param centre_number int2 not null
-- param id uuid as DocumentID not null
-- param key uuid as KeyID not null
-- column outcome text not null
select inventory.remove_document(@centre_number, @id, @key) as outcome;

-- name: FindDocumented :maybe
-- A resource that documents may be of.
-- param resource_id uuid as ResourceID not null
-- column id uuid as ResourceID not null
select r.id from platforms.resource r where r.centre_id = plateau.centre_of(@resource_id) and r.id = @resource_id;

-- name: ListDocuments :many
-- The documents of a resource and those of its model at its centre, by kind, title and id.
-- param resource_id uuid as ResourceID not null
-- column id uuid as DocumentID not null
-- column is_of_model bool not null
-- column title text not null
-- column kind text not null
-- column address text not null
-- column language text not null
-- column since date
-- column recorded_at timestamptz not null
select d.id, d.model_id is not null as is_of_model, d.title, d.kind, d.address, d.language, d.since, d.recorded_at
from inventory.document d
where d.centre_id = plateau.centre_of(@resource_id) and d.removed_at is null
  and (d.resource_id = @resource_id
       or d.model_id = coalesce(
           (select a.model_id from inventory.asset a where a.centre_id = plateau.centre_of(@resource_id) and a.id = @resource_id),
           (select k.model_id from inventory.stock k where k.centre_id = plateau.centre_of(@resource_id) and k.id = @resource_id)))
order by d.kind, d.title, d.id;
