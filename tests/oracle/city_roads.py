"""Ways of trucks through real cities, found a second time: networkx on the OpenStreetMap file.

Knows nothing of the program but the rules that it states: roads meet where they share a node on one
level or where one of them ends, and where lines of one level cross; tags of trucks from special to
general; speeds of trucks by class. Lengths are geodesic (geographiclib), times whole milliseconds a
piece. Prints what `tests/truck_roads.rs`, which runs it, compares with:

    pip install networkx osmium shapely geographiclib
    python3 tests/oracle/city_roads.py FOLDER_OF_OSM
"""

import itertools
import json
import random
import re
import sys
from collections import Counter, defaultdict

import networkx as nx
import osmium
from geographiclib.geodesic import Geodesic
from shapely import STRtree
from shapely.geometry import LineString, Point

CLASSES = {
    "motorway": "motorway", "motorway_link": "motorway", "trunk": "trunk", "trunk_link": "trunk",
    "primary": "primary", "primary_link": "primary", "secondary": "secondary",
    "secondary_link": "secondary", "tertiary": "tertiary", "tertiary_link": "tertiary",
    "unclassified": "tertiary", "residential": "residential", "living_street": "residential",
    "service": "service", "track": "track",
}
# class: where nothing is posted, the most, km/h
SPEEDS = {
    "motorway": (80, 90), "trunk": (60, 70), "primary": (50, 60), "secondary": (40, 50),
    "tertiary": (30, 40), "residential": (20, 30), "service": (15, 20), "track": (10, 20),
}
# mass t, axle load t, height, width, length m, axles
TRUCKS = {
    "micro": (1.8, 1.2, 2.0, 1.6, 3.5, 2),
    "light": (4.495, 3.0, 2.8, 2.2, 5.995, 2),
    "medium": (11.995, 8.0, 3.5, 2.5, 9.0, 2),
    "heavy": (31.0, 10.0, 4.0, 2.55, 12.0, 4),
}
OPEN = {"yes", "designated", "permissive", "official", "discouraged", "hgv", "goods"}
LOCAL = {"destination", "delivery", "customers"}
SHUT = {
    "no", "private", "agricultural", "forestry", "emergency", "military", "permit", "residents",
    "use_sidepath", "bus", "psv", "taxi", "foot", "bicycle",
}
OBSTACLES = {
    "bollard", "block", "cycle_barrier", "jersey_barrier", "debris", "log", "planter", "stile",
    "turnstile", "kissing_gate", "motorcycle_barrier", "chain",
}
SIZES = {
    "maxweight": 0, "maxweightrating": 0, "maxaxleload": 1, "maxheight": 2, "maxwidth": 3,
    "maxlength": 4, "maxaxles": 5,
}


def word(value):
    if value in OPEN:
        return 0
    if value in LOCAL:
        return 1
    return 2 if value in SHUT else None


def size(value):
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?(t|m)?", value)
    return float(found[1]) if found else None


def access(tags, truck):
    """0 open, 1 for who ends there, 2 closed; tags without condition or direction."""
    measures = TRUCKS[truck]
    for key, which in SIZES.items():
        limit = size(tags.get(key + ":hgv", tags.get(key, "")))
        if limit is not None and measures[which] > limit:
            return 2
    for key in ("hgv", "goods", "motor_vehicle", "vehicle", "access"):
        if key == "hgv" and truck == "micro":
            continue
        said = word(tags.get(key, ""))
        if said is None or (key == "goods" and truck != "micro" and said == 0):
            continue
        return said
    return 2 if tags.get("barrier") in OBSTACLES else 0


class Reader(osmium.SimpleHandler):
    def __init__(self):
        super().__init__()
        self.places, self.node_tags, self.ways, self.turns = {}, {}, {}, []

    def node(self, n):
        if n.location.valid():
            self.places[n.id] = (n.location.x, n.location.y)
        tags = {tag.k: tag.v for tag in n.tags}
        limits = {k: v for k, v in tags.items() if k.startswith("max") and k in SIZES}
        if "barrier" in tags:
            keys = ("barrier", "hgv", "goods", "motor_vehicle", "vehicle", "access")
            limits |= {k: tags[k] for k in keys if k in tags}
        if limits:
            self.node_tags[n.id] = limits

    def way(self, w):
        tags = {tag.k: tag.v for tag in w.tags}
        if CLASSES.get(tags.get("highway")) and tags.get("area") != "yes":
            self.ways[w.id] = (tags, [n.ref for n in w.nodes])

    def relation(self, r):
        tags = {tag.k: tag.v for tag in r.tags}
        kind = tags.get("restriction:hgv", tags.get("restriction"))
        if not tags.get("type", "").startswith("restriction") or not kind:
            return
        if {"hgv", "motor_vehicle", "vehicle"} & set(tags.get("except", "").split(";")):
            return
        if any(key in tags for key in ("day_on", "day_off", "hour_on", "hour_off")):
            return
        of = lambda role, kind: [m.ref for m in r.members if m.role == role and m.type == kind]
        via, over = of("via", "n"), of("via", "w")
        if len(via) == 1 and not over and kind.split("_")[0] in ("no", "only"):
            self.turns.append((kind.startswith("only"), of("from", "w"), via[0], of("to", "w")))


