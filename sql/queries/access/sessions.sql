-- name: BeginSession :one
-- Whether the key was good.
-- param id uuid as SessionID not null
-- param key_digest bytea not null
-- param token_digest bytea not null
-- param idle_minutes int4 not null
-- param longest_minutes int4 not null
-- column has_begun bool not null
select access.begin_session(@id, @key_digest, @token_digest, @idle_minutes, @longest_minutes) as has_begun;

-- name: ResumeSession :maybe
-- Who is signed in, by name where it is a person, with roles. No row: nobody is, under this token. The nil UUID means no centre.
-- param token_digest bytea not null
-- param idle_minutes int4 not null
-- column key_id uuid as KeyID not null
-- column organisation_id uuid as OrganisationID not null
-- column person_name text
-- column roles text[] not null
-- column role_centres uuid[] as CentreID not null
select a.key_id, a.organisation_id, access.person_name(a.key_id) as person_name, a.roles,
       array(select coalesce(c.id, '00000000-0000-0000-0000-000000000000')
             from unnest(a.role_centres) with ordinality as r (centre_id, place)
             left join centres.centre c on c.centre_id = r.centre_id
             order by r.place) as role_centres
from access.resume_session(@token_digest, @idle_minutes) as a;

-- name: EndSession :one
-- column was_open bool not null
-- param token_digest bytea not null
select access.end_session(@token_digest) as was_open;

-- name: EndSessions :one
-- param key uuid as KeyID not null
-- column ended int8 not null
select access.end_sessions(@key) as ended;
