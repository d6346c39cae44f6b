-- name: ListTypes :many
-- Every kind of attestation that the network knows; one when its code is given.
-- param code text
-- column code text not null
-- column name text not null
-- column holder text not null
-- column proof text not null
-- column covers text[] not null
-- column valid_months int2
-- column warning_days int2 not null
select t.code, t.name, t.holder, t.proof, t.covers, t.valid_months, t.warning_days
from attestations.type t
where @code is null or t.code = @code
order by t.code;

-- name: SetType :one
-- outcome: set, forbidden, coversUnknown, holderStays.
-- param code text not null
-- param name text not null
-- param holder text not null
-- param proof text not null
-- param covers text[] not null
-- param valid_months int2
-- param warning_days int2 not null
-- param by uuid as KeyID not null
-- column outcome text not null
select attestations.set_type(@code, @name, @holder, @proof, @covers, @valid_months, @warning_days, @by) as outcome;
