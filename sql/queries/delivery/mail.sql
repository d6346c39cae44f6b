-- name: FindNotifications :maybe
-- Of the actor's organisation. No row: as nobody said anything.
-- param organisation_id uuid as OrganisationID not null
-- column addresses text[] not null
-- column kinds text[]
-- column language text not null
-- column writes_to_contacts bool not null
-- column version int4 not null
select n.addresses, n.kinds, n.language, n.writes_to_contacts, n.version
from delivery.notification_settings n
where n.organisation_id = @organisation_id;

-- name: SetNotifications :one
-- outcome: changed, forbidden, versionMismatch.
-- param organisation_id uuid as OrganisationID not null
-- param version int4 not null
-- param addresses text[] not null
-- param kinds text[]
-- param language text not null
-- param writes_to_contacts bool not null
-- param by uuid as KeyID not null
-- column outcome text not null
select delivery.set_notifications(@organisation_id, @version, @addresses, @kinds, @language, @writes_to_contacts, @by) as outcome;

-- name: WriteMail :one
-- Makes messages of the next events. How many events were taken.
-- param batch int4 not null
-- column taken int4 not null
select delivery.write_mail(@batch) as taken;

-- name: WriteReminders :one
-- Makes messages of the bookings that begin within so many hours. How many.
-- param hours int4 not null
-- column written int4 not null
select delivery.write_reminders(@hours) as written;

-- name: WriteApprovalReminders :one
-- Reminds those who decide of requests half of whose time has passed. How many messages.
-- column written int4 not null
select delivery.write_approval_reminders() as written;

-- name: ClaimMail :many
-- Messages that are due, lent for some seconds.
-- param lease uuid not null
-- param row_limit int4 not null
-- param lease_seconds int4 not null
-- column id uuid as MailID not null
-- column kind text not null
-- column recipient text not null
-- column language text not null
-- column tries int4 not null
-- column created_at timestamptz not null
select c.id, c.kind, c.recipient, c.language, c.tries, c.created_at from delivery.claim_mail(@lease, @row_limit, @lease_seconds) as c;

-- name: MailLines :many
-- What a message tells: a row for each line of its bookings, in order of time.
-- param id uuid as MailID not null
-- column booking_id uuid as BookingID not null
-- column reference text not null
-- column version int4 not null
-- column state text not null
-- column title text
-- column activity text not null
-- column organisation_name text not null
-- column contact_name text
-- column expires_at timestamptz
-- column reason text
-- column changed_at timestamptz
-- column created_at timestamptz not null
-- column line_number int2 not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column seats int4 not null
-- column capacity int4 not null
-- column resource_name text not null
-- column site_name text not null
-- column town text not null
-- column zone text not null
select l.booking_id, l.reference, l.version, l.state, l.title, l.activity, l.organisation_name, l.contact_name, l.expires_at, l.reason,
       l.changed_at, l.created_at, l.line_number, l.starts, l.ends, l.seats, l.capacity, l.resource_name, l.site_name, l.town, l.zone
from delivery.mail_lines(@id) as l;

-- name: MailThings :many
-- What a message about a custody tells: a row for each thing that is still out.
-- param id uuid as MailID not null
-- column taken_by text not null
-- column organisation_name text
-- column booking_id uuid as BookingID
-- column booking_reference text
-- column due_at timestamptz not null
-- column thing text not null
-- column amount int4
-- column centre_name text not null
-- column site_name text not null
-- column town text not null
-- column zone text not null
select l.taken_by, l.organisation_name, l.booking_id, l.booking_reference, l.due_at, l.thing, l.amount, l.centre_name,
       l.site_name, l.town, l.zone
from delivery.mail_things(@id) as l;

-- name: SettleMail :one
-- outcome: settled, leaseLost.
-- param id uuid as MailID not null
-- param lease uuid not null
-- param result text not null
-- param error text
-- param jitter float8 not null
-- column outcome text not null
select delivery.settle_mail(@id, @lease, @result, @error, @jitter) as outcome;

-- name: ForgetOldMail :one
-- param batch int4 not null
-- column removed int4 not null
select delivery.forget_old_mail(@batch) as removed;
