-- name: ReserveAs :one
-- As Reserve, for what is not simply booked. as: booked, held (until expires_at), waitlisted, draft. overridden: codes of rules that staff sets aside, for a reason. outcome besides: overrideForbidden.
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
-- param dry_run bool not null
-- param persons int4[] not null
-- param supervision text
-- param as_state text not null
-- param hold_minutes int4
-- param reason text
-- param overridden text[]
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
    @contact_email, @programme, @resources, @starts, @ends, @seats, null, null, @dry_run, @persons, @supervision, @as_state,
    plateau.clock() + make_interval(mins => @hold_minutes), null, @reason, @overridden, @holder_roles, @holders,
    @offer) as v;

-- name: Change :one
-- Makes a booking another one, or leaves it as it is. outcome: changed, wouldChange, refused, notFound, forbidden, versionMismatch, notChangeable, alreadyStarted, otherCentre, overrideForbidden. has_begun: none but the ends of its lines can change.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param reason text
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
-- param persons int4[] not null
-- param supervision text
-- param overridden text[]
-- param dry_run bool not null
-- param holder_roles text[] not null
-- param holders uuid[] as [HolderID] not null
-- param offer uuid as OfferID
-- column outcome text not null
-- column state text
-- column flags text[]
-- column rules jsonb
-- column has_begun bool
select v.outcome, v.state, v.flags, v.rules, v.has_begun
from bookings.change(
    @booking, @key, @version, @reason, @activity, @audiences, @head_counts, @accompanying, @title, @contact_name, @contact_email,
    @programme, @resources, @starts, @ends, @seats, @persons, @supervision, @overridden, @dry_run, @holder_roles,
    @holders, @offer) as v;

-- name: Confirm :one
-- Makes a hold, an offer or a draft a booking. outcome: confirmed, refused, notFound, forbidden, versionMismatch, notHeld, holdExpired.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param reason text
-- column outcome text not null
-- column version int4
-- column state text
-- column rules jsonb
-- column has_begun bool
select c.outcome, c.version, c.state, c.rules,
       (select b.starts <= plateau.clock() from bookings.booking b where b.centre_id = plateau.centre_of(@booking) and b.id = @booking)
           as has_begun
from bookings.confirm(@booking, @key, @version, @reason) as c;

-- name: Decide :one
-- Approves or rejects a request. outcome: decided, notFound, forbidden, versionMismatch, notRequested, requestExpired, ownRequest.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param approves bool not null
-- param reason text
-- column outcome text not null
-- column version int4
-- column state text
select d.outcome, d.version, d.state from bookings.decide(@booking, @key, @version, @approves, @reason) as d;

-- name: CheckIn :one
-- Begins the use of some lines; none given: of all whose time it is. outcome: checkedIn, notFound, forbidden, versionMismatch, notUsable, labelSuspended, tooEarly, tooLate, alreadyCheckedIn, refused.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param lines int2[]
-- column outcome text not null
-- column version int4
-- column state text
-- column rules jsonb
select c.outcome, c.version, c.state, c.rules from bookings.check_in(@booking, @key, @version, @lines) as c;

-- name: CheckOut :one
-- Ends the use of some lines and gives the rest of their time back. outcome: checkedOut, notFound, forbidden, versionMismatch, notInUse.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param lines int2[]
-- param audiences text[]
-- param head_counts int4[]
-- param accompanying int4
-- param incident text
-- column outcome text not null
-- column version int4
-- column state text
select c.outcome, c.version, c.state
from bookings.check_out(@booking, @key, @version, @lines, @audiences, @head_counts, @accompanying, @incident) as c;

-- name: RecordUse :one
-- Who came, or what went wrong, during the use or after. outcome: recorded, notFound, forbidden, versionMismatch, notInUse.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param audiences text[]
-- param head_counts int4[]
-- param accompanying int4
-- param incident text
-- column outcome text not null
-- column version int4
-- column state text
select r.outcome, r.version, r.state
from bookings.record_use(@booking, @key, @version, @audiences, @head_counts, @accompanying, @incident) as r;

