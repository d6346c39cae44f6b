-- name: KnowsCentre :maybe
-- param id uuid as CentreID not null
-- column centre_number int2 not null
select c.centre_id as centre_number from centres.centre c where c.id = @id;

-- name: ImportAssets :many
-- takes: nothing, all or accepted. A row for each fault (outcome fault: member, code), and one for each line: created, updated, unchanged or refused; or forbidden alone.
-- param centre_number int2 not null
-- param key uuid as KeyID not null
-- param columns text[] not null
-- param lines jsonb not null
-- param takes text not null
-- column line int4
-- column outcome text not null
-- column member text
-- column code text
select i.line, i.outcome, i.member, i.code
from inventory.import_assets(@centre_number, @key, @columns, @lines, @takes) as i;

-- name: ExportAssets :many
-- The assets of a centre by their inventory numbers. Sites and platforms by their names where these are the centre's alone, otherwise by their ids.
-- param centre_number int2 not null
-- column inventory_number text not null
-- column name text not null
-- column category text not null
-- column manufacturer text not null
-- column model text not null
-- column site text not null
-- column platform text
-- column is_mobile bool not null
-- column is_shared bool not null
-- column serial text
-- column condition text not null
-- column state text not null
-- column expected_at timestamptz
-- column loaned_until timestamptz
-- column is_advanced bool not null
-- column reason text
-- column acquired_on date
-- column renewal_expected_on date
-- column owner text
-- column operated_by text
-- column price_cents int8
-- column setup_minutes int4 not null
-- column cleanup_minutes int4 not null
-- column minimum_minutes int4 not null
-- column maximum_minutes int4 not null
-- column grid_minutes int4 not null
-- column notice_minutes int4 not null
-- column horizon_days int4 not null
with site as (
    select s.id, case when count(*) over (partition by s.name) = 1 then s.name else s.id::text end as called
    from centres.site s where s.centre_id = @centre_number
), platform as (
    -- Those that are retired have no name to be found by.
    select r.id,
           case when r.retired_at is null and count(*) over (partition by r.name, r.retired_at is null) = 1 then r.name
                else r.id::text end as called
    from platforms.resource r where r.centre_id = @centre_number and r.kind = 'platform'
)
select a.inventory_number, r.name, m.category, m.manufacturer, m.name as model, s.called as site, p.called as platform, a.is_mobile,
       r.is_shared, a.serial, a.condition, a.state, a.expected_at, a.loaned_until, a.is_advanced_technology as is_advanced,
       a.advanced_technology_reason as reason, a.acquired_on, a.renewal_expected_on, a.owner, a.operator as operated_by, u.price_cents,
       r.setup_minutes, r.cleanup_minutes, r.minimum_minutes, r.maximum_minutes, r.grid_minutes, r.notice_minutes, r.horizon_days
from inventory.asset a
join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id
join inventory.model m on m.id = a.model_id
join site s on s.id = r.site_id
left join platform p on p.id = a.platform_id
left join inventory.purchase u on u.centre_id = a.centre_id and u.asset_id = a.id
where a.centre_id = @centre_number
order by a.inventory_number;
