-- name: ClaimIdempotency :one
-- claimed, replayed (with the answer kept), reused (same key, another request) or inFlight.
-- param organisation_id uuid as OrganisationID not null
-- param key text not null
-- param request_hash bytea not null
-- column outcome text not null
-- column status int2
-- column body bytea
-- column etag text
-- column location text
select c.outcome, c.status, c.body, c.etag, c.location
from access.claim_idempotency(@organisation_id, @key, @request_hash) as c;

-- name: KeepAnswer :exec
-- param organisation_id uuid as OrganisationID not null
-- param key text not null
-- param request_hash bytea not null
-- param status int2 not null
-- param body bytea not null
-- param etag text
-- param location text
select access.keep_answer(@organisation_id, @key, @request_hash, @status, @body, @etag, @location);

-- name: ForgetOldAnswers :one
-- Removes answers older than 7 days.
-- column removed int8 not null
select access.forget_old_answers() as removed;

-- name: BeginEffect :exec
-- Takes a key with the first part of what it asks for; after ClaimIdempotency, in the transaction of that part.
-- param organisation_id uuid as OrganisationID not null
-- param key text not null
-- param request_hash bytea not null
select access.begin_effect(@organisation_id, @key, @request_hash);
