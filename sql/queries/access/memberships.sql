-- name: GrantMembership :one
-- Membership of the network, first and last day included. Raises membership_no_overlap, agreement_organisation.
-- param organisation_id uuid as OrganisationID not null
-- param id uuid not null
-- param from_day date not null
-- param to_day date
-- param by uuid as KeyID not null
-- column recorded_at timestamptz not null
select m.recorded_at
from access.grant_membership(@organisation_id, @id, @from_day, @to_day, @by) as m;

-- name: ListMemberships :many
-- param organisation_id uuid as OrganisationID not null
-- column id uuid not null
-- column from_day date not null
-- column to_day date
-- column recorded_at timestamptz not null
select m.id, lower(m.during) as from_day, upper(m.during) - 1 as to_day, m.recorded_at
from access.membership m
where m.organisation_id = @organisation_id
order by m.during;
