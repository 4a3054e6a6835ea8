"""Natural Earth borders (TopoJSON) -> `src/thingwarden/data/world.json`: one SVG path a country.

    python tools/make_world.py countries-110m.json countries-10m.json

Both files are in the npm package `world-atlas` (see `docs/sources.md`): the first gives the shapes,
the second the places of countries that are too small to have one. The projection is Equal Earth,
so that areas compare (B. Šavrič, T. Patterson, B. Jenny: The Equal Earth map projection, 2018).
"""

import csv
import json
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

DATA = Path(__file__).parents[1] / "src/thingwarden/data"
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796  # the polynomial of Equal Earth
WIDTH = 1000
SOUTH, NORTH = -57.0, 84.0  # Antarctica announces no addresses of its own
ANTARCTICA = "010"
BY_NAME = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}  # drawn, but without a number

Point = tuple[float, float]
Ring = list[Point]


def main(shapes_file: str, places_file: str) -> None:
    """Write the world."""
    codes = read_codes()
    shapes: dict[str, str] = {}
    places: dict[str, tuple[int, int]] = {}
    for code, polygons in read_countries(places_file, codes):
        places[code] = centre(largest(polygons))
    for code, polygons in read_countries(shapes_file, codes):
        shapes[code] = shapes.get(code, "") + "".join(draw(ring) for ring in polygons)
        places.setdefault(code, centre(largest(polygons)))
    world = {
        "source": "Natural Earth 1:110m, public domain, by way of world-atlas 2 (ISC)",
        "projection": "Equal Earth",
        "width": WIDTH,
        "height": round(project((0, SOUTH))[1]),
        "shapes": dict(sorted(shapes.items())),
        "places": dict(sorted(places.items())),
    }
    text = json.dumps(world, separators=(",", ":"), ensure_ascii=False)
    (DATA / "world.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(shapes)} shapes, {len(places)} places, {len(text)} bytes")


def read_codes() -> dict[str, str]:
    """ISO 3166 numeric code -> alpha-2."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["numeric"]: row["alpha2"] for row in csv.DictReader(file) if row["numeric"]}


def read_countries(file: str, codes: dict[str, str]) -> Iterable[tuple[str, list[Ring]]]:
    """Alpha-2 code and outer rings, in degrees, of every country in a TopoJSON file."""
    topology = json.loads(Path(file).read_text(encoding="utf-8"))
    arcs = [list(unfold(arc, topology["transform"])) for arc in topology["arcs"]]
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = codes.get(shape.get("id", ""), BY_NAME.get(name, ""))
        if not code or shape.get("id") == ANTARCTICA or not shape.get("arcs"):
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        rings = [join(polygon[0], arcs) for polygon in polygons]
        yield code, [part for ring in rings for part in cut_at_edge(ring)]


def unfold(arc: Sequence[Sequence[int]], transform: dict[str, list[float]]) -> Iterable[Point]:
    """Turn the steps on a grid that TopoJSON stores into points."""
    x = y = 0
    for step in arc:
        x, y = x + step[0], y + step[1]
        yield (
            x * transform["scale"][0] + transform["translate"][0],
            y * transform["scale"][1] + transform["translate"][1],
        )


def join(numbers: Sequence[int], arcs: list[Ring]) -> Ring:
    """One ring; `~n` means arc n backwards, and arcs share their end points."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def cut_at_edge(ring: Ring) -> Iterable[Ring]:
    """Parts of a ring on either side of the 180th meridian, which is the edge of the map."""
    whole = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((whole[-1][0] - longitude) / 360)
        whole.append((longitude + 360 * turns, latitude))
    for turn in (-360, 0, 360):
        moved = [(longitude + turn, latitude) for longitude, latitude in whole]
        part = keep_side(keep_side(moved, 180, 1), -180, -1)
        if len(part) > 2:
            yield part


def keep_side(ring: Ring, meridian: float, side: int) -> Ring:
    """Cut a ring at a meridian; `side` 1 keeps its west, -1 its east."""
    kept: Ring = []
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        inside = side * x1 <= side * meridian
        if inside:
            kept.append((x1, y1))
        if inside != (side * x2 <= side * meridian):
            kept.append((meridian, y1 + (y2 - y1) * (meridian - x1) / (x2 - x1)))
    return kept


def project(point: Point) -> Point:
    """Degrees -> picture units, y downwards from `NORTH`."""
    return _equal_earth(point)[0] + WIDTH / 2, _equal_earth((0, NORTH))[1] - _equal_earth(point)[1]


def _equal_earth(point: Point) -> Point:
    longitude, latitude = (math.radians(degrees) for degrees in point)
    t = math.asin(math.sqrt(3) / 2 * math.sin(latitude))
    slope = 9 * A4 * t**8 + 7 * A3 * t**6 + 3 * A2 * t**2 + A1
    x = 2 * math.sqrt(3) * longitude * math.cos(t) / (3 * slope)
    y = A4 * t**9 + A3 * t**7 + A2 * t**3 + A1 * t
    scale = WIDTH / (2 * 2.7066)  # half the length of the equator on the unit sphere
    return x * scale, y * scale


def draw(ring: Ring) -> str:
    """Write an SVG path in whole, relative steps; nothing for what is smaller than a unit."""
    points = [(round(x), round(y)) for x, y in map(project, ring)]
    steps = []
    x, y = points[0]
    for next_x, next_y in points[1:-1]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x} {next_y - y}")
            x, y = next_x, next_y
    if len(steps) < 2:
        return ""
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def largest(polygons: list[Ring]) -> Ring:
    """Find the ring with the largest area on the map."""
    return max(polygons, key=lambda ring: abs(area([project(point) for point in ring])))


def area(points: Sequence[Point]) -> float:
    """Signed area, by the shoelace formula."""
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def centre(ring: Ring) -> tuple[int, int]:
    """Centre of mass of a ring on the map; its first point if it has no area."""
    points = [project(point) for point in ring]
    size = area(points)
    if abs(size) < 1e-9:
        return round(points[0][0]), round(points[0][1])
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return round(x / (6 * size)), round(y / (6 * size))


if __name__ == "__main__":
    main(*sys.argv[1:3])
