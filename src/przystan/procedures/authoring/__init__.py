"""Files of a lawyer become definitions: read with their places, checked as a whole, never run."""
