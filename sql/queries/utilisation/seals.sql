-- name: SealReport :one
-- Keeps a report as known at a moment (none: a minute ago). outcome: sealed, knownAtInFuture.
-- param centre_number int2 not null
-- param id uuid as SealedReportID not null
-- param first_day date not null
-- param last_day date not null
-- param known_at timestamptz
-- param key uuid as KeyID not null
-- column outcome text not null
select s.outcome from utilisation.seal(@centre_number, @id, @first_day, @last_day, @known_at, 'asked', @key) as s;

-- name: ListSealedReports :many
-- The sealed reports of a centre, newest first.
-- param centre_number int2 not null
-- column id uuid as SealedReportID not null
-- column first_day date not null
-- column last_day date not null
-- column version int4 not null
-- column known_at timestamptz not null
-- column reason text not null
-- column sealed_at timestamptz not null
-- column sha256 text not null
select s.id, s.first_day, s.last_day, s.version, s.known_at, s.reason, s.sealed_at, encode(s.sha256, 'hex') as sha256
from utilisation.sealed_reports(@centre_number) as s
order by s.sealed_at desc, s.id desc
limit 500;

-- name: FindSealedReport :maybe
-- One of them.
-- param centre_number int2 not null
-- param id uuid as SealedReportID not null
-- column id uuid as SealedReportID not null
-- column first_day date not null
-- column last_day date not null
-- column version int4 not null
-- column known_at timestamptz not null
-- column reason text not null
-- column sealed_at timestamptz not null
-- column sha256 text not null
select s.id, s.first_day, s.last_day, s.version, s.known_at, s.reason, s.sealed_at, encode(s.sha256, 'hex') as sha256
from utilisation.sealed_reports(@centre_number) as s
where s.id = @id;

-- name: SealedBody :maybe
-- A sealed report, word for word.
-- param id uuid as SealedReportID not null
-- column body text
select utilisation.sealed_body(@id) as body;

-- name: SealedDifference :one
-- What a version says otherwise than the one before it; none: there is none before it.
-- param id uuid as SealedReportID not null
-- column document text
select cast(utilisation.difference(@id) as text) as document;

-- name: ReproduceReport :maybe
-- The hash of a sealed report beside that of the same report made again.
-- param id uuid as SealedReportID not null
-- column sealed text not null
-- column reproduced text not null
select encode(r.sealed, 'hex') as sealed, encode(r.reproduced, 'hex') as reproduced from utilisation.reproduce(@id) as r;

-- name: StaleCentre :one
-- A centre of which sealed reports may have changed; none: there is none.
-- column centre_number int2
select utilisation.stale_centre('1 minute') as centre_number;

-- name: ResealReport :one
-- Looks at one of them, and seals a new version where it changed. outcome: sealed, unchanged; none: nothing waits.
-- param id uuid as SealedReportID not null
-- column outcome text
select utilisation.reseal(@id, '1 minute') as outcome;