def level(tags):
    try:
        return int(tags["layer"])
    except (KeyError, ValueError):
        pass
    if tags.get("bridge", "no") not in ("no", "building_passage"):
        return 1
    return -1 if tags.get("tunnel", "no") not in ("no", "building_passage") else 0


def direction(tags):
    said = tags.get("oneway")
    if said in ("yes", "1", "true"):
        return True, False
    if said in ("-1", "reverse"):
        return False, True
    is_round = tags.get("junction") in ("roundabout", "circular")
    if said is None and (is_round or tags["highway"] == "motorway"):
        return True, False
    return True, True


def kmh(tags):
    unposted, most = SPEEDS[CLASSES[tags["highway"]]]
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)", tags.get("maxspeed", ""))
    return min(float(found[1]), most) if found and float(found[1]) >= 1 else unposted


class City:
    """Steps of ways between neighbouring places, in both directions where both are open."""

    def __init__(self, path):
        read = Reader()
        read.apply_file(path)
        self.read = read
        parts = []
        for way, (tags, refs) in read.ways.items():
            for known, run in itertools.groupby(refs, lambda ref: ref in read.places):
                run = list(run)
                if known:
                    run = [next(same) for _, same in itertools.groupby(run, read.places.get)]
                    if len(run) > 1:
                        parts.append((way, tags, run))
        ends, levels = set(), defaultdict(set)
        for _, tags, run in parts:
            ends |= {read.places[run[0]], read.places[run[-1]]}
            for ref in run:
                levels[read.places[ref]].add(level(tags))
        lone = lambda at: at in ends or len(levels[at]) == 1
        self.segments = []
        for way, tags, run in parts:
            key = lambda ref: (read.places[ref], None if lone(read.places[ref]) else level(tags))
            for a, b in zip(run, run[1:]):
                self.segments.append([way, tags, key(a), key(b), a, b])
        self.crossings()
        self.bases, self.graphs = {}, {}
        self.around = Counter()
        for way, tags, a, b, *_ in self.segments:
            self.around[a] += 1
            self.around[b] += 1

    def crossings(self):
        """Lines of one level that cross without a vertex in common."""
        lines = [LineString([s[2][0], s[3][0]]) for s in self.segments]
        tree = STRtree(lines)
        cuts = defaultdict(list)
        self.crossed = 0
        for i, j in zip(*tree.query(lines, predicate="crosses")):
            if i >= j or level(self.segments[i][1]) != level(self.segments[j][1]):
                continue
            if {self.segments[i][2], self.segments[i][3]} & {self.segments[j][2], self.segments[j][3]}:
                continue
            at = lines[i].intersection(lines[j])
            node = ((at.x, at.y), "x")
            self.crossed += 1
            cuts[i].append(node)
            cuts[j].append(node)
        whole = []
        for i, (way, tags, a, b, ra, rb) in enumerate(self.segments):
            nodes = sorted(cuts[i], key=lambda n: lines[i].project(Point(n[0])))
            chain = [a, *nodes, b]
            for u, v in zip(chain, chain[1:]):
                whole.append([way, tags, u, v, ra if u == a else None, rb if v == b else None])
        self.segments = whole

    def banned_turns(self):
        at = defaultdict(set)
        for is_only, froms, via, tos in self.read.turns:
            ways = [w for w, (_, refs) in self.read.ways.items() if via in refs]
            at_end = lambda w: w in self.read.ways and via in (
                self.read.ways[w][1][0], self.read.ways[w][1][-1])
            if via in self.read.places and all(at_end(w) for w in froms + tos):
                for f in froms:
                    at[via] |= {(f, t) for t in ([w for w in ways if w not in tos] if is_only else tos)}
        return at

    def base(self, truck, bans):
        """All directed pieces, and who may drive them."""
        key = (truck, bool(bans))
        if key in self.bases:
            return self.bases[key]
        arcs, open_out, around = [], Counter(), defaultdict(list)
        barred = self.placed(truck)
        for index, (way, tags, a, b, ra, rb) in enumerate(self.segments):
            can = 2 if way in bans else max(access(tags, truck), barred.get(index, 0))
            metres = length(a[0], b[0])
            for open_, u, v, ru, rv in zip(direction(tags), (a, b), (b, a), (ra, rb), (rb, ra)):
                if open_:
                    arcs.append((u, v, way, metres, metres * 3600 / kmh(tags), can, ru, rv, index))
        for n, arc in enumerate(arcs):
            open_out[arc[0]] += 1
            around[arc[0]].append(n)
            around[arc[1]].append(n)
        self.bases[key] = arcs, open_out, around
        return self.bases[key]

    def graph(self, truck, bans, ends):
        """Directed pieces as nodes, so that turns can be banned."""
        arcs, open_out, around = self.base(truck, bans)
        is_local = lambda end: (
            all(arcs[n][5] for n in around[end]) and any(arcs[n][5] == 1 for n in around[end]))
        ends = frozenset(end for end in ends if is_local(end))
        key = (truck, bool(bans), ends)
        if key in self.graphs:
            return self.graphs[key]
        allowed = {n for n, arc in enumerate(arcs) if arc[5] == 0}
        for end in ends:
            waiting, seen = [end], {end}
            while waiting:
                for n in around[waiting.pop()]:
                    if arcs[n][5] == 1:
                        allowed.add(n)
                        new = [node for node in arcs[n][:2] if node not in seen]
                        seen |= set(new)
                        waiting += new
        ban_at, by_tail = self.banned_turns(), defaultdict(list)
        graph = nx.DiGraph()
        for n in allowed:
            by_tail[arcs[n][0]].append(n)
        for n in allowed:
            u, v, way, *_, rv, index = arcs[n]
            for m in by_tail[v]:
                turns_back = arcs[m][8] == index
                if turns_back and open_out[v] > 1 and self.read.turns:
                    continue
                banned = rv is not None and (way, arcs[m][2]) in ban_at[rv]
                if banned and (way != arcs[m][2] or turns_back):
                    continue
                graph.add_edge(n, m, ms=arcs[m][4])
        self.graphs[key] = graph, arcs, by_tail
        return self.graphs[key]

    def placed(self, truck):
        """Pieces of ways that lead by a barrier or a gantry; up to the next junction each way."""
        junction = lambda node: self.around[node] > 2
        by_node = defaultdict(list)
        for index, s in enumerate(self.segments):
            by_node[s[2]].append(index)
            by_node[s[3]].append(index)
        barred = {}
        for ref, tags in self.read.node_tags.items():
            can = access(tags, truck)
            if not can:
                continue
            starts = [i for i, s in enumerate(self.segments) if ref in (s[4], s[5])]
            nodes = {s[2] if s[4] == ref else s[3] for s in (self.segments[i] for i in starts)}
            if not starts or any(junction(node) for node in nodes):
                continue
            for start in starts:
                way, waiting, seen = self.segments[start][0], [start], {start}
                while waiting:
                    i = waiting.pop()
                    barred[i] = max(barred.get(i, 0), can)
                    for node in self.segments[i][2:4]:
                        if junction(node):
                            continue
                        for j in by_node[node]:
                            if j not in seen and self.segments[j][0] == way:
                                seen.add(j)
                                waiting.append(j)
        return barred


