-- name: CreateAPIKey :one
-- None when the key that makes it is good no more.
-- param organisation_id uuid as OrganisationID not null
-- param id uuid as KeyID not null
-- param label text not null
-- param prefix text not null
-- param digest bytea not null
-- param expires_at timestamptz
-- param roles text[] not null
-- param role_centres int2[] not null
-- param by uuid as KeyID
-- column created_at timestamptz
select access.create_api_key(
           @organisation_id, @id, @label, @prefix, @digest, @expires_at, @roles, @role_centres, @by) as created_at;

-- name: ListAPIKeys :many
-- The keys of an organisation by id, after a cursor, if the actor may see it; never their secret. maker_revoked_at: of a key that the actor may see too. The nil UUID means no centre.
-- param organisation_id uuid as OrganisationID not null
-- param after uuid as KeyID
-- param row_limit int4 not null
-- column id uuid as KeyID not null
-- column label text not null
-- column prefix text not null
-- column created_at timestamptz not null
-- column expires_at timestamptz
-- column revoked_at timestamptz
-- column created_by uuid as KeyID
-- column maker_revoked_at timestamptz
-- column roles text[] not null
-- column role_centres uuid[] as CentreID not null
select k.id, k.label, k.prefix, k.created_at, k.expires_at, k.revoked_at, k.created_by,
       (select m.revoked_at from access.api_key m where m.id = k.created_by) as maker_revoked_at,
       array(select r.role from access.api_key_role r where r.key_id = k.id order by r.role, r.centre_id) as roles,
       array(select coalesce(c.id, '00000000-0000-0000-0000-000000000000')
             from access.api_key_role r
             left join centres.centre c on c.centre_id = r.centre_id
             where r.key_id = k.id
             order by r.role, r.centre_id) as role_centres
from access.api_key k
where k.organisation_id = @organisation_id and (@after is null or k.id > @after)
order by k.id
limit @row_limit;

-- name: KnownCentres :many
-- Those of the identifiers that are centres'.
-- param ids uuid[] as CentreID not null
-- column id uuid as CentreID not null
select c.id from centres.centre c where c.id = any (@ids);

-- name: RevokeAPIKey :maybe
-- No row: the organisation has no such key.
-- param organisation_id uuid as OrganisationID not null
-- param id uuid as KeyID not null
-- column revoked_at timestamptz not null
select r as revoked_at from access.revoke_api_key(@organisation_id, @id) as r;
