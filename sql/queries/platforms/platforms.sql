-- name: CreatePlatform :one
-- holders, attestations and notes (none: empty) are parallel. Raises resource_site, the checks of resource (resource_duration_range…) and what platforms.place refuses.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param name text not null
-- param description text
-- param site_id uuid as SiteID not null
-- param is_shared bool not null
-- param workstations int4 not null
-- param setup_minutes int4 not null
-- param cleanup_minutes int4 not null
-- param minimum_minutes int4 not null
-- param maximum_minutes int4 not null
-- param grid_minutes int4 not null
-- param notice_minutes int4 not null
-- param horizon_days int4 not null
-- param parent_id uuid as ResourceID
-- param person_limit int4
-- param sectors text[] not null
-- param skills text[] not null
-- param supervision text[] not null
-- param holders text[] not null
-- param attestations text[] not null
-- param notes text[] not null
-- column created_at timestamptz not null
select platforms.create_platform(
           @centre_number, @id, @name, @description, @site_id, @is_shared, @workstations, @setup_minutes, @cleanup_minutes,
           @minimum_minutes, @maximum_minutes, @grid_minutes, @notice_minutes, @horizon_days, @parent_id, @person_limit, @sectors,
           @skills, @supervision, @holders, @attestations, @notes) as created_at;

-- name: FindPlatform :maybe
-- One platform with its rules of use.
-- param id uuid as ResourceID not null
-- column centre_id uuid as CentreID not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column description text
-- column site_id uuid as SiteID not null
-- column zone text not null
-- column is_shared bool not null
-- column workstations int4 not null
-- column setup_minutes int4 not null
-- column cleanup_minutes int4 not null
-- column minimum_minutes int4 not null
-- column maximum_minutes int4 not null
-- column grid_minutes int4 not null
-- column notice_minutes int4 not null
-- column horizon_days int4 not null
-- column retired_at timestamptz
-- column version int4 not null
-- column parent_id uuid as ResourceID
-- column person_limit int4
-- column sectors text[] not null
-- column skills text[] not null
-- column supervision text[] not null
-- column holders text[] not null
-- column attestations text[] not null
-- column notes text[] not null
select c.id as centre_id, r.id, r.name, p.description, r.site_id, s.zone, r.is_shared, r.capacity as workstations, r.setup_minutes,
       r.cleanup_minutes, r.minimum_minutes, r.maximum_minutes, r.grid_minutes, r.notice_minutes, r.horizon_days, r.retired_at,
       r.version, r.parent_id, r.person_limit, p.sectors, p.skills, r.supervision, q.holders, q.attestations, q.notes
from platforms.platform p
join platforms.resource r on r.centre_id = p.centre_id and r.id = p.id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
join centres.centre c on c.centre_id = r.centre_id
cross join lateral (
    select coalesce(array_agg(d.holder order by d.number), '{}') as holders,
           coalesce(array_agg(d.attestation order by d.number), '{}') as attestations,
           coalesce(array_agg(coalesce(d.note, '') order by d.number), '{}') as notes
    from platforms.prerequisite d
    where d.centre_id = r.centre_id and d.resource_id = r.id) q
where p.centre_id = plateau.centre_of(@id) and p.id = @id;

-- name: ListPlatforms :many
-- Platforms by (centre, id), after a cursor; of one centre, under one platform, with a sector or a skill, when given.
-- param centre_id uuid as CentreID
-- param parent_id uuid as ResourceID
-- param sector text
-- param skill text
-- param after_centre int2 not null
-- param after_id uuid as ResourceID not null
-- param row_limit int4 not null
-- column centre_number int2 not null
-- column centre_id uuid as CentreID not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column description text
-- column site_id uuid as SiteID not null
-- column zone text not null
-- column is_shared bool not null
-- column workstations int4 not null
-- column setup_minutes int4 not null
-- column cleanup_minutes int4 not null
-- column minimum_minutes int4 not null
-- column maximum_minutes int4 not null
-- column grid_minutes int4 not null
-- column notice_minutes int4 not null
-- column horizon_days int4 not null
-- column retired_at timestamptz
-- column version int4 not null
-- column parent_id uuid as ResourceID
-- column person_limit int4
-- column sectors text[] not null
-- column skills text[] not null
-- column supervision text[] not null
-- column holders text[] not null
-- column attestations text[] not null
-- column notes text[] not null
select r.centre_id as centre_number, c.id as centre_id, r.id, r.name, p.description, r.site_id, s.zone, r.is_shared,
       r.capacity as workstations, r.setup_minutes, r.cleanup_minutes, r.minimum_minutes, r.maximum_minutes, r.grid_minutes,
       r.notice_minutes, r.horizon_days, r.retired_at, r.version, r.parent_id, r.person_limit, p.sectors, p.skills, r.supervision,
       q.holders, q.attestations, q.notes
from platforms.platform p
join platforms.resource r on r.centre_id = p.centre_id and r.id = p.id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
join centres.centre c on c.centre_id = r.centre_id
cross join lateral (
    select coalesce(array_agg(d.holder order by d.number), '{}') as holders,
           coalesce(array_agg(d.attestation order by d.number), '{}') as attestations,
           coalesce(array_agg(coalesce(d.note, '') order by d.number), '{}') as notes
    from platforms.prerequisite d
    where d.centre_id = r.centre_id and d.resource_id = r.id) q
where (@centre_id is null or r.centre_id = plateau.centre_of(@centre_id) and c.id = @centre_id)
  and (@parent_id is null or r.parent_id = @parent_id)
  and (@sector is null or p.sectors @> array[@sector])
  and (@skill is null or p.skills @> array[@skill])
  and (r.centre_id, r.id) > (@after_centre, @after_id)
order by r.centre_id, r.id
limit @row_limit;

-- name: ChangePlatform :one
-- outcome: changed, notFound, versionMismatch, capacityInUse (with how much is taken, and when), baysLarger and parentSmaller (with that capacity), platformInUse (with when).
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- param name text not null
-- param description text
-- param is_shared bool not null
-- param workstations int4 not null
-- param setup_minutes int4 not null
-- param cleanup_minutes int4 not null
-- param minimum_minutes int4 not null
-- param maximum_minutes int4 not null
-- param grid_minutes int4 not null
-- param notice_minutes int4 not null
-- param horizon_days int4 not null
-- param parent_id uuid as ResourceID
-- param person_limit int4
-- param sectors text[] not null
-- param skills text[] not null
-- param supervision text[] not null
-- param holders text[] not null
-- param attestations text[] not null
-- param notes text[] not null
-- column outcome text not null
-- column version int4
-- column taken int4
-- column taken_at timestamptz
select c.outcome, c.version, c.taken, c.taken_at
from platforms.change_platform(
    @centre_number, @id, @version, @name, @description, @is_shared, @workstations, @setup_minutes, @cleanup_minutes,
    @minimum_minutes, @maximum_minutes, @grid_minutes, @notice_minutes, @horizon_days, @parent_id, @person_limit, @sectors, @skills,
    @supervision, @holders, @attestations, @notes) as c;
