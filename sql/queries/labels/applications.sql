-- name: RecordApplication :one
-- Records that an application was submitted or withdrawn. changed: a datemultirange, the days about which something else is known now.
-- Raises application_event_pkey.
-- param centre_number int2 not null
-- param application_id uuid as ApplicationID not null
-- param event text not null
-- param kind text not null
-- param on_day date not null
-- param by uuid as KeyID not null
-- column recorded_at timestamptz not null
-- column changed text not null
select r.recorded_at, r.changed::text as changed
from labels.record_application(@centre_number, @application_id, @event, @kind, @on_day, @by) as r;

-- name: FindPendingApplication :maybe
-- An application that was not withdrawn, if the actor may see it.
-- param centre_number int2 not null
-- param application_id uuid as ApplicationID not null
-- column kind text not null
-- column submitted_on date not null
select a.kind, a.on_day as submitted_on
from labels.application_event a
where a.centre_id = @centre_number and a.application_id = @application_id and a.event = 'submitted'
  and not exists (
      select from labels.application_event w
      where w.centre_id = a.centre_id and w.application_id = a.application_id and w.event = 'withdrawn');
