-- name: ProposeDecision :one
-- outcome: proposed, forbidden, decidedInFuture, supersedesUnknown, annulmentIsFinal, alreadySuperseded, nothingToLift.
-- Raises the constraints of labels.proposal.
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
-- column outcome text not null
select labels.propose_decision(
           @centre_number, @id, @kind, @authority, @reference, @decided_on, @effective_from, @effective_to, @supersedes, @note, @by)
           as outcome;

-- name: WithdrawProposal :one
-- outcome: withdrawn, alreadyWithdrawn, alreadyApproved, notFound, forbidden.
-- param centre_number int2 not null
-- param id uuid as DecisionID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select labels.withdraw_proposal(@centre_number, @id, @by) as outcome;

-- name: ListProposals :many
-- The proposals about a centre that wait for an approval, in the order of proposing, if the actor may see them.
-- param centre_number int2 not null
-- param after timestamptz
-- param row_limit int4 not null
-- column id uuid as DecisionID not null
-- column centre_id uuid as CentreID not null
-- column kind text not null
-- column authority text not null
-- column reference text not null
-- column decided_on date not null
-- column effective_from date not null
-- column effective_to date
-- column supersedes uuid as DecisionID
-- column note text
-- column proposed_at timestamptz not null
-- column withdrawn_at timestamptz
select p.id, c.id as centre_id, p.kind, p.authority, p.reference, p.decided_on, p.effective_from, p.effective_to, p.supersedes,
       p.note, p.proposed_at, null::timestamptz as withdrawn_at
from labels.proposal p
join centres.centre c on c.centre_id = p.centre_id
where p.centre_id = @centre_number
  and not exists (select from labels.label_decision d where d.centre_id = p.centre_id and d.id = p.id)
  and not exists (select from labels.proposal_withdrawal w where w.centre_id = p.centre_id and w.proposal_id = p.id)
  and (@after is null or p.proposed_at > @after)
order by p.proposed_at
limit @row_limit;

-- name: FindProposal :maybe
-- A proposal, decided or not, if the actor may see it.
-- param centre_number int2 not null
-- param id uuid as DecisionID not null
-- column id uuid as DecisionID not null
-- column centre_id uuid as CentreID not null
-- column kind text not null
-- column authority text not null
-- column reference text not null
-- column decided_on date not null
-- column effective_from date not null
-- column effective_to date
-- column supersedes uuid as DecisionID
-- column note text
-- column proposed_at timestamptz not null
-- column withdrawn_at timestamptz
select p.id, c.id as centre_id, p.kind, p.authority, p.reference, p.decided_on, p.effective_from, p.effective_to, p.supersedes,
       p.note, p.proposed_at, w.withdrawn_at
from labels.proposal p
join centres.centre c on c.centre_id = p.centre_id
left join labels.proposal_withdrawal w on w.centre_id = p.centre_id and w.proposal_id = p.id
where p.centre_id = @centre_number and p.id = @id;

-- name: ReadDecisions :many
-- The decisions about a centre as known at a moment, in the order in which they were recorded; one of them when its id is given.
-- param centre_number int2 not null
-- param id uuid as DecisionID
-- param known_at timestamptz not null
-- param after timestamptz
-- param row_limit int4 not null
-- column centre_id uuid as CentreID not null
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
select c.id as centre_id, d.id, d.kind, d.authority, d.reference, d.decided_on, d.effective_from, d.effective_to, d.supersedes,
       s.id as superseded_by, d.note, d.recorded_at, d.is_fictional
from labels.label_decision d
join centres.centre c on c.centre_id = d.centre_id
left join labels.label_decision s on s.centre_id = d.centre_id and s.supersedes = d.id and s.recorded_at <= @known_at
where d.centre_id = @centre_number
  and (@id is null or d.id = @id)
  and d.recorded_at <= @known_at
  and (@after is null or d.recorded_at > @after)
order by d.recorded_at
limit @row_limit;
