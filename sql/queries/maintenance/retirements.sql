-- name: RetirePlatform :one
-- outcome: closed, wouldRetire (of a dry run), notFound, forbidden, retired, past, tooFar, displacedChanged.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param by uuid as KeyID not null
-- param outage_id uuid as OutageID not null
-- param from_day date not null
-- param reason text not null
-- param expected uuid[] as [BookingID]
-- param is_dry_run bool not null
-- column outcome text not null
-- column version int4
-- column displaced uuid[] as [BookingID]
select v.outcome, v.version, v.displaced
from maintenance.retire_platform(@centre_number, @id, @by, @outage_id, @from_day, @reason, @expected, @is_dry_run) as v;

-- name: FindRetirement :maybe
-- That of a platform, where the actor may see it. parts: how many bays, groups and workstations go with it.
-- param id uuid as ResourceID not null
-- column platform_id uuid as ResourceID not null
-- column from_day date not null
-- column retired_at timestamptz not null
-- column zone text not null
-- column reason text not null
-- column outage_id uuid as OutageID
-- column recorded_at timestamptz not null
-- column recorded_by uuid as KeyID not null
-- column parts int4 not null
select t.platform_id, t.from_day, t.retired_at, s.zone, t.reason, t.outage_id, t.recorded_at, t.recorded_by,
       (select count(*) from platforms.resource p
        where p.centre_id = t.centre_id and p.ancestors @> array[t.platform_id] and p.retired_at = t.retired_at)::integer as parts
from maintenance.retirement t
join platforms.resource r on r.centre_id = t.centre_id and r.id = t.platform_id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where t.centre_id = plateau.centre_of(@id) and t.platform_id = @id;

-- name: ListEquipmentThere :many
-- The assets that stand on a platform or a part of it and are not retired: they do not go with it.
-- param id uuid as ResourceID not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column inventory_number text not null
select r.id, r.name, a.inventory_number
from inventory.asset a
join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id and r.retired_at is null
join platforms.resource p on p.centre_id = a.centre_id and p.id = a.platform_id
where a.centre_id = plateau.centre_of(@id) and (p.id = @id or p.ancestors @> array[@id::uuid])
order by r.name, r.id;
