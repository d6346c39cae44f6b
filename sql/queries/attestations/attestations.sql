-- name: RecordAttestation :one
-- holder: of a person, or an organisation's own id. outcome: recorded, forbidden, holderUnknown, holderMismatch, typeUnknown, resourceUnknown.
-- param id uuid as AttestationID not null
-- param holder uuid as HolderID not null
-- param type text
-- param resource uuid as ResourceID
-- param level text
-- param issuer text not null
-- param evidence text
-- param issued_on date not null
-- param expires_on date
-- param by uuid as KeyID not null
-- column outcome text not null
select attestations.record(@id, @holder, @type, @resource, @level, @issuer, @evidence, @issued_on, @expires_on, @by) as outcome;

-- name: WithdrawAttestation :one
-- outcome: withdrawn, notFound, forbidden, alreadyWithdrawn.
-- param id uuid as AttestationID not null
-- param reason text not null
-- param by uuid as KeyID not null
-- column outcome text not null
select attestations.withdraw(@id, @reason, @by) as outcome;

-- name: ListAttestations :many
-- The attestations that the actor may see, by id, after a cursor; one of them when its id is given. ends_before: those that stand and end before a day.
-- param id uuid as AttestationID
-- param holder uuid as HolderID
-- param type text
-- param resource uuid as ResourceID
-- param ends_before date
-- param after uuid as AttestationID
-- param row_limit int4 not null
-- column id uuid as AttestationID not null
-- column holder_id uuid as HolderID not null
-- column holder_kind text
-- column type text
-- column resource_id uuid as ResourceID
-- column level text
-- column issuer text not null
-- column evidence text
-- column issued_on date not null
-- column expires_on date
-- column recorded_at timestamptz not null
-- column recorded_for uuid as OrganisationID not null
-- column withdrawn_at timestamptz
-- column withdrawal_reason text
-- column version int4 not null
select a.id, a.holder_id, case when a.holder_id = a.organisation_id then 'organisation' else 'person' end as holder_kind, a.type,
       a.resource_id, a.level, a.issuer, a.evidence, lower(a.during) as issued_on, upper(a.during) - 1 as expires_on, a.recorded_at,
       a.recorded_for, a.withdrawn_at, a.withdrawal_reason, a.version
from attestations.attestation a
where (@id is null or a.id = @id)
  and (@holder is null or a.holder_id = @holder)
  and (@type is null or a.type = @type)
  and (@resource is null or a.resource_id = @resource)
  and (@ends_before is null or a.withdrawn_at is null and upper(a.during) <= @ends_before)
  and (@after is null or a.id > @after)
order by a.id
limit @row_limit;

-- name: ReviewProofs :one
-- Looks again at the bookings that name the holders of what was recorded or withdrawn. How many attestations were gone through.
-- param batch int4 not null
-- column reviewed int4 not null
select bookings.review_proofs(@batch) as reviewed;

-- name: WarnOfEnds :one
-- Tells of what ends soon and is not followed. How many were told of.
-- param batch int4 not null
-- column told int4 not null
select attestations.warn_of_expiry(@batch) as told;
