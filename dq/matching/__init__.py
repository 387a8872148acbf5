"""Which records are the same customer: candidate pairs, evidence, weights, clusters. Never chooses values.

The policy is `standards/matching.yml`. The calls in order, over an engine:

1. `map(match_features, parts of records and contact points, row policy)` gives `features`, a row per record;
2. `map(block_keys, features, row policy)` gives `block_keys`;
3. `sql(pairs_query(matching), features and block keys, ("index_l", "index_r"), rows=PAIR_ROWS)` gives candidate pairs;
   `blocks_query` and `block_lines` say which blocks were split;
4. `map(compare_pairs, parts of pairs, MatchPolicy, shared=all features in order of record_id)` gives weighed pairs;
5. `apply_judgements`, `cluster`, `possible_match_cases`, `model_document` on what is left, which fits in memory.
"""

from dq.matching.blocking import PAIR_ROWS, block_keys, block_lines, blocks_query, pairs_query
from dq.matching.cases import possible_match_cases
from dq.matching.clustering import cluster
from dq.matching.compare import PAIR_COLUMNS, MatchPolicy, compare_pairs
from dq.matching.evaluation import Evaluation, evaluate
from dq.matching.explaining import Explanation, compare_one, explain
from dq.matching.features import match_features
from dq.matching.judging import apply_judgements
from dq.matching.model_document import model_document

__all__ = [
    "PAIR_COLUMNS",
    "PAIR_ROWS",
    "Evaluation",
    "Explanation",
    "MatchPolicy",
    "apply_judgements",
    "block_keys",
    "block_lines",
    "blocks_query",
    "cluster",
    "compare_one",
    "compare_pairs",
    "evaluate",
    "explain",
    "match_features",
    "model_document",
    "pairs_query",
    "possible_match_cases",
]
