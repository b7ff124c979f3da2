"""What the audit trail says is never changed, and a chained row is never deleted.

The guard stands in the database, below every mistake of the code above it: what a row says
cannot be updated at all; once a row has its place in the chain nothing of it can, nor can it be
deleted. Consent entries are only ever added, in the same way. Whoever may drop
triggers can pass them; that is what the chains and the heads kept outside are for.

To make 0001_initial anew, move this file aside, run makemigrations, and move it back.
"""

from django.db import migrations

SAID = (
    "id, at, chain, act, is_view, actor_subject, actor_role, actor_office_id, on_behalf_of, "
    "purpose, assurance, subject, subjects, ids, is_about_sealed, detail"
)

SQLITE = (
    f"""
    CREATE TRIGGER audit_row_said BEFORE UPDATE OF {SAID} ON people_auditrow
    BEGIN SELECT RAISE(ABORT, 'audit rows are not changed'); END
    """,
    """
    CREATE TRIGGER audit_row_placed BEFORE UPDATE ON people_auditrow
    WHEN OLD.sequence IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'chained audit rows are not changed'); END
    """,
    """
    CREATE TRIGGER audit_row_kept BEFORE DELETE ON people_auditrow
    WHEN OLD.sequence IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'chained audit rows are not deleted'); END
    """,
    """
    CREATE TRIGGER consent_entry_said BEFORE UPDATE ON people_consententry
    BEGIN SELECT RAISE(ABORT, 'consent entries are not changed'); END
    """,
    """
    CREATE TRIGGER consent_entry_kept BEFORE DELETE ON people_consententry
    BEGIN SELECT RAISE(ABORT, 'consent entries are not deleted'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION przystan_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    f"""
    CREATE TRIGGER audit_row_said BEFORE UPDATE OF {SAID} ON people_auditrow
    FOR EACH ROW EXECUTE FUNCTION przystan_refuse('audit rows are not changed')
    """,
    """
    CREATE TRIGGER audit_row_placed BEFORE UPDATE ON people_auditrow
    FOR EACH ROW WHEN (OLD.sequence IS NOT NULL)
    EXECUTE FUNCTION przystan_refuse('chained audit rows are not changed')
    """,
    """
    CREATE TRIGGER audit_row_kept BEFORE DELETE ON people_auditrow
    FOR EACH ROW WHEN (OLD.sequence IS NOT NULL)
    EXECUTE FUNCTION przystan_refuse('chained audit rows are not deleted')
    """,
    """
    CREATE TRIGGER consent_entry_said BEFORE UPDATE ON people_consententry
    FOR EACH ROW EXECUTE FUNCTION przystan_refuse('consent entries are not changed')
    """,
    """
    CREATE TRIGGER consent_entry_kept BEFORE DELETE ON people_consententry
    FOR EACH ROW EXECUTE FUNCTION przystan_refuse('consent entries are not deleted')
    """,
)

TRIGGERS = {
    "audit_row_said": "people_auditrow",
    "audit_row_placed": "people_auditrow",
    "audit_row_kept": "people_auditrow",
    "consent_entry_said": "people_consententry",
    "consent_entry_kept": "people_consententry",
}


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def lift(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table in TRIGGERS.items():
        schema_editor.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION przystan_refuse()")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(guard, lift)]
