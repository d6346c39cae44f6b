-- name: ClaimImports :many
-- The rows and events among these that the organisation of a key entered before, and the bookings that they made: null where the key may not
-- book for those; and bookings named by their own reference. One row `inProgress`, and nothing is claimed, while another table of that
-- organisation is entered; else they are `known`.
-- param key uuid as KeyID not null
-- param references text[] not null
-- param uids text[] not null
-- column outcome text not null
-- column own_reference text
-- column content_hash bytea
-- column words_hash bytea
-- column calendar_uid text
-- column booking_id uuid as BookingID
-- column line int2
-- column reference text
-- column state text
-- column flags text[]
-- column starts timestamptz
-- column resource_id uuid as ResourceID
-- column stands bool
select c.outcome, c.own_reference, c.content_hash, c.words_hash, c.calendar_uid, c.booking_id, c.line, c.reference, c.state, c.flags,
       c.starts, c.resource_id, c.stands
from bookings.claim_imports(@key, @references, @uids) as c;

-- name: KeepImports :one
-- Keeps which rows made which bookings; all are parallel, and the UID of a row of a table is empty.
-- param key uuid as KeyID not null
-- param references text[] not null
-- param hashes bytea[] not null
-- param words bytea[] not null
-- param uids text[] not null
-- param bookings uuid[] as [BookingID] not null
-- column kept int4 not null
select bookings.keep_imports(@key, @references, @hashes, @words, @uids, @bookings) as kept;

-- name: ListOwnReferences :many
-- What the organisation of a key called the rows that made some bookings.
-- param key uuid as KeyID not null
-- param bookings uuid[] as [BookingID] not null
-- column booking_id uuid as BookingID not null
-- column own_reference text not null
select r.booking_id, r.own_reference
from bookings.own_references(@key, @bookings) as r;

-- name: FindNamedResources :many
-- What can be booked by name or inventory number; all are parallel and composed (NFC), whatever is kept. Sites and centres are names or ids, empty where none is given. What is retired is found where nothing else is: what was entered for it before is known by it. A row for each question with an answer: how many there are, and one of them.
-- param names text[] not null
-- param sites text[] not null
-- param centres text[] not null
-- column number int8 not null
-- column found int8 not null
-- column resource uuid as ResourceID not null
-- column zone text not null
with asked as materialized (
    select a.number, a.name, a.site, a.centre
    from unnest(@names, @sites, @centres) with ordinality as a (name, site, centre, number)
), candidate as (
    select a.number, a.site, a.centre, r.centre_id, r.id, r.site_id, r.retired_at is null as is_live
    from asked a
    join platforms.resource r on r.name in (a.name, normalize(a.name, nfd))
    union
    select a.number, a.site, a.centre, r.centre_id, r.id, r.site_id, r.retired_at is null as is_live
    from asked a
    join inventory.asset e on e.inventory_number = a.name
    join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
)
select c.number, case when bool_or(c.is_live) then count(*) filter (where c.is_live) else count(*) end as found,
       (array_agg(c.id order by c.is_live desc, c.id))[1] as resource, (array_agg(s.zone order by c.is_live desc, c.id))[1] as zone
from candidate c
join centres.site s on s.centre_id = c.centre_id and s.id = c.site_id
join centres.centre k on k.centre_id = c.centre_id
left join centres.centre_name n on n.centre_id = c.centre_id and upper_inf(n.during)
where (c.site = '' or normalize(s.name) = c.site or s.id::text = c.site)
  and (c.centre = '' or normalize(n.name) = c.centre or k.id::text = c.centre)
group by c.number;

-- name: FindResourceZones :many
-- The zones of the sites where resources are; none for those that nobody knows.
-- param resources uuid[] as [ResourceID] not null
-- column resource uuid as ResourceID not null
-- column zone text not null
select r.id as resource, s.zone
from unnest(@resources) q
join platforms.resource r on r.centre_id = plateau.centre_of(q) and r.id = q
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id;

-- name: FindCodedOffers :many
-- The offers that centres give codes to, as far as the actor sees them; both are parallel.
-- param codes text[] not null
-- param centre_numbers int2[] not null
-- column code text not null
-- column centre_number int2 not null
-- column id uuid as OfferID not null
select a.code, a.centre_id as centre_number, o.id
from unnest(@codes, @centre_numbers) as a (code, centre_id)
join offers.offer o on o.centre_id = a.centre_id and o.code = a.code;
