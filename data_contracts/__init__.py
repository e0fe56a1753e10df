"""What may come in and what is promised.

The ODCS YAML files of this folder are the truth; the Python beside them is thin and imports nothing of the other rooms.
"""
