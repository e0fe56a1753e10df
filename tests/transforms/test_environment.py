"""Environments as kept, and what differs between two."""

from transforms.environment import Miljo, differences

THEN = Miljo(
    {"hem/kommun.yaml": "a" * 64}, {"transforms/x.py": "b" * 64}, {"weasyprint": "66.0"}, {"pango": "1.50"}, "s"
)


def test_an_environment_comes_back_as_it_was_and_has_one_text():
    assert Miljo.from_json(THEN.to_json()) == THEN
    assert Miljo.from_json(THEN.to_json()).to_json() == THEN.to_json()


def test_the_same_environment_differs_in_nothing_and_kept_files_are_not_asked_for():
    assert differences(THEN, THEN, "fil", "kod", "bibliotek", "system") == ()
    changed = Miljo({"hem/kommun.yaml": "c" * 64}, THEN.kod, THEN.bibliotek, THEN.system, "t")
    assert differences(THEN, changed) == ()
    assert [one.namn for one in differences(THEN, changed, "fil")] == ["hem/kommun.yaml"]


def test_each_differing_part_is_named_with_what_it_was_and_is():
    now = Miljo(THEN.filer, {"transforms/y.py": "d" * 64}, {"weasyprint": "67.0"}, {"pango": "1.50", "harfbuzz": "8"})
    assert [str(one) for one in differences(THEN, now)] == [
        "biblioteket weasyprint: 66.0 → 67.0",
        "systemets harfbuzz: fanns inte → 8",
        f"programkoden transforms/x.py: {'b' * 12} → finns inte",
        f"programkoden transforms/y.py: fanns inte → {'d' * 12}",
    ]
