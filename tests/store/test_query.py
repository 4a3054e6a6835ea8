"""SQL over facts in memory and in files; nothing else can be reached."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from thingwarden.errors import SiteError
from thingwarden.store import Facts, Store
from thingwarden.tables import FLOWS, PROBLEMS

from tests.store.rows import TABLES, batch, flow_batch

IDS = "select flow_id from flows order by flow_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    flow_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Talker:
    src_ip: str
    flows: int
    ports: list[int] | None


@pytest.fixture
def facts():
    with Facts() as found:
        yield found


def flow_ids(store):
    return [row.flow_id for row in store.read(Flow, IDS)]


def test_rows_become_values(facts):
    facts.add(FLOWS, batch(FLOWS, [{"src_ip": "10.0.0.7", "dst_port": port} for port in (23, 80)]))

    with Store(TABLES, facts=[facts]) as store:
        found = store.read(
            Talker,
            """
            select src_ip, count(*) as flows, list(dst_port order by dst_port) as ports
            from flows where src_ip = $ip group by src_ip order by src_ip
            """,
            {"ip": "10.0.0.7"},
        )

    assert found == [Talker(src_ip="10.0.0.7", flows=2, ports=[23, 80])]


def test_every_table_is_there_also_if_it_is_empty():
    with Store(TABLES) as store:
        for table in TABLES:
            found = store.arrow(f"select * from {table.name}")

            assert found.schema.equals(table.schema)
            assert found.num_rows == 0


def test_rows_in_memory_in_parts_and_in_files_are_one_table(facts, tmp_path):
    with Facts() as older:
        older.add(FLOWS, flow_batch(10))
        older.write_to(tmp_path, [FLOWS])
    with Facts(memory_bytes=5_000) as spilled:
        spilled.add(FLOWS, flow_batch(200, start=10))
        spilled.add(FLOWS, flow_batch(5, start=210))
        facts.add(FLOWS, flow_batch(5, start=215))
        assert spilled.parts(FLOWS)

        files = {"flows": [tmp_path / "flows.parquet"]}
        with Store(TABLES, facts=[spilled, facts], files=files) as store:
            assert flow_ids(store) == list(range(220))


def test_a_column_that_some_files_lack_is_null_and_one_too_many_is_left_out(facts, tmp_path):
    whole = pa.Table.from_batches([flow_batch(2)])
    pq.write_table(whole.drop_columns(["tunnel"]), tmp_path / "a.parquet")
    pq.write_table(whole.append_column("gone", pa.array(["x", "y"])), tmp_path / "b.parquet")

    files = {"flows": [tmp_path / "a.parquet", tmp_path / "b.parquet"]}
    with Store(TABLES, files=files) as store:
        found = store.arrow("select * from flows order by flow_id")

    assert found.schema.equals(FLOWS.schema)
    assert found["flow_id"].to_pylist() == [0, 0, 1, 1]


@pytest.mark.parametrize("name", ["it's", "home[1]", "h*", "a?b", 'q"', "ä b"])
def test_a_folder_may_have_any_name_and_stands_for_itself_alone(tmp_path, name):
    for folder in (name, "hx", "axb", "home1"):
        with Facts() as facts:
            facts.add(FLOWS, flow_batch(1, start=1 if folder == name else 2))
            facts.write_to(tmp_path / folder, [FLOWS])

    with Store(TABLES, files={"flows": [tmp_path / name / "flows.parquet"]}) as store:
        assert flow_ids(store) == [1]


def test_a_relative_file_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pq.write_table(pa.Table.from_batches([flow_batch(1)]), "flows.parquet")

    with Store(TABLES, files={"flows": [Path("flows.parquet")]}) as store:
        assert flow_ids(store) == [0]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(200) + b"PAR1"])
def test_a_damaged_file_is_told(tmp_path, content):
    path = tmp_path / "flows.parquet"
    path.write_bytes(content)

    with pytest.raises(SiteError, match=r"the facts cannot be read .*flows\.parquet"):
        Store(TABLES, files={"flows": [path]})


def test_a_file_that_went_away_is_told(facts, tmp_path):
    facts.add(FLOWS, flow_batch(3))
    facts.write_to(tmp_path, [FLOWS])
    path = tmp_path / "flows.parquet"

    with Store(TABLES, files={"flows": [path]}) as store:
        path.unlink()
        with pytest.raises(SiteError, match="the facts cannot be read"):
            flow_ids(store)
        with pytest.raises(SiteError, match="the facts cannot be read"):
            store.arrow(IDS)


def test_values_and_facts_are_never_taken_for_sql(facts):
    nasty = "'; drop view flows; --"
    facts.add(FLOWS, batch(FLOWS, [{"flow_id": 1, "src_ip": nasty}]))

    with Store(TABLES, facts=[facts]) as store:
        found = store.read(
            Flow, "select flow_id from flows where src_ip = $ip order by 1", {"ip": nasty}
        )
        store.put("copied", store.arrow("select src_ip from flows"))

        assert found == [Flow(flow_id=1)]
        assert store.arrow("select * from copied")["src_ip"].to_pylist() == [nasty]


def test_a_shape_that_does_not_fit_is_our_mistake(facts):
    facts.add(FLOWS, batch(FLOWS, [{"src_ip": "10.0.0.1"}]))

    with Store(TABLES, facts=[facts]) as store, pytest.raises(msgspec.ValidationError):
        store.read(Flow, IDS)


def test_a_missing_value_is_our_mistake():
    with Store(TABLES) as store, pytest.raises(duckdb.Error):
        store.run("select $nothing")


def test_tables_can_be_made_and_replaced():
    with Store(TABLES) as store:
        store.put("vendors", pa.table({"flow_id": [1, 2]}))
        store.put("vendors", pa.table({"flow_id": [3]}))
        store.run("create table more as select flow_id + $one as flow_id from vendors", {"one": 1})

        assert store.read(Flow, "select flow_id from more") == [Flow(flow_id=4)]
        assert store.read(Flow, "select flow_id from vendors") == [Flow(flow_id=3)]


def test_a_view_may_take_the_place_of_a_table(facts):
    facts.add(FLOWS, flow_batch(2))

    with Store(TABLES, facts=[facts]) as store:
        store.run("create or replace view flows as select flow_id + 5 as flow_id from facts.flows")

        assert flow_ids(store) == [5, 6]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from '{outside}'",
        "select * from read_parquet(['{outside}'])",
        "copy flows to '{folder}/leak.csv'",
        "attach '{folder}/other.duckdb'",
        "export database '{folder}/all'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set memory_limit = '100GB'",
        "select * from a_python_variable",
    ],
)
def test_nothing_but_the_facts_can_be_reached(facts, tmp_path, sql):
    a_python_variable = pa.table({"x": [1]})
    pq.write_table(a_python_variable, tmp_path / "outside.parquet")
    facts.add(FLOWS, flow_batch(1))

    with Store(TABLES, facts=[facts]) as store, pytest.raises((duckdb.Error, SiteError)):
        store.run(sql.format(folder=tmp_path, outside=tmp_path / "outside.parquet"))

    assert [path.name for path in tmp_path.iterdir()] == ["outside.parquet"]


def test_rows_in_files_are_scanned_there_and_not_copied(facts):
    with Facts(memory_bytes=0) as spilled:
        spilled.add(PROBLEMS, batch(PROBLEMS, [{"frame": number} for number in range(50_000)]))
        with Store(TABLES, facts=[spilled]) as store:
            plan = store.arrow("explain analyze select frame from problems where frame < 3")

    assert "READ_PARQUET" in str(plan.to_pylist())


def test_few_rows_are_copied_from_where_they_lie(facts):
    facts.add(FLOWS, flow_batch(3))
    with Facts(memory_bytes=0) as spilled:
        spilled.add(FLOWS, flow_batch(3, start=3))
        with Store(TABLES, facts=[facts, spilled]) as store:
            spilled.close()

            assert flow_ids(store) == list(range(6))


def test_a_table_without_rows_knows_its_columns():
    with Store(()) as store:
        store.create("more", FLOWS.columns)

        assert store.arrow("select * from more").schema.equals(FLOWS.schema)


def test_rows_are_read_as_they_are(facts):
    facts.add(FLOWS, flow_batch(2))

    with Store(TABLES, facts=[facts]) as store:
        assert store.rows("select flow_id + $one from flows order by 1", {"one": 1}) == [(1,), (2,)]


def test_what_does_not_fit_in_memory_goes_to_the_temporary_folder():
    with Store(()) as store:
        store.run(
            "create table large as"
            " select n, md5(n::varchar) as a, md5((n + 1)::varchar) as b, md5((n * 7)::varchar) as c"
            " from range(1300000) as numbers(n)"
        )
        found = store.arrow(
            "select count(*) as n from (select * from large order by c limit 1000000)"
        )

    assert found["n"].to_pylist() == [1_000_000]


def test_duckdb_is_loaded_only_when_something_is_asked():
    code = "import sys, thingwarden.store; print('duckdb' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
