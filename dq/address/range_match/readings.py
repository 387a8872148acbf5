"""Other ways to read a street: a word taken for a suffix or a directional may belong to the name. Chooses none.

`GRAND BRIDGE` is read as GRAND with the suffix BRG; the street may be GRAND BRIDGE ST with its suffix left out.
"""

import pandas as pd

from dq.address.range_match.questions import PARTS
from dq.address.range_match.spelling import spelling_key
from dq.address.words import Words
from dq.model import TEXT


def readings(questions: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the streets that questions may mean by their words.

    Args:
        questions: Questions about streets.
        words: For spelling out what joins the name.

    Returns:
        `question` (index of `questions`), `zip5`, PARTS (empty where absent), `name_key` (the name's spelling folded),
        `is_other`: not as the standard form has it.
    """
    asked = (
        questions[["zip5", *PARTS]].dropna(subset=["zip5", "street"]).fillna("").rename_axis("question").reset_index()
    )
    asked = asked.astype({"question": "int64"})
    before = asked["predirectional"].map(dict(words.directional_names)) + " " + asked["street"]
    behind = asked["street"] + " " + asked["suffix"].map(dict(words.suffix_names))
    last = (asked["street"] + " " + asked["postdirectional"]).where(asked["postdirectional"] != "")
    others = [
        asked.assign(street=before, predirectional=""),
        asked.assign(street=behind, suffix=""),
        asked.assign(street=last.where(asked["suffix"] == ""), postdirectional=""),
    ]
    found = pd.concat([asked.assign(is_other=False), *(other.assign(is_other=True) for other in others)])
    found = found.dropna(subset=["street"]).astype(dict.fromkeys(PARTS, TEXT)).reset_index(drop=True)
    return found.assign(name_key=spelling_key(found["street"], words))
