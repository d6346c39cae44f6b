-- name: CentreReported :maybe
-- The centre of a report, with the moment at which it is asked for.
-- param id uuid as CentreID not null
-- column zone text not null
-- column now timestamptz not null
select c.zone, plateau.clock() as now
from centres.centre c
where c.centre_id = plateau.centre_of(@id) and c.id = @id;

-- name: UtilisationDocument :one
-- The figures of a centre over local days, the last included, as JSON; known_at none: as they are.
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- param known_at timestamptz
-- param company_share float8
-- column document text not null
select cast(utilisation.document(@centre_number, @first_day, @last_day, @known_at, cast(@company_share as numeric)) as text) as document;

-- name: UtilisationTable :many
-- The same figures by resource, as rows.
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- param known_at timestamptz
-- column resource_id uuid as ResourceID not null
-- column kind text not null
-- column name text not null
-- column capacity int4 not null
-- column open_minutes int8 not null
-- column maintenance_minutes int8 not null
-- column bookable_minutes int8 not null
-- column booked_minutes int8 not null
-- column booked_outside_minutes int8 not null
-- column used_minutes int8 not null
-- column overhead_minutes int8 not null
-- column late_cancelled_minutes int8 not null
-- column closed_minutes int8 not null
-- column no_show_minutes int8 not null
-- column bookings int8 not null
-- column availability float8
-- column occupancy float8
-- column use_share float8
-- column company_share float8
-- column fault_minutes int8 not null
-- column planned_downtime_minutes int8 not null
-- column trainee_hours float8 not null
-- column attended_hours float8 not null
-- column participations int8 not null
-- column attended_participations int8 not null
select r."resourceId" as resource_id, r.kind, r.name, r.capacity, r."openMinutes" as open_minutes,
       r."maintenanceMinutes" as maintenance_minutes, r."bookableMinutes" as bookable_minutes, r."bookedMinutes" as booked_minutes,
       r."bookedOutsideMinutes" as booked_outside_minutes, r."usedMinutes" as used_minutes, r."overheadMinutes" as overhead_minutes,
       r."lateCancelledMinutes" as late_cancelled_minutes, r."closedMinutes" as closed_minutes, r."noShowMinutes" as no_show_minutes,
       r.bookings, r.availability, r.occupancy, r.use as use_share, r."companyShare" as company_share, r."faultMinutes" as fault_minutes,
       r."plannedDowntimeMinutes" as planned_downtime_minutes, r."traineeHours" as trainee_hours, r."attendedHours" as attended_hours,
       r.participations, r."attendedParticipations" as attended_participations
from jsonb_to_recordset(utilisation.document(@centre_number, @first_day, @last_day, @known_at, null) -> 'resources') as r (
    "resourceId" uuid, kind text, name text, capacity int4, "openMinutes" int8, "maintenanceMinutes" int8, "bookableMinutes" int8,
    "bookedMinutes" int8, "bookedOutsideMinutes" int8, "usedMinutes" int8, "overheadMinutes" int8, "lateCancelledMinutes" int8,
    "closedMinutes" int8, "noShowMinutes" int8, bookings int8, availability float8, occupancy float8, use float8, "companyShare" float8,
    "faultMinutes" int8, "plannedDowntimeMinutes" int8, "traineeHours" float8, "attendedHours" float8, participations int8,
    "attendedParticipations" int8);

-- name: UtilisationComparison :one
-- A period beside the one before and the network's medians.
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- column document text not null
select cast(utilisation.comparison(@centre_number, @first_day, @last_day + 1) as text) as document;

-- name: UtilisationHeatMap :one
-- Open and booked time by weekday and hour, of one resource or of the centre.
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- param resource_id uuid as ResourceID
-- column document text not null
select cast(utilisation.heat_map(@centre_number, @first_day, @last_day + 1, @resource_id) as text) as document;

-- name: TurnedAwayDemand :one
-- What was refused for lack of room and not served later.
-- param centre_number int2 not null
-- param first_day date not null
-- param last_day date not null
-- column document text not null
select cast(utilisation.demand_report(@centre_number, @first_day, @last_day + 1) as text) as document;

-- name: NetworkHeatMap :one
-- Open and booked time of every centre together by weekday and hour.
-- param first_day date not null
-- param last_day date not null
-- column document text not null
-- column now timestamptz not null
select cast(utilisation.network_heat_map(@first_day, @last_day + 1) as text) as document, plateau.clock() as now;

-- name: NetworkDemand :one
-- What the centres refused for lack of room and did not serve later.
-- param first_day date not null
-- param last_day date not null
-- column document text not null
-- column now timestamptz not null
select cast(utilisation.network_demand(@first_day, @last_day + 1) as text) as document, plateau.clock() as now;

-- name: NetworkUtilisation :one
-- The figures of every centre, of all together, of the period before, and their medians.
-- param first_day date not null
-- param last_day date not null
-- column document text not null
-- column now timestamptz not null
select cast(utilisation.network_report(@first_day, @last_day + 1) as text) as document, plateau.clock() as now;
