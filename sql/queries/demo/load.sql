-- name: DatabaseInUse :one
-- Whether the demo network stands here, and whether anything does.
-- column is_demo bool not null
-- column has_centres bool not null
select to_regclass('plateau.demo') is not null as is_demo, exists (select from centres.centre) as has_centres;

-- name: RowSecurityHolds :one
-- Whether row-level security holds for whoever asks.
-- column holds bool not null
select row_security_active('bookings.booking') as holds;

-- name: DerivePeriods :many
-- Derives the label periods of every centre from its decisions.
-- column centre_number int2 not null
select c.centre_id as centre_number
from centres.centre c
cross join lateral (select labels.derive_periods(c.centre_id)) as derived;

-- name: CountDemoAllowances :many
-- Counts what bookings draw on the allowances of agreements. How many bookings, agreement by agreement.
-- column bookings int4 not null
select bookings.count_allowances(a.organisation_id, a.centre_id, a.during) as bookings
from access.agreement a
where a.state = 'approved' and a.allowance_hours is not null
order by a.centre_id, a.id;
