-- name: ReportFault :one
-- outcome: reported, wouldReport, notFound, forbidden, partOfPlatform, retired, past, displacedChanged.
-- param centre_number int2 not null
-- param id uuid as FaultID not null
-- param outage_id uuid as OutageID not null
-- param resource_id uuid as ResourceID not null
-- param by uuid as KeyID not null
-- param severity text not null
-- param description text not null
-- param expected_at timestamptz
-- param expected uuid[] as [BookingID]
-- param is_dry_run bool not null
-- column outcome text not null
-- column version int4
-- column displaced uuid[] as [BookingID]
select v.outcome, v.version, v.displaced
from maintenance.report_fault(
         @centre_number, @id, @outage_id, @resource_id, @by, @severity, @description, @expected_at, @expected, @is_dry_run) as v;

-- name: ExpectBack :one
-- outcome: changed, notFound, forbidden, versionMismatch, over, doesNotStopUse, past.
-- param centre_number int2 not null
-- param id uuid as FaultID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param expected_at timestamptz
-- column outcome text not null
-- column version int4
-- column displaced uuid[] as [BookingID]
select v.outcome, v.version, v.displaced from maintenance.expect_back(@centre_number, @id, @version, @by, @expected_at) as v;

-- name: ResolveFault :one
-- outcome: resolved, notFound, forbidden, versionMismatch, over.
-- param centre_number int2 not null
-- param id uuid as FaultID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param resolution text
-- column outcome text not null
-- column version int4
select r.outcome, r.version from maintenance.resolve_fault(@centre_number, @id, @version, @by, @resolution) as r;

-- name: ListFaults :many
-- Faults at a centre that the actor may see, newest first, after a cursor; one of them, those of a resource, or those that are open.
-- param centre_number int2 not null
-- param id uuid as FaultID
-- param resource_id uuid as ResourceID
-- param is_open bool
-- param before uuid as FaultID
-- param row_limit int4 not null
-- column id uuid as FaultID not null
-- column resource_id uuid as ResourceID not null
-- column name text not null
-- column severity text not null
-- column description text not null
-- column expected_at timestamptz
-- column outage_id uuid as OutageID
-- column reported_at timestamptz not null
-- column reported_by uuid as KeyID not null
-- column resolved_at timestamptz
-- column resolution text
-- column version int4 not null
select f.id, f.resource_id, r.name, f.severity, f.description, f.expected_at, f.outage_id, f.reported_at, f.reported_by, f.resolved_at,
       f.resolution, f.version
from maintenance.fault f
join platforms.resource r on r.centre_id = f.centre_id and r.id = f.resource_id
where f.centre_id = @centre_number
  and (@id is null or f.id = @id) and (@resource_id is null or f.resource_id = @resource_id)
  and (@is_open is null or (f.resolved_at is null) = @is_open)
  and (@before is null or f.id < @before)
order by f.id desc
limit @row_limit;
