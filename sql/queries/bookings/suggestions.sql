-- name: Suggest :many
-- Slots in which a need fits, best first; then, where explains, each resource that has none (no first_start) with the rules that stand against it where it comes nearest; verdict unknown: it was not looked at to the end. seats 0: all of it. like: what it is to be like; else words, tags and distance. most_judged: further slots are not put to the rules. One more than row_limit is never answered: ask for one more.
-- param key uuid as KeyID not null
-- param organisation uuid as OrganisationID not null
-- param activity text not null
-- param audiences text[] not null
-- param head_counts int4[] not null
-- param persons int4 not null
-- param supervision text
-- param holder_roles text[] not null
-- param holders uuid[] as [HolderID] not null
-- param seats int4 not null
-- param from_instant timestamptz not null
-- param to_instant timestamptz not null
-- param minutes int4 not null
-- param preferred timestamptz not null
-- param like_resource uuid as ResourceID
-- param words text
-- param tags text[] not null
-- param centre_id uuid as CentreID
-- param latitude float8
-- param longitude float8
-- param kilometres float8
-- param booking uuid as BookingID
-- param beside uuid[] as [ResourceID] not null
-- param explains bool not null
-- param most int4 not null
-- param most_judged int4 not null
-- param row_limit int4 not null
-- column id uuid as ResourceID not null
-- column kind text not null
-- column name text not null
-- column centre_id uuid as CentreID not null
-- column centre_name text
-- column site_id uuid as SiteID not null
-- column site_name text not null
-- column town text not null
-- column zone text not null
-- column capacity int4 not null
-- column kilometres float8
-- column is_same_centre bool not null
-- column likeness text not null
-- column starts timestamptz not null
-- column ends timestamptz not null
-- column first_start timestamptz
-- column last_start timestamptz
-- column verdict text not null
-- column rules jsonb not null
select g.id, r.kind, r.name, c.id as centre_id, n.name as centre_name, s.id as site_id, s.name as site_name, s.town, g.zone, r.capacity,
       g.kilometres, g.is_same_centre, g.likeness, g.starts, g.ends, g.first_start, g.last_start, g.verdict, g.rules
from bookings.suggest(
    @key, @organisation, @activity, @audiences, @head_counts, @persons, @supervision, @holder_roles, @holders, @seats, @from_instant,
    @to_instant, @minutes, @preferred, @like_resource, @words, array(select plateau.plain(t) from unnest(@tags) t),
    plateau.centre_of(@centre_id), @latitude, @longitude, @kilometres, @booking, @beside, @explains, @most, @most_judged, @row_limit)
    with ordinality as g
join platforms.resource r on r.centre_id = g.centre_id and r.id = g.id
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
join centres.centre c on c.centre_id = r.centre_id
left join centres.centre_name n on n.centre_id = r.centre_id and n.during @> plateau.local_day(g.starts, c.zone)
order by g.ordinality;
