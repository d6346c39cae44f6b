-- name: CreateModel :one
-- The model of that manufacturer and name: a new one, or the one there was.
-- param id uuid as ModelID not null
-- param category text not null
-- param manufacturer text not null
-- param name text not null
-- column id uuid as ModelID not null
-- column category text not null
-- column is_new bool not null
select m.id, m.category, m.is_new from inventory.create_model(@id, @category, @manufacturer, @name) as m;

-- name: CreateAsset :one
-- Raises asset_inventory_number_once, asset_serial_once, asset_platform, asset_fixed_to_a_platform_or_mobile and what states need.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param model_id uuid as ModelID not null
-- param platform_id uuid as ResourceID
-- param name text not null
-- param site_id uuid as SiteID not null
-- param is_shared bool not null
-- param inventory_number text not null
-- param serial text
-- param is_mobile bool not null
-- param is_advanced_technology bool not null
-- param acquired_on date
-- param renewal_expected_on date
-- param setup_minutes int4 not null
-- param cleanup_minutes int4 not null
-- param minimum_minutes int4 not null
-- param maximum_minutes int4 not null
-- param grid_minutes int4 not null
-- param notice_minutes int4 not null
-- param horizon_days int4 not null
-- param owner text
-- param operated_by text
-- param condition text not null
-- param advanced_technology_reason text
-- param price_cents int8
-- param state text not null
-- param expected_at timestamptz
-- param loaned_until timestamptz
-- column created_at timestamptz not null
select inventory.create_asset(
           @centre_number, @id, @model_id, @platform_id, @name, @site_id, @is_shared, @inventory_number, @serial, @is_mobile,
           @is_advanced_technology, @acquired_on, @renewal_expected_on, @setup_minutes, @cleanup_minutes, @minimum_minutes,
           @maximum_minutes, @grid_minutes, @notice_minutes, @horizon_days, @owner, @operated_by, @condition,
           @advanced_technology_reason, @price_cents, @state, @expected_at, @loaned_until) as created_at;

-- name: ChangeAsset :one
-- outcome: changed, notFound, forbidden, versionMismatch, booked (with when), durable (with the line, until when and who paid). Raises what CreateAsset raises, and resource_parent_hours.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param name text not null
-- param is_shared bool not null
-- param site_id uuid as SiteID not null
-- param platform_id uuid as ResourceID
-- param is_mobile bool not null
-- param inventory_number text not null
-- param serial text
-- param is_advanced_technology bool not null
-- param advanced_technology_reason text
-- param acquired_on date
-- param renewal_expected_on date
-- param owner text
-- param operated_by text
-- param condition text not null
-- param price_cents int8
-- param setup_minutes int4 not null
-- param cleanup_minutes int4 not null
-- param minimum_minutes int4 not null
-- param maximum_minutes int4 not null
-- param grid_minutes int4 not null
-- param notice_minutes int4 not null
-- param horizon_days int4 not null
-- param override_reason text
-- column outcome text not null
-- column version int4
-- column taken_at timestamptz
-- column line_id uuid as FundingLineID
-- column durable_until date
-- column funder text
select c.outcome, c.version, c.taken_at, c.line_id, c.durable_until, c.funder
from inventory.change_asset(
         @centre_number, @id, @version, @by, @name, @is_shared, @site_id, @platform_id, @is_mobile, @inventory_number, @serial,
         @is_advanced_technology, @advanced_technology_reason, @acquired_on, @renewal_expected_on, @owner, @operated_by, @condition,
         @price_cents, @setup_minutes, @cleanup_minutes, @minimum_minutes, @maximum_minutes, @grid_minutes, @notice_minutes,
         @horizon_days, @override_reason) as c;

-- name: ChangeState :one
-- outcome: changed, notFound, forbidden, versionMismatch, notAllowed (from state), booked (with when), durable (as ChangeAsset). Raises asset_expected_while_away.
-- param centre_number int2 not null
-- param id uuid as ResourceID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param state text not null
-- param expected_at timestamptz
-- param reason text not null
-- param override_reason text
-- column outcome text not null
-- column version int4
-- column state text
-- column taken_at timestamptz
-- column line_id uuid as FundingLineID
-- column durable_until date
-- column funder text
select c.outcome, c.version, c.state, c.taken_at, c.line_id, c.durable_until, c.funder
from inventory.change_state(@centre_number, @id, @version, @by, @state, @expected_at, @reason, @override_reason) as c;

-- name: ListTransitions :many
-- Every change of state of an asset, newest first, for its centre and the network.
-- param id uuid as ResourceID not null
-- column from_state text not null
-- column to_state text not null
-- column expected_at timestamptz
-- column at timestamptz not null
-- column key_id uuid as KeyID not null
-- column reason text not null
select t.from_state, t.to_state, t.expected_at, t.at, t.key_id, t.reason
from inventory.transition t
where t.centre_id = plateau.centre_of(@id) and t.asset_id = @id
order by t.number desc;

