-- name: Authenticate :maybe
-- Who presents a key, with roles. No row: unknown, revoked or expired. role_centres is parallel to roles; -1 means no centre.
-- param digest bytea not null
-- column key_id uuid as KeyID not null
-- column organisation_id uuid as OrganisationID not null
-- column organisation_kind text not null
-- column centre_id int2
-- column roles text[] not null
-- column role_centres int2[] not null
select a.key_id, a.organisation_id, a.organisation_kind, a.centre_id, a.roles, a.role_centres
from access.authenticate(@digest) as a;
