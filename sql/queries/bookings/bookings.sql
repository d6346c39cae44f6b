-- name: FindBooking :maybe
-- One booking, if the actor may see it.
-- param id uuid as BookingID not null
-- column id uuid as BookingID not null
-- column reference text not null
-- column organisation_id uuid as OrganisationID not null
-- column state text not null
-- column flags text[] not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column activity text not null
-- column audiences text[] not null
-- column head_counts int4[] not null
-- column accompanying int4 not null
-- column title text
-- column contact_name text
-- column contact_email text
-- column programme text
-- column supervision text
-- column label_status text
-- column label_decision_id uuid as DecisionID
-- column file_number int4
-- column conditional_until date
-- column at_risk_until timestamptz
-- column created_at timestamptz not null
-- column version int4 not null
-- column series_id uuid as SeriesID
-- column occurrence_starts timestamptz
-- column expires_at timestamptz
-- column holder_roles text[] not null
-- column holders uuid[] as HolderID not null
-- column offer_id uuid as OfferID
-- column organisation_name text
select b.id, b.reference, b.organisation_id,
       -- What has lapsed is over, whether or not somebody has cleared it away.
       case when b.expires_at <= (select plateau.clock()) and b.state in ('draft', 'held', 'requested', 'waitlisted') then 'expired'
            else b.state end as state, b.flags, b.starts, b.ends, b.activity, b.audiences, b.head_counts,
       b.accompanying, b.title, b.contact_name, b.contact_email, b.programme, b.supervision, b.label_status, b.label_decision_id,
       b.file_number, b.conditional_until, b.at_risk_until, b.created_at, b.version, b.series_id, b.occurrence_starts,
       b.expires_at, b.holder_roles, b.holders, b.offer_id, access.name_of(b.organisation_id) as organisation_name
from bookings.booking b
where b.centre_id = plateau.centre_of(@id) and b.id = @id;

-- name: ListLines :many
-- The lines of some bookings, each with its site's zone.
-- param bookings uuid[] as [BookingID] not null
-- column booking_id uuid as BookingID not null
-- column number int2 not null
-- column resource_id uuid as ResourceID not null
-- column kind text not null
-- column name text not null
-- column zone text not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column seats int4 not null
-- column is_exclusive bool not null
-- column persons int4
-- column checked_in_at timestamptz
-- column checked_out_at timestamptz
-- column kit_id uuid as KitID
-- column kit_name text
-- column model_id uuid as ModelID
-- column model_name text
select l.booking_id, l.number, l.resource_id, r.kind, r.name, s.zone, l.starts, l.ends, l.seats, l.is_exclusive, l.persons, u.checked_in_at,
       u.checked_out_at, k.kit_id, k.name as kit_name, m.id as model_id, concat_ws(' ', m.manufacturer, m.name) as model_name
-- Behind a select the length of the list is unknown to the planner, which otherwise plans anew for each.
from unnest((select @bookings)) as wanted (id)
join bookings.line l on l.centre_id = plateau.centre_of(wanted.id) and l.booking_id = wanted.id
join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
left join bookings.use u on u.centre_id = l.centre_id and u.booking_id = l.booking_id and u.line_number = l.number
left join lateral (
    select w.kit_id, i.name
    from bookings.kit_line w
    join inventory.kit i on i.centre_id = plateau.centre_of(w.kit_id) and i.id = w.kit_id
    where w.centre_id = l.centre_id and w.booking_id = l.booking_id and w.resource_id = l.resource_id
    order by w.kit_id limit 1) k on true
left join bookings.assignment w on w.centre_id = l.centre_id and w.booking_id = l.booking_id and w.resource_id = l.resource_id
left join inventory.model m on m.id = w.model_id
order by l.booking_id, l.number;

-- name: ListBookings :many
-- Bookings that the actor may see, by (starts, id), after a cursor.
-- param organisation_id uuid as OrganisationID
-- param centre_number int2
-- param states text[]
-- param flag text
-- param offer_id uuid as OfferID
-- param from_instant timestamptz
-- param to_instant timestamptz
-- param after_starts timestamptz
-- param after_id uuid as BookingID
-- param row_limit int4 not null
-- column id uuid as BookingID not null
-- column reference text not null
-- column organisation_id uuid as OrganisationID not null
-- column state text not null
-- column flags text[] not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column activity text not null
-- column audiences text[] not null
-- column head_counts int4[] not null
-- column accompanying int4 not null
-- column title text
-- column contact_name text
-- column contact_email text
-- column programme text
-- column supervision text
-- column label_status text
-- column label_decision_id uuid as DecisionID
-- column file_number int4
-- column conditional_until date
-- column at_risk_until timestamptz
-- column created_at timestamptz not null
-- column version int4 not null
-- column series_id uuid as SeriesID
-- column occurrence_starts timestamptz
-- column expires_at timestamptz
-- column holder_roles text[] not null
-- column holders uuid[] as HolderID not null
-- column offer_id uuid as OfferID
-- column organisation_name text
select b.id, b.reference, b.organisation_id,
       -- What has lapsed is over, whether or not somebody has cleared it away.
       case when b.expires_at <= (select plateau.clock()) and b.state in ('draft', 'held', 'requested', 'waitlisted') then 'expired'
            else b.state end as state, b.flags, b.starts, b.ends, b.activity, b.audiences, b.head_counts,
       b.accompanying, b.title, b.contact_name, b.contact_email, b.programme, b.supervision, b.label_status, b.label_decision_id,
       b.file_number, b.conditional_until, b.at_risk_until, b.created_at, b.version, b.series_id, b.occurrence_starts,
       b.expires_at, b.holder_roles, b.holders, b.offer_id, access.name_of(b.organisation_id) as organisation_name
from bookings.booking b
where (@organisation_id is null or b.organisation_id = @organisation_id)
  and (@centre_number is null or b.centre_id = @centre_number)
  and (@states is null
       or case when b.expires_at <= (select plateau.clock()) and b.state in ('draft', 'held', 'requested', 'waitlisted') then 'expired'
               else b.state end = any (@states))
  and (@flag is null or b.flags @> array[@flag])
  and (@offer_id is null or b.offer_id = @offer_id)
  and (@from_instant is null or b.ends > @from_instant)
  and (@to_instant is null or b.starts < @to_instant)
  and (@after_starts is null or (b.starts, b.id) > (@after_starts, @after_id))
order by b.starts, b.id
limit @row_limit;

-- name: ListTransitions :many
-- What happened to a booking, oldest first.
-- param id uuid as BookingID not null
-- column version int4 not null
-- column from_state text
-- column to_state text not null
-- column at timestamptz not null
-- column reason text
select t.version, t.from_state, t.to_state, t.at, t.reason
from bookings.transition t
where t.centre_id = plateau.centre_of(@id) and t.booking_id = @id
order by t.version;
