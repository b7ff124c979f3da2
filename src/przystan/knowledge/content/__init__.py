"""The content folder: YAML files of a lawyer or editor, read strictly, checked, loaded."""
