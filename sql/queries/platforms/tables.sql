-- name: ImportPlatforms :many
-- A row for each line, as platforms.import_platforms says; or outcome forbidden alone. zone: of the centre.
-- param centre_number int2 not null
-- param key uuid as KeyID not null
-- param columns text[] not null
-- param lines jsonb not null
-- column line int4
-- column outcome text not null
-- column member text
-- column taken int4
-- column taken_at timestamptz
-- column zone text
select i.line, i.outcome, i.member, i.taken, i.taken_at, c.zone
from platforms.import_platforms(@centre_number, @key, @columns, @lines) as i
left join centres.centre c on c.centre_id = @centre_number;

-- name: ExportPlatforms :many
-- The platforms of a centre that are in use. Sites and parents by their names where these say which, otherwise by their ids.
-- param centre_number int2 not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column site text not null
-- column description text
-- column is_shared bool not null
-- column workstations int4 not null
-- column parent text
-- column person_limit int4
-- column sectors text[] not null
-- column skills text[] not null
-- column supervision text[] not null
-- column setup_minutes int4 not null
-- column cleanup_minutes int4 not null
-- column minimum_minutes int4 not null
-- column maximum_minutes int4 not null
-- column grid_minutes int4 not null
-- column notice_minutes int4 not null
-- column horizon_days int4 not null
with site as (
    select s.id, case when count(*) over (partition by s.name) = 1 then s.name else s.id::text end as called
    from centres.site s where s.centre_id = @centre_number
), platform as (
    select r.*, case when count(*) over (partition by r.site_id, r.name) = 1 then r.name else r.id::text end as called
    from platforms.resource r where r.centre_id = @centre_number and r.kind = 'platform' and r.retired_at is null
)
select r.id, r.name, s.called as site, p.description, r.is_shared, r.capacity as workstations, h.called as parent, r.person_limit, p.sectors,
       p.skills, r.supervision, r.setup_minutes, r.cleanup_minutes, r.minimum_minutes, r.maximum_minutes, r.grid_minutes,
       r.notice_minutes, r.horizon_days
from platform r
join platforms.platform p on p.centre_id = r.centre_id and p.id = r.id
join site s on s.id = r.site_id
left join platform h on h.id = r.parent_id
order by s.called, r.name, r.id;

-- name: OpeningPlaces :many
-- Whose hours a table can speak of: the sites of a centre (no resource), its platforms, and whatever has hours of its own.
-- param centre_number int2 not null
-- column site_id uuid as SiteID not null
-- column resource_id uuid as ResourceID
-- column name text not null
-- column zone text not null
-- column version int4 not null
select s.id as site_id, null::uuid as resource_id, s.name, s.zone, s.version from centres.site s where s.centre_id = @centre_number
union all
select s.id, r.id, r.name, s.zone, r.version
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where r.centre_id = @centre_number
  and (r.kind = 'platform' and r.retired_at is null or exists (select from centres.calendar c where c.centre_id = r.centre_id and c.id = r.id))
order by 1, 2 nulls first;
