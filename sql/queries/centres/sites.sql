-- name: CreateSite :one
-- outcome: created, or an objection to its municipality, with facts. SQLSTATE 22023 for an unknown zone.
-- param centre_number int2 not null
-- param id uuid as SiteID not null
-- param name text not null
-- param kind text not null
-- param town text not null
-- param zone text not null
-- param latitude float8
-- param longitude float8
-- param scheme text
-- param list_version text
-- param code text
-- column outcome text not null
-- column facts jsonb
select r.outcome, r.facts
from centres.create_site(
    @centre_number, @id, @name, @kind, @town, @zone, @latitude, @longitude, @scheme, @list_version, @code) as r;

-- name: ChangeSite :one
-- What is null stays as it is. outcome: changed, notFound, forbidden, versionMismatch (with its version), or an objection to its
-- municipality, with facts.
-- param centre_number int2 not null
-- param id uuid as SiteID not null
-- param version int4 not null
-- param key uuid as KeyID not null
-- param name text
-- param town text
-- param latitude float8
-- param longitude float8
-- param scheme text
-- param list_version text
-- param code text
-- column outcome text not null
-- column version int4
-- column facts jsonb
select r.outcome, r.version, r.facts
from centres.change_site(
    @centre_number, @id, @version, @key, @name, @town, @latitude, @longitude, @scheme, @list_version, @code) as r;

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
-- column has_municipality bool not null
-- column version int4 not null
select s.centre_id as centre_number, c.id as centre_id, s.id, s.name, s.kind, s.town, s.zone, s.latitude, s.longitude,
       s.municipality_code is not null as has_municipality, s.version
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
-- column has_municipality bool not null
-- column version int4 not null
select s.id, s.name, s.kind, s.town, s.zone, s.latitude, s.longitude, s.municipality_code is not null as has_municipality, s.version
from centres.site s
where s.centre_id = @centre_number and (@after is null or s.id > @after)
order by s.id
limit @row_limit;

-- name: ListSiteMunicipalities :many
-- The municipality that each of some sites of a centre was stored with, and what it is today: a row for each that it became. valid_to: the
-- last day on which it was itself.
-- param centre_number int2 not null
-- param site_ids uuid[] as [SiteID] not null
-- column site_id uuid as SiteID not null
-- column scheme text not null
-- column version text not null
-- column code text not null
-- column name text not null
-- column names jsonb
-- column valid_to date
-- column current_version text not null
-- column current_code text not null
-- column current_name text not null
-- column current_names jsonb
select s.id as site_id, m.scheme, m.version, m.code, m.name, nullif(m.names, '{}') as names, b.valid_to, b.version as current_version,
       b.code as current_code, n.name as current_name, nullif(n.names, '{}') as current_names
from centres.site s
join centres.municipality m
    on m.scheme = s.municipality_scheme and m.version = s.municipality_version and m.code = s.municipality_code
cross join lateral centres.municipality_on(m.scheme, m.version, m.code, plateau.local_day(plateau.clock(), s.zone)) b
join centres.municipality n on n.scheme = m.scheme and n.version = b.version and n.code = b.code
where s.centre_id = @centre_number and s.id = any (@site_ids)
order by s.id, b.code;
