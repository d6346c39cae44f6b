-- name: RegisterPerson :one
-- registered, registeredAlready, organisationUnknown, or, by a manager, forbidden or roleNotGrantable.
-- param organisation_id uuid as OrganisationID not null
-- param id uuid as PersonID not null
-- param key_id uuid as KeyID not null
-- param key_digest bytea not null
-- param name text not null
-- param email text not null
-- param issuer text
-- param subject text
-- param roles text[] not null
-- param role_centres int2[] not null
-- param by uuid as KeyID
-- column outcome text not null
select access.register_person(
           @organisation_id, @id, @key_id, @key_digest, @name, @email, @issuer, @subject, @roles, @role_centres, @by) as outcome;

-- name: RemovePerson :one
-- The labels of the keys that the person made and that were still good; none when there is no such person.
-- param email text not null
-- column labels text[]
select access.remove_person(@email) as labels;

-- name: SetPassword :one
-- param email text not null
-- param hash text not null
-- column was_there bool not null
select access.set_password(@email, @hash) as was_there;

-- name: BeginSignIn :exec
-- param token_digest bytea not null
-- param back text not null
-- param minutes int4 not null
select access.begin_sign_in(@token_digest, @back, @minutes);

-- name: TakeSignIn :one
-- Where the browser wanted to go; none when the sign-in is unknown, too old, or was answered before.
-- param token_digest bytea not null
-- column back text
select access.take_sign_in(@token_digest) as back;

-- name: SignInIdentity :one
-- param id uuid as SessionID not null
-- param issuer text not null
-- param subject text not null
-- param email text
-- param token_digest bytea not null
-- param idle_minutes int4 not null
-- param longest_minutes int4 not null
-- column has_begun bool not null
select access.sign_in_identity(@id, @issuer, @subject, @email, @token_digest, @idle_minutes, @longest_minutes) as has_begun;

-- name: TryPassword :one
-- Whether a try may be looked at, and against which hash; none when nobody has a password there. Each account with what it may hold. wait_seconds: where it may not.
-- param who bytea[] not null
-- param most int4[] not null
-- param email text not null
-- param minutes int4 not null
-- column is_allowed bool not null
-- column password_hash text
-- column wait_seconds int4
select t.is_allowed, t.password_hash, t.wait_seconds from access.try_password(@who, @most, @email, @minutes) as t;

-- name: PasswordOf :maybe
-- The address of the person who acts as a key. No row: nobody is.
-- param key uuid as KeyID not null
-- column email text not null
-- column has_password bool not null
select p.email, p.has_password from access.password_of(@key) as p;

-- name: ChangePassword :one
-- Ends the sessions of the key but that of the token. Whether the password was still the former one.
-- param key uuid as KeyID not null
-- param former_hash text not null
-- param hash text not null
-- param token_digest bytea not null
-- column is_changed bool not null
select access.change_password(@key, @former_hash, @hash, @token_digest) as is_changed;

-- name: SignInWithPassword :one
-- param id uuid as SessionID not null
-- param who bytea[] not null
-- param email text not null
-- param hash text not null
-- param token_digest bytea not null
-- param idle_minutes int4 not null
-- param longest_minutes int4 not null
-- column has_begun bool not null
select access.sign_in_with_password(@id, @who, @email, @hash, @token_digest, @idle_minutes, @longest_minutes) as has_begun;

-- name: ListPeople :many
-- Who is registered in an organisation, one or, by id, those after a cursor, for a manager of the network. The nil UUID means no centre.
-- param organisation_id uuid as OrganisationID not null
-- param by uuid as KeyID not null
-- param id uuid as PersonID
-- param after uuid as PersonID
-- param row_limit int4 not null
-- column id uuid as PersonID not null
-- column key_id uuid as KeyID not null
-- column name text not null
-- column email text not null
-- column registered_at timestamptz not null
-- column bound_at timestamptz
-- column has_password bool not null
-- column roles text[] not null
-- column role_centres uuid[] as CentreID not null
select p.id, p.key_id, p.name, p.email, p.registered_at, p.bound_at, p.has_password, p.roles,
       array(select coalesce(c.id, '00000000-0000-0000-0000-000000000000')
             from unnest(p.role_centres) with ordinality as r (centre_id, place)
             left join centres.centre c on c.centre_id = r.centre_id
             order by r.place) as role_centres
from access.people_of(@organisation_id, @by, @id, @after, @row_limit) as p;

-- name: RemovePersonBy :one
-- removed, unknown or forbidden.
-- param organisation_id uuid as OrganisationID not null
-- param id uuid as PersonID not null
-- param by uuid as KeyID not null
-- column outcome text not null
select access.remove_person_by(@organisation_id, @id, @by) as outcome;
