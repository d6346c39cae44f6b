-- name: SeedPlaces :exec
-- Towns and coordinates for the centres' sites, within some 200 km of each other; a skill for each platform, of 250.
with skilled as (
    update platforms.platform p
    set skills = array['skill-' || ('x' || right(p.id::text, 8))::bit(32)::integer % 250]
    where p.centre_id > 0 and p.skills = '{}'
), placed as (
    select s.centre_id, s.id,
           (array['Charleroi', 'Namur', 'Liège', 'Mons', 'Tournai', 'Verviers', 'Arlon', 'Wavre'])[1 + s.centre_id % 8] as town
    from centres.site s
)
update centres.site s
set name = 'Implantation de ' || p.town, town = p.town, latitude = 49.6 + 0.03 * s.centre_id, longitude = 3.5 + 0.07 * (7 * s.centre_id % 32)
from placed p
where p.centre_id = s.centre_id and p.id = s.id and s.latitude is null;

-- name: SeedModels :exec
-- So many models of equipment, in 24 categories with French names, by eight makers.
-- param models int4 not null
insert into inventory.model (id, category, manufacturer, name, created_at)
select ('01900000-0000-7000-8000-' || lpad(to_hex(10000000 + n), 12, '0'))::uuid, k.category,
       (array['Fronius', 'Haas', 'Siemens', 'Festo', 'Kuka', 'Bosch Rexroth', 'Schneider Electric', 'Grundfos'])[1 + (n / 24) % 8],
       k.category || ' ' || (array['compact', 'industriel', 'didactique', 'portable', 'haute précision'])[1 + (n / 7) % 5] || ' '
           || chr(65 + n % 26) || (100 + n),
       plateau.clock()
from generate_series(0, @models - 1) as n
cross join lateral (select (array[
    'Poste à souder', 'Tour à commande numérique', 'Fraiseuse', 'Centre d''usinage', 'Robot de soudage', 'Automate programmable',
    'Variateur de vitesse', 'Imprimante 3D', 'Découpe laser', 'Presse plieuse', 'Pont roulant', 'Chariot élévateur', 'Nacelle élévatrice',
    'Caméra thermique', 'Banc hydraulique', 'Pompe à chaleur', 'Chaudière à condensation', 'Station de charge', 'Four de cuisson',
    'Cellule de refroidissement', 'Microscope', 'Spectromètre', 'Simulateur de conduite', 'Casque de réalité virtuelle'])[1 + n % 24] as category) k;

-- name: SeedEquipment :exec
-- Movable assets, so many in each centre and evenly over the models, named by their model and a number.
-- param assets int4 not null
-- param models int4 not null
with wanted as (
    select s.centre_id, s.id as site_id, n,
           ('0190000000007000' || to_hex(128 + 4 * s.centre_id) || lpad(to_hex(20000000 + n), 14, '0'))::uuid as id,
           ('01900000-0000-7000-8000-' || lpad(to_hex(10000000 + (n * 31 + s.centre_id) % @models), 12, '0'))::uuid as model_id
    from centres.site s
    cross join generate_series(1, @assets) as n
    where s.centre_id > 0
), resource as (
    insert into platforms.resource (
        centre_id, id, kind, name, site_id, capacity, setup_minutes, cleanup_minutes, horizon_days, created_at)
    select w.centre_id, w.id, 'equipment', m.name || ' n° ' || w.n, w.site_id, 1, 15, 15, 1100, plateau.clock()
    from wanted w
    join inventory.model m on m.id = w.model_id
)
insert into inventory.asset (centre_id, id, model_id, inventory_number, is_mobile)
select w.centre_id, w.id, w.model_id, w.centre_id || '-' || w.n, true from wanted w;
