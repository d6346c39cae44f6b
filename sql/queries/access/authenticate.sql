-- name: Authenticate :maybe
-- Who presents a key, with roles, and for how long yet, where it expires. No row: unknown, revoked or expired.
-- role_centres is parallel to roles; the nil UUID means no centre.
-- param digest bytea not null
-- column key_id uuid as KeyID not null
-- column organisation_id uuid as OrganisationID not null
-- column roles text[] not null
-- column role_centres uuid[] as CentreID not null
-- column microseconds_left int8
select a.key_id, a.organisation_id, a.roles,
       array(select coalesce(c.id, '00000000-0000-0000-0000-000000000000')
             from unnest(a.role_centres) with ordinality as r (centre_id, place)
             left join centres.centre c on c.centre_id = r.centre_id
             order by r.place) as role_centres,
       (extract(epoch from a.expires_at - plateau.clock()) * 1000000)::int8 as microseconds_left
from access.authenticate(@digest) as a;

-- name: ActorOf :maybe
-- Whose a key is, with its roles; no row when it is unknown, revoked or expired. The nil UUID means no centre.
-- param key uuid as KeyID not null
-- column key_id uuid as KeyID not null
-- column organisation_id uuid as OrganisationID not null
-- column roles text[] not null
-- column role_centres uuid[] as CentreID not null
select a.key_id, a.organisation_id, a.roles,
       array(select coalesce(c.id, '00000000-0000-0000-0000-000000000000')
             from unnest(a.role_centres) with ordinality as r (centre_id, place)
             left join centres.centre c on c.centre_id = r.centre_id
             order by r.place) as role_centres
from access.actor_of(@key) as a;
