"""The table of a run, and whether its promises were kept."""

LEAST_HELD = 0.8


def report(results, sizes, promised, most_queries=None):
    """Print the table; returns 1 when a page of `promised` breaks a promise, else 0.

    `results` is {(page, size): what measure() returned} for the small and the large of `sizes`. A
    promised page asks the same number of queries at both, at most `most_queries` where that is
    given, and keeps 0.8 of its throughput.
    """
    small, large = sizes
    print(f"{'page':22} {'queries':>9} {'req/s':>13} {'of floor':>13} {'large/small':>12}")
    broken = []
    for name in dict.fromkeys(name for name, _ in results):
        (q1, s1, r1), (q2, s2, r2) = results[name, small], results[name, large]
        held = r2 / r1
        print(f"{name:22} {q1:4}/{q2:<4} {s1:6.0f}/{s2:<6.0f} {r1:6.2f}/{r2:<6.2f} {held:12.2f}")
        if name in promised and (q1 != q2 or q2 > (most_queries or q2) or held < LEAST_HELD):
            broken.append(name)
    if broken:
        print(f"Broken: {', '.join(broken)}")
    return 1 if broken else 0
