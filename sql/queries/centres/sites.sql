-- name: CreateSite :one
-- param centre_number int2 not null
-- param id uuid as SiteID not null
-- param name text not null
-- param kind text not null
-- param town text not null
-- param zone text not null
-- param latitude float8
-- param longitude float8
-- column created_at timestamptz not null
select centres.create_site(@centre_number, @id, @name, @kind, @town, @zone, @latitude, @longitude) as created_at;

-- name: FindSite :maybe
-- param id uuid as SiteID not null
-- column centre_number int2 not null
-- column centre_id uuid as CentreID not null
-- column id uuid as SiteID not null
-- column name text not null
-- column kind text not null
-- column town text not null
-- column zone text not null
-- column latitude float8
-- column longitude float8
-- column version int4 not null
select s.centre_id as centre_number, c.id as centre_id, s.id, s.name, s.kind, s.town, s.zone, s.latitude, s.longitude, s.version
from centres.site s
join centres.centre c on c.centre_id = s.centre_id
where s.centre_id = plateau.centre_of(@id) and s.id = @id;

-- name: ListSites :many
-- The sites of a centre by id, after a cursor.
-- param centre_number int2 not null
-- param after uuid as SiteID
-- param row_limit int4 not null
-- column id uuid as SiteID not null
-- column name text not null
-- column kind text not null
-- column town text not null
-- column zone text not null
-- column latitude float8
-- column longitude float8
-- column version int4 not null
select s.id, s.name, s.kind, s.town, s.zone, s.latitude, s.longitude, s.version
from centres.site s
where s.centre_id = @centre_number and (@after is null or s.id > @after)
order by s.id
limit @row_limit;
