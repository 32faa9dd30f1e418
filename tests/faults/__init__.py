"""What breaks, driven through the whole of it: the real pipeline over real HTTP and a real Chroma.

Every case asks three things: is the failure one clear sentence, is what was stored still there, and did no verdict
come of it. `harness` has the means, `benchmarks/kill_cycles.py` the processes that are killed.
"""
