"""Addresses inside the app, where a request names one itself."""


def own_path(asked: str | None, default: str = "/today") -> str:
    """Return a path of this app, never another site's address (an open redirect).

    >>> own_path("/queue?kind=x"), own_path("//evil.example"), own_path("https://evil.example"), own_path("/\\\\evil")
    ('/queue?kind=x', '/today', '/today', '/today')
    """
    if not asked or not asked.startswith("/") or asked[1:2] in ("/", "\\") or any(ord(sign) < 32 for sign in asked):
        return default
    return asked
