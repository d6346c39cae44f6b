-- Search: the words of every resource, without accents and tolerant of typing errors, and what one caller may expect of each.
-- lock class: none (new tables; triggers on tables that are read at once)

-- MARK: Words

create function plateau.plain(p_text text) returns text
    language sql immutable parallel safe
    return lower(public.unaccent('public.unaccent'::regdictionary, p_text));
comment on function plateau.plain(text) is 'A text as it is searched: small letters, no accents. Immutable as long as nobody edits the dictionary''s file.';
grant execute on function plateau.plain(text) to plateau_app, plateau_functions;

create function plateau.kilometres(p_latitude float8, p_longitude float8, p_to_latitude float8, p_to_longitude float8) returns float8
    language sql immutable parallel safe
    return 2 * 6371.0088 * asin(least(1, sqrt(
        power(sin(radians(p_to_latitude - p_latitude) / 2), 2)
        + cos(radians(p_latitude)) * cos(radians(p_to_latitude)) * power(sin(radians(p_to_longitude - p_longitude) / 2), 2))));
comment on function plateau.kilometres(float8, float8, float8, float8) is 'Along the great circle of a sphere of the Earth''s mean radius, off by at most 0.6 %; null when a coordinate is missing.';
grant execute on function plateau.kilometres(float8, float8, float8, float8) to plateau_app, plateau_functions;

create table platforms.search_entry (
    centre_id smallint not null,
    id uuid not null,
    words text not null,
    document tsvector not null,
    tags text[] not null,
    constraint search_entry_pkey primary key (centre_id, id),
    constraint search_entry_resource foreign key (centre_id, id) references platforms.resource (centre_id, id) on delete cascade
);
comment on table platforms.search_entry is
    'What a resource is found by, kept by triggers from the tables that say it. words: for likeness; document: for whole words and beginnings, name first; tags: kind:, category:, sector:, skill:, each in plain letters.';
create index search_entry_document on platforms.search_entry using gin (document);
create index search_entry_words on platforms.search_entry using gin (words public.gin_trgm_ops);
create index search_entry_tags on platforms.search_entry using gin (tags);
grant select on platforms.search_entry to plateau_app, plateau_functions;
grant insert, update, delete on platforms.search_entry to plateau_functions;

-- One source: whatever changes, this says it anew.
create view platforms.searched as
select r.centre_id, r.id,
       plateau.plain(concat_ws(' ', r.name, m.manufacturer, m.name, m.category, g.model, nullif(array_to_string(p.skills, ' '), ''),
                               nullif(array_to_string(p.sectors, ' '), ''), n.name, s.name, s.town)) as words,
       setweight(to_tsvector('simple', plateau.plain(r.name)), 'A')
       || setweight(to_tsvector('simple', plateau.plain(concat_ws(
           ' ', m.manufacturer, m.name, m.category, g.model, nullif(array_to_string(p.skills, ' '), ''), nullif(array_to_string(p.sectors, ' '), '')))), 'B')
       || setweight(to_tsvector('simple', plateau.plain(concat_ws(' ', n.name, s.name, s.town))), 'C')
       || setweight(to_tsvector('simple', plateau.plain(coalesce(p.description, ''))), 'D') as document,
       array_remove(array['kind:' || plateau.plain(r.kind), 'category:' || plateau.plain(m.category)]
           || array(select 'sector:' || plateau.plain(t) from unnest(p.sectors) t)
           || array(select 'skill:' || plateau.plain(t) from unnest(p.skills) t), null) as tags
from platforms.resource r
join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
left join centres.centre_name n on n.centre_id = r.centre_id and upper_inf(n.during)
left join platforms.platform p on p.centre_id = r.centre_id and p.id = r.id
left join platforms.workstation_group g on g.centre_id = r.centre_id and g.id = r.id
left join inventory.asset a on a.centre_id = r.centre_id and a.id = r.id
left join inventory.model m on m.id = a.model_id;
comment on view platforms.searched is 'What platforms.search_entry must hold.';
grant select on platforms.searched to plateau_functions;

create function platforms.note_search(p_centre_id smallint, p_ids uuid[]) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
    insert into platforms.search_entry as e (centre_id, id, words, document, tags)
    select s.centre_id, s.id, s.words, s.document, s.tags from platforms.searched s
    where s.centre_id = p_centre_id and s.id = any (p_ids)
    on conflict (centre_id, id) do update set words = excluded.words, document = excluded.document, tags = excluded.tags
    where (e.words, e.document, e.tags) is distinct from (excluded.words, excluded.document, excluded.tags)
$$;

create function platforms.note_searched() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    case tg_table_name
        when 'resource', 'platform', 'workstation_group', 'asset' then
            perform platforms.note_search(new.centre_id, array[new.id]);
        when 'model' then
            perform platforms.note_search(a.centre_id, array_agg(a.id)) from inventory.asset a where a.model_id = new.id group by a.centre_id;
        when 'site' then
            perform platforms.note_search(new.centre_id, array(
                select r.id from platforms.resource r where r.centre_id = new.centre_id and r.site_id = new.id));
        when 'centre_name' then
            perform platforms.note_search(new.centre_id, array(
                select r.id from platforms.resource r where r.centre_id = new.centre_id));
    end case;
    return null;
