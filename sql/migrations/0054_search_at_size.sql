-- Search of a hundred thousand resources: words that are misspelled are mended one by one from the words that there are, instead of each
-- text being compared with the whole question; no more is ranked, and nothing is judged, than can be answered. By model and by the mark of
-- advanced technology too, page by page, and with what must be brought.
-- lock class: access exclusive on platforms.search_entry while its new column is filled in (seconds for 100,000 resources: nothing is
-- booked from it, searches and changes of names wait); share row exclusive on inventory.asset for a moment (a trigger); else none

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
    'What a resource is found by, kept by triggers from the tables that say it. document: for whole words and beginnings, name first; tags: kind:, category:, sector:, skill:, model:, each in plain letters, and mark:advanced.';
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
           || array(select 'skill:' || plateau.plain(t) from unnest(p.skills) t)
           || array['model:' || m.id, case when a.is_advanced_technology then 'mark:advanced' end], null) as tags
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

update platforms.search_entry e
set tags = s.tags
from platforms.searched s
where s.centre_id = e.centre_id and s.id = e.id and s.tags <> e.tags;

create function platforms.note_changed_assets() returns trigger
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform platforms.note_search(e.centre_id, array_agg(e.id))
    from entered e join former f on f.centre_id = e.centre_id and f.id = e.id
    where (e.model_id, e.is_advanced_technology) is distinct from (f.model_id, f.is_advanced_technology)
    group by e.centre_id;
    return null;
end
$$;
alter function platforms.note_changed_assets() owner to plateau_functions;
revoke all on function platforms.note_changed_assets() from public;
drop trigger asset_changed_is_searched on inventory.asset;
create trigger asset_changed_is_searched after update on inventory.asset referencing old table as former new table as entered
    for each statement execute function platforms.note_changed_assets();

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

-- What bears the same mark is not alike; of the same model it is by its category too.
create or replace function bookings.alike(
    p_resource platforms.resource, p_most integer, p_least integer default 0, p_caller_centre smallint default null,
    p_centres smallint[] default null, p_in_service_at timestamptz default null)
    returns table (centre_id smallint, id uuid, likeness text, place integer, kilometres float8)
    language plpgsql stable
as $$
declare
    v_tags text[];
    v_model_id uuid;
    v_model text;
    v_latitude float8;
    v_longitude float8;
begin
    select array(select t from unnest(e.tags) t where t !~ '^(kind|model|mark):'), a.model_id, g.model, s.latitude, s.longitude
    into v_tags, v_model_id, v_model, v_latitude, v_longitude
    from centres.site s
    left join platforms.search_entry e on e.centre_id = s.centre_id and e.id = p_resource.id
    left join inventory.asset a on a.centre_id = s.centre_id and a.id = p_resource.id
    left join platforms.workstation w on w.centre_id = s.centre_id and w.id = p_resource.id
    left join platforms.workstation_group g on g.centre_id = s.centre_id and g.id = coalesce(w.group_id, p_resource.id)
    where s.centre_id = p_resource.centre_id and s.id = p_resource.site_id;
    return query
    select f.centre_id, f.id, f.likeness, array_position(array['sameModel', 'sameCategory', 'sameSkills'], f.likeness),
           plateau.kilometres(v_latitude, v_longitude, f.latitude, f.longitude)
    from (
        select r.centre_id, r.id, s.latitude, s.longitude, r.capacity, r.is_shared, r.retired_at,
               case when a.model_id = v_model_id then 'sameModel' when a.model_id is not null then 'sameCategory'
                    else 'sameSkills' end as likeness
        from platforms.search_entry e
        join platforms.resource r on r.centre_id = e.centre_id and r.id = e.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        left join inventory.asset a on a.centre_id = e.centre_id and a.id = e.id
        where v_tags <> '{}' and e.tags && v_tags and e.tags @> array['kind:' || plateau.plain(p_resource.kind)]
        union all
        select r.centre_id, r.id, s.latitude, s.longitude, r.capacity, r.is_shared, r.retired_at, 'sameModel'
        from platforms.workstation_group g
        join platforms.workstation w on w.centre_id = g.centre_id and w.group_id = g.id
        join platforms.resource r on r.centre_id = w.centre_id and r.id = w.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where p_resource.kind = 'workstation' and g.model = v_model
        union all
        select r.centre_id, r.id, s.latitude, s.longitude, r.capacity, r.is_shared, r.retired_at, 'sameModel'
        from platforms.workstation_group g
        join platforms.resource r on r.centre_id = g.centre_id and r.id = g.id
        join centres.site s on s.centre_id = r.centre_id and s.id = r.site_id
        where p_resource.kind = 'workstationGroup' and g.model = v_model) f
    where f.id <> p_resource.id and f.capacity >= p_least
      and (p_in_service_at is null
           or (f.retired_at is null or f.retired_at > p_in_service_at) and (f.is_shared or f.centre_id = p_caller_centre))
      and (p_centres is null or f.centre_id = any (p_centres))
    order by f.centre_id <> p_resource.centre_id, 4, 5 nulls last, f.id
    limit p_most;
end
$$;

-- MARK: What must be brought

create function bookings.requirements(
    p_resource platforms.resource, p_zone text, p_slot tstzrange, p_organisation uuid, p_participants integer,
    out requires jsonb, out rules jsonb)
    language plpgsql stable
