"""Laws of the goal engine: missing never raises a grade, lower is the mirror of higher, better values and parts never lower one."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from data_contracts.malplan import Malvarde
from tests.goal_examples import DAG, indikator, plan, regel
from transforms.figures import INLAMNAD, Figure, FigureIndex
from transforms.goal_assessment import Rapportlage, assess
from transforms.goal_given import Givet
from transforms.goal_rollup import Del, roll_up
from transforms.goal_states import GRADES, UNMEASURED, Lage, Rapporttyp, grade

values = st.integers(-2000, 2000).map(lambda n: Decimal(n) / 10)
positive = st.integers(1, 2000).map(lambda n: Decimal(n) / 10)
limits = st.one_of(st.none(), st.tuples(st.sampled_from(["absolut", "procentenheter"]), positive))
lagen = st.sampled_from([*GRADES, *UNMEASURED])
rules = st.builds(
    lambda strategi, met, share, coverage, missing: regel(
        strategi,
        andel_uppfylld_bp=max(met, 1),
        andel_delvis_bp=max(met * share // 100, 1),
        lagsta_tackning_bp=coverage,
        saknade=missing,
    ),
    st.sampled_from(["alla", "andel", "samsta", "vagt_medel", "tva_steg"]),
    st.integers(1, 10_000),
    st.integers(1, 100),
    st.integers(0, 10_000),
    st.sampled_from(["avgor", "ej_uppfyllda"]),
)
parts = st.lists(st.tuples(lagen, st.integers(1, 5), st.booleans()), min_size=1, max_size=6)
coverages = st.sampled_from(["hel", "delvis", None])


def part(riktning, mal, yellow, **more):
    gul = {} if yellow is None else {"gul": {"slag": yellow[0], "varde": yellow[1]}}
    return indikator(riktning, mal, **gul, **more)


def delar(listed):
    return [Del(str(place), lage, vikt, ar_mal) for place, (lage, vikt, ar_mal) in enumerate(listed)]


def rank(lage):
    """A grade's place; what is no grade is under them all."""
    return GRADES.index(lage) if lage in GRADES else -1


@given(values, limits, st.booleans(), values, values)
def test_a_better_value_never_has_a_lower_grade(mal, yellow, strict, one, other):
    low, high = sorted((one, other))
    up = part("hogre", mal, yellow, strikt=strict)
    assert rank(grade(up, low, Malvarde(varde=mal))) <= rank(grade(up, high, Malvarde(varde=mal)))


@given(values, limits, st.booleans(), values)
def test_lower_is_the_mirror_of_higher(mal, yellow, strict, value):
    up, down = part("hogre", mal, yellow, strikt=strict), part("lagre", -mal, yellow, strikt=strict)
    assert grade(up, value, Malvarde(varde=mal)) is grade(down, -value, Malvarde(varde=-mal))


@given(positive, st.integers(1, 99), values, values)
def test_a_ratio_is_monotone_both_ways(mal, share, one, other):
    low, high = sorted((one, other))
    up, down = (part(riktning, mal, ("relativ", share)) for riktning in ("hogre", "lagre"))
    target = Malvarde(varde=mal)
    assert rank(grade(up, low, target)) <= rank(grade(up, high, target))
    assert rank(grade(down, high, target)) <= rank(grade(down, low, target))


@given(parts, rules, coverages, st.data())
def test_more_missing_never_raises_the_goal(listed, rule, coverage, data):
    before = roll_up(delar(listed), rule, coverage)
    place = data.draw(st.integers(0, len(listed) - 1))
    missing = data.draw(st.sampled_from(UNMEASURED))
    fewer = [(missing, *entry[1:]) if at == place else entry for at, entry in enumerate(listed)]
    assert rank(roll_up(delar(fewer), rule, coverage).lage) <= max(rank(before.lage), -1)


@given(parts, rules, coverages, st.data())
def test_a_better_part_never_lowers_the_goal(listed, rule, coverage, data):
    graded = [(entry[0] if entry[0] in GRADES else Lage.EJ, *entry[1:]) for entry in listed]
    place = data.draw(st.integers(0, len(graded) - 1))
    better = [(Lage.UPPFYLLD, *entry[1:]) if at == place else entry for at, entry in enumerate(graded)]
    before, after = (roll_up(delar(some), rule, coverage).lage for some in (graded, better))
    assert rank(before) <= rank(after)


@given(parts, rules, coverages)
def test_every_part_is_counted_once(listed, rule, coverage):
    found = roll_up(delar(listed), rule, coverage)
    assert found.antal == len(listed)
    assert found.ovriga == sum(entry[0] in UNMEASURED for entry in listed)


utfall = st.one_of(st.none(), st.integers(0, 100).map(Decimal))


def assessed(values_of, rule):
    """A vision over two goals, the first with another under it; an indikator on each of the three lower ones."""
    whole = plan(
        ("v", "vision", None), ("a", "fullmaktigemal", "v"), ("b", "fullmaktigemal", "v"), ("c", "namndmal", "a"),
        regler=[rule.model_copy(update={"kod": "r"}).model_dump()],
        regel_per_niva=dict.fromkeys(("vision", "fullmaktigemal", "namndmal"), "r"),
        indikatorer=[
            indikator("hogre", 50, kod=f"i{mal}", gul={"slag": "absolut", "varde": 20}).model_dump() | {"mal": mal}
            for mal in "abc"
        ],
    )  # fmt: skip
    figures = [
        Figure("2026-12", "X", "indikatorer", f"i{mal}", "utfall", mal, None if value is None else int(value * 10), INLAMNAD, "procent", 1)
        for mal, value in zip("abc", values_of, strict=True)
    ]  # fmt: skip
    bilder = assess(whole, FigureIndex(figures), Givet(), Rapportlage(2026, Rapporttyp.AR, DAG))
    return [rank(bilder[mal].gallande) for mal in "vabc"]


@given(
    st.tuples(utfall, utfall, utfall), rules.filter(lambda rule: rule.strategi.value != "tva_steg"), st.integers(0, 2)
)
def test_a_value_that_is_taken_away_raises_no_goal_of_the_tree(values_of, rule, place):
    fewer = tuple(None if at == place else value for at, value in enumerate(values_of))
    assert all(after <= before for before, after in zip(assessed(values_of, rule), assessed(fewer, rule), strict=True))


@given(
    st.tuples(*[st.integers(0, 100).map(Decimal)] * 3),
    rules.filter(lambda rule: rule.strategi.value != "tva_steg"),
    st.integers(0, 2),
)
def test_a_better_value_lowers_no_goal_of_the_tree(values_of, rule, place):
    better = tuple(Decimal(100) if at == place else value for at, value in enumerate(values_of))
    assert all(before <= after for before, after in zip(assessed(values_of, rule), assessed(better, rule), strict=True))
