"""The pages of signing in and of one's own account.

Most are allauth's views with our forms, words and limits; the public's sign-in is ours
(people/signin.py). What they write stands in one transaction with its audit row.
"""

from przystan.people.views.common import too_many_requests

__all__ = ["too_many_requests"]
