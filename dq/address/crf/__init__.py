"""usaddress's trained model in NumPy: the same labels to the last token, many lines at once, with probabilities.

Refuses to correct the model: whatever rules know better stands before or after it, in `dq.address`.
"""

from dq.address.crf.labelling import label_lines
from dq.address.crf.single import LabelledTokens, label_tokens, token_marginals

__all__ = ["LabelledTokens", "label_lines", "label_tokens", "token_marginals"]
