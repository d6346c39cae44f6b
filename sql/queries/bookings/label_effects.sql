-- name: RecordDecision :one
-- Approves a proposal and does to bookings what it means. outcome: recorded, notFound, alreadyApproved, alreadyWithdrawn, forbidden,
-- samePerson, decidedInFuture, supersedesUnknown, annulmentIsFinal, alreadySuperseded, nothingToLift, simulationUnknown,
-- simulationChanged. planned: how many bookings it touches. booking_ids, effects: what was done at once, or what differs.
-- param centre_number int2 not null
-- param decision uuid as DecisionID not null
-- param key uuid as KeyID not null
-- param simulation uuid as SimulationID
-- column outcome text not null
-- column planned int4
-- column booking_ids uuid[] as [BookingID]
-- column effects text[]
select r.outcome, r.planned, r.booking_ids, r.effects
from bookings.record_decision(@centre_number, @decision, @key, @simulation) as r;

-- name: TakeLabelEffects :exec
-- Plans what an application or a recognition file does to bookings, in the transaction that recorded it.
-- param centre_number int2 not null
-- param change uuid as LabelChangeID not null
-- param cause text not null
-- param subject uuid as LabelChangeID not null
-- param changed text not null
-- param key uuid as KeyID not null
select bookings.take_label_effects(
    @centre_number, @change, @cause, @subject, cast(cast(@changed as text) as datemultirange), @key);

-- name: SimulateDecision :one
-- outcome: simulated, notFound, alreadyApproved, alreadyWithdrawn, decidedInFuture, supersedesUnknown, annulmentIsFinal,
-- alreadySuperseded, nothingToLift.
-- param centre_number int2 not null
-- param decision uuid as DecisionID not null
-- param id uuid as SimulationID not null
-- param key uuid as KeyID not null
-- column outcome text not null
select s.outcome from bookings.simulate_decision(@centre_number, @decision, @id, @key) as s;

-- name: FindSimulation :maybe
-- A simulation, if the actor may see it; outcomes sorted, with how often each.
-- param centre_number int2 not null
-- param id uuid as SimulationID not null
-- column decision_id uuid as DecisionID not null
-- column simulated_at timestamptz not null
-- column is_exact bool not null
-- column bookings int4 not null
-- column outcomes text[] not null
-- column counts int8[] not null
select s.decision_id, s.simulated_at, s.is_exact, cardinality(s.booking_ids) as bookings,
       array(select o from unnest(s.outcomes) o group by o order by o) as outcomes,
       array(select count(*) from unnest(s.outcomes) o group by o order by o) as counts
from bookings.label_simulation s
where s.centre_id = @centre_number and s.id = @id;

-- name: ListSimulated :many
-- The bookings of a simulation, oldest first, after one of them; no booking's own facts where the actor may not see it.
-- param centre_number int2 not null
-- param id uuid as SimulationID not null
-- param after int4 not null
-- param row_limit int4 not null
-- column number int4 not null
-- column booking_id uuid as BookingID not null
-- column planned text not null
-- column outcome text not null
-- column reference text
-- column organisation_id uuid as OrganisationID
-- column state text
-- column starts timestamptz
-- column ends timestamptz
select e.number::integer as number, e.booking_id, e.planned, e.outcome, b.reference, b.organisation_id, b.state, b.starts, b.ends
from bookings.label_simulation s
cross join lateral unnest(s.booking_ids, s.planned, s.outcomes) with ordinality as e (booking_id, planned, outcome, number)
left join bookings.booking b on b.centre_id = plateau.centre_of(e.booking_id) and b.id = e.booking_id
where s.centre_id = @centre_number and s.id = @id and e.number > @after
order by e.number
limit @row_limit;

-- name: ListLabelEffects :many
-- What a decision was to do to bookings, oldest first, and what became of it.
-- param centre_number int2 not null
-- param decision uuid as DecisionID not null
-- param after int4 not null
-- param row_limit int4 not null
-- column number int4 not null
-- column booking_id uuid as BookingID not null
-- column planned text not null
-- column outcome text
-- column reference text
-- column organisation_id uuid as OrganisationID
-- column state text
-- column starts timestamptz
-- column ends timestamptz
select e.number, e.booking_id, e.planned, e.outcome, b.reference, b.organisation_id, b.state, b.starts, b.ends
from bookings.label_effect e
left join bookings.booking b on b.centre_id = plateau.centre_of(e.booking_id) and b.id = e.booking_id
where e.centre_id = @centre_number and e.change_id = @decision and e.number > @after
order by e.number
limit @row_limit;

-- name: ContinueLabelChange :one
-- Applies the next effects of the oldest unfinished change. How many; null: nothing is left to do.
-- param batch int4 not null
-- column applied int4
select bookings.continue_label_change(@batch) as applied;

-- name: ReleaseDue :one
-- Cancels what is at risk and whose notice has ended. How many bookings it looked at.
-- param batch int4 not null
-- column looked_at int4 not null
select bookings.release_due(@batch) as looked_at;

-- name: JudgeByTime :one
-- Judges the next bookings in doubt again, once a day each. How many were settled; null: the day's round is done.
-- param batch int4 not null
-- column settled int4
select bookings.judge_by_time(@batch) as settled;
