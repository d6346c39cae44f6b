-- name: CheckOutAssets :one
-- outcome: checkedOut, forbidden, bookingUnknown, bookingNotInForce, organisationUnknown, labelSuspended, refused (with rules), due,
-- afterBooking (with its end); of one asset: assetUnknown, notMobile, notInService, out (since when), notBooked, bookingNotInForce, onLoan
-- (to others, from when to when), awaited (by others, from when); of one stock, with how many could go: stockUnknown, stockNotBooked,
-- bookingNotInForce, tooFewInHouse, tooFewBooked, tooFewFree (and by when so many could be due). An empty note is none.
-- param centre_number int2 not null
-- param id uuid as CustodyID not null
-- param by uuid as KeyID not null
-- param booking_id uuid as BookingID
-- param organisation_id uuid as OrganisationID
-- param taken_by text not null
-- param due_at timestamptz
-- param note text
-- param contact_email text
-- param assets uuid[] as [ResourceID] not null
-- param conditions text[] not null
-- param notes text[] not null
-- param outages uuid[] as [OutageID] not null
-- param stocks uuid[] as [ResourceID] not null
-- param amounts int4[] not null
-- param stock_notes text[] not null
-- column outcome text not null
-- column equipment_id uuid as ResourceID
-- column equipment_name text
-- column moment timestamptz
-- column free_from timestamptz
-- column zone text
-- column rules jsonb
-- column items int4
select o.outcome, o.equipment_id, o.equipment_name, o.moment, o.free_from, o.zone, o.rules, o.items
from maintenance.check_out_assets(
         @centre_number, @id, @by, @booking_id, @organisation_id, @taken_by, @due_at, @note, @contact_email, @assets, @conditions,
         (select array_agg(nullif(n.note, '') order by n.number) from unnest(@notes) with ordinality as n (note, number)), @outages,
         @stocks, @amounts,
         (select array_agg(nullif(n.note, '') order by n.number) from unnest(@stock_notes) with ordinality as n (note, number))) as o;

-- name: CheckInAssets :one
-- outcome: checkedIn, notFound, forbidden, versionMismatch; of one asset: itemUnknown, returned, siteUnknown; of one stock: stockNotTaken,
-- tooManyBack (with how many are out), notConsumable, inUse (as ChangeAmount). An empty note, severity or site is none.
-- param centre_number int2 not null
-- param id uuid as CustodyID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param assets uuid[] as [ResourceID] not null
-- param conditions text[] not null
-- param notes text[] not null
-- param sites text[] not null
-- param severities text[] not null
-- param faults uuid[] as [FaultID] not null
-- param outages uuid[] as [OutageID] not null
-- param stocks uuid[] as [ResourceID] not null
-- param amounts int4[] not null
-- param stock_conditions text[] not null
-- param stock_notes text[] not null
-- column outcome text not null
-- column version int4
-- column equipment_id uuid as ResourceID
-- column equipment_name text
-- column displaced uuid[] as [BookingID]
-- column items int4
-- column taken int4
-- column taken_at timestamptz
-- column bookings uuid[] as BookingID
-- column booking_references text[]
-- column starts timestamptz[]
-- column ends timestamptz[]
-- column amounts int4[]
select i.outcome, i.version, i.equipment_id, i.equipment_name, i.displaced, i.items, i.taken, i.taken_at, i.bookings,
       i.booking_references, i.starts, i.ends, i.amounts
from maintenance.check_in_assets(
         @centre_number, @id, @version, @by, @assets, @conditions,
         (select array_agg(nullif(n.note, '') order by n.number) from unnest(@notes) with ordinality as n (note, number)),
         (select array_agg(nullif(n.site, '')::uuid order by n.number) from unnest(@sites) with ordinality as n (site, number)),
         (select array_agg(nullif(n.severity, '') order by n.number) from unnest(@severities) with ordinality as n (severity, number)),
         @faults, @outages, @stocks, @amounts, @stock_conditions,
         (select array_agg(nullif(n.note, '') order by n.number) from unnest(@stock_notes) with ordinality as n (note, number))) as i;

-- name: ListCustodies :many
-- Custodies that the actor may see, newest first, before a cursor; one of them, or those of a centre, an asset, a stock, a booking, those
-- with something out, those that are late.
-- param id uuid as CustodyID
-- param centre_number int2
-- param asset_id uuid as ResourceID
-- param stock_id uuid as ResourceID
-- param booking_id uuid as BookingID
-- param is_open bool
-- param is_late bool
-- param before uuid as CustodyID
-- param row_limit int4 not null
-- column id uuid as CustodyID not null
-- column centre_id uuid as CentreID not null
-- column booking_id uuid as BookingID
-- column booking_reference text
-- column organisation_id uuid as OrganisationID
-- column organisation_name text
-- column taken_by text not null
-- column due_at timestamptz not null
-- column is_late bool not null
-- column zone text not null
-- column note text
-- column contact_email text
-- column handed_out_at timestamptz not null
-- column handed_out_by uuid as KeyID not null
-- column closed_at timestamptz
-- column version int4 not null
select c.id, t.id as centre_id, c.booking_id, b.reference as booking_reference, c.organisation_id,
       access.name_of(c.organisation_id) as organisation_name, c.taken_by, c.due_at,
       c.closed_at is null and c.due_at <= n.now as is_late, t.zone, c.note,
       c.contact_email, c.handed_out_at, c.handed_out_by, c.closed_at, c.version
