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

-- name: LinkFile :one
-- The recognition file on which an application rests. outcome: linked, notFound, forbidden, applicationClosed, fileUnknown.
-- param centre_number int2 not null
-- param application_id uuid as ApplicationID not null
-- param file_id uuid as FileID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.link_file(@centre_number, @application_id, @file_id, @by) as outcome;

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

-- name: ListApplications :many
-- The applications of a centre, newest first, or one of them, if the actor may see them.
-- param centre_number int2 not null
-- param application_id uuid as ApplicationID
-- param before uuid as ApplicationID
-- param row_limit int4 not null
-- column id uuid as ApplicationID not null
-- column centre_id uuid as CentreID not null
-- column kind text not null
-- column submitted_on date not null
-- column recorded_at timestamptz not null
-- column state text not null
-- column withdrawn_on date
-- column file_id uuid as FileID
-- column decision_id uuid as DecisionID
-- column is_fictional bool not null
select a.application_id as id, c.id as centre_id, a.kind, a.on_day as submitted_on, a.recorded_at,
       labels.application_state(a.centre_id, a.application_id) as state, w.on_day as withdrawn_on,
       labels.application_file_of(a.centre_id, a.application_id) as file_id,
       case when w.on_day is null then labels.application_answer(a.centre_id, a.on_day) end as decision_id, a.is_fictional
from labels.application_event a
join centres.centre c on c.centre_id = a.centre_id
left join labels.application_event w on w.centre_id = a.centre_id and w.application_id = a.application_id and w.event = 'withdrawn'
where a.centre_id = @centre_number and a.event = 'submitted'
  and (@application_id is null or a.application_id = @application_id)
  and (@before is null or a.application_id < @before)
order by a.application_id desc
limit @row_limit;

-- name: ListApplicationGaps :many
-- What an application lacks before it can be evaluated.
-- param centre_number int2 not null
-- param application_id uuid as ApplicationID not null
-- column code text not null
-- column element text
-- column facts jsonb not null
select g.code, g.element, g.facts from labels.application_gaps(@centre_number, @application_id) as g;
