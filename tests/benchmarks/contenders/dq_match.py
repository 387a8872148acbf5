"""The steps `match` and `cluster` of dq on a run that stopped before them.

python -m tests.benchmarks.contenders.dq_match STAGING safe|balanced|keys

`keys`: only features and block keys, which another tool was given ready-made. What is imported here is imported in each
worker too, as the main module of every program is: the steps stand apart, as they do behind the command `dq`.
"""

if __name__ == "__main__":
    from tests.benchmarks.contenders.dq_steps import main

    main()
