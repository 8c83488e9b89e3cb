"""What a check says where the form's author said nothing; Chinese and English."""

from __future__ import annotations

GENERIC: dict[str, tuple[str, str]] = {
    "required": ("请填写此项", "This question must be answered."),
    "constraint": ("填写的内容不符合要求", "The answer is not allowed."),
    "type": ("填写的内容类型不对", "The answer is not of the right kind."),
    "choice": ("所选项不在选项之中", "The choice is not one of those offered."),
    "relevance": ("此项不应填写", "This question did not apply, but was answered."),
    "unknown": ("表单中没有此项", "The form has no such question."),
    "calculation": ("计算结果与重新计算的不一致", "The value differs from what it computes to."),
    "rule": ("请复核", "Please look at this again."),
    "not_checked": ("未核对，按上报值保存", "Not checked; kept as sent."),
}


def in_language(texts: tuple[str, str], language: str) -> str:
    """Pick the Chinese or the English text for a form's language."""
    return texts[1] if "en" in language.lower() else texts[0]
