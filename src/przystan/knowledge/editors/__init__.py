"""The editors' room: Wagtail pages in which articles are written; the only place that knows it.

Nothing else reads these pages. Publishing one goes through `knowledge.services`, which writes
the snapshot that portal, search and answers read.
"""