-- name: ListMoves :many
-- Every change of place of an asset, newest first, for its centre and the network.
-- param id uuid as ResourceID not null
-- column from_site_id uuid as SiteID not null
-- column from_platform_id uuid as ResourceID
-- column to_site_id uuid as SiteID not null
-- column to_platform_id uuid as ResourceID
-- column at timestamptz not null
-- column key_id uuid as KeyID not null
select m.from_site_id, m.from_platform_id, m.to_site_id, m.to_platform_id, m.at, m.key_id
from inventory.move m
where m.centre_id = plateau.centre_of(@id) and m.asset_id = @id
order by m.number desc;

-- name: FindAsset :maybe
-- One asset with its model and rules of use; what it cost, for those who may know.
-- param id uuid as ResourceID not null
-- column centre_id uuid as CentreID not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column category text not null
-- column manufacturer text not null
-- column model text not null
-- column serial text
-- column inventory_number text not null
-- column platform_id uuid as ResourceID
-- column site_id uuid as SiteID not null
-- column zone text not null
-- column is_shared bool not null
-- column is_mobile bool not null
-- column is_advanced_technology bool not null
-- column acquired_on date
-- column renewal_expected_on date
-- column setup_minutes int4 not null
-- column cleanup_minutes int4 not null
-- column minimum_minutes int4 not null
-- column maximum_minutes int4 not null
-- column grid_minutes int4 not null
-- column notice_minutes int4 not null
-- column horizon_days int4 not null
-- column retired_at timestamptz
-- column version int4 not null
-- column model_id uuid as ModelID not null
-- column owner text
-- column operated_by text
-- column condition text not null
-- column advanced_technology_reason text
-- column state text not null
-- column expected_at timestamptz
-- column loaned_until timestamptz
-- column price_cents int8
select c.id as centre_id, a.id, r.name, m.category, m.manufacturer, m.name as model, a.serial, a.inventory_number, a.platform_id,
       r.site_id, s.zone, r.is_shared, a.is_mobile, a.is_advanced_technology, a.acquired_on, a.renewal_expected_on, r.setup_minutes,
       r.cleanup_minutes, r.minimum_minutes, r.maximum_minutes, r.grid_minutes, r.notice_minutes, r.horizon_days, r.retired_at,
       r.version, a.model_id, a.owner, a.operator as operated_by, a.condition, a.advanced_technology_reason, a.state, a.expected_at, a.loaned_until,
       p.price_cents
from inventory.asset a
join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
join inventory.model m on m.id = a.model_id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
join centres.centre c on c.centre_id = r.centre_id
left join inventory.purchase p on p.centre_id = a.centre_id and p.asset_id = a.id
where a.centre_id = plateau.centre_of(@id) and a.id = @id;

-- name: ListAssets :many
-- Equipment by (centre, id), after a cursor; of one centre, category, model, state or platform when given.
-- param centre_id uuid as CentreID
-- param category text
-- param model_id uuid as ModelID
-- param state text
-- param platform_id uuid as ResourceID
-- param after_centre int2 not null
-- param after_id uuid as ResourceID not null
-- param row_limit int4 not null
-- column centre_number int2 not null
-- column centre_id uuid as CentreID not null
-- column id uuid as ResourceID not null
-- column name text not null
-- column category text not null
-- column manufacturer text not null
-- column model text not null
-- column serial text
-- column inventory_number text not null
-- column platform_id uuid as ResourceID
-- column site_id uuid as SiteID not null
-- column zone text not null
-- column is_shared bool not null
-- column is_mobile bool not null
-- column is_advanced_technology bool not null
-- column acquired_on date
-- column renewal_expected_on date
-- column setup_minutes int4 not null
-- column cleanup_minutes int4 not null
-- column minimum_minutes int4 not null
-- column maximum_minutes int4 not null
-- column grid_minutes int4 not null
-- column notice_minutes int4 not null
-- column horizon_days int4 not null
-- column retired_at timestamptz
-- column version int4 not null
-- column model_id uuid as ModelID not null
-- column owner text
-- column operated_by text
-- column condition text not null
-- column advanced_technology_reason text
-- column state text not null
-- column expected_at timestamptz
-- column loaned_until timestamptz
-- column price_cents int8
select a.centre_id as centre_number, c.id as centre_id, a.id, r.name, m.category, m.manufacturer, m.name as model, a.serial,
       a.inventory_number, a.platform_id, r.site_id, s.zone, r.is_shared, a.is_mobile, a.is_advanced_technology, a.acquired_on,
       a.renewal_expected_on, r.setup_minutes, r.cleanup_minutes, r.minimum_minutes, r.maximum_minutes, r.grid_minutes,
       r.notice_minutes, r.horizon_days, r.retired_at, r.version, a.model_id, a.owner, a.operator as operated_by, a.condition,
       a.advanced_technology_reason, a.state, a.expected_at, a.loaned_until, p.price_cents
from inventory.asset a
join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
join inventory.model m on m.id = a.model_id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
join centres.centre c on c.centre_id = r.centre_id
left join inventory.purchase p on p.centre_id = a.centre_id and p.asset_id = a.id
where (@centre_id is null or a.centre_id = plateau.centre_of(@centre_id) and c.id = @centre_id)
  and (@category is null or m.category = @category)
  and (@model_id is null or a.model_id = @model_id)
  and (@state is null or a.state = @state)
  and (@platform_id is null or a.platform_id = @platform_id)
  and (a.centre_id, a.id) > (@after_centre, @after_id)
order by a.centre_id, a.id
limit @row_limit;
