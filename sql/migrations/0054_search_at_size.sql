-- Search of a hundred thousand resources: words that are misspelled are mended one by one from the words that there are, instead of each
-- text being compared with the whole question; no more is ranked, and nothing is judged, than can be answered.
-- lock class: access exclusive on platforms.search_entry while its new column is filled in (seconds for 100,000 resources: nothing is
-- booked from it, searches and changes of names wait); else none

-- MARK: The words that there are

create table platforms.search_word (
    word text collate "C" not null
);
comment on table platforms.search_word is
    'The words by which some resource is or was found, to mend those that are misspelled: not unique, so that whoever adds one waits for nobody. Rows are only added.';
create index search_word_beginning on platforms.search_word (word);
create index search_word_likeness on platforms.search_word using gin (word public.gin_trgm_ops);
grant select on platforms.search_word to plateau_app, plateau_functions;
grant insert on platforms.search_word to plateau_functions;

create function platforms.note_words() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as
$$
begin
    insert into platforms.search_word (word)
    select w.word
    from (select distinct unnest(tsvector_to_array(e.document)) collate "C" as word from entered e) w
    where length(w.word) between 3 and 100 and not exists (select from platforms.search_word s where s.word = w.word);
    return null;
end
$$;
comment on function platforms.note_words() is 'Adds the words of what is newly searched to platforms.search_word.';
alter function platforms.note_words() owner to plateau_functions;
revoke all on function platforms.note_words() from public;

-- MARK: What a resource is found by

-- Its triggers would note what is only rewritten here.
drop index platforms.search_entry_words;
alter table platforms.search_entry drop column words;
alter table platforms.search_entry add column site_id uuid;
update platforms.search_entry e
set site_id = r.site_id
from platforms.resource r
where r.centre_id = e.centre_id and r.id = e.id;
alter table platforms.search_entry alter column site_id set not null;
create index search_entry_by_site on platforms.search_entry (centre_id, site_id, (tags[1]), id);
comment on table platforms.search_entry is
    'What a resource is found by, kept by triggers from the tables that say it. document: for whole words and beginnings, name first; tags: kind:, category:, sector:, skill:, each in plain letters.';
insert into platforms.search_word (word)
select distinct w.word
from platforms.search_entry e
cross join lateral unnest(tsvector_to_array(e.document)) as w (word)
where length(w.word) between 3 and 100;
create trigger words_are_known after insert on platforms.search_entry
    referencing new table as entered for each statement execute function platforms.note_words();
create trigger new_words_are_known after update on platforms.search_entry
    referencing new table as entered for each statement execute function platforms.note_words();

drop view platforms.searched;
create view platforms.searched as
select r.centre_id, r.id, r.site_id,
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
left join inventory.stock k on k.centre_id = r.centre_id and k.id = r.id
left join inventory.model m on m.id = coalesce(a.model_id, k.model_id);
comment on view platforms.searched is 'What platforms.search_entry must hold.';
grant select on platforms.searched to plateau_functions;

create or replace function platforms.note_search(p_centre_id smallint, p_ids uuid[]) returns void
    language sql security definer set search_path = pg_catalog, pg_temp as
$$
    insert into platforms.search_entry as e (centre_id, id, site_id, document, tags)
    select s.centre_id, s.id, s.site_id, s.document, s.tags from platforms.searched s
    where s.centre_id = p_centre_id and s.id = any (p_ids)
    on conflict (centre_id, id) do update set site_id = excluded.site_id, document = excluded.document, tags = excluded.tags
    where (e.site_id, e.document, e.tags) is distinct from (excluded.site_id, excluded.document, excluded.tags)
$$;

-- Few are: whoever leaves them out need not look at each of the others.
create index resource_retired on platforms.resource (retired_at) where retired_at is not null;

-- MARK: Questions

create function platforms.search_query(p_plain text) returns tsquery
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp as
$$
declare
    v_word text collate "C";
    v_like text[];
    v_parts text[] := '{}'::text[];
    -- What is left when nothing but short words was said.
    v_short text[] := '{}'::text[];
