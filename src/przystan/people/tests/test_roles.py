import pytest

from przystan.core.errors import BadFileError
from przystan.people import roles
from przystan.people.words import WORDS

GOOD = """
permissions:
  thing.read: read things
teams:
  danger: People in danger
roles:
  - {id: visitor, label: Visitor, staff: false, assurance: none, may: []}
  - {id: person, label: Person, staff: false, assurance: low, may: [thing.read]}
  - {id: system, label: System, staff: false, assurance: none, may: all}
  - {id: clerk, label: Clerk, staff: true, assurance: substantial, teams: [danger], may: []}
"""


def read(tmp_path, text):
    path = tmp_path / "roles.yaml"
    path.write_text(text, encoding="utf-8")
    return roles.read(path)


def test_every_role_that_the_product_needs_is_defined():
    assert set(roles.book().roles) == {
        "visitor",
        "person",
        "agent",
        "danger_agent",
        "editor",
        "legal_reviewer",
        "auditor",
        "admin",
        "service",
        "system",
    }


def test_translators_see_every_name_of_a_role_and_a_team():
    book = roles.book()
    names = {role.msgid for role in book.roles.values()} | set(book.teams.values())

    assert names == set(WORDS)


def test_only_the_danger_role_belongs_to_the_danger_team_and_admins_do_not():
    book = roles.book()

    assert {name for name, role in book.roles.items() if "danger" in role.teams} == {"danger_agent"}


def test_every_staff_role_needs_a_second_factor():
    for role in roles.book().roles.values():
        assert not role.is_staff or role.assurance == "substantial"


def test_a_good_file_is_read(tmp_path):
    book = read(tmp_path, GOOD)

    assert book.role("clerk").teams == {"danger"}
    assert book.role("system").may == {"thing.read"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        pytest.param("may: [thing.read]", "may: [thing.red]", 8, "thing.red", id="permission"),
        pytest.param("[danger], may", "[danjer], may", 10, "danjer", id="team"),
        pytest.param("assurance: low", "assurance: some", 8, "some", id="assurance"),
        pytest.param("assurance: substantial", "assurance: low", 10, "staff need", id="weak staff"),
        pytest.param("id: clerk", "id: person", 10, "twice", id="twice"),
        pytest.param("id: clerk", "id: 7", 10, "`id`", id="no id"),
        pytest.param("id: visitor", "id: guest", None, "'visitor'", id="missing visitor"),
        pytest.param("staff: true", "staff: perhaps", 10, "staff", id="staff"),
        pytest.param("label: Clerk", "label: [Clerk]", 10, "label", id="label"),
        pytest.param("label: Clerk", "lable: Clerk", 10, "lable", id="unknown key"),
        pytest.param("may: all", "may: some", 9, "list of ids", id="may is no list"),
        pytest.param("thing.read: read things", "thing.read: [1]", 3, "thing.read", id="words"),
        pytest.param("roles:", "rolls:", None, "roles", id="no roles"),
        pytest.param("permissions:", "perms:", None, "permissions", id="no permissions"),
        pytest.param("  - {id: clerk", "  - {id: clerk: {", 10, "YAML", id="no yaml"),
    ],
)
def test_a_bad_entry_is_named_with_its_line(tmp_path, old, new, line, said):
    with pytest.raises(BadFileError, match="roles") as caught:
        read(tmp_path, GOOD.replace(old, new, 1))

    assert said in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"", b"- 1\n- 2", b"null", b"!!python/object:os.system x"]
)
def test_what_is_no_roles_file_is_refused(tmp_path, content):
    path = tmp_path / "roles.yaml"
    path.write_bytes(content)

    with pytest.raises(BadFileError):
        roles.read(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadFileError, match="could not be read"):
        roles.read(tmp_path / "nowhere.yaml")
