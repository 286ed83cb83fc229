"""Programs that the benchmark runs side by side, one process each.

Each answers a line `{"path": ...}` on standard input with a line of JSON on standard output.
Those for other people's packages run in an environment of their own and import nothing of ours.
"""
