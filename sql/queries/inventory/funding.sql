-- name: AddFundingLine :one
-- outcome: created, notFound, forbidden, agreementUnknown, shareExceeded (with what is left, and the day). Raises funding_line_organisation, funding_line_durable_after.
-- param centre_number int2 not null
-- param id uuid as FundingLineID not null
-- param key uuid as KeyID not null
-- param resource_id uuid as ResourceID not null
-- param organisation_id uuid as OrganisationID
-- param body text
-- param nature text not null
-- param share_hundredths int4 not null
-- param programme text
-- param reference text
-- param conditions text
-- param from_day date not null
-- param to_day date
-- param durable_until date
-- param agreement_id uuid as AgreementID
-- param economic_limit_percent int2
-- column outcome text not null
-- column left_hundredths int4
-- column on_day date
select f.outcome, f.left_hundredths, f.on_day
from inventory.add_funding_line(
         @centre_number, @id, @key, @resource_id, @organisation_id, @body, @nature, @share_hundredths, @programme, @reference, @conditions,
         @from_day, @to_day, @durable_until, @agreement_id, @economic_limit_percent) as f;

-- name: ChangeFundingLine :one
-- outcome: changed, notFound, forbidden, versionMismatch, ended, durable, agreementUnknown, shareExceeded. Raises what AddFundingLine raises.
-- param centre_number int2 not null
-- param id uuid as FundingLineID not null
-- param version int4 not null
-- param key uuid as KeyID not null
-- param organisation_id uuid as OrganisationID
-- param body text
-- param nature text not null
-- param share_hundredths int4 not null
-- param programme text
-- param reference text
-- param conditions text
-- param from_day date not null
-- param to_day date
-- param durable_until date
-- param agreement_id uuid as AgreementID
-- param economic_limit_percent int2
-- column outcome text not null
-- column version int4
-- column left_hundredths int4
-- column on_day date
select f.outcome, f.version, f.left_hundredths, f.on_day
from inventory.change_funding_line(
         @centre_number, @id, @version, @key, @organisation_id, @body, @nature, @share_hundredths, @programme, @reference, @conditions,
         @from_day, @to_day, @durable_until, @agreement_id, @economic_limit_percent) as f;

-- name: EndFundingLine :one
-- outcome: done, notFound, forbidden, versionMismatch, ended, durable.
-- param centre_number int2 not null
-- param id uuid as FundingLineID not null
-- param version int4 not null
-- param key uuid as KeyID not null
-- param reason text not null
-- column outcome text not null
-- column version int4
select f.outcome, f.version from inventory.end_funding_line(@centre_number, @id, @version, @key, @reason) as f;

-- name: ListFundingLines :many
-- The funding lines that the actor may see, by id, after a cursor; one of them when its id is given. on_day: those that count on it.
-- param id uuid as FundingLineID
-- param resource_id uuid as ResourceID
-- param centre_number int2
-- param organisation_id uuid as OrganisationID
-- param programme text
-- param on_day date
-- param after_id uuid as FundingLineID
-- param row_limit int4 not null
-- column id uuid as FundingLineID not null
-- column centre_id uuid as CentreID not null
-- column resource_id uuid as ResourceID not null
-- column resource_name text not null
-- column organisation_id uuid as OrganisationID
-- column partner text not null
-- column nature text not null
-- column share_hundredths int4 not null
-- column programme text
-- column reference text
-- column conditions text
-- column from_day date not null
-- column to_day date
-- column durable_until date
-- column is_durable bool not null
-- column agreement_id uuid as AgreementID
-- column economic_limit_percent int2
-- column created_at timestamptz not null
-- column ended_at timestamptz
-- column end_reason text
-- column version int4 not null
select l.id, c.id as centre_id, l.asset_id as resource_id, r.name as resource_name, l.organisation_id,
       coalesce(l.body, access.name_of(l.organisation_id)) as partner, l.nature, l.share_hundredths, l.programme, l.reference,
       l.conditions, lower(l.during) as from_day, upper(l.during) - 1 as to_day, l.durable_until,
       coalesce(l.ended_at is null and l.durable_until >= plateau.local_day(plateau.clock(), c.zone), false) as is_durable, l.agreement_id,
       l.economic_limit_percent, l.created_at, l.ended_at, l.end_reason, l.version
from inventory.funding_line l
join centres.centre c on c.centre_id = l.centre_id
join platforms.resource r on r.centre_id = l.centre_id and r.id = l.asset_id
where (@id is null or l.centre_id = plateau.centre_of(@id) and l.id = @id)
  and (@resource_id is null or l.centre_id = plateau.centre_of(@resource_id) and l.asset_id = @resource_id)
  and (@centre_number is null or l.centre_id = @centre_number)
  and (@organisation_id is null or l.organisation_id = @organisation_id)
  and (@programme is null or l.programme = @programme)
  and (@on_day is null or l.ended_at is null and l.during @> @on_day)
  and (@after_id is null or l.id > @after_id)
order by l.id
limit @row_limit;

-- name: ListDurabilityOverrides :many
-- What was done to an asset within its durability period all the same, newest first.
-- param id uuid as ResourceID not null
-- column funding_line_id uuid as FundingLineID not null
-- column durable_until date not null
-- column changes text[] not null
-- column reason text not null
-- column key_id uuid as KeyID not null
-- column at timestamptz not null
select o.funding_line_id, o.durable_until, o.changes, o.reason, o.key_id, o.at
from inventory.durability_override o
where o.centre_id = plateau.centre_of(@id) and o.asset_id = @id
order by o.number desc;
