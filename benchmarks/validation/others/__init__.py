"""The other ways, each a program of its own in an environment of its own: ``python WAY.py MAPP PLAN FIL``. They import nothing of ours."""
