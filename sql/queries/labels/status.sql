-- name: StatusOn :one
-- The status of a label for a day, as known at a moment.
-- param centre_number int2 not null
-- param day date not null
-- param known_at timestamptz not null
-- column status text not null
-- column decision_id uuid as DecisionID
-- column ends_on date
select s.status, s.decision_id, s.ends_on
from labels.ask_status(@centre_number, @day, @known_at) as s;

-- name: PeriodsKnown :many
-- The whole life of a label as known at a moment, oldest first; the last period has no end.
-- param centre_number int2 not null
-- param known_at timestamptz not null
-- column from_day date not null
-- column to_day date
-- column status text not null
-- column decision_id uuid as DecisionID
select lower(p.during) as from_day, upper(p.during) - 1 as to_day, p.status, p.decision_id
from labels.ask_periods(@centre_number, @known_at) as p
order by p.during;
