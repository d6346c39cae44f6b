-- name: CreateOrganisation :one
-- Adds an organisation. Raises organisation_enterprise_number_valid, organisation_one_for_each_centre.
-- param id uuid as OrganisationID not null
-- param kind text not null
-- param name text not null
-- param enterprise_number text not null
-- param establishment_number text
-- param centre_id int2
-- param is_fictional bool not null
-- column created_at timestamptz not null
-- column version int4 not null
select o.created_at, o.version
from access.create_organisation(@id, @kind, @name, @enterprise_number, @establishment_number, @centre_id, @is_fictional) as o;

-- name: FindOrganisation :maybe
-- One organisation, if the actor may see it, with its membership of a day.
-- param id uuid as OrganisationID not null
-- column id uuid as OrganisationID not null
-- column kind text not null
-- column name text not null
-- column enterprise_number text not null
-- column establishment_number text
-- column centre_public_id uuid as CentreID
-- column is_fictional bool not null
-- column created_at timestamptz not null
-- column version int4 not null
select o.id, o.kind, o.name, o.enterprise_number, o.establishment_number, c.id as centre_public_id, o.is_fictional, o.created_at,
       o.version
from access.organisation o
left join centres.centre c on c.centre_id = o.centre_id
where o.id = @id;

-- name: ListOrganisations :many
-- Organisations that the actor may see, by id, after a cursor.
-- param after uuid as OrganisationID
-- param kind text
-- param row_limit int4 not null
-- column id uuid as OrganisationID not null
-- column kind text not null
-- column name text not null
-- column enterprise_number text not null
-- column establishment_number text
-- column centre_public_id uuid as CentreID
-- column is_fictional bool not null
-- column created_at timestamptz not null
-- column version int4 not null
select o.id, o.kind, o.name, o.enterprise_number, o.establishment_number, c.id as centre_public_id, o.is_fictional, o.created_at,
       o.version
from access.organisation o
left join centres.centre c on c.centre_id = o.centre_id
where (@after is null or o.id > @after) and (@kind is null or o.kind = @kind)
order by o.id
limit @row_limit;
