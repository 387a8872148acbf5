"""Which records are the same customer: candidate pairs, evidence, weights, clusters. Never chooses values.

The policy is `standards/matching.yml`. The calls in order, over an engine:

1. `map(features_and_keys, parts of records and contact points, row policy, reads=features_read(matching),
   counted=True)` gives `features`, a row per record, and `block_keys`; `match_features` and `block_keys` give one each;
2. `pairs_of_rule(rows of block_keys of a rule)` and `cut(merged(those of all rules))` give candidate pairs;
   `block_lines(large_blocks(...))` says which blocks were split, `rule_yields` what each rule gives;
3. `encoded(all features in order of record_id, standards)` goes into the MatchPolicy, which workers map into memory;
   `map(learn_party, those pairs of each party type that are `sampled`, MatchPolicy)` and `model_of` give the model,
   unless one is given; `learn` does the same in one piece;
4. `map(compare_pairs, parts of pairs, MatchPolicy with the model)` gives weighed pairs;
5. `apply_judgements`, `inner_pairs` (compared likewise), `most_of`, `cluster`, `cut_bridges`, `questions`,
   `households`, `model_document` on what is left, which fits in memory.
"""

from dq.matching.blocking import PAIR_ROWS, block_keys, block_lines
from dq.matching.candidates import large_blocks, merged, pairs_of_rule
from dq.matching.cases import cases_of, open_questions, questions
from dq.matching.clustering import cluster, customers_of, cut_bridges, inner_pairs, most_of
from dq.matching.coded import Coded
from dq.matching.compare import MatchPolicy, compare_pairs
from dq.matching.encoded import encoded
from dq.matching.evaluation import Evaluation, evaluate
from dq.matching.explaining import Explanation, compare_one, explain
from dq.matching.features import features_and_keys, features_read, match_features
from dq.matching.homes import homes_of
from dq.matching.households import households
from dq.matching.judging import apply_judgements
from dq.matching.known import Known
from dq.matching.learning import PARTIES, learn, learn_party, model_of, sample_query, sampled, take_every
from dq.matching.model import MatchModel
from dq.matching.model_document import model_document, read_model
from dq.matching.pair_columns import PAIR_COLUMNS, PLACES
from dq.matching.rule_yield import (
    block_values,
    every_pair_query,
    every_pair_yield,
    keys_query,
    largest_blocks_query,
    rule_yields,
    yields_query,
)

__all__ = [
    "PAIR_COLUMNS",
    "PAIR_ROWS",
    "PARTIES",
    "PLACES",
    "Coded",
    "Evaluation",
    "Explanation",
    "Known",
    "MatchModel",
    "MatchPolicy",
    "apply_judgements",
    "block_keys",
    "block_lines",
    "block_values",
    "cases_of",
    "cluster",
    "compare_one",
    "compare_pairs",
    "customers_of",
    "cut_bridges",
    "encoded",
    "evaluate",
    "every_pair_query",
    "every_pair_yield",
    "explain",
    "features_and_keys",
    "features_read",
    "homes_of",
    "households",
    "inner_pairs",
    "keys_query",
    "large_blocks",
    "largest_blocks_query",
    "learn",
    "learn_party",
    "match_features",
    "merged",
    "model_document",
    "model_of",
    "most_of",
    "open_questions",
    "pairs_of_rule",
    "questions",
    "read_model",
    "rule_yields",
    "sample_query",
    "sampled",
    "take_every",
    "yields_query",
]
