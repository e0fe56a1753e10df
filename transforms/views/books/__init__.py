"""Views of the delårsrapport and the årsredovisning."""
