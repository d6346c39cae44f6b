-- name: ProposeLoan :one
-- outcome: proposed, notFound, forbidden, retired, notMobile, borrowerUnknown, ownCentre, past, onLoan (from when to when), refused (with the
-- rules of both gates), awaited (by others than the borrower, from when to when).
-- param centre_number int2 not null
-- param id uuid as LoanID not null
-- param asset_id uuid as ResourceID not null
-- param by uuid as KeyID not null
-- param borrower_id uuid as CentreID not null
-- param starts timestamptz not null
-- param ends timestamptz not null
-- param conditions text
-- column outcome text not null
-- column rules jsonb
-- column moment timestamptz
-- column free_from timestamptz
-- column zone text
select l.outcome, l.rules, l.moment, l.free_from, l.zone
from maintenance.propose_loan(@centre_number, @id, @asset_id, @by, @borrower_id, @starts, @ends, @conditions) as l;

-- name: DecideLoan :one
-- outcome: accepted, declined, withdrawn, notFound, forbidden, versionMismatch, over, ownProposal, past, onLoan, refused, awaited.
-- param centre_number int2 not null
-- param id uuid as LoanID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param is_accepted bool not null
-- param reason text
-- column outcome text not null
-- column version int4
-- column rules jsonb
-- column moment timestamptz
-- column free_from timestamptz
-- column zone text
select l.outcome, l.version, l.rules, l.moment, l.free_from, l.zone
from maintenance.decide_loan(@centre_number, @id, @version, @by, @is_accepted, @reason) as l;

-- name: ReturnLoan :one
-- outcome: ended, notFound, forbidden, versionMismatch, over.
-- param centre_number int2 not null
-- param id uuid as LoanID not null
-- param version int4 not null
-- param by uuid as KeyID not null
-- param outage_id uuid as OutageID not null
-- param reason text
-- column outcome text not null
-- column version int4
-- column displaced uuid[] as [BookingID]
select l.outcome, l.version, l.displaced from maintenance.return_loan(@centre_number, @id, @version, @by, @outage_id, @reason) as l;

-- name: ListLoans :many
-- Loans that the actor may see, newest first, before a cursor; one of them, or those of a centre (lent or borrowed), an asset, a state.
-- param id uuid as LoanID
-- param centre_number int2
-- param asset_id uuid as ResourceID
-- param state text
-- param before uuid as LoanID
-- param row_limit int4 not null
-- column id uuid as LoanID not null
-- column asset_id uuid as ResourceID not null
-- column name text not null
-- column owner_id uuid as CentreID not null
-- column owner_name text not null
-- column borrower_id uuid as CentreID not null
-- column borrower_name text not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column zone text not null
-- column conditions text
-- column state text not null
-- column proposed_by_id uuid as CentreID not null
-- column proposed_at timestamptz not null
-- column decided_at timestamptz
-- column ended_at timestamptz
-- column reason text
-- column version int4 not null
select l.id, l.asset_id, l.name, l.owner_id, l.owner_name, l.borrower_id, l.borrower_name, l.starts, l.ends, l.zone, l.conditions, l.state,
       case when l.proposed_by_centre = l.centre_id then l.owner_id else l.borrower_id end as proposed_by_id, l.proposed_at, l.decided_at,
       l.ended_at, l.reason, l.version
from (
    select l.centre_id, l.id, l.asset_id, r.name, c.id as owner_id, c.name as owner_name, b.id as borrower_id, b.name as borrower_name,
           lower(l.during) as starts, upper(l.during) as ends, s.zone, l.conditions, l.proposed_by_centre, l.proposed_at, l.decided_at,
           l.ended_at, l.reason, l.version, l.borrower,
           case when l.state <> 'accepted' then l.state when l.ended_at is not null or upper(l.during) <= n.now then 'ended'
                when lower(l.during) <= n.now then 'inForce' else 'accepted' end as state
    from maintenance.loan l
    join platforms.resource r on r.centre_id = l.centre_id and r.id = l.asset_id
    join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
    join centres.named_centre c on c.centre_id = l.centre_id
    join centres.named_centre b on b.centre_id = l.borrower
    cross join (select plateau.clock() as now offset 0) n) l
where (@id is null or l.centre_id = plateau.centre_of(@id) and l.id = @id)
  and (@centre_number is null or l.centre_id = @centre_number or l.borrower = @centre_number)
  and (@asset_id is null or l.centre_id = plateau.centre_of(@asset_id) and l.asset_id = @asset_id)
  and (@state is null or l.state = @state)
  and (@before is null or l.id < @before)
order by l.id desc
limit @row_limit;
