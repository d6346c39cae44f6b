-- name: AddPlan :one
-- outcome: added, notFound, forbidden.
-- param centre_number int2 not null
-- param id uuid as PlanID not null
-- param asset_id uuid as ResourceID not null
-- param by uuid as KeyID not null
-- param kind text not null
-- param name text not null
-- param every_months int2
-- param every_use_hours int4
-- param duration_minutes int4 not null
-- param last_done_on date not null
-- param binds bool not null
-- column outcome text not null
select maintenance.add_plan(
           @centre_number, @id, @asset_id, @by, @kind, @name, @every_months, @every_use_hours, @duration_minutes, @last_done_on,
           @binds) as outcome;

-- name: CompletePlan :one
-- outcome: completed, notFound, forbidden, versionMismatch, over, future, earlier, certificate. Raises completion_expires_later.
-- param centre_number int2 not null
-- param id uuid as CompletionID not null
-- param plan_id uuid as PlanID not null
-- param by uuid as KeyID not null
-- param version int4 not null
-- param done_on date not null
-- param certificate text
-- param laboratory text
-- param expires_on date
-- param note text
-- column outcome text not null
-- column version int4
select c.outcome, c.version
from maintenance.complete_plan(
         @centre_number, @id, @plan_id, @by, @version, @done_on, @certificate, @laboratory, @expires_on, @note) as c;

-- name: EndPlan :one
-- outcome: ended, notFound, forbidden, versionMismatch, over.
-- param centre_number int2 not null
-- param id uuid as PlanID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column version int4
select e.outcome, e.version from maintenance.end_plan(@centre_number, @id, @version, @by) as e;

-- name: ListPlans :many
-- The plans of a centre that the actor may see, by id, after a cursor; one of them, those of an asset, those due by a day. due_on: by its
-- months, or the last day of its certificate where that is earlier; used_minutes: since it was last done, as booked.
-- param centre_number int2 not null
-- param id uuid as PlanID
-- param asset_id uuid as ResourceID
-- param due_by date
-- param after uuid as PlanID
-- param row_limit int4 not null
-- column id uuid as PlanID not null
-- column asset_id uuid as ResourceID not null
-- column asset_name text not null
-- column kind text not null
-- column name text not null
-- column every_months int2
-- column every_use_hours int4
-- column duration_minutes int4 not null
-- column last_done_on date not null
-- column binds bool not null
-- column due_on date
-- column used_minutes int8 not null
-- column is_due bool not null
-- column certificate text
-- column laboratory text
-- column expires_on date
-- column outage_id uuid as OutageID
-- column ended_at timestamptz
-- column version int4 not null
select p.id, p.asset_id, p.asset_name, p.kind, p.name, p.every_months, p.every_use_hours, p.duration_minutes, p.last_done_on, p.binds,
       p.due_on, p.used_minutes, p.is_due, p.certificate, p.laboratory, p.expires_on, p.outage_id, p.ended_at, p.version
from (
    select p.*, r.name as asset_name, d.due_on, u.minutes as used_minutes, c.certificate, c.laboratory, c.expires_on,
           -- What is planned for it already.
           (select o.id from maintenance.outage o
            where o.centre_id = p.centre_id and o.plan_id = p.id and o.ended_at is null and upper(o.during) > t.now
            order by lower(o.during) limit 1) as outage_id,
           p.ended_at is null and (coalesce(d.due_on <= t.today, false) or coalesce(u.minutes >= p.every_use_hours * 60, false)) as is_due
    from maintenance.plan p
    join platforms.resource r on r.centre_id = p.centre_id and r.id = p.asset_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    cross join lateral (select n.now, plateau.local_day(n.now, s.zone) as today from (select plateau.clock() as now offset 0) n offset 0) t
    left join lateral (
        select x.certificate, x.laboratory, x.expires_on from maintenance.completion x
        where x.centre_id = p.centre_id and x.plan_id = p.id order by x.done_on desc, x.id desc limit 1) c on true
    cross join lateral (select maintenance.due_on(p) as due_on) d
    cross join lateral (
        select case when p.every_use_hours is null then 0
                    else maintenance.use_minutes(
                        p.centre_id, p.asset_id, plateau.instant_of((p.last_done_on + 1)::timestamp, s.zone), t.now) end as minutes) u
    where p.centre_id = @centre_number
      and (@id is null or p.id = @id) and (@asset_id is null or p.asset_id = @asset_id) and (@after is null or p.id > @after)) p
where @due_by is null or p.ended_at is null and (p.is_due or p.due_on <= @due_by)
order by p.id
limit @row_limit;

-- name: WarnOfPlans :one
-- Tells of plans that are due within so many days, once for each day. How many.
-- param lead_days int4 not null
-- param batch int4 not null
-- column told int4 not null
select maintenance.warn_of_plans(@lead_days, @batch) as told;