-- name: MarkNoShow :one
-- The staff says that nobody came. outcome: marked, notFound, forbidden, versionMismatch, notUsable, tooEarly, equipmentOut.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param reason text
-- column outcome text not null
-- column version int4
-- column state text
select m.outcome, m.version, m.state from bookings.mark_no_show(@booking, @key, @version, @reason) as m;

-- name: SetPriority :one
-- Puts a waiting booking before others. outcome: changed, notFound, forbidden, versionMismatch, notWaiting.
-- param booking uuid as BookingID not null
-- param key uuid as KeyID not null
-- param version int4 not null
-- param priority int2 not null
-- param reason text
-- column outcome text not null
-- column version int4
select s.outcome, s.version from bookings.set_priority(@booking, @key, @version, @priority, @reason) as s;

-- name: Sweep :one
-- Ends what has lapsed, at most so many of each kind. How many.
-- param batch int4 not null
-- column ended int4 not null
select bookings.sweep(@batch) as ended;

-- name: PromoteNext :one
-- Offers room that appeared to the next who waits for it: offered, passed, done; null: there is no such room, or another instance is at it (waits: until that has done its step).
-- param waits bool not null
-- column step text
select bookings.promote_next(@waits) as step;

-- name: FindBookingLife :maybe
-- What became of a booking, if the actor may see it. Arrays whose names begin alike are parallel. free_until: null without terms of cancelling.
-- param id uuid as BookingID not null
-- column is_over bool not null
-- column free_until date
-- column is_late bool
-- column fee_percent int4
-- column attended_audiences text[]
-- column attended_counts int4[]
-- column attended_accompanying int4
-- column incident_notes text[] not null
-- column incident_times timestamptz[] not null
-- column override_codes text[] not null
-- column override_reasons text[] not null
-- column override_times timestamptz[] not null
-- column approval_centres uuid[] as CentreID not null
-- column approval_verdicts text[] not null
-- column approval_times timestamptz[] not null
-- column priority int2
-- column joined_at timestamptz
select c.booking_id is not null as is_over, coalesce(c.free_until, f.free_until) as free_until, coalesce(c.is_late, f.is_late) as is_late,
       coalesce(c.fee_percent, f.fee_percent) as fee_percent, a.audiences as attended_audiences, a.head_counts as attended_counts,
       a.accompanying as attended_accompanying,
       array(select i.note from bookings.incident i where i.centre_id = b.centre_id and i.booking_id = b.id order by i.number)
           as incident_notes,
       array(select i.at from bookings.incident i where i.centre_id = b.centre_id and i.booking_id = b.id order by i.number)
           as incident_times,
       array(select o.rule ->> 'code' from bookings.override o
             where o.centre_id = b.centre_id and o.booking_id = b.id order by o.version, o.number) as override_codes,
       array(select o.reason from bookings.override o
             where o.centre_id = b.centre_id and o.booking_id = b.id order by o.version, o.number) as override_reasons,
       array(select o.at from bookings.override o
             where o.centre_id = b.centre_id and o.booking_id = b.id order by o.version, o.number) as override_times,
       array(select n.id from bookings.approval p join centres.centre n on n.centre_id = p.approving_centre
             where p.centre_id = b.centre_id and p.booking_id = b.id order by p.version, p.approving_centre) as approval_centres,
       array(select case when p.is_approved then 'approved' when p.is_approved = false then 'rejected' else 'pending' end
             from bookings.approval p
             where p.centre_id = b.centre_id and p.booking_id = b.id order by p.version, p.approving_centre) as approval_verdicts,
       array(select coalesce(p.decided_at, p.asked_at) from bookings.approval p
             where p.centre_id = b.centre_id and p.booking_id = b.id order by p.version, p.approving_centre) as approval_times,
       w.priority, w.joined_at
from bookings.booking b
left join bookings.cancellation c on c.centre_id = b.centre_id and c.booking_id = b.id
left join bookings.attendance a on a.centre_id = b.centre_id and a.booking_id = b.id
left join bookings.waiting w on w.centre_id = b.centre_id and w.booking_id = b.id
left join lateral bookings.fee_of(b, 'cancelledByUser', plateau.clock()) f on b.state in ('conditional', 'confirmed')
where b.centre_id = plateau.centre_of(@id) and b.id = @id;
