-- name: OpenStocktake :one
-- outcome: opened, siteUnknown, forbidden.
-- param centre_number int2 not null
-- param id uuid as StocktakeID not null
-- param key uuid as KeyID not null
-- param site_id uuid as SiteID
-- column outcome text not null
select inventory.open_stocktake(@centre_number, @id, @key, @site_id) as outcome;

-- name: SeeAsset :one
-- outcome: noted (with the asset), notFound, closed, assetUnknown, placeUnknown, forbidden.
-- param centre_number int2 not null
-- param stocktake_id uuid as StocktakeID not null
-- param key uuid as KeyID not null
-- param code text not null
-- param site_id uuid as SiteID
-- param platform_id uuid as ResourceID
-- column outcome text not null
-- column asset_id uuid as ResourceID
select s.outcome, s.asset_id from inventory.see_asset(@centre_number, @stocktake_id, @key, @code, @site_id, @platform_id) as s;

-- name: CloseStocktake :one
-- outcome: done, notFound, closed, forbidden; of one stock: notCounted, noDifference, itemsOut (so many are out), outOfRange, inUse (as
-- ChangeAmount).
-- param centre_number int2 not null
-- param id uuid as StocktakeID not null
-- param key uuid as KeyID not null
-- param corrected uuid[] as [ResourceID] not null
-- column outcome text not null
-- column stock_id uuid as ResourceID
-- column stock_name text
-- column taken int4
-- column taken_at timestamptz
-- column zone text
-- column bookings uuid[] as BookingID
-- column booking_references text[]
-- column starts timestamptz[]
-- column ends timestamptz[]
-- column amounts int4[]
select c.outcome, c.stock_id, c.stock_name, c.taken, c.taken_at, c.zone, c.bookings, c.booking_references, c.starts, c.ends, c.amounts
from inventory.close_stocktake(@centre_number, @id, @key, @corrected) as c;

-- name: CountStock :one
-- outcome: noted, notFound, closed, stockUnknown, forbidden.
-- param centre_number int2 not null
-- param stocktake_id uuid as StocktakeID not null
-- param key uuid as KeyID not null
-- param stock_id uuid as ResourceID not null
-- param counted int4 not null
-- column outcome text not null
select inventory.count_stock(@centre_number, @stocktake_id, @key, @stock_id, @counted) as outcome;

-- name: ListStocktakeStocks :many
-- The stocks of a count by name, after a cursor; only those whose number differs, or one of them, when asked.
-- param centre_number int2 not null
-- param stocktake_id uuid as StocktakeID not null
-- param differs bool
-- param stock_id uuid as ResourceID
-- param after_name text
-- param after_id uuid as ResourceID
-- param row_limit int4 not null
-- column stock_id uuid as ResourceID not null
-- column name text not null
-- column site_id uuid as SiteID not null
-- column amount int4 not null
-- column out_count int4 not null
-- column counted int4
-- column counted_at timestamptz
-- column counted_by uuid as KeyID
-- column change_number int4
select k.stock_id, r.name, r.site_id, k.amount, k.out_count, k.counted, k.counted_at, k.counted_by, k.change_number
from inventory.stocktake_stock k
join platforms.resource r on r.centre_id = k.centre_id and r.id = k.stock_id
where k.centre_id = @centre_number and k.stocktake_id = @stocktake_id and (@stock_id::uuid is null or k.stock_id = @stock_id)
  and (@differs::boolean is null or coalesce(k.counted <> k.amount - k.out_count, false) = @differs)
  and (@after_name::text is null or (r.name, k.stock_id) > (@after_name, @after_id))
order by r.name, k.stock_id
limit @row_limit;

-- name: ListStocktakes :many
-- The counts of a centre, or one of them, newest first, before a cursor.
-- param centre_number int2 not null
-- param id uuid as StocktakeID
-- param before uuid as StocktakeID
-- param row_limit int4 not null
-- column id uuid as StocktakeID not null
-- column centre_id uuid as CentreID not null
-- column site_id uuid as SiteID
-- column opened_at timestamptz not null
-- column opened_by uuid as KeyID not null
-- column closed_at timestamptz
-- column closed_by uuid as KeyID
-- column expected int4 not null
-- column seen int4 not null
-- column missing int4 not null
-- column retired int4 not null
-- column misplaced int4 not null
-- column stocks int4 not null
-- column stocks_counted int4 not null
-- column stocks_differing int4 not null
-- column stocks_corrected int4 not null
select s.id, c.id as centre_id, s.site_id, s.opened_at, s.opened_by, s.closed_at, s.closed_by, coalesce(s.expected, l.expected) as expected,
       coalesce(s.seen, l.seen) as seen, coalesce(s.missing, l.missing) as missing, coalesce(s.retired, l.retired) as retired,
       coalesce(s.misplaced, l.misplaced) as misplaced, k.stocks, k.stocks_counted, k.stocks_differing, k.stocks_corrected
from inventory.stocktake s
join centres.centre c on c.centre_id = s.centre_id
cross join lateral (
    select (count(*) filter (where l.is_expected))::integer as expected, (count(*) filter (where l.result = 'seen'))::integer as seen,
           (count(*) filter (where l.result = 'missing'))::integer as missing,
           (count(*) filter (where l.result = 'retired'))::integer as retired,
           (count(*) filter (where l.result = 'misplaced'))::integer as misplaced
    -- Of one that is closed they are kept.
    from inventory.stocktake_line l where s.closed_at is null and l.centre_id = s.centre_id and l.stocktake_id = s.id) l
cross join lateral (
    select count(*)::integer as stocks, count(k.counted)::integer as stocks_counted,
           (count(*) filter (where k.counted <> k.amount - k.out_count))::integer as stocks_differing,
           count(k.change_number)::integer as stocks_corrected
    from inventory.stocktake_stock k where k.centre_id = s.centre_id and k.stocktake_id = s.id) k
where s.centre_id = @centre_number and (@id::uuid is null or s.id = @id) and (@before::uuid is null or s.id < @before)
order by s.id desc
limit @row_limit;

-- name: ListStocktakeLines :many
-- The assets of a count by their inventory numbers, after a cursor; of one result, or one asset, when given.
-- param centre_number int2 not null
-- param stocktake_id uuid as StocktakeID not null
-- param result text
-- param asset_id uuid as ResourceID
-- param after text
-- param row_limit int4 not null
-- column asset_id uuid as ResourceID not null
-- column inventory_number text not null
-- column name text not null
-- column result text not null
-- column is_expected bool not null
-- column expected_site_id uuid as SiteID not null
-- column expected_platform_id uuid as ResourceID
-- column seen_at timestamptz
-- column seen_by uuid as KeyID
-- column seen_site_id uuid as SiteID
-- column seen_platform_id uuid as ResourceID
select l.asset_id, a.inventory_number, r.name, l.result, l.is_expected, l.expected_site_id, l.expected_platform_id, l.seen_at, l.seen_by,
       l.seen_site_id, l.seen_platform_id
from inventory.stocktake_line l
join inventory.asset a on a.centre_id = l.centre_id and a.id = l.asset_id
join platforms.resource r on r.centre_id = l.centre_id and r.id = l.asset_id
where l.centre_id = @centre_number and l.stocktake_id = @stocktake_id and (@result::text is null or l.result = @result)
  and (@asset_id::uuid is null or l.asset_id = @asset_id) and (@after::text is null or a.inventory_number > @after)
order by a.inventory_number
limit @row_limit;
