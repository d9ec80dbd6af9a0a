from collections.abc import Callable
from typing import Any

class Blob:
    def __init__(self, data: bytes) -> None: ...

class Face:
    upem: int
    def __init__(self, blob: Blob, index: int = ...) -> None: ...

class Font:
    def __init__(self, face: Face) -> None: ...
    def draw_glyph(self, gid: int, draw_funcs: DrawFuncs, draw_data: object = ...) -> None: ...

class GlyphInfo:
    codepoint: int
    cluster: int

class GlyphPosition:
    x_advance: int
    y_advance: int
    x_offset: int
    y_offset: int

class Buffer:
    direction: str
    language: str
    glyph_infos: list[GlyphInfo]
    glyph_positions: list[GlyphPosition]
    def add_str(self, text: str, item_offset: int = ..., item_length: int = ...) -> None: ...
    def guess_segment_properties(self) -> None: ...

class DrawFuncs:
    def set_move_to_func(self, func: Callable[[float, float, Any], None]) -> None: ...
    def set_line_to_func(self, func: Callable[[float, float, Any], None]) -> None: ...
    def set_quadratic_to_func(self, func: Callable[[float, float, float, float, Any], None]) -> None: ...
    def set_cubic_to_func(
        self, func: Callable[[float, float, float, float, float, float, Any], None]
    ) -> None: ...
    def set_close_path_func(self, func: Callable[[Any], None]) -> None: ...

def shape(font: Font, buffer: Buffer, features: dict[str, bool] | None = ...) -> None: ...
