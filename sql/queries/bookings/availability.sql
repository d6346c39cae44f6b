-- name: Calendar :many
-- What is taken of a resource in a window, buffers included. No personal data.
-- param resource uuid as ResourceID not null
-- param from_instant timestamptz not null
-- param to_instant timestamptz not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column use_starts timestamptz not null
-- column use_ends timestamptz not null
-- column seats int4 not null
-- column booking_id uuid as BookingID not null
-- column organisation_id uuid as OrganisationID not null
select o.starts, o.ends, o.use_starts, o.use_ends, o.seats, o.holder_id as booking_id, o.organisation_id
from platforms.occupancy o
where o.centre_id = plateau.centre_of(@resource) and o.resource_id = @resource
  and o.ends > @from_instant and o.ends <= @to_instant + interval '25 hours' and o.starts < @to_instant
order by o.ends, o.starts;

-- name: BookableResource :maybe
-- What the calendar and the availability answer need to know of a resource.
-- param resource uuid as ResourceID not null
-- column id uuid as ResourceID not null
-- column centre_number int2 not null
-- column site_id uuid as SiteID not null
-- column kind text not null
-- column name text not null
-- column zone text not null
-- column capacity int4 not null
-- column version int4 not null
select r.id, r.centre_id as centre_number, r.site_id, r.kind, r.name, s.zone, r.capacity, r.version
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where r.centre_id = plateau.centre_of(@resource) and r.id = @resource;

-- name: UsageSteps :many
-- How many seats of a resource are taken over a window, as steps that cover it without a gap.
-- param resource uuid as ResourceID not null
-- param from_instant timestamptz not null
-- param to_instant timestamptz not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column taken int4 not null
select s.starts, s.ends, s.taken
from platforms.usage_steps(plateau.centre_of(@resource), @resource, @from_instant, @to_instant) as s
order by s.starts;

-- name: OpenHours :many
-- When the site of a resource is open in a window, clipped to it.
-- param resource uuid as ResourceID not null
-- param from_instant timestamptz not null
-- param to_instant timestamptz not null
-- column starts timestamptz not null
-- column ends timestamptz not null
select greatest(lower(h.during), @from_instant) as starts, least(upper(h.during), @to_instant) as ends
from platforms.resource r
join centres.open_hours h on h.centre_id = r.centre_id and h.site_id = r.site_id
where r.centre_id = plateau.centre_of(@resource) and r.id = @resource and h.during && tstzrange(@from_instant, @to_instant)
order by 1;
