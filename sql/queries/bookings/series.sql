-- name: ReserveSeries :many
-- Books every occurrence or those that can be had; a row for each. seats 0 asks for all of a platform. starts and ends: occurrence by occurrence, line by line.
-- param series uuid as SeriesID not null
-- param rule text not null
-- param excluded text[] not null
-- param additional text[] not null
-- param zone text not null
-- param mode text not null
-- param key uuid as KeyID not null
-- param organisation uuid as OrganisationID not null
-- param activity text not null
-- param audiences text[] not null
-- param head_counts int4[] not null
-- param accompanying int4 not null
-- param title text
-- param contact_name text
-- param contact_email text
-- param programme text
-- param resources uuid[] as [ResourceID] not null
-- param seats int4[] not null
-- param bookings uuid[] as [BookingID] not null
-- param references text[] not null
-- param occurrences timestamptz[] not null
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
-- param dry_run bool not null
-- param persons int4[] not null
-- param supervision text
-- param holder_roles text[] not null
-- param holders uuid[] as [HolderID] not null
-- param offer uuid as OfferID
-- column number int4
-- column outcome text not null
-- column booking_id uuid as BookingID
-- column reference text
-- column state text
-- column flags text[]
-- column conditional_until date
-- column rules jsonb
select v.number, v.outcome, v.booking_id, v.reference, v.state, v.flags, v.conditional_until, v.rules
from bookings.reserve_series(
    @series, @rule, @excluded, @additional, @zone, @mode, @key, @organisation, @activity, @audiences, @head_counts, @accompanying,
    @title, @contact_name, @contact_email, @programme, @resources, @seats, @bookings, @references, @occurrences, @starts, @ends,
    @dry_run, @persons, @supervision, @holder_roles, @holders, @offer) as v;

-- name: CancelSeries :many
-- outcome: notFound, versionMismatch; or, for each occurrence, cancelled, forbidden, notFound, alreadyStarted, equipmentOut.
-- param series uuid as SeriesID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param from_occurrence timestamptz
-- param only_this bool not null
-- param reason text
-- column outcome text not null
-- column number int4
-- column version int4
select c.outcome, c.number, c.version from bookings.cancel_series(@series, @key, @version, @from_occurrence, @only_this, @reason) as c;

-- name: ChangeSeries :many
-- Cancels occurrences and books them again with other lines, all or none.
-- param series uuid as SeriesID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param reason text
-- param resources uuid[] as [ResourceID] not null
-- param seats int4[] not null
-- param numbers int4[] not null
-- param bookings uuid[] as [BookingID] not null
-- param references text[] not null
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
-- param dry_run bool not null
-- param persons int4[] not null
-- column number int4
-- column outcome text not null
-- column booking_id uuid as BookingID
-- column reference text
-- column state text
-- column flags text[]
-- column conditional_until date
-- column rules jsonb
select v.number, v.outcome, v.booking_id, v.reference, v.state, v.flags, v.conditional_until, v.rules
from bookings.change_series(
    @series, @key, @version, @reason, @resources, @seats, @numbers, @bookings, @references, @starts, @ends, @dry_run,
    @persons) as v;

-- name: FindSeries :maybe
-- One series, if the actor may see it. version grows with every change of the series and of its bookings, own_version with the former.
-- param id uuid as SeriesID not null
-- column id uuid as SeriesID not null
-- column organisation_id uuid as OrganisationID not null
-- column rule text not null
-- column excluded text[] not null
-- column additional text[] not null
-- column zone text not null
-- column mode text not null
-- column created_at timestamptz not null
-- column own_version int4 not null
-- column version int4 not null
select s.id, s.organisation_id, s.rule, s.excluded, s.additional, s.zone, s.mode, s.created_at, s.version as own_version,
       (s.version + (select coalesce(sum(b.version - 1), 0) from bookings.booking b
                     where b.centre_id = s.centre_id and b.series_id = s.id))::int4 as version
from bookings.series s
where s.centre_id = plateau.centre_of(@id) and s.id = @id;

-- name: ListOccurrences :many
-- What became of each occurrence of a series: its latest booking, or why there is none.
-- param id uuid as SeriesID not null
-- column number int4 not null
-- column occurrence_starts timestamptz not null
-- column booking_id uuid as BookingID
-- column reference text
-- column state text
-- column starts timestamptz
-- column ends timestamptz
-- column flags text[]
-- column conditional_until date
-- column rules jsonb
select o.number::int4, o.occurrence_starts, o.booking_id, o.reference, o.state, o.starts, o.ends, o.flags, o.conditional_until, o.rules
from (
    (select distinct on (b.occurrence)
            b.occurrence as number, b.occurrence_starts, b.id as booking_id, b.reference, b.state, b.starts, b.ends, b.flags,
            b.conditional_until, null::jsonb as rules
     from bookings.booking b
     where b.centre_id = plateau.centre_of(@id) and b.series_id = @id
     order by b.occurrence, b.created_at desc, b.id desc)
    union all
    select r.number, r.starts, null, null, null, null, null, null, null, r.rules
    from bookings.refused_occurrence r
    where r.centre_id = plateau.centre_of(@id) and r.series_id = @id
) o
order by o.occurrence_starts, o.number;

-- name: ZoneOfResource :maybe
-- The zone of the site where a resource is.
-- param resource uuid as ResourceID not null
-- column zone text not null
select s.zone
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
where r.centre_id = plateau.centre_of(@resource) and r.id = @resource;
