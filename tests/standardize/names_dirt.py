"""Strategies for dirty names: words of names and of everything else, in every order, case and punctuation."""

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    "john mary smith SMITH o'brien O'BRIEN McDonald MCDONALD de la cruz van der berg jr Jr. SR iii iv v md M.D. phd Esq. "
    "dr mr. Mrs rev sister dean & and + / or , ; . - -- ' \" ( ) [ ] \"bob\" (bob) J j. J.R. A the The dba d/b/a t/a aka "
    "inc Inc. L.L.C. llc co corporation company limited p.c. #12 hospital bank church trust estate est of c/o attn: et al "
    "ux trustee - DO NOT CALL test asdf xxx n/a do not use 42 3m 21st a&b at&t josé Ñ 山田 İ ß ǆ ﬁ ’ “ ” \u200b \u00a0 \x1f \ue000 "
    "john@example.com".split(" ")
)
_SENTENCES = st.lists(_WORDS, max_size=9).map(" ".join)
NAMES = st.one_of(st.none(), _SENTENCES, _SENTENCES.map(str.upper), _SENTENCES.map(str.lower), st.text(max_size=25))
