-- name: ListModels :many
-- Models by id, after a cursor; one of them, or those of a category, when given. How many assets there are of each in the network.
-- param id uuid as ModelID
-- param category text
-- param after uuid as ModelID
-- param row_limit int4 not null
-- column id uuid as ModelID not null
-- column category text not null
-- column manufacturer text not null
-- column name text not null
-- column specification_names text[] not null
-- column specification_values text[] not null
-- column expected_life_years int2
-- column assets int8 not null
-- column version int4 not null
select m.id, m.category, m.manufacturer, m.name, m.specification_names, m.specification_values, m.expected_life_years,
       (select count(*) from inventory.asset a where a.model_id = m.id and a.state <> 'retired') as assets, m.version
from inventory.model m
where (@id is null or m.id = @id) and (@category is null or m.category = @category) and (@after is null or m.id > @after)
order by m.id
limit @row_limit;

-- name: ListCategories :many
-- The categories of equipment, with how many models and assets in use each has.
-- column category text not null
-- column models int8 not null
-- column assets int8 not null
select m.category, count(distinct m.id) as models, count(a.id) as assets
from inventory.model m
left join inventory.asset a on a.model_id = m.id and a.state <> 'retired'
group by m.category
order by m.category;

-- name: ChangeModel :one
-- outcome: changed, notFound, forbidden, versionMismatch.
-- param id uuid as ModelID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param category text not null
-- param specification_names text[] not null
-- param specification_values text[] not null
-- param expected_life_years int2
-- column outcome text not null
-- column version int4
select c.outcome, c.version
from inventory.change_model(
         @id, @version, @by, @category, @specification_names, @specification_values, @expected_life_years) as c;
