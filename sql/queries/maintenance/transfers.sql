-- name: PlanTransfer :one
-- outcome: planned, notFound, forbidden, retired, notMobile, ownHours, past, siteUnknown, sameSite, timeUnknown, backTooEarly, out (since
-- when, due when), onLoan (from when to when), otherJourney (when), awaited (from when, and from when on it is free).
-- param centre_number int2 not null
-- param id uuid as TransferID not null
-- param outage_id uuid as OutageID not null
-- param back_id uuid as TransferID not null
-- param back_outage_id uuid as OutageID not null
-- param asset_id uuid as ResourceID not null
-- param by uuid as KeyID not null
-- param to_site_id uuid as SiteID not null
-- param departs timestamptz
-- param minutes int4
-- param back_departs timestamptz
-- param back_minutes int4
-- param kilometres_per_hour int4 not null
-- param note text
-- column outcome text not null
-- column moment timestamptz
-- column free_from timestamptz
-- column zone text
select t.outcome, t.moment, t.free_from, t.zone
from maintenance.plan_transfer(
         @centre_number, @id, @outage_id, @back_id, @back_outage_id, @asset_id, @by, @to_site_id, @departs, @minutes, @back_departs,
         @back_minutes, @kilometres_per_hour, @note) as t;

-- name: CancelTransfer :one
-- outcome: cancelled, notFound, forbidden, versionMismatch, over, otherJourney (when), awaited (from when).
-- param centre_number int2 not null
-- param id uuid as TransferID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column version int4
-- column moment timestamptz
-- column zone text
select t.outcome, t.version, t.moment, t.zone from maintenance.cancel_transfer(@centre_number, @id, @version, @by) as t;

-- name: ListTransfers :many
-- Journeys of a centre's assets that the actor may see, by id, after a cursor; one of them, those of an asset or of a trip, or those that are
-- neither called off nor over.
-- param centre_number int2 not null
-- param id uuid as TransferID
-- param trip_id uuid as TransferID
-- param asset_id uuid as ResourceID
-- param is_to_come bool
-- param after uuid as TransferID
-- param row_limit int4 not null
-- column id uuid as TransferID not null
-- column trip_id uuid as TransferID not null
-- column asset_id uuid as ResourceID not null
-- column name text not null
-- column from_site_id uuid as SiteID not null
-- column from_site_name text not null
-- column to_site_id uuid as SiteID not null
-- column to_site_name text not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column zone text not null
-- column kilometres int4
-- column kilometres_per_hour int4
-- column note text
-- column outage_id uuid as OutageID not null
-- column recorded_at timestamptz not null
-- column state text not null
-- column version int4 not null
select t.id, t.trip_id, t.asset_id, r.name, t.from_site_id, f.name as from_site_name, t.to_site_id, s.name as to_site_name,
       lower(t.during) as starts, upper(t.during) as ends, f.zone, t.kilometres, t.kilometres_per_hour, t.note, t.outage_id, t.recorded_at,
       case when t.cancelled_at is not null then 'cancelled' when upper(t.during) <= n.now then 'arrived'
            when lower(t.during) <= n.now then 'onItsWay' else 'planned' end as state, t.version
from maintenance.transfer t
join platforms.resource r on r.centre_id = t.centre_id and r.id = t.asset_id
join centres.site f on f.centre_id = t.centre_id and f.id = t.from_site_id
join centres.site s on s.centre_id = t.centre_id and s.id = t.to_site_id
cross join (select plateau.clock() as now offset 0) n
where t.centre_id = @centre_number
  and (@id is null or t.id = @id) and (@trip_id is null or t.trip_id = @trip_id) and (@asset_id is null or t.asset_id = @asset_id)
  and (@is_to_come is null or (t.cancelled_at is null and upper(t.during) > n.now) = @is_to_come)
  and (@after is null or t.id > @after)
order by t.id
limit @row_limit;

-- name: CarryOutTransfers :one
-- How many journeys have ended since, so that their assets stand elsewhere.
-- param batch int4 not null
-- column arrived int4 not null
select maintenance.carry_out_transfers(@batch) as arrived;
