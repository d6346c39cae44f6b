-- name: CreateFeed :one
-- outcome: created, forbidden, subjectUnknown, tooMany.
-- param id uuid as FeedID not null
-- param organisation_id uuid as OrganisationID not null
-- param kind text not null
-- param subject_id uuid
-- param digest bytea not null
-- param language text not null
-- param description text
-- param by uuid as KeyID not null
-- column outcome text not null
select delivery.create_feed(@id, @organisation_id, @kind, @subject_id, @digest, @language, @description, @by) as outcome;

-- name: RevokeFeed :one
-- outcome: revoked, notFound.
-- param id uuid as FeedID not null
-- param organisation_id uuid as OrganisationID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select delivery.revoke_feed(@id, @organisation_id, @by) as outcome;

-- name: ListFeeds :many
-- Those that can still be read, of one key or of all of the actor's organisation, by id, after a cursor; one when its id is given.
-- param id uuid as FeedID
-- param key_id uuid as KeyID
-- param after uuid as FeedID
-- param row_limit int4 not null
-- column id uuid as FeedID not null
-- column key_id uuid as KeyID not null
-- column kind text not null
-- column subject_id uuid
-- column language text not null
-- column description text
-- column created_at timestamptz not null
-- column last_read_at timestamptz
select f.id, f.key_id, f.kind, f.subject_id, f.language, f.description, f.created_at, f.last_read_at
from delivery.feed f
join access.api_key k on k.id = f.key_id and k.revoked_at is null and (k.expires_at is null or k.expires_at > plateau.clock())
where f.revoked_at is null and (@id is null or f.id = @id) and (@key_id is null or f.key_id = @key_id)
  and (@after is null or f.id > @after)
order by f.id
limit @row_limit;

-- name: OpenFeed :maybe
-- What an address leads to. No row: nothing.
-- param digest bytea not null
-- column id uuid as FeedID not null
-- column kind text not null
-- column subject_id uuid
-- column language text not null
-- column key_id uuid as KeyID not null
-- column organisation_id uuid as OrganisationID not null
-- column name text not null
-- column created_at timestamptz not null
select f.id, f.kind, f.subject_id, f.language, f.key_id, f.organisation_id, f.name, f.created_at
from delivery.open_feed(@digest) as f;

