-- name: ListForExport :many
-- Bookings that the actor may see, by (starts, id), after a cursor, each with how many lines it has.
-- param organisation_id uuid as OrganisationID
-- param centre_number int2
-- param states text[]
-- param from_instant timestamptz
-- param to_instant timestamptz
-- param after_starts timestamptz
-- param after_id uuid as BookingID
-- param row_limit int4 not null
-- column id uuid as BookingID not null
-- column starts timestamptz not null
-- column lines int8 not null
select b.id, b.starts,
       (select count(*) from bookings.line l where l.centre_id = b.centre_id and l.booking_id = b.id) as lines
from bookings.booking b
where (@organisation_id is null or b.organisation_id = @organisation_id)
  and (@centre_number is null or b.centre_id = @centre_number)
  and (@states is null
       or case when b.expires_at <= (select plateau.clock()) and b.state in ('draft', 'held', 'requested', 'waitlisted') then 'expired'
               else b.state end = any (@states))
  and (@from_instant is null or b.ends > @from_instant)
  and (@to_instant is null or b.starts < @to_instant)
  and (@after_starts is null or (b.starts, b.id) > (@after_starts, @after_id))
order by b.starts, b.id
limit @row_limit;

-- name: ListBookedLines :many
-- The lines of some bookings that the actor may see, each with its booking and what it is called where it is.
-- param bookings uuid[] as [BookingID] not null
-- column id uuid as BookingID not null
-- column number int2 not null
-- column reference text not null
-- column organisation_id uuid as OrganisationID not null
-- column state text not null
-- column activity text not null
-- column audiences text[] not null
-- column head_counts int4[] not null
-- column accompanying int4 not null
-- column title text
-- column contact_name text
-- column contact_email text
-- column programme text
-- column supervision text
-- column holder_roles text[] not null
-- column holders uuid[] as HolderID not null
-- column offer_id uuid as OfferID
-- column created_at timestamptz not null
-- column resource_id uuid as ResourceID not null
-- column resource_name text not null
-- column site text not null
-- column zone text not null
-- column centre text
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column seats int4 not null
-- column is_exclusive bool not null
-- column persons int4
select b.id, l.number, b.reference, b.organisation_id,
       -- What has lapsed is over, whether or not somebody has cleared it away.
       case when b.expires_at <= (select plateau.clock()) and b.state in ('draft', 'held', 'requested', 'waitlisted') then 'expired'
            else b.state end as state, b.activity, b.audiences, b.head_counts, b.accompanying, b.title, b.contact_name, b.contact_email,
       b.programme, b.supervision, b.holder_roles, b.holders, b.offer_id, b.created_at, l.resource_id, r.name as resource_name,
       s.name as site, s.zone, n.name as centre, l.starts, l.ends, l.seats, l.is_exclusive, l.persons
-- Behind a select the length of the list is unknown to the planner, which otherwise plans anew for each.
from unnest((select @bookings)) with ordinality as wanted (id, place)
join bookings.booking b on b.centre_id = plateau.centre_of(wanted.id) and b.id = wanted.id
join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id
join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
left join centres.centre_name n on n.centre_id = r.centre_id and upper_inf(n.during)
order by wanted.place, l.number;