begin
    for v_word in select t.lexeme from unnest(to_tsvector('simple', p_plain)) t loop
        if v_word ~ '^[a-z]{1,2}$' then
            v_short := v_short || quote_literal(v_word);
        elsif length(v_word) < 3 then
            v_parts := v_parts || quote_literal(v_word);
        elsif exists (select from platforms.search_word s where s.word >= v_word and starts_with(s.word, v_word)) then
            v_parts := v_parts || (quote_literal(v_word) || ':*');
        else
            -- Nothing begins so: what comes nearest, and what comes almost as near.
            select array_agg(quote_literal(f.word)) into v_like
            from (select n.word, n.likeness, max(n.likeness) over () as most
                  from (select distinct s.word, public.similarity(s.word, v_word) as likeness from platforms.search_word s
                        where s.word operator(public.%) v_word) n
                  order by n.likeness desc, n.word
                  limit 5) f
            where f.likeness >= f.most - 0.1;
            v_parts := v_parts || coalesce('(' || array_to_string(v_like, ' | ') || ')', quote_literal(v_word));
        end if;
    end loop;
    return array_to_string(case when v_parts = '{}' then v_short else v_parts end, ' & ')::tsquery;
end
$$;
comment on function platforms.search_query(text) is
    'What a text asks of the documents: each of its words as the beginning of one; one with which no word begins, as the words most like it; words of one or two letters only when there are no others. Empty: it says nothing.';
alter function platforms.search_query(text) owner to plateau_functions;
revoke all on function platforms.search_query(text) from public;
grant execute on function platforms.search_query(text) to plateau_functions;

create or replace function bookings.candidates(
    p_words text, p_tags text[], p_centre_id smallint, p_latitude float8, p_longitude float8, p_kilometres float8, p_most integer,
    p_centres smallint[] default null, p_in_service_at timestamptz default null) returns setof bookings.find
    -- A plan for any question reads every entry.
    language plpgsql stable set plan_cache_mode = force_custom_plan as
$$
declare
    -- More than these are not compared with each other: whoever says so little gets some of what fits.
    v_most_ranked constant integer := 2000;
    v_query tsquery;
    -- The first tag of every entry.
    v_kind text := (select t from unnest(p_tags) t where starts_with(t, 'kind:'));
    v_site record;
    v_found integer := 0;
    v_more integer;
begin
    if p_words is not null then
        v_query := platforms.search_query(plateau.plain(p_words));
        return query
        select f.centre_id, f.id, ts_rank(f.document, v_query) as rank, plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude)
        from (
            select e.centre_id, e.id, e.site_id, e.document
            from platforms.search_entry e
            where e.document @@ v_query and e.tags @> p_tags and (p_centre_id is null or e.centre_id = p_centre_id)
              and (p_centres is null or e.centre_id = any (p_centres))
              and (p_kilometres is null or exists (
                  select from centres.site s
                  where s.centre_id = e.centre_id and s.id = e.site_id
                    and plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) <= p_kilometres))
              and (p_in_service_at is null or not exists (
                  select from platforms.resource r
                  where r.centre_id = e.centre_id and r.id = e.id and r.retired_at <= p_in_service_at))
            limit v_most_ranked) f
        join centres.site s on s.centre_id = f.centre_id and s.id = f.site_id
        order by 3 desc, 4, f.centre_id, f.id
        limit p_most;
        return;
    end if;
    if cardinality(p_tags) > num_nonnulls(v_kind)
        and (select count(*) from (select from platforms.search_entry e where e.tags @> p_tags limit v_most_ranked + 1) t) <= v_most_ranked then
        return query
        select e.centre_id, e.id, null::real, k.kilometres
        from platforms.search_entry e
        join centres.site s on s.centre_id = e.centre_id and s.id = e.site_id
        cross join lateral (select plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) as kilometres) k
        where e.tags @> p_tags and (p_centre_id is null or e.centre_id = p_centre_id)
          and (p_centres is null or e.centre_id = any (p_centres)) and (p_kilometres is null or k.kilometres <= p_kilometres)
          and (p_in_service_at is null or not exists (
              select from platforms.resource r
              where r.centre_id = e.centre_id and r.id = e.id and r.retired_at <= p_in_service_at))
        order by 4, e.centre_id, e.site_id, e.id
        limit p_most;
        return;
    end if;
    -- Many fit: nearest first, site by site until there are enough; without a place, centre by centre.
    for v_site in
        select s.centre_id, s.id, k.kilometres
        from centres.site s
        cross join lateral (select plateau.kilometres(p_latitude, p_longitude, s.latitude, s.longitude) as kilometres) k
        where (p_centre_id is null or s.centre_id = p_centre_id) and (p_centres is null or s.centre_id = any (p_centres))
          and (p_kilometres is null or k.kilometres <= p_kilometres)
        order by k.kilometres, s.centre_id, s.id
    loop
        return query
        select e.centre_id, e.id, null::real, v_site.kilometres::float8
        from platforms.search_entry e
        where e.centre_id = v_site.centre_id and e.site_id = v_site.id and (v_kind is null or e.tags[1] = v_kind)
          and e.tags @> p_tags
          and (p_in_service_at is null or not exists (
              select from platforms.resource r
              where r.centre_id = e.centre_id and r.id = e.id and r.retired_at <= p_in_service_at))
        order by e.id
        limit p_most - v_found;
        get diagnostics v_more = row_count;
        v_found := v_found + v_more;
        exit when v_found >= p_most;
    end loop;