-- name: FeedEntries :many
-- What a feed shows: of a resource, a site or a centre (centre_number, and one of the ids but for a centre) what takes room, and what
-- has gone in the last thirty days; or the bookings of an organisation, or those that a key has made. A row for each line. Without a
-- reference: somebody else's, of whom nothing is told but that it takes room; is_outage: nobody's.
-- param centre_number int2
-- param resource uuid
-- param site uuid
-- param organisation uuid as OrganisationID
-- param made_by uuid as KeyID
-- param from_instant timestamptz not null
-- param to_instant timestamptz not null
-- param row_limit int4 not null
-- column booking_id uuid as BookingID not null
-- column line_number int2 not null
-- column is_outage bool not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column seats int4 not null
-- column capacity int4 not null
-- column resource_name text not null
-- column resource_kind text not null
-- column site_name text not null
-- column town text not null
-- column zone text not null
-- column latitude float8
-- column longitude float8
-- column reference text
-- column state text
-- column title text
-- column activity text
-- column organisation_name text
-- column version int4
-- column created_at timestamptz
-- column changed_at timestamptz
with taken as (
    select c.holder_id, c.line_number, min(c.use_starts) as starts, max(c.use_ends) as ends, max(c.seats) as seats,
           -- Of a line and what it stands in, the line's own.
           (array_agg(r.id order by cardinality(r.ancestors) desc, r.id))[1] as resource_id
    from platforms.resource r
    join platforms.occupancy c on c.centre_id = r.centre_id and c.resource_id = r.id
    where r.centre_id = @centre_number and (@resource is null or r.id = @resource) and (@site is null or r.site_id = @site)
      and c.ends > @from_instant and c.ends <= @to_instant + interval '25 hours' and c.starts < @to_instant
      and c.holder_id <> all ((select bookings.lapsed_holders())::uuid[])
    group by c.holder_id, c.line_number
    union all
    -- Who has the whole of what it stands in has it too.
    select c.holder_id, c.line_number, min(c.use_starts), max(c.use_ends), max(r.capacity), r.id
    from platforms.resource r
    join platforms.occupancy c on c.centre_id = r.centre_id and c.resource_id = any (r.ancestors) and c.is_exclusive
    where r.centre_id = @centre_number and r.id = @resource and r.parent_id is not null
      and c.ends > @from_instant and c.ends <= @to_instant + interval '25 hours' and c.starts < @to_instant
      and c.holder_id <> all ((select bookings.lapsed_holders())::uuid[])
    group by c.holder_id, c.line_number, r.id
), gone as (
    select b.centre_id, b.id from bookings.booking b
    where b.centre_id = @centre_number
      and b.state in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'rejected', 'expired', 'noShow')
      and b.starts > @from_instant - interval '31 days' and b.starts < @to_instant
    union
    select b.centre_id, b.id from bookings.booking b
    where cardinality(b.centres) > 1 and b.centres @> array[@centre_number]
      and b.state in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'rejected', 'expired', 'noShow')
      and b.starts > @from_instant - interval '31 days' and b.starts < @to_instant
), own as (
    select b.centre_id, b.id from bookings.booking b
    where b.organisation_id = @organisation and (@made_by is null or b.created_by = @made_by)
      and b.starts > @from_instant - interval '31 days' and b.starts < @to_instant
    union
    -- What staff booked for others.
    select b.centre_id, b.id from bookings.booking b
    where b.created_by = @made_by and b.centre_id = any ((select plateau.actor_centres())::smallint[])
      and b.starts > @from_instant - interval '31 days' and b.starts < @to_instant
), wanted as (
    select t.holder_id as booking_id, t.line_number, t.starts, t.ends, t.seats, t.resource_id from taken t
    union all
    select l.booking_id, l.number, l.starts, l.ends, l.seats, l.resource_id
    from gone g
    join bookings.line l on l.centre_id = g.centre_id and l.booking_id = g.id
    join platforms.resource r on r.centre_id = plateau.centre_of(l.resource_id) and r.id = l.resource_id
    where r.centre_id = @centre_number and (@resource is null or r.id = @resource or @resource = any (r.ancestors))
      and (@site is null or r.site_id = @site)
    union all
    select l.booking_id, l.number, l.starts, l.ends, l.seats, l.resource_id
    from own o
    join bookings.line l on l.centre_id = o.centre_id and l.booking_id = o.id
), entry as (
    select w.booking_id, w.line_number, w.line_number = 0 as is_outage, coalesce(l.starts, w.starts) as starts,
           coalesce(l.ends, w.ends) as ends, w.seats, r.capacity, r.name as resource_name, r.kind as resource_kind,
           s.name as site_name, s.town, s.zone, s.latitude, s.longitude, b.reference,
           case when b.expires_at <= (select plateau.clock()) and b.state in ('draft', 'held', 'requested', 'waitlisted') then 'expired'
                else b.state end as state, b.title, b.activity, access.name_of(b.organisation_id) as organisation_name,
           b.version, b.created_at, coalesce(t.at, b.created_at) as changed_at
    from wanted w
    join platforms.resource r on r.centre_id = plateau.centre_of(w.resource_id) and r.id = w.resource_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    -- Through the policies: what the actor may not read is not there.
    left join bookings.booking b on b.centre_id = plateau.centre_of(w.booking_id) and b.id = w.booking_id
    left join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id and l.number = w.line_number
    left join lateral (
        select max(t.at) as at from bookings.transition t where t.centre_id = b.centre_id and t.booking_id = b.id) t on true
)
select e.booking_id, e.line_number, e.is_outage, e.starts, e.ends, e.seats, e.capacity, e.resource_name, e.resource_kind, e.site_name,
       e.town, e.zone, e.latitude, e.longitude, e.reference, e.state, e.title, e.activity, e.organisation_name, e.version, e.created_at,
       e.changed_at
from entry e
where e.ends > @from_instant and e.state is distinct from 'draft'
  and (e.state is null or e.changed_at > plateau.clock() - interval '30 days'
       or e.state not in ('cancelledByUser', 'cancelledByCentre', 'cancelledByNetwork', 'rejected', 'expired', 'noShow'))
order by e.starts, e.booking_id, e.line_number
limit @row_limit;
