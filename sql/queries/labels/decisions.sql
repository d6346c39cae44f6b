-- name: ProposeDecision :one
-- param centre_number int2 not null
-- param id uuid as DecisionID not null
-- param kind text not null
-- param authority text not null
-- param reference text not null
-- param decided_on date not null
-- param effective_from date not null
-- param effective_to date
-- param supersedes uuid as DecisionID
-- param note text
-- param by uuid as KeyID not null
-- column proposed_at timestamptz not null
select labels.propose_decision(
           @centre_number, @id, @kind, @authority, @reference, @decided_on, @effective_from, @effective_to, @supersedes, @note, @by)
           as proposed_at;

-- name: ApproveDecision :one
-- outcome: recorded, notFound, alreadyApproved, samePerson, supersedesUnknown, alreadySuperseded.
-- param centre_number int2 not null
-- param proposal uuid as DecisionID not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column recorded_at timestamptz
select a.outcome, a.recorded_at
from labels.approve_decision(@centre_number, @proposal, @by) as a;

-- name: FindProposal :maybe
-- param centre_number int2 not null
-- param id uuid as DecisionID not null
-- column kind text not null
-- column authority text not null
-- column reference text not null
-- column decided_on date not null
-- column effective_from date not null
-- column effective_to date
-- column supersedes uuid as DecisionID
-- column note text
-- column proposed_at timestamptz not null
-- column is_decided bool not null
select p.kind, p.authority, p.reference, p.decided_on, p.effective_from, p.effective_to, p.supersedes, p.note, p.proposed_at,
       exists (select from labels.label_decision d where d.centre_id = p.centre_id and d.id = p.id) as is_decided
from labels.proposal p
where p.centre_id = @centre_number and p.id = @id;

-- name: ListDecisions :many
-- Every decision about a centre, in the order in which they were recorded.
-- param centre_number int2 not null
-- column id uuid as DecisionID not null
-- column kind text not null
-- column authority text not null
-- column reference text not null
-- column decided_on date not null
-- column effective_from date not null
-- column effective_to date
-- column supersedes uuid as DecisionID
-- column superseded_by uuid as DecisionID
-- column note text
-- column recorded_at timestamptz not null
-- column is_fictional bool not null
select d.id, d.kind, d.authority, d.reference, d.decided_on, d.effective_from, d.effective_to, d.supersedes, s.id as superseded_by,
       d.note, d.recorded_at, d.is_fictional
from labels.label_decision d
left join labels.label_decision s on s.centre_id = d.centre_id and s.supersedes = d.id
where d.centre_id = @centre_number
order by d.recorded_at;
