-- name: RequestAgreement :one
-- Asks for a membership (centre 0) or an agreement. outcome: requested, forbidden, organisationUnknown, withItself, audienceUnknown,
-- platformUnknown, renewsUnknown. Raises agreement_bounded_below, agreement_years, agreement_membership_has_no_terms.
-- param centre_number int2 not null
-- param id uuid as AgreementID not null
-- param organisation_id uuid as OrganisationID not null
-- param from_day date not null
-- param to_day date
-- param audiences text[]
-- param platforms uuid[] as ResourceID
-- param allows_production bool not null
-- param tariff text
-- param allowance_hours int4
-- param renews uuid as AgreementID
-- param note text
-- param by uuid as KeyID not null
-- column outcome text not null
select access.request_agreement(
           @centre_number, @id, @organisation_id, @from_day, @to_day, @audiences, @platforms, @allows_production, @tariff,
           @allowance_hours, @renews, @note, @by) as outcome;

-- name: DecideAgreement :one
-- outcome: approved, rejected, notFound, forbidden, samePerson, alreadyDecided. Raises membership_no_overlap.
-- param centre_number int2 not null
-- param id uuid as AgreementID not null
-- param approves bool not null
-- param note text
-- param by uuid as KeyID not null
-- column outcome text not null
-- column state text
select d.outcome, d.state from access.decide_agreement(@centre_number, @id, @approves, @note, @by) as d;

-- name: WithdrawAgreement :one
-- outcome: withdrawn, notFound, forbidden, alreadyDecided.
-- param centre_number int2 not null
-- param id uuid as AgreementID not null
-- param by uuid as KeyID not null
-- column outcome text not null
-- column state text
select w.outcome, w.state from access.withdraw_agreement(@centre_number, @id, @by) as w;

-- name: EndAgreement :one
-- outcome: ended, notFound, forbidden, notInForce, lastDayPassed, lastDayTooLate.
-- param centre_number int2 not null
-- param id uuid as AgreementID not null
-- param last_day date
-- param reason text
-- param by uuid as KeyID not null
-- column outcome text not null
-- column state text
select e.outcome, e.state from access.end_agreement(@centre_number, @id, @last_day, @reason, @by) as e;

-- name: ListAgreements :many
-- The memberships and agreements that the actor may see, by id, after a cursor; one of them when its id is given.
-- param id uuid as AgreementID
-- param organisation_id uuid as OrganisationID
-- param centre_number int2
-- param state text
-- param after uuid as AgreementID
-- param row_limit int4 not null
-- column id uuid as AgreementID not null
-- column centre_id uuid as CentreID not null
-- column centre_number int2 not null
-- column organisation_id uuid as OrganisationID not null
-- column organisation_name text not null
-- column state text not null
-- column from_day date not null
-- column to_day date
-- column audiences text[]
-- column platforms uuid[] as ResourceID
-- column allows_production bool not null
-- column tariff text
-- column allowance_hours int4
-- column renews uuid as AgreementID
-- column note text
-- column requested_at timestamptz not null
-- column decided_at timestamptz
-- column decision_note text
-- column ended_at timestamptz
-- column end_reason text
-- column agreed_last_day date
-- column version int4 not null
select a.id, c.id as centre_id, a.centre_id as centre_number, a.organisation_id,
       access.name_of(a.organisation_id) as organisation_name, s.state,
       lower(a.during) as from_day, upper(a.during) - 1 as to_day, a.audiences, a.platforms, a.allows_production, a.tariff,
       a.allowance_hours, a.renews, a.note, a.requested_at, a.decided_at, a.decision_note, a.ended_at, a.end_reason,
       a.agreed_last_day, a.version
from access.agreement a
join centres.centre c on c.centre_id = a.centre_id
cross join lateral (select access.state_on(a, plateau.local_day(plateau.clock(), c.zone)) as state) s
where (@id is null or a.id = @id)
  and (@organisation_id is null or a.organisation_id = @organisation_id)
  and (@centre_number is null or a.centre_id = @centre_number)
  and (@state is null or s.state = @state)
  and (@after is null or a.id > @after)
order by a.id
limit @row_limit;

-- name: WarnOfExpiry :one
-- Tells of what ends within some days and is not followed. How many were told of.
-- param lead_days int4 not null
-- param batch int4 not null
-- column told int4 not null
select access.warn_of_expiry(@lead_days, @batch) as told;
