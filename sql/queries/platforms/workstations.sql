-- name: AddWorkstation :one
-- group_id becomes the group of the model where that is new. No created_at: there is no such platform. Raises workstation_group_in_use.
-- param centre_number int2 not null
-- param platform_id uuid as ResourceID not null
-- param id uuid as ResourceID not null
-- param group_id uuid as ResourceID not null
-- param name text not null
-- param model text
-- column created_at timestamptz
select platforms.add_workstation(@centre_number, @platform_id, @id, @group_id, @name, @model) as created_at;

-- name: ListWorkstations :many
-- The identified workstations of a platform by id, after a cursor; id: only that one.
-- param platform_id uuid as ResourceID not null
-- param id uuid as ResourceID
-- param after uuid as ResourceID
-- param row_limit int4 not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column model text
-- column group_id uuid as ResourceID
-- column retired_at timestamptz
-- column version int4 not null
select r.id, r.name, g.model, w.group_id, r.retired_at, r.version
from platforms.workstation w
join platforms.resource r on r.centre_id = w.centre_id and r.id = w.id
left join platforms.workstation_group g on g.centre_id = w.centre_id and g.id = w.group_id
where w.centre_id = plateau.centre_of(@platform_id) and w.platform_id = @platform_id
  and (@id is null or w.id = @id) and (@after is null or w.id > @after)
order by w.id
limit @row_limit;

-- name: PlatformOfWorkstation :maybe
-- param id uuid as ResourceID not null
-- column platform_id uuid as ResourceID not null
-- column zone text not null
select w.platform_id, s.zone
from platforms.workstation w
join platforms.resource r on r.centre_id = w.centre_id and r.id = w.id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where w.centre_id = plateau.centre_of(@id) and w.id = @id;

-- name: ListWorkstationGroups :many
-- How many workstations of each model a platform has; a group is what is booked as "any of that model".
-- param platform_id uuid as ResourceID not null
-- column id uuid as ResourceID not null
-- column model text not null
-- column workstations int4 not null
select g.id, g.model, r.capacity as workstations
from platforms.workstation_group g
join platforms.resource r on r.centre_id = g.centre_id and r.id = g.id
where g.centre_id = plateau.centre_of(@platform_id) and g.platform_id = @platform_id and r.retired_at is null
order by g.model;

-- name: RetireWorkstation :one
-- outcome: retired, notFound, versionMismatch, alreadyRetired, workstationInUse (with when).
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- column outcome text not null
-- column version int4
-- column taken_at timestamptz
select r.outcome, r.version, r.taken_at from platforms.retire_workstation(@centre_number, @id, @version) as r;
