from contextlib import AbstractContextManager
from typing import IO, Any

from mammoth import images as images

class Image:
    alt_text: str | None
    content_type: str
    def open(self) -> AbstractContextManager[IO[bytes]]: ...

class Result:
    value: str
    messages: list[Any]

def convert_to_html(
    fileobj: IO[bytes],
    *,
    style_map: str = ...,
    convert_image: Any = ...,
    external_file_access: bool = ...,
) -> Result: ...
