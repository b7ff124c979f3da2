"""Reading acts: from the text of an official PDF to linkable provisions. Pure Python."""
