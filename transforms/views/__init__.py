"""Views: figures become tables, sentences, charts and trails with ready text. Shapes in ``transforms.view_types``."""
