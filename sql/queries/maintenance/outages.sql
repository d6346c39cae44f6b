-- name: PlanOutage :one
-- outcome: planned, wouldPlan, notFound, forbidden, partOfPlatform, retired, past, planUnknown, displacedChanged. expected: the bookings
-- that it is known to displace.
-- param centre_number int2 not null
-- param id uuid as OutageID not null
-- param resource_id uuid as ResourceID not null
-- param by uuid as KeyID not null
-- param cause text not null
-- param starts timestamptz not null
-- param ends timestamptz not null
-- param reason text not null
-- param plan_id uuid as PlanID
-- param expected uuid[] as [BookingID]
-- param is_dry_run bool not null
-- column outcome text not null
-- column version int4
-- column displaced uuid[] as [BookingID]
select v.outcome, v.version, v.displaced
from maintenance.plan_outage(
         @centre_number, @id, @resource_id, @by, @cause, @starts, @ends, @reason, @plan_id, @expected, @is_dry_run) as v;

-- name: EndOutage :one
-- outcome: ended, notFound, forbidden, versionMismatch, endsWithFault, over.
-- param centre_number int2 not null
-- param id uuid as OutageID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column version int4
select e.outcome, e.version from maintenance.end_outage(@centre_number, @id, @version, @by) as e;

-- name: ListOutages :many
-- Outages of a centre that the actor may see, by id, after a cursor; one of them, those of a resource, or those not over at a moment.
-- param centre_number int2 not null
-- param id uuid as OutageID
-- param resource_id uuid as ResourceID
-- param not_over_at timestamptz
-- param after uuid as OutageID
-- param row_limit int4 not null
-- column id uuid as OutageID not null
-- column resource_id uuid as ResourceID not null
-- column name text not null
-- column zone text not null
-- column cause text not null
-- column starts timestamptz not null
-- column ends timestamptz
-- column reason text not null
-- column plan_id uuid as PlanID
-- column fault_id uuid as FaultID
-- column recorded_at timestamptz not null
-- column ended_at timestamptz
-- column displaced int8 not null
-- column version int4 not null
select o.id, o.resource_id, r.name, s.zone, o.cause, lower(o.during) as starts, upper(o.during) as ends, o.reason, o.plan_id,
       (select f.id from maintenance.fault f where f.centre_id = o.centre_id and f.outage_id = o.id) as fault_id,
       o.recorded_at, o.ended_at,
       (select count(*) from maintenance.displacement d where d.centre_id = o.centre_id and d.outage_id = o.id) as displaced, o.version
from maintenance.outage o
join platforms.resource r on r.centre_id = o.centre_id and r.id = o.resource_id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where o.centre_id = @centre_number
  and (@id is null or o.id = @id) and (@resource_id is null or o.resource_id = @resource_id)
  and (@not_over_at is null or o.ended_at is null and coalesce(upper(o.during), 'infinity') > @not_over_at)
  and (@after is null or o.id > @after)
order by o.id
limit @row_limit;

-- name: ListDisplacedBy :many
-- The bookings that an outage displaced, oldest first, with what became of them.
-- param id uuid as OutageID not null
-- column booking_id uuid as BookingID not null
-- column reference text not null
-- column organisation_id uuid as OrganisationID not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column state text not null
-- column outcome text
select b.id as booking_id, b.reference, b.organisation_id, b.starts, b.ends, b.state, d.outcome
from maintenance.displacement d
join bookings.booking b on b.centre_id = plateau.centre_of(d.booking_id) and b.id = d.booking_id
where d.centre_id = plateau.centre_of(@id) and d.outage_id = @id
order by b.created_at, b.id;

-- name: ListBookingsNamed :many
-- Some bookings, in the order of the list.
-- param bookings uuid[] as [BookingID] not null
-- column booking_id uuid as BookingID not null
-- column reference text not null
-- column organisation_id uuid as OrganisationID not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column state text not null
select b.id as booking_id, b.reference, b.organisation_id, b.starts, b.ends, b.state
from unnest((select @bookings)) with ordinality as wanted (id, number)
join bookings.booking b on b.centre_id = plateau.centre_of(wanted.id) and b.id = wanted.id
order by wanted.number;
