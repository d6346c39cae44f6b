-- name: SearchResources :many
-- At most row_limit of the first most resources that fit, behind place after_place among them (0: all), best first, each with what the organisation may expect and must bring: verdict allow, conditional or deny; free: over the whole period, null without one. tags: kind:, category:, sector:, skill:, model:, mark:, all of which must fit.
-- param organisation uuid as OrganisationID not null
-- param words text
-- param tags text[] not null
-- param centre_id uuid as CentreID
-- param latitude float8
-- param longitude float8
-- param kilometres float8
-- param starts timestamptz
-- param ends timestamptz
-- param seats int4 not null
-- param audiences text[] not null
-- param head_counts int4[] not null
-- param only_usable bool not null
-- param after_place int4 not null
-- param most int4 not null
-- param row_limit int4 not null
-- column place int4 not null
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
-- column verdict text not null
-- column free int4
-- column requires jsonb not null
-- column rules jsonb not null
select s.place, s.id, s.kind, s.name, s.centre_id, s.centre_name, s.site_id, s.site_name, s.town, s.zone, s.capacity, s.kilometres, s.verdict,
       s.free, s.requires, s.rules
from bookings.search(
    @organisation, @words, array(select plateau.plain(t) from unnest(@tags) t), plateau.centre_of(@centre_id), @latitude, @longitude,
    @kilometres, @starts, @ends, @seats, @audiences, @head_counts, @only_usable, @after_place, @most, @row_limit) as s;
