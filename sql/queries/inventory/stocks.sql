-- name: CreateStock :one
-- outcome: created, forbidden. Raises resource_site, stock_model, the checks of resource (resource_duration_range…).
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param key uuid as KeyID not null
-- param name text not null
-- param site_id uuid as SiteID not null
-- param is_shared bool not null
-- param amount int4 not null
-- param model_id uuid as ModelID
-- param is_consumable bool not null
-- param minimum int4
-- param setup_minutes int4 not null
-- param cleanup_minutes int4 not null
-- param minimum_minutes int4 not null
-- param maximum_minutes int4 not null
-- param grid_minutes int4 not null
-- param notice_minutes int4 not null
-- param horizon_days int4 not null
-- column outcome text not null
select inventory.create_stock(
           @centre_number, @id, @key, @name, @site_id, @is_shared, @amount, @model_id, @is_consumable, @minimum, @setup_minutes,
           @cleanup_minutes, @minimum_minutes, @maximum_minutes, @grid_minutes, @notice_minutes, @horizon_days) as outcome;

-- name: ListStocks :many
-- Stocks by (centre, id), after a cursor; one, or those of a centre, when given.
-- param id uuid as ResourceID
-- param centre_id uuid as CentreID
-- param after_centre int2 not null
-- param after_id uuid as ResourceID not null
-- param row_limit int4 not null
-- column centre_number int2 not null
-- column centre_id uuid as CentreID not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column site_id uuid as SiteID not null
-- column zone text not null
-- column is_shared bool not null
-- column amount int4 not null
-- column out_count int4 not null
-- column model_id uuid as ModelID
-- column model text
-- column is_consumable bool not null
-- column minimum int4
-- column setup_minutes int4 not null
-- column cleanup_minutes int4 not null
-- column minimum_minutes int4 not null
-- column maximum_minutes int4 not null
-- column grid_minutes int4 not null
-- column notice_minutes int4 not null
-- column horizon_days int4 not null
-- column version int4 not null
select k.centre_id as centre_number, c.id as centre_id, k.id, r.name, r.site_id, s.zone, r.is_shared, r.capacity as amount, r.out_count, k.model_id,
       nullif(concat_ws(' ', m.manufacturer, m.name), '') as model, k.is_consumable, k.minimum, r.setup_minutes, r.cleanup_minutes,
       r.minimum_minutes, r.maximum_minutes, r.grid_minutes, r.notice_minutes, r.horizon_days, r.version
from inventory.stock k
join platforms.resource r on r.centre_id = k.centre_id and r.id = k.id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
join centres.centre c on c.centre_id = k.centre_id
left join inventory.model m on m.id = k.model_id
where (@id is null or k.centre_id = plateau.centre_of(@id) and k.id = @id)
  and (@centre_id is null or k.centre_id = plateau.centre_of(@centre_id) and c.id = @centre_id)
  and (k.centre_id, k.id) > (@after_centre, @after_id)
order by k.centre_id, k.id
limit @row_limit;

-- name: ChangeStock :one
-- Everything but how many there are. outcome: changed, forbidden, notFound, versionMismatch. Raises what CreateStock raises.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- param key uuid as KeyID not null
-- param name text not null
-- param is_shared bool not null
-- param model_id uuid as ModelID
-- param is_consumable bool not null
-- param minimum int4
-- param setup_minutes int4 not null
-- param cleanup_minutes int4 not null
-- param minimum_minutes int4 not null
-- param maximum_minutes int4 not null
-- param grid_minutes int4 not null
-- param notice_minutes int4 not null
-- param horizon_days int4 not null
-- column outcome text not null
-- column version int4
select f.outcome, f.version
from inventory.change_stock(
         @centre_number, @id, @version, @key, @name, @is_shared, @model_id, @is_consumable, @minimum, @setup_minutes, @cleanup_minutes,
         @minimum_minutes, @maximum_minutes, @grid_minutes, @notice_minutes, @horizon_days) as f;

-- name: ChangeAmount :one
-- outcome: changed (with the amount then), forbidden, notFound, notConsumable, outOfRange, itemsOut (so many are out), inUse (with how many are taken at most, when, and lines of bookings that take more than would be left; the lists are parallel).
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param key uuid as KeyID not null
-- param cause text not null
-- param change int4 not null
-- param note text
-- column outcome text not null
-- column amount int4
-- column taken int4
-- column taken_at timestamptz
-- column bookings uuid[] as BookingID
-- column booking_references text[]
-- column starts timestamptz[]
-- column ends timestamptz[]
-- column amounts int4[]
select f.outcome, f.amount, f.taken, f.taken_at, f.bookings, f.booking_references, f.starts, f.ends, f.amounts
from inventory.change_amount(@centre_number, @id, @key, @cause, @change, @note) as f;

-- name: ListStockChanges :many
-- How the amount of a stock came to be, newest first.
-- param id uuid as ResourceID not null
-- param before int4
-- param row_limit int4 not null
-- column number int4 not null
-- column cause text not null
-- column change int4 not null
-- column amount int4 not null
-- column note text
-- column at timestamptz not null
-- column key_id uuid as KeyID not null
select g.number, g.cause, g.change, g.amount, g.note, g.at, g.key_id
from inventory.stock_change g
where g.centre_id = plateau.centre_of(@id) and g.stock_id = @id and (@before is null or g.number < @before)
order by g.number desc
limit @row_limit;
