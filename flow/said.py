"""What somebody said, as one text: the same for the classifier, for intake and for routing."""

from __future__ import annotations

from huanyu.types import Post


def whole_text(post: Post) -> str:
    """Title and text as one, without saying the title twice."""
    if not post.title or post.text.startswith(post.title):
        return post.text
    return f"{post.title}\n{post.text}"
