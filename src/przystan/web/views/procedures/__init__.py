"""Checks on the portal: choosing one, one question a page, what it comes to, papers."""
