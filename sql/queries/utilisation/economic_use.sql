-- name: EconomicUse :many
-- How much of the use of each funded asset of a centre is economic in a calendar year, in minutes of workstations.
-- param centre_number int2 not null
-- param year int4 not null
-- param limit_percent int4 not null
-- column resource_id uuid as ResourceID not null
-- column name text not null
-- column measured_on uuid as ResourceID not null
-- column booked_minutes int8 not null
-- column economic_booked_minutes int8 not null
-- column used_minutes int8 not null
-- column economic_used_minutes int8 not null
-- column share float8
-- column used_share float8
-- column public_hundredths int4 not null
-- column durable_until date
-- column limit_percent int2
-- column is_over bool not null
-- column told_at timestamptz
select u.asset_id as resource_id, u.name, u.measured_on, u.booked_minutes, u.economic_booked_minutes, u.used_minutes,
       u.economic_used_minutes, cast(u.share as float8) as share, cast(u.used_share as float8) as used_share,
       u.public_hundredths, u.durable_until, u.limit_percent, u.is_over, u.told_at
from utilisation.economic_use(@centre_number, @year, @limit_percent) as u;

-- name: WarnOfEconomicUse :one
-- Tells, once for an asset and a calendar year, that economic use is above its limit. How many were told of.
-- param limit_percent int4 not null
-- param batch int4 not null
-- column told int4 not null
select utilisation.warn_of_economic_use(@limit_percent, @batch) as told;
