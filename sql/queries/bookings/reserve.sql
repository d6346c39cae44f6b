-- name: Reserve :one
-- Reserves every line or none; seats 0 asks for all of a platform; persons -1 brings everybody; holder_roles and holders are parallel. outcome: created, replayed, wouldCreate, refused, forbidden, organisationUnknown, keyReused, inFlight.
-- param booking uuid as BookingID not null
-- param reference text not null
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
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
-- param seats int4[] not null
-- param idempotency_key text
-- param request_hash bytea
-- param dry_run bool not null
-- param persons int4[] not null
-- param supervision text
-- param holder_roles text[] not null
-- param holders uuid[] as [HolderID] not null
-- param offer uuid as OfferID
-- column outcome text not null
-- column booking_id uuid as BookingID
-- column reference text
-- column state text
-- column flags text[]
-- column recorded_at timestamptz
-- column label_status text
-- column label_decision_id uuid as DecisionID
-- column file_number int4
-- column conditional_until date
-- column seats int4[]
-- column zones text[]
-- column rules jsonb
select v.outcome, v.booking_id, v.reference, v.state, v.flags, v.recorded_at, v.label_status, v.label_decision_id, v.file_number,
       v.conditional_until, v.seats, v.zones, v.rules
from bookings.reserve(
    @booking, @reference, @key, @organisation, @activity, @audiences, @head_counts, @accompanying, @title, @contact_name,
    @contact_email, @programme, @resources, @starts, @ends, @seats, @idempotency_key, @request_hash, @dry_run,
    @persons, @supervision, p_holder_roles => @holder_roles, p_holders => @holders, p_offer => @offer) as v;

-- name: RootOfResource :maybe
-- The top of the tree that a resource stands in; itself when it stands in none.
-- param resource uuid as ResourceID not null
-- column root uuid as ResourceID not null
select coalesce(r.ancestors[cardinality(r.ancestors)], r.id) as root
from platforms.resource r
where r.centre_id = plateau.centre_of(@resource) and r.id = @resource;

-- name: NoteRefused :exec
-- Keeps the demand for lines that were refused in a transaction that was undone; all are parallel. seats 0: the whole.
-- param key uuid as KeyID not null
-- param organisations uuid[] as [OrganisationID] not null
-- param resources uuid[] as [ResourceID] not null
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
-- param seats int4[] not null
select bookings.note_refused(@key, @organisations, @resources, @starts, @ends, @seats);
