-- name: DecideAccess :maybe
-- The gate's explanation for a resource, without booking. No row: no such resource.
-- param resource_id uuid as ResourceID not null
-- param starts timestamptz not null
-- param ends timestamptz not null
-- param organisation_id uuid as OrganisationID not null
-- param audiences text[] not null
-- param head_counts int4[] not null
-- column verdict text not null
-- column conditional_until date
-- column label_status text
-- column label_decision_id uuid as DecisionID
-- column file_number int4
-- column rules jsonb not null
-- column zone text not null
select g.verdict, g.conditional_until, g.label_status, g.label_decision_id, g.file_number, g.rules, s.zone
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
cross join lateral labels.decide_access(
    r.centre_id, r.is_shared, s.zone, tstzrange(@starts, @ends), @organisation_id, @audiences, @head_counts, r.id) as g
where r.centre_id = plateau.centre_of(@resource_id) and r.id = @resource_id;
