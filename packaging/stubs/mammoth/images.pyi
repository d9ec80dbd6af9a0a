from collections.abc import Callable
from typing import Any

from mammoth import Image

def img_element(func: Callable[[Image], dict[str, str]]) -> Any: ...
