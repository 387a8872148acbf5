"""The stewards' app: pages and a JSON API over what `dq.stewardship` may do. Holds no policy and no SQL."""

from dq.web.app import create_app
from dq.web.settings import WebSettings, load_web_settings

__all__ = ["WebSettings", "create_app", "load_web_settings"]
