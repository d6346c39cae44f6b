-- name: CreateKit :one
-- things (a model where are_models says so), amounts and exclusive are parallel. outcome: created, forbidden, memberUnknown (with its number; undo the rest). Raises kit_member_once, kit_member_model_once.
-- param centre_number int2 not null
-- param id uuid as KitID not null
-- param key uuid as KeyID not null
-- param name text not null
-- param description text
-- param from_day date not null
-- param to_day date
-- param things uuid[] as [ResourceID] not null
-- param are_models bool[] not null
-- param amounts int4[] not null
-- param exclusive bool[] not null
-- column outcome text not null
-- column member int4
select f.outcome, f.member
from inventory.create_kit(
         @centre_number, @id, @key, @name, @description, @from_day, @to_day, @things, @are_models, @amounts, @exclusive) as f;

-- name: ChangeKit :one
-- outcome: changed, forbidden, notFound, versionMismatch, memberUnknown (with its number). Raises what CreateKit raises.
-- param centre_number int2 not null
-- param id uuid as KitID not null
-- param version int4 not null
-- param key uuid as KeyID not null
-- param name text not null
-- param description text
-- param from_day date not null
-- param to_day date
-- param things uuid[] as [ResourceID] not null
-- param are_models bool[] not null
-- param amounts int4[] not null
-- param exclusive bool[] not null
-- column outcome text not null
-- column version int4
-- column member int4
select f.outcome, f.version, f.member
from inventory.change_kit(
         @centre_number, @id, @version, @key, @name, @description, @from_day, @to_day, @things, @are_models, @amounts, @exclusive) as f;

-- name: ListKits :many
-- Kits by (centre, id), after a cursor; one, those of a centre, or those in force on a day, when given. things, kinds, … are parallel: its members by number. standings: ready, retired, notInService, tooFew.
-- param id uuid as KitID
-- param centre_id uuid as CentreID
-- param on_day date
-- param after_centre int2 not null
-- param after_id uuid as KitID not null
-- param row_limit int4 not null
-- column centre_number int2 not null
-- column centre_id uuid as CentreID not null
-- column id uuid as KitID not null
-- column name text not null
-- column description text
-- column zone text not null
-- column from_day date not null
-- column to_day date
-- column version int4 not null
-- column things uuid[] as ResourceID not null
-- column kinds text[] not null
-- column names text[] not null
-- column amounts int4[] not null
-- column exclusive bool[] not null
-- column there int4[] not null
-- column standings text[] not null
select k.centre_id as centre_number, c.id as centre_id, k.id, k.name, k.description, c.zone, lower(k.during) as from_day,
       upper(k.during) - 1 as to_day, k.version, m.things, m.kinds, m.names, m.amounts, m.exclusive, m.there, m.standings
from inventory.kit k
join centres.centre c on c.centre_id = k.centre_id
cross join lateral (
    select coalesce(array_agg(coalesce(t.resource_id, t.model_id) order by t.number), '{}') as things,
           coalesce(array_agg(t.kind order by t.number), '{}') as kinds, coalesce(array_agg(t.name order by t.number), '{}') as names,
           coalesce(array_agg(t.amount order by t.number), '{}') as amounts,
           coalesce(array_agg(t.is_exclusive order by t.number), '{}') as exclusive,
           coalesce(array_agg(t.there order by t.number), '{}') as there,
           coalesce(array_agg(t.standing order by t.number), '{}') as standings
    from inventory.kit_content t
    where t.centre_id = k.centre_id and t.kit_id = k.id) m
where (@id is null or k.centre_id = plateau.centre_of(@id) and k.id = @id)
  and (@centre_id is null or k.centre_id = plateau.centre_of(@centre_id) and c.id = @centre_id)
  and (@on_day is null or k.during @> @on_day)
  and (k.centre_id, k.id) > (@after_centre, @after_id)
order by k.centre_id, k.id
limit @row_limit;
