-- name: ReserveKits :one
-- As ReserveAs, where some lines ask for kits or models: things holds a kit where are_kits says so, and what carries the number of a centre where models has one (0: none) of which seats units are asked for. among and its times: what LockKitBatch locked, where it did. resources … kit_names: the lines that it comes to, parallel; kits and models 0: none. outcome besides: tooManyLines.
-- param booking uuid as BookingID not null
-- param reference text not null
-- param key uuid as KeyID not null
-- param organisation uuid as OrganisationID not null
-- param activity text not null
-- param audiences text[] not null
-- param head_counts int4[] not null
-- param accompanying int4 not null
-- param title text
-- param contact_name text
-- param contact_email text
-- param programme text
-- param things uuid[] as [ResourceID] not null
-- param are_kits bool[] not null
-- param models uuid[] as [ModelID] not null
-- param starts timestamptz[] not null
-- param ends timestamptz[] not null
-- param seats int4[] not null
-- param dry_run bool not null
-- param persons int4[] not null
-- param supervision text
-- param as_state text not null
-- param hold_minutes int4
-- param reason text
-- param overridden text[]
-- param holder_roles text[] not null
-- param holders uuid[] as [HolderID] not null
-- param offer uuid as OfferID
-- param among uuid[] as [ResourceID]
-- param among_starts timestamptz[]
-- param among_ends timestamptz[]
-- column outcome text not null
-- column booking_id uuid as BookingID
-- column reference text
-- column state text
-- column flags text[]
-- column recorded_at timestamptz
-- column label_status text
-- column label_decision_id uuid as DecisionID
-- column file_number int4
-- column conditional_until date
-- column seats int4[]
-- column zones text[]
-- column rules jsonb
-- column resources uuid[] as ResourceID
-- column starts timestamptz[]
-- column ends timestamptz[]
-- column asked_seats int4[]
-- column persons int4[]
-- column kits uuid[] as KitID
-- column kit_names text[]
-- column models uuid[] as ModelID
-- column model_names text[]
select v.outcome, v.booking_id, v.reference, v.state, v.flags, v.recorded_at, v.label_status, v.label_decision_id, v.file_number,
       v.conditional_until, v.seats, v.zones, v.rules, v.resources, v.starts, v.ends, v.asked_seats, v.persons, v.kits, v.kit_names,
       v.models, v.model_names
from bookings.reserve_kits(
    @booking, @reference, @key, @organisation, @activity, @audiences, @head_counts, @accompanying, @title, @contact_name,
    @contact_email, @programme, @things, @are_kits, array_replace(@models, '00000000-0000-0000-0000-000000000000', null), @starts,
    @ends, @seats, @dry_run, @persons, @supervision, @as_state,
    plateau.clock() + make_interval(mins => @hold_minutes), @reason, @overridden, @holder_roles, @holders, @offer, @among,
    @among_starts, @among_ends) as v;

-- name: KitAlternatives :many
-- Other kits that are free at the time, then other times of the same one, best first.
-- param kit uuid as KitID not null
-- param starts timestamptz not null
-- param ends timestamptz not null
-- param key uuid as KeyID not null
-- param organisation uuid as OrganisationID not null
-- param activity text not null
-- param audiences text[] not null
-- param head_counts int4[] not null
-- param persons int4 not null
-- param supervision text
-- param holder_roles text[] not null
-- param holders uuid[] as [HolderID] not null
-- param row_limit int4 not null
-- param most_judged int4 not null
-- column kit_id uuid as KitID not null
-- column name text not null
-- column starts timestamptz not null
-- column ends timestamptz not null
select a.kit_id, a.name, a.starts, a.ends
from bookings.kit_alternatives(
         @kit, @starts, @ends, @key, @organisation, @activity, @audiences, @head_counts, @persons, @supervision, @holder_roles, @holders,
         @row_limit, @most_judged) as a;

-- name: ModelAlternatives :many
-- Other times and centres at which so many units of a model are free, best first. centre: whose name it is, too.
-- param model uuid as ModelID not null
-- param centre uuid as CentreID not null
-- param amount int4 not null
-- param starts timestamptz not null
-- param ends timestamptz not null
-- param key uuid as KeyID not null
-- param organisation uuid as OrganisationID not null
-- param activity text not null
-- param audiences text[] not null
-- param head_counts int4[] not null
-- param persons int4 not null
-- param supervision text
-- param holder_roles text[] not null
-- param holders uuid[] as [HolderID] not null
-- param row_limit int4 not null
-- param most_judged int4 not null
-- column centre_id uuid as CentreID not null
-- column name text not null
-- column starts timestamptz not null
-- column ends timestamptz not null
select a.centre_id, a.name, a.starts, a.ends
from bookings.model_alternatives(
         @model, @centre, @amount, @starts, @ends, @key, @organisation, @activity, @audiences, @head_counts, @persons, @supervision,
         @holder_roles, @holders, @row_limit, @most_judged) as a;

-- name: KitAvailability :maybe
-- Which members of a kit an organisation finds lacking when, over a window, and when all of them are open. lacking: the numbers of the members, with commas. opens and closes, clipped to the window, are parallel.
-- param kit uuid as KitID not null
-- param organisation uuid as OrganisationID not null
-- param from_instant timestamptz not null
-- param to_instant timestamptz not null
-- column id uuid as KitID not null
-- column zone text not null
-- column version int4 not null
-- column starts timestamptz[] not null
-- column ends timestamptz[] not null
-- column lacking text[] not null
-- column opens timestamptz[] not null
-- column closes timestamptz[] not null
select k.id, c.zone, k.version, coalesce(u.starts, '{}') as starts, coalesce(u.ends, '{}') as ends, coalesce(u.lacking, '{}') as lacking,
       coalesce(h.opens, '{}') as opens, coalesce(h.closes, '{}') as closes
from inventory.kit k
join centres.centre c on c.centre_id = k.centre_id
cross join lateral (
    select array_agg(s.starts order by s.starts) as starts, array_agg(s.ends order by s.starts) as ends,
           array_agg(array_to_string(s.lacking, ',') order by s.starts) as lacking
    from bookings.kit_steps(k.id, @organisation, @from_instant, @to_instant) s) u
cross join lateral (
    select array_agg(lower(o.o) order by o.o) as opens, array_agg(upper(o.o) order by o.o) as closes
    from unnest((
        select range_intersect_agg(e.open)
        from (
            select distinct coalesce(r.calendar_id, r.site_id) as calendar_id
            from inventory.kit_member m
            join platforms.resource r on r.centre_id = m.centre_id
                 and (r.id = m.resource_id or m.model_id is not null and exists (
                     select from inventory.asset a where a.centre_id = r.centre_id and a.id = r.id and a.model_id = m.model_id))
            where m.centre_id = k.centre_id and m.kit_id = k.id and m.version = k.version) w
        cross join lateral (
            select coalesce(range_agg(p.during), '{}') * tstzmultirange(tstzrange(@from_instant, @to_instant)) as open
            from centres.open_hours p
            where p.centre_id = k.centre_id and p.calendar_id = w.calendar_id
              and p.day between (@from_instant at time zone c.zone)::date - 1 and (@to_instant at time zone c.zone)::date + 1) e
    )) as o (o)) h
where k.centre_id = plateau.centre_of(@kit) and k.id = @kit;