end
$$;
comment on function bookings.candidates(text, text[], smallint, float8, float8, float8, integer, smallint[], timestamptz) is
    'The best p_most resources for words, properties and a place, without looking at time or rights: by how well the words fit, then by distance. Of more than 2,000 that fit some words, any 2,000. centres: only there; in_service_at: not what is retired by then.';

create or replace function bookings.search(
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
    v_most integer;
    v_place integer;
    v_seen integer := 0;
begin
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    -- Most often the first few will do.
    foreach v_most in array case when p_only_usable then array[least(4 * p_limit, p_most), p_most] else array[p_limit] end loop
        v_place := 0;
        for v_candidate in
            select * from bookings.candidates(
                p_words, p_tags, p_centre_id, p_latitude, p_longitude, p_kilometres, v_most, null, v_now)
        loop
            v_place := v_place + 1;
            continue when v_place <= v_seen;
            select r as resource, s.id as site_id, s.name as site_name, s.town, s.zone, c.id as centre_id, n.name as centre_name into v_found
            from platforms.resource r
            join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
            join centres.centre c on c.centre_id = r.centre_id
            left join centres.centre_name n on n.centre_id = r.centre_id and n.during @> plateau.local_day(coalesce(p_starts, v_now), c.zone)
            where r.centre_id = v_candidate.centre_id and r.id = v_candidate.id;
            -- What is too small or taken is nothing to ask every rule about.
            continue when p_only_usable and (v_found.resource).capacity < p_seats;
            continue when p_only_usable and v_slot is not null and (v_found.resource).capacity - p_seats < platforms.most_taken(
                v_candidate.centre_id, v_candidate.id, p_starts - make_interval(mins => (v_found.resource).setup_minutes),
                p_ends + make_interval(mins => (v_found.resource).cleanup_minutes));
            select * into v_outlook
            from bookings.outlook(
                v_found.resource, v_found.zone, v_slot, p_organisation, v_caller_centre, p_audiences, p_head_counts, p_seats, v_persons,
                v_now);
            continue when p_only_usable and v_outlook.verdict = 'deny';
            v_count := v_count + 1;
            return query
            select (v_found.resource).id, (v_found.resource).kind, (v_found.resource).name, v_found.centre_id, v_found.centre_name,
                   v_found.site_id, v_found.site_name, v_found.town, v_found.zone, (v_found.resource).capacity, v_candidate.kilometres,
                   v_outlook.verdict, v_outlook.free, v_outlook.rules;
            exit when v_count = p_limit;
        end loop;
        exit when v_count = p_limit or v_place < v_most;
        v_seen := v_most;
    end loop;
end
$$;
