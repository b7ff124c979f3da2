"""Backup and restore of the whole product: rows, files, vectors, and what makes them whole.

    making.make          one snapshot of a running system into one sealed file
    restoring.restore    that file, verified from end to end, into the place of a system

It lies in `config` because it sees every room: what was forgotten is forgotten again after a
restore, the index is built anew, the audit chains are walked. docs/how-to/back-up-and-restore.md
says what an operator keeps, and why master keys are never in a backup.
"""