as $$
begin
    requires := '[]';
    rules := '[]';
    if p_resource.supervision <> '{}' and 'unsupervised' <> all (p_resource.supervision) then
        requires := jsonb_build_array(jsonb_build_object('kind', 'supervision', 'supervision', p_resource.supervision));
        rules := rules || bookings.rule(null, 'supervision', 'supervisionNotOffered', jsonb_build_object(
            'supervision', 'unsupervised', 'offered', p_resource.supervision));
    end if;
    if p_resource.has_prerequisites or p_resource.parent_id is not null then
        -- Whoever only looks has named nobody, and perhaps not said who comes: somebody will.
        rules := rules || bookings.proof_rules(
            null, p_resource, p_zone, p_slot, p_organisation, null, '{}', '{}', greatest(p_participants, 1));
        requires := requires || (
            select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                       'kind', 'attestation', 'of', q.resource_id, 'holder', q.holder, 'attestation', q.attestation, 'name', t.name,
                       'proof', t.proof, 'note', q.note,
                       'isHeld', case when q.holder = 'company' and t.code is not null then not rules @> jsonb_build_array(
                           jsonb_build_object('facts', jsonb_build_object('holder', 'company', 'attestation', q.attestation))) end))
                       order by array_position(p_resource.id || p_resource.ancestors, q.resource_id), q.number), '[]')
            from platforms.prerequisite q
            left join attestations.type t on t.code = q.attestation
            where q.centre_id = p_resource.centre_id and q.resource_id = any (p_resource.id || p_resource.ancestors));
    end if;
    -- What is said when one books stands against nothing yet; what the organisation lacks does.
    rules := (
        select coalesce(jsonb_agg(case when e.rule -> 'facts' ->> 'holder' = 'company' then e.rule
                                       else e.rule || '{"verdict": "conditional"}' end order by e.n), '[]')
        from jsonb_array_elements(rules) with ordinality as e (rule, n));
end
$$;
comment on function bookings.requirements(platforms.resource, text, tstzrange, uuid, integer, out jsonb, out jsonb) is
    'What whoever uses a resource must bring: requires names the supervision, where there must be one, and every attestation that it or what it stands in asks for, isHeld for what is looked up of the organisation itself; rules are what bookings.reserve would say of a booking that names nobody, conditional where naming somebody would do.';
revoke all on function bookings.requirements(platforms.resource, text, tstzrange, uuid, integer, out jsonb, out jsonb) from public;
grant execute on function bookings.requirements(platforms.resource, text, tstzrange, uuid, integer, out jsonb, out jsonb)
    to plateau_functions;

-- MARK: The search

drop function bookings.search(
    uuid, text, text[], smallint, float8, float8, float8, timestamptz, timestamptz, integer, text[], integer[], boolean, integer, integer);
create function bookings.search(
    p_organisation uuid, p_words text, p_tags text[], p_centre_id smallint, p_latitude float8, p_longitude float8, p_kilometres float8,
    p_starts timestamptz, p_ends timestamptz, p_seats integer, p_audiences text[], p_head_counts integer[], p_only_usable boolean,
    p_after integer, p_most integer, p_limit integer)
    returns table (
        place integer, id uuid, kind text, name text, centre_id uuid, centre_name text, site_id uuid, site_name text, town text, zone text,
        capacity integer, kilometres float8, verdict text, free integer, requires jsonb, rules jsonb)
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
    v_needs record;
    v_count integer := 0;
    v_most integer;
    v_place integer;
    v_seen integer := p_after;
begin
    select o.centre_id into v_caller_centre from access.organisation o where o.id = p_organisation;
    -- Most often the first few will do.
    foreach v_most in array case when p_only_usable then array[least(p_after + 4 * p_limit, p_most), p_most]
                                 else array[least(p_after + p_limit, p_most)] end loop
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
            select * into v_needs
            from bookings.requirements(
                v_found.resource, v_found.zone, coalesce(v_slot, tstzrange(v_now, v_now + interval '1 minute')), p_organisation, v_persons);
            v_outlook.rules := v_outlook.rules || v_needs.rules;
            if v_needs.rules @> '[{"verdict": "deny"}]' then
                v_outlook.verdict := 'deny';
                continue when p_only_usable;
            elsif v_needs.rules <> '[]' and v_outlook.verdict = 'allow' then
                v_outlook.verdict := 'conditional';
            end if;
            v_count := v_count + 1;
            return query
            select v_place, (v_found.resource).id, (v_found.resource).kind, (v_found.resource).name, v_found.centre_id, v_found.centre_name,
                   v_found.site_id, v_found.site_name, v_found.town, v_found.zone, (v_found.resource).capacity, v_candidate.kilometres,
                   v_outlook.verdict, v_outlook.free, v_needs.requires, v_outlook.rules;
            exit when v_count = p_limit;
        end loop;
        exit when v_count = p_limit or v_place < v_most;
        v_seen := v_most;
    end loop;
end
$$;
comment on function bookings.search(
    uuid, text, text[], smallint, float8, float8, float8, timestamptz, timestamptz, integer, text[], integer[], boolean, integer, integer,
    integer) is
    'Resources by words and properties, each with what the organisation may expect of it and must bring: at most p_limit of the first p_most that fit, behind place p_after among these. Stops as soon as it has enough.';
alter function bookings.search(
    uuid, text, text[], smallint, float8, float8, float8, timestamptz, timestamptz, integer, text[], integer[], boolean, integer, integer,
    integer) owner to plateau_functions;
revoke all on function bookings.search(
    uuid, text, text[], smallint, float8, float8, float8, timestamptz, timestamptz, integer, text[], integer[], boolean, integer, integer,
    integer) from public;
grant execute on function bookings.search(
    uuid, text, text[], smallint, float8, float8, float8, timestamptz, timestamptz, integer, text[], integer[], boolean, integer, integer,
    integer) to plateau_app;
