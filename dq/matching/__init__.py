"""Which records are the same customer: candidate pairs, evidence, weights, clusters. Never chooses values.

The order of the calls is in `dq.matching.stage`; the policy is `standards/matching.yml`.
"""
