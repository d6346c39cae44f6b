-- name: EnterMunicipalityList :many
-- outcome, in one row: entered, known, forbidden, outOfOrder (subject: the version that begins on this day or later, known: its first
-- day); in a row for each part that stands against it: differs (from what was entered under this version), unfit.
-- param scheme text not null
-- param version text not null
-- param valid_from date not null
-- param code_pattern text not null
-- param municipalities jsonb not null
-- param successors jsonb not null
-- param key uuid as KeyID not null
-- column outcome text not null
-- column place text
-- column fault text
-- column subject text
-- column known text
select r.outcome, r.place, r.fault, r.subject, r.known
from centres.enter_municipality_list(@scheme, @version, @valid_from, @code_pattern, @municipalities, @successors, @key) as r;

-- name: ListMunicipalityLists :many
-- Versions of lists by scheme and first day, after a cursor; one of them when a version is given.
-- param scheme text
-- param version text
-- param after_scheme text
-- param after_day date
-- param row_limit int4 not null
-- column scheme text not null
-- column version text not null
-- column valid_from date not null
-- column valid_to date
-- column former text
-- column code_pattern text not null
-- column municipalities int4 not null
select l.scheme, l.version, l.valid_from, n.valid_from - 1 as valid_to, l.former, k.code_pattern,
       (select count(*)::int4 from centres.municipality m where m.scheme = l.scheme and m.version = l.version) as municipalities
from centres.municipality_list l
join centres.municipality_scheme k on k.scheme = l.scheme
left join centres.municipality_list n on n.scheme = l.scheme and n.former = l.version
where (@scheme is null or l.scheme = @scheme) and (@version is null or l.version = @version)
  and (@after_scheme is null or (l.scheme, l.valid_from) > (@after_scheme, @after_day))
order by l.scheme, l.valid_from
limit @row_limit;

-- name: ListMunicipalities :many
-- The municipalities of a version by code, after a cursor, or one of them; with what the next list ended and what it became there, and
-- what it was in the former one.
-- param scheme text not null
-- param version text not null
-- param code text
-- param after text
-- param row_limit int4 not null
-- column code text not null
-- column name text not null
-- column names jsonb
-- column next_version text
-- column valid_to date
-- column successors text[] not null
-- column predecessors text[] not null
select m.code, m.name, nullif(m.names, '{}') as names, case when cardinality(b.successors) > 0 then n.version end as next_version,
       case when cardinality(b.successors) > 0 then n.valid_from - 1 end as valid_to, b.successors,
       array(select p.code from centres.municipality_successor p
             where p.scheme = m.scheme and p.version = m.version and p.next_code = m.code order by p.code) as predecessors
from centres.municipality m
left join centres.municipality_list n on n.scheme = m.scheme and n.former = m.version
cross join lateral (
    select array(select s.next_code from centres.municipality_successor s
                 where s.scheme = m.scheme and s.version = n.version and s.code = m.code order by s.next_code) as successors) b
where m.scheme = @scheme and m.version = @version and (@code is null or m.code = @code) and (@after is null or m.code > @after)
order by m.code
limit @row_limit;