from maintenance.custody c
join centres.centre t on t.centre_id = c.centre_id
cross join (select plateau.clock() as now offset 0) n
left join bookings.booking b on b.centre_id = plateau.centre_of(c.booking_id) and b.id = c.booking_id
where (@id is null or c.centre_id = plateau.centre_of(@id) and c.id = @id)
  and (@centre_number is null or c.centre_id = @centre_number)
  and (@asset_id is null or exists (
      select from maintenance.custody_item i
      where i.centre_id = c.centre_id and i.custody_id = c.id and i.centre_id = plateau.centre_of(@asset_id) and i.asset_id = @asset_id))
  and (@stock_id is null or exists (
      select from maintenance.custody_stock x
      where x.centre_id = c.centre_id and x.custody_id = c.id and x.centre_id = plateau.centre_of(@stock_id) and x.stock_id = @stock_id))
  and (@booking_id is null or c.booking_id = @booking_id)
  and (@is_open is null or (c.closed_at is null) = @is_open)
  and (@is_late is null or (c.closed_at is null and c.due_at <= n.now) = @is_late)
  and (@before is null or c.id < @before)
order by c.id desc
limit @row_limit;

-- name: ListCustodyItems :many
-- What was taken, of some custodies that the actor may see. awaited_at: when somebody else's use of what is out begins, or began.
-- param custodies uuid[] as [CustodyID] not null
-- column custody_id uuid as CustodyID not null
-- column asset_id uuid as ResourceID not null
-- column name text not null
-- column inventory_number text not null
-- column condition_out text not null
-- column note_out text
-- column returned_at timestamptz
-- column returned_to uuid as KeyID
-- column condition_in text
-- column note_in text
-- column site_id uuid as SiteID
-- column stands_there bool
-- column fault_id uuid as FaultID
-- column fault_refused text
-- column awaited_at timestamptz
select i.custody_id, i.asset_id, r.name, a.inventory_number, i.condition_out, i.note_out, i.returned_at, i.returned_to, i.condition_in,
       i.note_in, i.site_id, i.stands_there, i.fault_id, i.fault_refused,
       case when i.returned_at is null then (
           select min(o.use_starts) from platforms.occupancy o
           where o.centre_id = i.centre_id and o.resource_id = i.asset_id and o.ends > plateau.clock() and o.use_starts < o.use_ends
             and o.holder_id is distinct from c.booking_id) end as awaited_at
from unnest((select @custodies)) as w (id)
join maintenance.custody c on c.centre_id = plateau.centre_of(w.id) and c.id = w.id
join maintenance.custody_item i on i.centre_id = c.centre_id and i.custody_id = c.id
join platforms.resource r on r.centre_id = i.centre_id and r.id = i.asset_id
join inventory.asset a on a.centre_id = i.centre_id and a.id = i.asset_id
order by i.custody_id, r.name, i.asset_id;

-- name: ListCustodyStocks :many
-- The items of stocks that were taken, of some custodies that the actor may see.
-- param custodies uuid[] as [CustodyID] not null
-- column custody_id uuid as CustodyID not null
-- column stock_id uuid as ResourceID not null
-- column name text not null
-- column amount int4 not null
-- column returned int4 not null
-- column is_consumable bool not null
-- column note_out text
select x.custody_id, x.stock_id, r.name, x.amount, x.returned, k.is_consumable, x.note_out
from unnest((select @custodies)) as w (id)
join maintenance.custody_stock x on x.centre_id = plateau.centre_of(w.id) and x.custody_id = w.id
join platforms.resource r on r.centre_id = x.centre_id and r.id = x.stock_id
join inventory.stock k on k.centre_id = x.centre_id and k.id = x.stock_id
order by x.custody_id, r.name, x.stock_id;

-- name: ListCustodyReturns :many
-- What came back of items of stocks, or did not, of some custodies that the actor may see; in order.
-- param custodies uuid[] as [CustodyID] not null
-- column custody_id uuid as CustodyID not null
-- column stock_id uuid as ResourceID not null
-- column number int4 not null
-- column amount int4 not null
-- column condition text not null
-- column note text
-- column returned_at timestamptz not null
-- column returned_to uuid as KeyID not null
-- column change_number int4
select b.custody_id, b.stock_id, b.number, b.amount, b.condition, b.note, b.returned_at, b.returned_to, b.change_number
from unnest((select @custodies)) as w (id)
join maintenance.custody_return b on b.centre_id = plateau.centre_of(w.id) and b.custody_id = w.id
order by b.custody_id, b.stock_id, b.number;

-- name: WarnOfCustodies :one
-- Writes an event for what is to come back soon, and for what did not come back. How many were told of.
-- param lead_hours int4 not null
-- param batch int4 not null
-- column told int4 not null
select maintenance.warn_of_custodies(@lead_hours, @batch) as told;