end
$$;

create trigger resource_is_searched after insert or update of name, site_id, kind on platforms.resource
    for each row execute function platforms.note_searched();
create trigger platform_is_searched after insert or update of description, sectors, skills on platforms.platform
    for each row execute function platforms.note_searched();
create trigger group_is_searched after insert or update of model on platforms.workstation_group
    for each row execute function platforms.note_searched();
create trigger asset_is_searched after insert or update of model_id on inventory.asset
    for each row execute function platforms.note_searched();
create trigger model_is_searched after update of category, manufacturer, name on inventory.model
    for each row execute function platforms.note_searched();
create trigger site_is_searched after update of name, town on centres.site
    for each row execute function platforms.note_searched();
create trigger centre_name_is_searched after insert or update of name, during on centres.centre_name
    for each row execute function platforms.note_searched();

insert into platforms.search_entry (centre_id, id, words, document, tags)
select s.centre_id, s.id, s.words, s.document, s.tags from platforms.searched s;

-- MARK: What a caller may expect

create function bookings.outlook(
    p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_caller_centre smallint, p_audiences text[],
    p_head_counts integer[], p_seats integer, p_persons integer, p_now timestamptz,
    out verdict text, out free integer, out rules jsonb)
    language plpgsql stable
as $$
declare
    v_gate labels.gate_result;
    v_today tstzrange := tstzrange(p_now, p_now + interval '1 minute');
begin
    v_gate := labels.gate(p_resource.centre_id, p_resource.is_shared, p_zone, coalesce(p_slot, v_today), p_organisation, p_caller_centre,
                          p_audiences, p_head_counts, false, p_resource.id);
    verdict := v_gate.verdict;
    rules := '[]';
    if v_gate.verdict <> 'allow' then
        select coalesce(jsonb_agg(g.rule), '[]') into rules
        from jsonb_array_elements(v_gate.rules) as g (rule) where g.rule ->> 'verdict' in ('deny', 'conditional');
    end if;
    if p_seats > p_resource.capacity then
        rules := rules || bookings.rule(null, 'capacity', 'quantityTooLarge', jsonb_build_object(
            'seats', p_seats, 'capacity', p_resource.capacity));
    end if;
    if p_slot is not null then
        rules := rules || bookings.time_rules(null, p_resource, p_zone, p_slot, p_now);
        if p_resource.has_priority then
            rules := rules || bookings.priority_rules(null, p_resource, p_zone, p_slot, p_audiences, p_now);
        end if;
        free := p_resource.capacity - platforms.most_taken(
            p_resource.centre_id, p_resource.id, lower(p_slot) - make_interval(mins => p_resource.setup_minutes),
            upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes), '{}', '{}', '{}');
        if p_seats > free and p_seats <= p_resource.capacity then
            rules := rules || bookings.rule(null, 'capacity',
                case when p_resource.kind in ('equipment', 'workstation') then 'unitTaken' else 'capacityFull' end,
                jsonb_build_object('seats', p_seats, 'free', greatest(free, 0), 'capacity', p_resource.capacity));
        end if;
        if p_resource.parent_id is not null or p_resource.person_limit is not null then
            if p_resource.parent_id is not null then
                select least(free, p_resource.capacity - max(x.taken)) into free
                from platforms.path_steps(
                    p_resource, lower(p_slot) - make_interval(mins => p_resource.setup_minutes),
                    upper(p_slot) + make_interval(mins => p_resource.cleanup_minutes)) x;
            end if;
            rules := rules || (
                select coalesce(jsonb_agg(t.rule - 'line'), '[]')
                from jsonb_array_elements(bookings.tree_rules(
                    1, p_zone, array[p_resource], array[lower(p_slot)], array[upper(p_slot)], array[p_seats], array[p_persons])) as t (rule));
        end if;
        free := greatest(free, 0);
    end if;
    if exists (select from jsonb_array_elements(rules) as r (rule) where r.rule ->> 'verdict' = 'deny') then
        verdict := 'deny';
    end if;
end
$$;
comment on function bookings.outlook(
    platforms.resource, text, tstzrange, uuid, smallint, text[], integer[], integer, integer, timestamptz) is
    'What bookings.reserve would say of one line, without its locks and without promising anything; with no slot only what the gate says today. rules: those that do not simply allow. free: seats over the whole slot.';

create type bookings.find as (
    centre_id smallint,
    id uuid,
    rank real,
    kilometres float8
);

-- Ways of looking, each with a plan of its own: by words, by tags, or through everything in the order of the key.
create function bookings.candidates(
    p_words text, p_tags text[], p_centre_id smallint, p_latitude float8, p_longitude float8, p_kilometres float8, p_most integer)
    returns setof bookings.find
    language plpgsql stable
