-- name: ListEvents :many
-- The events that concern the actor after a place in the order (xact, id), and the horizon below which none is missing: on every row,
-- and on one of its own, without id, when there are no events. Each branch reads an index in order and stops at the limit.
-- param after_xact int8 not null
-- param after_id int8 not null
-- param types text[]
-- param from_instant timestamptz
-- param row_limit int4 not null
-- column horizon int8 not null
-- column forgotten_xact int8 not null
-- column forgotten_id int8 not null
-- column xact int8
-- column number int8
-- column id uuid as EventID
-- column type text
-- column occurred_at timestamptz
-- column data jsonb
with horizon as materialized (
    select jobs.horizon() as xact
), place as (
    (select e.centre_id, e.id, e.xact from jobs.event e
     where (select plateau.actor_is_network()) and (e.xact, e.id) > (@after_xact, @after_id) and e.xact < (select h.xact from horizon h)
       and (@types is null or e.type = any (@types)) and (@from_instant is null or e.occurred_at >= @from_instant)
     order by e.xact, e.id limit @row_limit)
    union
    (select e.centre_id, e.id, e.xact from jobs.event e
     where e.organisation_id = (select plateau.actor_organisation())
       and (e.xact, e.id) > (@after_xact, @after_id) and e.xact < (select h.xact from horizon h)
       and (@types is null or e.type = any (@types)) and (@from_instant is null or e.occurred_at >= @from_instant)
     order by e.xact, e.id limit @row_limit)
    union
    (select o.centre_id, o.id, o.xact
     from unnest((select plateau.actor_centres())::smallint[]) as c (centre_id)
     cross join lateral (
         select e.centre_id, e.id, e.xact from jobs.event e
         where e.centre_id = c.centre_id and (e.xact, e.id) > (@after_xact, @after_id) and e.xact < (select h.xact from horizon h)
           and (@types is null or e.type = any (@types)) and (@from_instant is null or e.occurred_at >= @from_instant)
         order by e.xact, e.id limit @row_limit) o)
    union
    (select o.centre_id, o.id, o.xact
     from unnest((select plateau.actor_centres())::smallint[]) as c (centre_id)
     cross join lateral (
         select e.centre_id, e.id, e.xact
         from jobs.event_elsewhere w
         join jobs.event e on e.centre_id = w.home_centre_id and e.xact = w.xact and e.subject_id = w.subject_id and e.version = w.version
         where w.centre_id = c.centre_id and w.xact >= @after_xact
           and (e.xact, e.id) > (@after_xact, @after_id) and e.xact < (select h.xact from horizon h)
           and (@types is null or e.type = any (@types)) and (@from_instant is null or e.occurred_at >= @from_instant)
         order by e.xact, e.id limit @row_limit) o)
), page as (
    select p.* from place p order by p.xact, p.id limit @row_limit
)
select h.xact as horizon, (select f.xact from jobs.forgotten f) as forgotten_xact,
       (select f.id from jobs.forgotten f) as forgotten_id, e.xact, e.id as number,
       jobs.event_uid(e.centre_id, e.id, e.occurred_at) as id, e.type, e.occurred_at, delivery.event_data(e) as data
from horizon h
left join (page p join jobs.event e on e.centre_id = p.centre_id and e.id = p.id) on true
order by e.xact, e.id;

-- name: ForgetOldEvents :one
-- Whole transactions of more than 30 days ago. How many events are gone.
-- param batch int4 not null
-- column removed int4 not null
select jobs.forget_old_events(@batch) as removed;
