import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("make_world", ROOT / "tools/make_world.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_corners_of_the_world_are_where_they_belong(tool):
    assert tool.project((0, tool.NORTH)) == pytest.approx((500, 0))
    assert tool.project((180, 0))[0] == pytest.approx(1000, abs=1)
    assert tool.project((-180, 0))[0] == pytest.approx(0, abs=1)


def test_a_ring_over_the_edge_is_cut_in_two(tool):
    parts = list(tool.cut_at_edge([(170, 0), (-170, 0), (-170, 10), (170, 10), (170, 0)]))

    assert len(parts) == 2
    assert all(-180 <= x <= 180 for part in parts for x, _ in part)


def test_steps_add_up_and_backward_arcs_are_turned(tool):
    grid = {"scale": [0.5, 2], "translate": [10, 20]}
    arcs = [list(tool.unfold([[0, 0], [2, 1]], grid))]

    assert arcs == [[(10, 20), (11, 22)]]
    assert tool.join([~0], arcs) == [(11, 22), (10, 20)]


def test_a_country_smaller_than_a_unit_has_no_shape(tool):
    tiny = [(0, 0), (0.01, 0), (0.01, 0.01), (0, 0)]

    assert tool.draw(tiny) == ""
    assert tool.centre([(5, 5)] * 3) == tool.centre([(5, 5)] * 4)


def test_the_map_in_the_package_is_small_and_sound():
    text = (ROOT / "src/thingwarden/data/world.json").read_text("utf-8")
    world = json.loads(text)

    assert len(text) < 80_000
    assert {"DE", "US", "CN", "RU"} <= set(world["shapes"])
    assert {"SG", "HK", "MT"} <= set(world["places"])
    assert all(re.fullmatch(r"[MlzZ\d \-]*", shape) for shape in world["shapes"].values())
