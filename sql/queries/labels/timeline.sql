-- name: ListTimeline :many
-- What happened around a centre's label, or around one application, newest first, if the actor may see it.
-- param centre_number int2 not null
-- param application_id uuid as ApplicationID
-- param before timestamptz
-- param before_subject uuid
-- param before_action text
-- param row_limit int4 not null
-- column at timestamptz not null
-- column action text not null
-- column subject_id uuid not null
-- column author jsonb
-- column facts jsonb not null
select t.at, t.action, t.subject_id, labels.author_of(t.key_id) as author, t.facts
from labels.timeline(@centre_number, @application_id) as t
where @before is null or (t.at, t.subject_id, t.action) < (@before, @before_subject, @before_action)
order by t.at desc, t.subject_id desc, t.action desc
limit @row_limit;

-- name: ListReminders :many
-- The reminders of a label's end that were sent and that are to come, by their day, if the actor may see them.
-- param centre_number int2 not null
-- param today date not null
-- column ends_on date not null
-- column months int4 not null
-- column due_on date not null
-- column sent_at timestamptz
-- column renewal_pending bool
select r.ends_on, r.months, r.due_on, r.sent_at, r.renewal_pending
from labels.reminders_of(@centre_number, @today) as r
order by r.due_on, r.months desc;

-- name: SendReminders :one
-- Writes an event for each label whose end is near, once.
-- column sent int4 not null
select labels.send_reminders() as sent;