LENGTHS = {}


def length(a, b):
    if (a, b) not in LENGTHS:
        inverse = Geodesic.WGS84.Inverse(a[1] / 1e7, a[0] / 1e7, b[1] / 1e7, b[0] / 1e7)
        LENGTHS[a, b] = LENGTHS[b, a] = inverse["s12"]
    return LENGTHS[a, b]


def way_of(city, truck, bans, source, target, used=None):
    graph, arcs, by_tail = city.graph(truck, bans, (source, target))
    graph.add_edges_from(("source", n, {"ms": arcs[n][4]}) for n in by_tail[source])
    into = [n for n in list(graph) if isinstance(n, int) and arcs[n][1] == target]
    graph.add_edges_from((n, "target", {"ms": 0.0}) for n in into)
    try:
        ms, path = nx.single_source_dijkstra(graph, "source", "target", weight="ms")
        if used is not None:
            used.update({arcs[n][2] for n in path[1:-1]})
        return [round(ms), round(sum(arcs[n][3] for n in path[1:-1]), 2)]
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return None
    finally:
        graph.remove_nodes_from([n for n in ("source", "target") if n in graph])


def main(folder):
    out = []
    for name in ("shenzhen_osm_bbox.osm", "monaco-latest.osm.pbf"):
        city = City(f"{folder}/{name}")
        dice = random.Random(20261129)
        nodes = sorted({s[k] for s in city.segments for k in (2, 3) if s[k][1] is None})
        used, pairs = Counter(), []
        while len(pairs) < 110:
            source, target = dice.sample(nodes, 2)
            today = {truck: way_of(city, truck, set(), source, target, used) for truck in TRUCKS}
            if any(today.values()):
                pairs.append((source, target, today))
        # Of the ways that are driven most, so many are closed to everybody.
        bans = []
        for way, _ in used.most_common():
            tags, refs = city.read.ways[way]
            if direction(tags) == (True, True) and all(ref in city.read.places for ref in refs):
                bans.append(way)
            if len(bans) == 15:
                break
        at = lambda node: [node[0][0] / 1e7, node[0][1] / 1e7]
        told = [
            {
                "from": at(source), "to": at(target),
                "ways": {t: [today[t], way_of(city, t, set(bans), source, target)] for t in TRUCKS},
            }
            for source, target, today in pairs
        ]
        places = lambda way: [city.read.places[ref] for ref in city.read.ways[way][1]]
        closed = [[[x / 1e7, y / 1e7] for x, y in places(way)] for way in bans]
        out.append({"file": name, "crossings": city.crossed, "closed": closed, "pairs": told})
    json.dump(out, sys.stdout, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