as $$
declare
    v_plain text := plateau.plain(p_words);
    v_query tsquery;
begin
    if p_words is not null then
        -- Each word may be the beginning of one; those that to_tsvector takes apart stay together.
        select string_agg(format('%s:*', t.word), ' & ')::tsquery into v_query
        from (select quote_literal(lexeme) as word from unnest(to_tsvector('simple', v_plain))) t;
        return query
        select e.centre_id, e.id,
               (ts_rank(e.document, v_query) + public.word_similarity(v_plain, e.words))::real as rank,
               plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude)
        from (
            select * from platforms.search_entry d where d.document @@ v_query
            union
            select * from platforms.search_entry d where d.words operator(public.%>) v_plain) e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where e.tags @> p_tags and (p_centre_id is null or e.centre_id = p_centre_id)
          and (p_kilometres is null or plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) <= p_kilometres)
        order by rank desc, 4, e.centre_id, e.id
        limit p_most;
    elsif p_tags <> '{}' or p_latitude is not null then
        return query
        select r.centre_id, r.id, null::real, plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude)
        from platforms.search_entry e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where e.tags @> p_tags and (p_centre_id is null or e.centre_id = p_centre_id)
          and (p_kilometres is null or plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) <= p_kilometres)
        order by 4, e.centre_id, e.id
        limit p_most;
    else
        return query
        select r.centre_id, r.id, null::real, null::float8
        from platforms.resource r
        where p_centre_id is null or r.centre_id = p_centre_id
        order by r.centre_id, r.id
        limit p_most;
    end if;
end
$$;

create function bookings.search(
    p_organisation uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude float8, p_longitude float8, p_kilometres float8,
    p_starts timestamptz, p_ends timestamptz, p_seats integer, p_audiences text[], p_head_counts integer[], p_only_usable boolean,
    p_most integer, p_limit integer)
    returns table (
        id uuid, kind text, name text, centre_id uuid, centre_name text, site_id uuid, site_name text, town text, zone text,
        capacity integer, kilometres float8, verdict text, free integer, rules jsonb)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := plateau.clock();
    v_slot tstzrange := case when p_starts is not null then tstzrange(p_starts, p_ends) end;
    v_caller_centre smallint;
    v_persons integer := coalesce((select sum(n) from unnest(p_head_counts) n), 0);
    v_candidate bookings.find;
    v_found record;
    v_outlook record;
    v_count integer := 0;
begin
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    for v_candidate in
        select * from bookings.candidates(p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres, p_most)
    loop
        exit when v_count = p_limit;
        select r as resource, s.id as site_id, s.name as site_name, s.town, s.zone, c.id as centre_id, n.name as centre_name into v_found
        from platforms.resource r
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        join centres.centre c on c.centre_id = r.centre_id
        left join centres.centre_name n on n.centre_id = r.centre_id and n.during @> plateau.local_day(coalesce(p_starts, v_now), c.zone)
        where r.centre_id = v_candidate.centre_id and r.id = v_candidate.id;
        continue when (v_found.resource).retired_at <= v_now;
        select * into v_outlook
        from bookings.outlook(
            v_found.resource, v_found.zone, v_slot, p_organisation, v_caller_centre, p_audiences, p_head_counts, p_seats, v_persons, v_now);
        continue when p_only_usable and v_outlook.verdict = 'deny';
        v_count := v_count + 1;
        return query
        select (v_found.resource).id, (v_found.resource).kind, (v_found.resource).name, v_found.centre_id, v_found.centre_name,
               v_found.site_id, v_found.site_name, v_found.town, v_found.zone, (v_found.resource).capacity, v_candidate.kilometres,
               v_outlook.verdict, v_outlook.free, v_outlook.rules;
    end loop;
end
$$;
comment on function bookings.search(
    uuid, text, text[], smallint, float8, float8, float8, timestamptz, timestamptz, integer, text[], integer[], boolean, integer, integer) is
    'Resources by words and properties, each with what the organisation may expect of it: at most p_limit of the first p_most that fit. Stops as soon as it has enough.';

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p
             where p.prosecdef and (p.pronamespace, p.proname) in (
                 ('platforms'::regnamespace, 'note_search'), ('platforms'::regnamespace, 'note_searched'), ('bookings'::regnamespace, 'search')) loop
        execute format('alter function %s owner to plateau_functions', f);
    end loop;
end
$$;
grant execute on function bookings.search(
    uuid, text, text[], smallint, float8, float8, float8, timestamptz, timestamptz, integer, text[], integer[], boolean, integer, integer)
    to plateau_app;
grant execute on function bookings.candidates(text, text[], smallint, float8, float8, float8, integer) to plateau_functions;
grant execute on function bookings.outlook(
    platforms.resource, text, tstzrange, uuid, smallint, text[], integer[], integer, integer, timestamptz) to plateau_functions;
