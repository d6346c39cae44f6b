-- name: CreateWebhook :one
-- outcome: created, forbidden, tooMany.
-- param id uuid as WebhookID not null
-- param organisation_id uuid as OrganisationID not null
-- param url text not null
-- param description text
-- param types text[]
-- param by uuid as KeyID not null
-- column outcome text not null
select delivery.create_webhook(@id, @organisation_id, @url, @description, @types, @by) as outcome;

-- name: ListWebhooks :many
-- Those of the actor's organisation, by id, after a cursor; one of them when its id is given.
-- param id uuid as WebhookID
-- param after uuid as WebhookID
-- param row_limit int4 not null
-- column id uuid as WebhookID not null
-- column url text not null
-- column description text
-- column types text[]
-- column state text not null
-- column disabled_because text
-- column disabled_at timestamptz
-- column secret_number int4 not null
-- column former_secret_until timestamptz
-- column last_success_at timestamptz
-- column waiting int8 not null
-- column created_at timestamptz not null
-- column version int4 not null
select w.id, w.url, w.description, w.types, w.state, w.disabled_because, w.disabled_at, w.secret_number,
       case when w.former_secret_until > plateau.clock() then w.former_secret_until end as former_secret_until, w.last_success_at,
       (select count(*) from delivery.message m where m.webhook_id = w.id and m.state = 'pending') as waiting,
       w.created_at, w.version
from delivery.webhook w
where w.state <> 'removed' and (@id is null or w.id = @id) and (@after is null or w.id > @after)
order by w.id
limit @row_limit;

-- name: ChangeWebhook :one
-- outcome: changed, forbidden, notFound, versionMismatch.
-- param id uuid as WebhookID not null
-- param organisation_id uuid as OrganisationID not null
-- param version int4 not null
-- param url text not null
-- param description text
-- param types text[]
-- param enabled bool not null
-- param by uuid as KeyID not null
-- column outcome text not null
select delivery.change_webhook(@id, @organisation_id, @version, @url, @description, @types, @enabled, @by) as outcome;

-- name: RemoveWebhook :one
-- outcome: removed, forbidden, notFound.
-- param id uuid as WebhookID not null
-- param organisation_id uuid as OrganisationID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select delivery.remove_webhook(@id, @organisation_id, @by) as outcome;

-- name: RotateWebhookSecret :one
-- outcome: rotated, forbidden, notFound.
-- param id uuid as WebhookID not null
-- param organisation_id uuid as OrganisationID not null
-- param overlap_hours int4 not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column secret_number int4
select r.outcome, r.secret_number from delivery.rotate_secret(@id, @organisation_id, @overlap_hours, @by) as r;

-- name: SendWebhookTest :one
-- outcome: sent, forbidden, notFound, disabled.
-- param id uuid as WebhookID not null
-- param organisation_id uuid as OrganisationID not null
-- param message uuid as EventID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select delivery.send_test(@id, @organisation_id, @message, @by) as outcome;

-- name: ReplayDelivery :one
-- outcome: sent, forbidden, notFound, disabled.
-- param id uuid as WebhookID not null
-- param organisation_id uuid as OrganisationID not null
-- param message uuid as EventID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select delivery.replay(@id, @organisation_id, @message, @by) as outcome;

-- name: ListDeliveries :many
-- The messages of a webhook, the newest first, after a cursor; one of them when its id is given.
-- param webhook_id uuid as WebhookID not null
-- param id uuid as EventID
-- param state text
-- param after_created timestamptz
-- param after_id uuid as EventID
-- param row_limit int4 not null
-- column id uuid as EventID not null
-- column type text not null
-- column state text not null
-- column created_at timestamptz not null
-- column next_at timestamptz
-- column settled_at timestamptz
-- column attempt_times timestamptz[] not null
-- column attempt_outcomes text[] not null
-- column attempt_statuses int2[] not null
-- column attempt_milliseconds int4[] not null
select m.id, m.type, m.state, m.created_at, m.next_at, m.settled_at, a.times as attempt_times, a.outcomes as attempt_outcomes,
       a.statuses as attempt_statuses, a.durations as attempt_milliseconds
from delivery.message m
cross join lateral (
    select coalesce(array_agg(l.at order by l.number desc), '{}') as times,
           coalesce(array_agg(l.outcome order by l.number desc), '{}') as outcomes,
           coalesce(array_agg(coalesce(l.status, 0::smallint) order by l.number desc), '{}') as statuses,
           coalesce(array_agg(l.milliseconds order by l.number desc), '{}') as durations
    from (select * from delivery.attempt l where l.webhook_id = m.webhook_id and l.message_id = m.id
          order by l.number desc limit 20) l) a
where m.webhook_id = @webhook_id and (@id is null or m.id = @id) and (@state is null or m.state = @state)
  and (@after_created is null or (m.created_at, m.id) < (@after_created, @after_id))
order by m.created_at desc, m.id desc
limit @row_limit;

-- name: PublishEvents :one
-- Makes messages of the next events. How many events were taken.
-- param batch int4 not null
-- column taken int4 not null
select delivery.publish(@batch) as taken;

-- name: ClaimMessages :many
-- Messages that are due, lent for some seconds.
-- param lease uuid not null
-- param row_limit int4 not null
-- param lease_seconds int4 not null
-- column webhook_id uuid as WebhookID not null
-- column message_id uuid as EventID not null
-- column url text not null
-- column secret_number int4 not null
-- column has_former_secret bool not null
-- column type text not null
-- column event_centre_id int2
-- column event_id int8
-- column tries int4 not null
select c.webhook_id, c.message_id, c.url, c.secret_number, c.has_former_secret, c.type, c.event_centre_id, c.event_id, c.tries
from delivery.claim(@lease, @row_limit, @lease_seconds) as c;

-- name: EventData :maybe
-- What is sent of an event. No row: it was forgotten.
-- param centre_number int2 not null
-- param id int8 not null
-- column occurred_at timestamptz not null
-- column data jsonb not null
select d.occurred_at, d.data from delivery.data_of(@centre_number, @id) as d;

-- name: RecordAttempt :one
-- outcome: recorded, disabled, leaseLost.
-- param webhook uuid as WebhookID not null
-- param message uuid as EventID not null
-- param lease uuid not null
-- param outcome text not null
-- param status int2
-- param milliseconds int4 not null
-- param jitter float8 not null
-- column outcome text not null
select delivery.record_attempt(@webhook, @message, @lease, @outcome, @status, @milliseconds, @jitter) as outcome;

-- name: ForgetOldMessages :one
-- param batch int4 not null
-- column removed int4 not null
select delivery.forget_old_messages(@batch) as removed;
